//! Facts that are lengths of time on a clock: intervals are swept from edge to edge.
//!
//! Knows no dialect, and not where intervals come from.

use minijinja::{Value, context};

use super::times::{self, Ends};
use super::{Found, Site, length, reads, values};
use crate::expression::{Comparison, Expression, Moment};
use crate::plan::{Clock, Reversed, Times};
use crate::sql::RenderError;
use crate::sql::moments::At;
use crate::sql::query::{Query, list, type_value};
use crate::sql::quoting::Sql;
use crate::value::{Duration, Type, Value as Constant};

/// Adds the steps that measure the clock, if it takes any.
pub(super) fn find(query: &mut Query, site: &Site, clock: &Clock) -> Result<Found, RenderError> {
    let Some(counting) = &clock.counting else {
        let forward = Expression::Elapsed { from: Box::new(clock.from.clone()), to: Box::new(clock.to.clone()) };
        let elapsed = query.writer.expression(&forward, site.rows.qualified())?;
        let backward = elapsed.clone();
        return Ok(Found { step: None, known: None, sql: signed(query, site, clock, (elapsed, backward))? });
    };
    let ends = ends(query, site, (clock, counting))?;
    let leaves = times::leaves(query, site, counting, &ends)?;
    let step = match leaves.as_slice() {
        [only] if times::is_apart(counting) => summed(query, site, (only, &ends))?,
        _ => swept(query, site, (counting, &leaves), &ends)?,
    };
    let measured = query.writer.qualified(&step, site.name())?;
    let zero = query.writer.expression(&length(Duration::ZERO), site.rows.qualified())?;
    let counted = Sql::composed(format!("coalesce({measured}, {zero})"));
    if clock.reversed == Reversed::Zero {
        // The clock of a row that stops before its start has not run.
        let known = site.known(&mut query.writer, &[clock.from.clone(), clock.to.clone()])?;
        return Ok(Found { step: Some(step), known, sql: counted });
    }
    let turned = Sql::composed(format!("{zero} - {counted}"));
    let sql = signed(query, site, clock, (counted, turned))?;
    Ok(Found { step: Some(step), known: None, sql })
}

/// Writes the length where the clock stops after its start, and what it is where it stops before.
fn signed(query: &mut Query, site: &Site, clock: &Clock, (forward, backward): (Sql, Sql)) -> Result<Sql, RenderError> {
    let row = site.rows.qualified();
    let compare = |comparison| Expression::Compare(comparison, clock.from.clone().into(), clock.to.clone().into());
    let runs = query.writer.test(&compare(Comparison::LessOrEqual), row)?;
    let reversed = match clock.reversed {
        Reversed::Unknown => return Ok(Sql::composed(format!("case when {runs} then {forward} end"))),
        Reversed::Zero => query.writer.expression(&length(Duration::ZERO), row)?,
        Reversed::Negative if clock.counting.is_none() => return Ok(forward),
        Reversed::Negative => backward,
    };
    let turns = query.writer.test(&compare(Comparison::Greater), row)?;
    Ok(Sql::composed(format!("case when {runs} then {forward} when {turns} then {reversed} end")))
}

/// Adds the step with the rows whose clock runs, and its ends in order.
fn ends(query: &mut Query, site: &Site, (clock, counting): (&Clock, &Times)) -> Result<Ends, RenderError> {
    let rows = site.rows;
    let writer = &mut query.writer;
    let compare = |comparison| Expression::Compare(comparison, clock.from.clone().into(), clock.to.clone().into());
    let mut kept = site.kept(writer)?;
    kept.extend(site.demanded(writer)?);
    let (starts, stops) = match clock.reversed {
        Reversed::Zero | Reversed::Unknown => {
            kept.push(writer.condition(&compare(Comparison::Less), rows.qualified())?);
            (writer.expression(&clock.from, rows.qualified())?, writer.expression(&clock.to, rows.qualified())?)
        }
        Reversed::Negative => {
            kept.push(writer.condition(&compare(Comparison::NotEqual), rows.qualified())?);
            let either = |then: &Expression, otherwise: &Expression| Expression::Case {
                arms: vec![(compare(Comparison::Less), then.clone())],
                otherwise: Box::new(otherwise.clone()),
            };
            let (starts, stops) = (either(&clock.from, &clock.to), either(&clock.to, &clock.from));
            (writer.expression(&starts, rows.qualified())?, writer.expression(&stops, rows.qualified())?)
        }
    };
    let ends = Ends { step: String::new(), starts: site.spare("starts"), stops: site.spare("stops") };
    let step = context! {
        from => rows.from.as_str(),
        columns => list(&needed(site, counting)?),
        starts => Value::from(starts),
        stops => Value::from(stops),
        names => context! { starts => ends.starts.as_str(), stops => ends.stops.as_str() },
        where => values(kept),
    };
    Ok(Ends { step: query.step(&site.wish("clock"), "clock_rows", step), ..ends })
}

/// Returns the columns of the row that its intervals are found by: the key, and what events are matched with.
fn needed(site: &Site, counting: &Times) -> Result<Vec<String>, RenderError> {
    let rows = site.rows;
    let mut names = rows.key.clone();
    let mut add = |name: &str| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    for name in reads::matching(counting) {
        add(rows.columns.carried(name));
    }
    for moment in moments(counting) {
        if let At::Column(name) = rows.moments.at(moment)? {
            add(name);
        }
    }
    Ok(names)
}

/// Returns the moments that events are matched with.
fn moments(counting: &Times) -> Vec<Moment> {
    let mut found = Vec::new();
    for condition in super::spans(counting).into_iter().flat_map(|spans| spans.chain.iter().chain(&spans.counts)) {
        condition.walk(&mut |part| {
            if let Expression::Moment(moment) = part {
                found.push(*moment);
            }
        });
    }
    found
}

/// Adds the step that sums intervals that never overlap.
fn summed(query: &mut Query, site: &Site, (intervals, ends): (&str, &Ends)) -> Result<String, RenderError> {
    let total = total(query, &ends.starts, &ends.stops)?;
    let step = context! {
        from => intervals,
        key => list(&site.rows.key),
        fact => site.name(),
        total => total,
        duration => type_value(Type::Duration),
    };
    Ok(query.step(&site.fact.name, "clock_summed", step))
}

/// Adds the steps that go from edge to edge of the intervals and sum the time that counts.
fn swept(
    query: &mut Query,
    site: &Site,
    (counting, leaves): (&Times, &[String]),
    ends: &Ends,
) -> Result<String, RenderError> {
    let sets: Vec<String> = (1..=leaves.len()).map(|number| site.spare(&format!("set_{number}"))).collect();
    let (moment, until) = (site.spare("moment"), site.spare("until"));
    // The ends of the clock itself, for what lies in no interval at all.
    let whole = part(&ends.step, changes(&sets, None));
    let of_leaf = |(position, leaf): (usize, &String)| part(leaf, changes(&sets, Some(position)));
    let parts: Vec<Value> = leaves.iter().enumerate().map(of_leaf).chain([whole]).collect();
    let both = [1, -1].map(|side| vec![Constant::integer(side)]);
    let sides = query.constants("sides", &[("side", Type::Number(0))], &both)?;
    let names = context! {
        moment => moment.as_str(),
        until => until.as_str(),
        starts => ends.starts.as_str(),
        stops => ends.stops.as_str(),
    };
    let step = context! { key => list(&site.rows.key), names => names.clone(), sides => sides, parts => parts };
    let edges = query.step(&site.wish("edges"), "clock_edges", step);
    let counting = times::belongs(&query.writer, counting, &mut sets.iter())?;
    let total = total(query, &moment, &until)?;
    let step = context! {
        from => edges,
        key => list(&site.rows.key),
        names => names,
        sets => list(&sets),
        counting => Value::from(Sql::composed(counting)),
        fact => site.name(),
        total => total,
        duration => type_value(Type::Duration),
    };
    Ok(query.step(&site.fact.name, "clock_swept", step))
}

fn total(query: &mut Query, from: &str, to: &str) -> Result<Value, RenderError> {
    let (from, to) = (query.writer.ident(from)?, query.writer.ident(to)?);
    let elapsed = query.writer.call("elapsed", &[from.into(), to.into()])?;
    Ok(elapsed.within("sum").into())
}

fn part(from: &str, changes: Vec<Value>) -> Value {
    context! { from => from, changes => changes }
}

/// Returns whether an interval of a part belongs to each set: to the one at `changed`, if to any.
fn changes(sets: &[String], changed: Option<usize>) -> Vec<Value> {
    let here = |position| Some(position) == changed;
    sets.iter().enumerate().map(|(position, name)| context! { name => name, here => here(position) }).collect()
}
