//! Facts from events: a join per fact, grouped by the row's key, and one step that brings them together.
//!
//! Knows no dialect, and not what the facts are for.

use minijinja::{Value, context};

use super::RenderError;
use super::expression::Scope;
use super::pipeline::{Part, Rows};
use super::query::{Query, Writer, list, type_value};
use super::quoting::Sql;
use super::scan::{self, Direction};
use crate::plan::{Bound, Pipeline, Relate, Scan, Summary};

/// The alias of the events in a join; no step has this name.
const EVENT: &str = "event";

/// Adds the steps of all facts and, if there are any, the one that joins them to the rows.
pub(super) fn facts(
    query: &mut Query,
    pipeline: &Pipeline,
    (part, events): (Part, &[String]),
    rows: &mut Rows,
) -> Result<(), RenderError> {
    if pipeline.relate.is_empty() {
        return Ok(());
    }
    let key: Vec<&str> = pipeline.scan.key.iter().map(|name| rows.columns.carried(name)).collect();
    let mut facts = Vec::new();
    for (relate, events) in pipeline.relate.iter().zip(events) {
        let step = matched(query, pipeline, (relate, events), rows)?;
        facts.push(fact(&mut query.writer, pipeline, (relate, &step), rows)?);
    }
    let step =
        context! { from => rows.from.as_str(), columns => list(&rows.travelling), key => list(&key), facts => facts };
    let from = query.step(&part.wish("facts"), "facts", step);
    let names = pipeline.relate.iter().map(|relate| rows.columns.carried(&relate.name).to_owned());
    rows.travelling.extend(names);
    rows.from = from;
    Ok(())
}

/// Adds the step that finds and summarises the events of one fact; it has a row for each row with an event.
fn matched(
    query: &mut Query,
    pipeline: &Pipeline,
    (relate, events): (&Relate, &str),
    rows: &Rows,
) -> Result<String, RenderError> {
    let writer = &mut query.writer;
    let on = conditions(writer, pipeline, relate, rows)?;
    let scope = Scope { table: Some(EVENT), columns: &rows.columns };
    let mut kept = Vec::new();
    if rows.has_set_aside {
        kept.push(Sql::composed(format!("{} is null", writer.qualified(&rows.from, "set_aside")?)));
    }
    if let Some(predicate) = &relate.predicate {
        kept.push(writer.condition(predicate, scope)?);
    }
    let order = match relate.summary {
        Summary::First(_) => scan::total_order(writer, &relate.events, scope, Direction::Forward)?,
        Summary::Last(_) => scan::total_order(writer, &relate.events, scope, Direction::Backward)?,
        _ => Vec::new(),
    };
    let template = if order.is_empty() { "relate_all" } else { "relate_one" };
    let value = summary(writer, relate, scope)?.map_or(Value::from(false), Value::from);
    let step = context! {
        from => rows.from.as_str(),
        events => events,
        key => pipeline.scan.key.iter().map(|name| rows.columns.carried(name)).collect::<Value>(),
        fact => rows.columns.carried(&relate.name),
        value => value,
        order => order,
        on => values(on),
        where => values(kept),
    };
    Ok(query.step(&relate.name, template, step))
}

/// Returns the conditions under which an event matches a row; at least one.
fn conditions(writer: &mut Writer, pipeline: &Pipeline, relate: &Relate, rows: &Rows) -> Result<Vec<Sql>, RenderError> {
    let event = Scope { table: Some(EVENT), columns: &rows.columns };
    let row = rows.qualified();
    let mut conditions = Vec::new();
    for (own, other) in &relate.same {
        conditions.push(format!("{} = {}", writer.column(other, event)?, writer.column(own, row)?));
    }
    let at = writer.column(&relate.event_at, event)?;
    let anchor = writer.column(&relate.anchor, row)?;
    if let Some(Bound { offset, inclusive }) = relate.window.from {
        let operator = if inclusive { ">=" } else { ">" };
        conditions.push(format!("{at} {operator} {}", writer.shifted(anchor.clone(), offset)?));
    }
    if let Some(Bound { offset, inclusive }) = relate.window.to {
        let operator = if inclusive { "<=" } else { "<" };
        conditions.push(format!("{at} {operator} {}", writer.shifted(anchor.clone(), offset)?));
    }
    if relate.window.from.is_none() && relate.window.to.is_none() {
        conditions.push(format!("{at} is not null"));
    }
    if relate.window.same_instant_later_in_order {
        conditions.push(format!("({at} <> {anchor} or {})", later(writer, &pipeline.scan, (event, row))?));
    }
    if relate.events.source == pipeline.scan.source {
        conditions.push(other_key(writer, &pipeline.scan, (event, row))?);
    }
    Ok(conditions.into_iter().map(Sql::composed).collect())
}

fn other_key(writer: &Writer, scan: &Scan, (event, row): (Scope, Scope)) -> Result<String, RenderError> {
    if let [only] = scan.key.as_slice() {
        return Ok(format!("{} <> {}", writer.column(only, event)?, writer.column(only, row)?));
    }
    let mut equal = Vec::new();
    for name in &scan.key {
        equal.push(format!("{} = {}", writer.column(name, event)?, writer.column(name, row)?));
    }
    Ok(format!("not ({})", equal.join(" and ")))
}

/// Writes that the event comes after the row in their source's total order, nulls last.
fn later(writer: &Writer, scan: &Scan, (event, row): (Scope, Scope)) -> Result<String, RenderError> {
    let mut later = String::new();
    for name in scan.order.iter().rev() {
        let (theirs, own) = (writer.column(name, event)?, writer.column(name, row)?);
        let never_null = scan::is_never_null(scan, name);
        let greater = if never_null {
            format!("{theirs} > {own}")
        } else {
            format!("{theirs} > {own} or {theirs} is null and {own} is not null")
        };
        let equal = if never_null { "=" } else { "is not distinct from" };
        later = if later.is_empty() {
            format!("({greater})")
        } else {
            format!("({greater} or {theirs} {equal} {own} and {later})")
        };
    }
    Ok(later)
}

/// Writes what the matched events say; `None` where it is enough that there are any.
fn summary(writer: &mut Writer, relate: &Relate, scope: Scope) -> Result<Option<Sql>, RenderError> {
    let (function, expression) = match &relate.summary {
        Summary::Exists => return Ok(None),
        Summary::Count => return Ok(Some(Sql::composed("count(*)".to_owned()))),
        Summary::First(expression) | Summary::Last(expression) => {
            return writer.expression(expression, scope).map(Some);
        }
        Summary::Sum(expression) => ("sum", expression),
        Summary::Min(expression) => ("min", expression),
        Summary::Max(expression) => ("max", expression),
    };
    let summed = Sql::composed(format!("{function}({})", writer.expression(expression, scope)?));
    writer.call("cast", &[summed.into(), type_value(relate.ty())]).map(Some)
}

/// Returns the fact as a column of the rows: null where it cannot be known, else also without events.
fn fact(
    writer: &mut Writer,
    pipeline: &Pipeline,
    (relate, step): (&Relate, &str),
    rows: &Rows,
) -> Result<Value, RenderError> {
    let name = rows.columns.carried(&relate.name);
    let summarised = writer.qualified(step, name)?;
    let sql = match &relate.summary {
        Summary::Exists => {
            let found = writer.qualified(step, rows.columns.carried(&pipeline.scan.key[0]))?;
            format!("{found} is not null")
        }
        Summary::Count => format!("coalesce({summarised}, 0)"),
        _ => summarised.to_string(),
    };
    let mut needed: Vec<&str> = relate.same.iter().map(|(own, _)| own.as_str()).collect();
    needed.push(&relate.anchor);
    let mut known: Vec<String> = Vec::new();
    for column in needed {
        // Undated rows have met their fate before facts matter.
        if column == pipeline.filter.anchor || scan::is_never_null(&pipeline.scan, column) {
            continue;
        }
        let condition = format!("{} is not null", writer.column(column, rows.qualified())?);
        if !known.contains(&condition) {
            known.push(condition);
        }
    }
    let known = if known.is_empty() { Value::from(false) } else { Sql::composed(known.join(" and ")).into() };
    Ok(context! { name => name, step => step, known => known, sql => Value::from(Sql::composed(sql)) })
}

fn values(pieces: Vec<Sql>) -> Vec<Value> {
    pieces.into_iter().map(Value::from).collect()
}
