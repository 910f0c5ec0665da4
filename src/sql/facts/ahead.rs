//! Whether another row of the same source follows: read off the rows in their order, where the plan allows it.
//!
//! Rows that are matched by a key with others of their own source need no join: after sorting once by that key and the total
//! order, the first that follows is the nearest. Knows no dialect, and not what the facts are for.

use minijinja::{Value, context};

use crate::expression::Expression;
use crate::plan::{Bound, Credit, Pipeline, Placement, Relate, Rule, Scan, Summary};
use crate::sql::RenderError;
use crate::sql::pipeline::{Part, Purpose, Rows};
use crate::sql::placement::World;
use crate::sql::query::{Query, Writer, list};
use crate::sql::quoting::Sql;
use crate::sql::scan::{self, Direction};
use crate::value::Duration;

/// Tells why a fact cannot be read off the rows in their order; nothing where it can.
pub(super) fn obstacle(relate: &Relate, (own, events): (&Scan, &Scan)) -> Option<&'static str> {
    let from_the_row_on = |bound: &Bound| bound.inclusive && bound.offset(&relate.anchor) == Some(Duration::ZERO);
    let is_dating = |name: &String| name == own.order_instant();
    let is_plain = |predicate: &Expression| {
        let mut is_plain = true;
        predicate.walk(&mut |part| is_plain &= !matches!(part, Expression::Outer(_)));
        is_plain
    };
    let is_read = |name: &String| {
        own.columns.iter().any(|column| &column.name == name) || own.derived.iter().any(|own| &own.name == name)
    };
    if own != events {
        Some("its events are not the rows themselves")
    } else if relate.credit != Credit::Every {
        Some("an event counts for one row only")
    } else if relate.summary != Summary::Exists {
        Some("it asks for more than whether there is an event")
    } else if relate.same.is_empty() || relate.same.iter().any(|(own, other)| own != other || !is_read(own)) {
        Some("rows and events are not matched by the same columns")
    } else if !is_dating(&relate.anchor) || !is_dating(&relate.event_at) {
        Some("its instants are not those that order the source")
    } else if !relate.window.same_instant_later_in_order || !relate.window.from.as_ref().is_some_and(from_the_row_on) {
        Some("its window does not begin with the row itself, in the order of the source")
    } else if !relate.predicate.as_ref().is_none_or(is_plain) {
        Some("which events match depends on the row")
    } else {
        None
    }
}

/// Returns the facts of `pipeline` that come from events, each with why it cannot be read off the rows in their order.
pub(in crate::sql) fn told(pipeline: &Pipeline) -> Vec<(&str, Option<&'static str>)> {
    let scans = scan::aligned(&pipeline.scans());
    let seen_each =
        matches!(pipeline.filter.placement, Placement::Snapshot(_)).then_some("rows are seen anew each period");
    let told = |(name, relate, events)| (name, seen_each.or_else(|| obstacle(relate, (&scans[0], events))));
    related(pipeline, &scans).into_iter().map(told).collect()
}

/// Returns the facts that come from events, with the scan of those. Of `scans` there is one for the population and one for
/// each that a fact reads.
fn related<'a, 'b>(pipeline: &'a Pipeline, scans: &'b [Scan]) -> Vec<(&'a str, &'a Relate, &'b Scan)> {
    let mut events = scans[1..].iter();
    let mut related = Vec::new();
    for fact in &pipeline.facts {
        let read: Vec<&Scan> = events.by_ref().take(super::scans(&fact.rule)).collect();
        if let (Rule::Related(relate), [events]) = (&fact.rule, read.as_slice()) {
            related.push((fact.name.as_str(), relate.as_ref(), *events));
        }
    }
    related
}

/// Adds the step in which each row knows when the first that follows it comes, for every fact that asks no more.
pub(in crate::sql) fn look(
    query: &mut Query,
    pipeline: &Pipeline,
    (part, scans): (Part, &[Scan]),
    rows: &mut Rows,
) -> Result<(), RenderError> {
    let related = related(pipeline, scans).into_iter();
    let chosen = related.filter(|(_, relate, events)| obstacle(relate, (&scans[0], events)).is_none());
    let chosen: Vec<(&str, &Relate)> = chosen.map(|(name, relate, _)| (name, relate)).collect();
    if chosen.is_empty() || !matches!(rows.world, World::At(_)) {
        return Ok(());
    }
    let writer = &mut query.writer;
    let mut facts = Vec::new();
    let mut names = Vec::new();
    for (fact, relate) in &chosen {
        let name = rows.spare(pipeline, &format!("{}_next", rows.columns.carried(fact)));
        let same = relate.same.iter().map(|(own, _)| Ok(writer.column(own, rows.scope())?.into()));
        let same = same.collect::<Result<Vec<Value>, RenderError>>()?;
        facts.push(context! {
            name => name.as_str(),
            at => Value::from(instant(writer, relate, rows)?),
            same => same,
            order => scan::total_order(writer, &pipeline.scan, rows.scope(), Direction::Backward)?,
        });
        names.push(((*fact).to_owned(), name));
    }
    let step = context! {
        from => rows.from.as_str(),
        columns => list(&rows.travelling),
        facts => facts,
        where => needed(writer, pipeline, (part, &chosen), rows)?,
    };
    rows.from = query.step(&part.wish("in_order"), "in_order", step);
    rows.travelling.extend(names.iter().map(|(_, name)| name.clone()));
    rows.ahead.extend(names);
    Ok(())
}

/// Writes when a row comes, if it is an event.
fn instant(writer: &mut Writer, relate: &Relate, rows: &Rows) -> Result<Sql, RenderError> {
    let at = writer.column(&relate.event_at, rows.scope())?;
    match &relate.predicate {
        None => Ok(at),
        Some(predicate) => {
            let is_event = writer.test(predicate, rows.scope())?;
            Ok(Sql::composed(format!("case when {is_event} then {at} end")))
        }
    }
}

/// Writes which rows have to be put in order: those of the population and the events; false where all have to.
fn needed(
    writer: &mut Writer,
    pipeline: &Pipeline,
    (part, chosen): (Part, &[(&str, &Relate)]),
    rows: &Rows,
) -> Result<Value, RenderError> {
    let Some(population) = pipeline.filter.predicate.as_ref().filter(|_| part.purpose != Purpose::Ledger) else {
        return Ok(Value::from(false));
    };
    if rows.is_filtered_late || chosen.iter().any(|(_, relate)| relate.predicate.is_none()) {
        return Ok(Value::from(false));
    }
    let own = writer.test_atom(population, rows.scope())?;
    let mut either = vec![writer.call("is_not_false", &[own.into()])?.to_string()];
    for predicate in chosen.iter().filter_map(|(_, relate)| relate.predicate.as_ref()) {
        let is_event = writer.condition(predicate, rows.scope())?.to_string();
        if predicate != population && !either.contains(&is_event) {
            either.push(is_event);
        }
    }
    Ok(Sql::composed(either.join(" or ")).into())
}

/// Writes over a row whether an event lies in its window, given the column that tells when the first one comes.
pub(super) fn lies_within(
    writer: &mut Writer,
    relate: &Relate,
    (rows, next): (&Rows, &str),
) -> Result<Sql, RenderError> {
    let next = writer.qualified(&rows.from, next)?;
    let found = match &relate.window.to {
        None => format!("{next} is not null"),
        Some(Bound { at, inclusive }) => {
            let operator = if *inclusive { "<=" } else { "<" };
            // Without the first test a row that nothing follows would be neither.
            format!("{next} is not null and {next} {operator} {}", writer.atom(at, rows.qualified())?)
        }
    };
    writer.truth(Sql::composed(found))
}
