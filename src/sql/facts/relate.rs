//! Facts from events: a join, grouped by the row's key.
//!
//! Knows no dialect, and not what the facts are for.

use minijinja::{Value, context};

use super::{EVENT, Found, Site, ahead, credit, values};
use crate::expression::Expression;
use crate::plan::{Bound, Credit, Relate, Scan, Summary};
use crate::sql::RenderError;
use crate::sql::expression::Scope;
use crate::sql::query::{Query, Writer, list, type_value};
use crate::sql::quoting::Sql;
use crate::sql::scan::{self, Direction};
use crate::value::Type;

/// Finds the fact: off the rows in their order, or by steps that find and summarise the events, of which the last has a row
/// for each row with an event.
pub(super) fn find(query: &mut Query, site: &Site, relate: &Relate) -> Result<Found, RenderError> {
    if let Some(next) = site.rows.ahead.get(&site.fact.name) {
        let writer = &mut query.writer;
        let sql = ahead::lies_within(writer, relate, (site.rows, next))?;
        let known = site.known(writer, &needed(relate))?;
        return Ok(Found { step: None, known, sql });
    }
    let step = matched(query, site, relate)?;
    fact(&mut query.writer, site, (relate, step))
}

fn matched(query: &mut Query, site: &Site, relate: &Relate) -> Result<String, RenderError> {
    let rows = site.rows;
    let (mut events, mut on) = (site.events[0].to_owned(), conditions(&mut query.writer, site, relate)?);
    let mut kept = site.kept(&query.writer)?;
    let scope = rows.beside(EVENT);
    if let Some(predicate) = &relate.predicate {
        kept.push(query.writer.condition(predicate, scope)?);
    }
    if relate.credit != Credit::Every {
        let credited = credit::give(query, site, relate, (on, kept))?;
        (events, on, kept) = (credited.step, credited.on, Vec::new());
    }
    let writer = &mut query.writer;
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
        key => list(&rows.key),
        fact => site.name(),
        value => value,
        order => order,
        on => values(on),
        where => values(kept),
    };
    Ok(query.step(&site.fact.name, template, step))
}

/// Returns the conditions under which an event matches a row; at least one.
fn conditions(writer: &mut Writer, site: &Site, relate: &Relate) -> Result<Vec<Sql>, RenderError> {
    let (pipeline, rows) = (site.pipeline, site.rows);
    let event = rows.beside(EVENT);
    let row = rows.qualified();
    let mut conditions = site.same(writer, &relate.same, &rows.from)?;
    let at = writer.column(&relate.event_at, event)?;
    let anchor = writer.column(&relate.anchor, row)?;
    if let Some(Bound { at: edge, inclusive }) = &relate.window.from {
        let operator = if *inclusive { ">=" } else { ">" };
        conditions.push(format!("{at} {operator} {}", writer.atom(edge, row)?));
    }
    if let Some(Bound { at: edge, inclusive }) = &relate.window.to {
        let operator = if *inclusive { "<=" } else { "<" };
        conditions.push(format!("{at} {operator} {}", writer.atom(edge, row)?));
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
    conditions.extend(rows.same_world(writer, EVENT)?);
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
fn later(writer: &mut Writer, scan: &Scan, (event, row): (Scope, Scope)) -> Result<String, RenderError> {
    let mut later = String::new();
    for name in scan.order.iter().rev() {
        let (theirs, own) = (writer.column(name, event)?, writer.column(name, row)?);
        let never_null = scan::is_never_null(scan, name);
        let greater = if never_null {
            format!("{theirs} > {own}")
        } else {
            format!("{theirs} > {own} or {theirs} is null and {own} is not null")
        };
        later = if later.is_empty() {
            format!("({greater})")
        } else if never_null {
            format!("({greater} or {theirs} = {own} and {later})")
        } else {
            let same = writer.call("same", &[theirs.into(), own.into()])?;
            format!("({greater} or {same} and {later})")
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
        Summary::Every(condition) => {
            let condition = writer.test(condition, scope)?;
            let all = Sql::composed(format!("min(case when {condition} then 1 else 0 end) = 1"));
            return writer.truth(all).map(Some);
        }
        Summary::Mean(expression) => {
            let operand = writer.expression(expression, scope)?;
            return mean(writer, &operand, expression.ty()).map(Some);
        }
        Summary::Sum(expression) => ("sum", expression),
        Summary::Min(expression) => ("min", expression),
        Summary::Max(expression) => ("max", expression),
    };
    let summed = Sql::composed(format!("{function}({})", writer.expression(expression, scope)?));
    writer.call("cast", &[summed.into(), type_value(relate.ty())]).map(Some)
}

/// Writes the sum of `operand` over the number of its values, both exact until they are divided.
fn mean(writer: &mut Writer, operand: &Sql, ty: Type) -> Result<Sql, RenderError> {
    let (sum, count) = (format!("sum({operand})"), format!("count({operand})"));
    let sum = writer.call("to_real", &[Sql::composed(sum).into(), type_value(ty)])?;
    let count = writer.call("to_real", &[Sql::composed(count).into(), type_value(Type::Number(0))])?;
    writer.call("divide", &[sum.into(), count.into()])
}

/// Returns the fact as a column of the rows: null where it cannot be known, else also without events.
fn fact(writer: &mut Writer, site: &Site, (relate, step): (&Relate, String)) -> Result<Found, RenderError> {
    let summarised = writer.qualified(&step, site.name())?;
    let sql = match &relate.summary {
        Summary::Exists => {
            let found = format!("{} is not null", writer.qualified(&step, &site.rows.key[0])?);
            writer.truth(Sql::composed(found))?
        }
        Summary::Count => Sql::composed(format!("coalesce({summarised}, 0)")),
        // Null without events, as a row that cannot be known has none.
        _ => summarised,
    };
    let known = site.known(writer, &needed(relate))?;
    Ok(Found { step: Some(step), known, sql })
}

/// Returns what must be known of a row: the match columns, the anchor and the ends of the window.
fn needed(relate: &Relate) -> Vec<Expression> {
    // The type of a column does not show where it is only named.
    let named = |name: &String| Expression::column(name.as_str(), Type::Instant);
    let names = relate.same.iter().map(|(own, _)| own).chain([&relate.anchor]);
    let bounds = relate.window.from.iter().chain(&relate.window.to);
    let bounds = bounds.filter(|bound| bound.offset(&relate.anchor).is_none()).map(|bound| bound.at.clone());
    names.map(named).chain(bounds).collect()
}
