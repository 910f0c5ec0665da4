//! Events that count for one of the rows they match: the step that finds out for which.
//!
//! Knows no dialect, and not what the events say.

use minijinja::{Value, context};

use super::{EVENT, Site, values};
use crate::plan::{Credit, Relate, Summary};
use crate::sql::RenderError;
use crate::sql::query::{Query, Writer, list};
use crate::sql::quoting::Sql;
use crate::sql::scan::{self, Direction};

/// Events, each with the key of the one row it counts for.
pub(super) struct Credited {
    /// The step that holds them.
    pub(super) step: String,
    /// The conditions under which an event counts for a row.
    pub(super) on: Vec<Sql>,
}

/// Adds the step that gives each event to one row, of those that it matches by `on` and `kept`.
pub(super) fn give(
    query: &mut Query,
    site: &Site,
    relate: &Relate,
    (on, mut kept): (Vec<Sql>, Vec<Sql>),
) -> Result<Credited, RenderError> {
    let rows = site.rows;
    let writer = &mut query.writer;
    kept.extend(competing(writer, site)?);
    let direction = if relate.credit == Credit::Last { Direction::Backward } else { Direction::Forward };
    let names: Vec<String> = (1..=rows.key.len()).map(|number| site.spare(&format!("credited_{number}"))).collect();
    let key = rows.key.iter().zip(&names).map(|(own, credited)| context! { own => own, credited => credited });
    let step = context! {
        from => rows.from.as_str(),
        events => site.events[0],
        columns => list(&carried(site, relate)),
        key => key.collect::<Vec<_>>(),
        claimed => claimed(writer, site, relate)?,
        order => scan::total_order(writer, &site.pipeline.scan, rows.qualified(), direction)?,
        on => values(on),
        where => values(kept),
    };
    let step = query.step(&site.wish("credited"), "credited", step);
    let mut on = Vec::new();
    for (own, credited) in rows.key.iter().zip(&names) {
        let (credited, own) = (query.writer.qualified(EVENT, credited)?, query.writer.qualified(&rows.from, own)?);
        on.push(Sql::composed(format!("{credited} = {own}")));
    }
    Ok(Credited { step, on })
}

/// Returns the conditions on the rows that events are given to.
fn competing(writer: &mut Writer, site: &Site) -> Result<Vec<Sql>, RenderError> {
    let filter = &site.pipeline.filter;
    let mut conditions = Vec::new();
    if let Some(predicate) = &filter.predicate {
        conditions.push(writer.condition(predicate, site.rows.qualified())?);
    }
    if let Some(anchor) = filter.placement.anchor()
        && !site.rows.is_never_null(site.pipeline, anchor)
    {
        let anchor = writer.column(anchor, site.rows.qualified())?;
        conditions.push(Sql::composed(format!("{anchor} is not null")));
    }
    Ok(conditions)
}

/// Returns the terms that tell the events apart, each of them in each world of rows.
fn claimed(writer: &Writer, site: &Site, relate: &Relate) -> Result<Vec<Value>, RenderError> {
    let rows = site.rows;
    let of_scan = |name: &String| site.pipeline.scan.key.iter().any(|key| rows.columns.carried(key) == name);
    let mut terms = Vec::new();
    for name in rows.key.iter().filter(|name| !of_scan(name)) {
        terms.push(writer.qualified(&rows.from, name)?.into());
    }
    for name in &relate.events.key {
        terms.push(writer.column(name, rows.beside(EVENT))?.into());
    }
    Ok(terms)
}

/// Returns the event columns that the summary reads.
fn carried(site: &Site, relate: &Relate) -> Vec<String> {
    let mut names: Vec<&str> = relate.summary.operand().map_or(Vec::new(), |operand| operand.columns());
    if matches!(relate.summary, Summary::First(_) | Summary::Last(_)) {
        for name in &relate.events.order {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
    }
    names.into_iter().map(|name| site.rows.columns.carried(name).to_owned()).collect()
}
