//! Sets of instants as steps: the intervals of each leaf, cut to the ends of each row's clock.
//!
//! Knows no dialect, and not what is counted.

use minijinja::{Value, context};

use super::{EVENT, Site, composed, hours};
use crate::plan::{Hours, SpanEnd, Spans, Times};
use crate::sql::RenderError;
use crate::sql::expression::Scope;
use crate::sql::query::{Query, Writer, list};
use crate::sql::quoting::Sql;
use crate::sql::scan::{self, Direction};
use crate::value::{Type, Value as Constant};

/// The step with the ends of the clocks, and the names of its columns.
pub(super) struct Ends {
    /// The step.
    pub(super) step: String,
    /// The column with the first instant.
    pub(super) starts: String,
    /// The column with the first instant after.
    pub(super) stops: String,
}

/// Adds a step with the intervals of each leaf of `times`, from left to right; each has the columns of the key and
/// those named as in `ends`.
pub(super) fn leaves(query: &mut Query, site: &Site, times: &Times, ends: &Ends) -> Result<Vec<String>, RenderError> {
    let mut events = site.events.iter();
    let mut steps = Vec::new();
    for leaf in times.leaves() {
        steps.push(match leaf {
            Times::Open(hours) => open(query, site, hours, ends)?,
            Times::Spans(spans) => {
                let events = events.next().ok_or(RenderError::Contradiction("a scan of a clock is not read"))?;
                of_events(query, site, (spans, events), ends)?
            }
            Times::Any(_) | Times::All(_) | Times::Not(_) => continue,
        });
    }
    Ok(steps)
}

/// Tells whether the intervals of a set never overlap for one row.
pub(super) fn is_apart(times: &Times) -> bool {
    match times {
        Times::Open(_) => true,
        Times::Spans(spans) => spans.end == SpanEnd::NextEvent,
        Times::Any(_) | Times::All(_) | Times::Not(_) => false,
    }
}

/// Writes when an instant belongs to `times`, given for each of its leaves how many intervals hold it.
pub(super) fn belongs(
    writer: &Writer,
    times: &Times,
    counts: &mut dyn Iterator<Item = &String>,
) -> Result<String, RenderError> {
    match times {
        Times::Open(_) | Times::Spans(_) => {
            let count = counts.next().ok_or(RenderError::Contradiction("a set of a clock is not counted"))?;
            Ok(format!("{} > 0", writer.ident(count)?))
        }
        Times::Any(parts) => joined(writer, parts, counts, " or "),
        Times::All(parts) => joined(writer, parts, counts, " and "),
        Times::Not(inner) => Ok(format!("not ({})", belongs(writer, inner, counts)?)),
    }
}

fn joined(
    writer: &Writer,
    parts: &[Times],
    counts: &mut dyn Iterator<Item = &String>,
    between: &str,
) -> Result<String, RenderError> {
    let parts: Result<Vec<String>, _> = parts.iter().map(|part| belongs(writer, part, counts)).collect();
    Ok(format!("({})", parts?.join(between)))
}

fn open(query: &mut Query, site: &Site, opening: &Hours, ends: &Ends) -> Result<String, RenderError> {
    let mut rows = Vec::new();
    for stretch in hours::open(opening, site.horizon)? {
        rows.push([stretch.starts, stretch.ends].map(Constant::Instant).to_vec());
    }
    if rows.is_empty() {
        // Never open: an interval without length, before everything.
        rows.push(vec![Constant::Instant(site.horizon.0); 2]);
    }
    let hours = query.constants("open_hours", &[("starts", Type::Instant), ("ends", Type::Instant)], &rows)?;
    let step = context! { from => ends.step.as_str(), hours => hours, key => list(&site.rows.key), names => names(site, ends) };
    Ok(query.step(&site.wish("open"), "clock_open", step))
}

fn of_events(
    query: &mut Query,
    site: &Site,
    (spans, events): (&Spans, &str),
    ends: &Ends,
) -> Result<String, RenderError> {
    let rows = site.rows;
    let scope = Scope { outer: Some(&ends.step), ..rows.beside(EVENT) };
    let writer = &mut query.writer;
    let mut on = site.same(writer, &spans.same, &ends.step)?;
    on.extend(same_world(writer, site, &ends.step)?);
    let chain = match &spans.chain {
        Some(condition) => Value::from(writer.condition(condition, scope)?),
        None => Value::from(false),
    };
    let counts = match &spans.counts {
        Some(condition) => {
            let condition = writer.condition(condition, scope)?;
            Value::from(writer.truth(condition)?)
        }
        None => Value::from(false),
    };
    let began = writer.column(&spans.start, scope)?;
    let (ended, order) = match &spans.end {
        SpanEnd::Column(end) => (Value::from(writer.column(end, scope)?), Vec::new()),
        SpanEnd::NextEvent => (Value::from(false), in_chain(writer, spans, scope)?),
    };
    let step = context! {
        from => ends.step.as_str(),
        events => events,
        key => list(&rows.key),
        names => names(site, ends),
        began => Value::from(began),
        ended => ended,
        order => order,
        on => composed(on),
        chain => chain,
        counts => counts,
    };
    Ok(query.step(&site.wish("spans"), "clock_spans", step))
}

/// Returns the terms of the order in which the events of a chain follow each other.
fn in_chain(writer: &mut Writer, spans: &Spans, scope: Scope) -> Result<Vec<Value>, RenderError> {
    let mut order = scan::total_order(writer, &spans.events, scope, Direction::Forward)?;
    if spans.start != spans.events.order_instant() {
        order.insert(0, writer.column(&spans.start, scope)?.into());
    }
    Ok(order)
}

fn same_world(writer: &Writer, site: &Site, step: &str) -> Result<Option<String>, RenderError> {
    let Some(_) = site.rows.same_world(writer, EVENT)? else { return Ok(None) };
    let (theirs, own): (Sql, Sql) = (writer.qualified(EVENT, "period")?, writer.qualified(step, "period")?);
    Ok(Some(format!("{theirs} = {own}")))
}

fn names(site: &Site, ends: &Ends) -> Value {
    context! {
        starts => ends.starts.as_str(),
        stops => ends.stops.as_str(),
        began => site.spare("began"),
        ended => site.spare("ended"),
        counts => site.spare("counts"),
    }
}
