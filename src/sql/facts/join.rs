//! Facts from the one row of another source that belongs to the row.
//!
//! Knows no dialect.

use minijinja::context;

use super::{EVENT, Found, Site, composed, values};
use crate::plan::{Join, Version};
use crate::sql::RenderError;
use crate::sql::query::{Query, Writer, list};
use crate::sql::scan::{self, Direction};

/// Adds the step that looks the fact up.
pub(super) fn find(query: &mut Query, site: &Site, join: &Join) -> Result<Found, RenderError> {
    let rows = site.rows;
    let writer = &mut query.writer;
    let mut on = site.same(writer, &join.same, &rows.from)?;
    on.extend(rows.same_world(writer, EVENT)?);
    let mut order = Vec::new();
    if let Some(version) = &join.version {
        let latest = format!("{} desc", writer.column(&version.from, rows.beside(EVENT))?);
        on.extend(in_force(writer, site, version)?);
        order.extend(composed(vec![latest]));
        order.extend(scan::total_order(writer, &join.other, rows.beside(EVENT), Direction::Backward)?);
    }
    let template = if join.version.is_some() { "relate_one" } else { "lookup" };
    let step = context! {
        from => rows.from.as_str(),
        events => site.events[0],
        key => list(&rows.key),
        fact => site.name(),
        value => minijinja::Value::from(writer.expression(&join.value, rows.beside(EVENT))?),
        order => order,
        on => composed(on),
        where => values(site.kept(writer)?),
    };
    let step = query.step(&site.fact.name, template, step);
    let sql = query.writer.qualified(&step, site.name())?;
    Ok(Found { step: Some(step), known: None, sql })
}

/// Writes that a version is in force at the row's instant.
fn in_force(writer: &mut Writer, site: &Site, version: &Version) -> Result<Vec<String>, RenderError> {
    let at = writer.atom(&version.at, site.rows.qualified())?;
    let mut conditions = vec![format!("{} <= {at}", writer.column(&version.from, site.rows.beside(EVENT))?)];
    if let Some(until) = &version.until {
        let until = writer.column(until, site.rows.beside(EVENT))?;
        conditions.push(format!("({until} is null or {at} < {until})"));
    }
    Ok(conditions)
}
