//! Facts that are the instant at some distance on a calendar.
//!
//! Knows no dialect. What days and hours a calendar has is listed in the query.

use minijinja::{Value, context};

use super::hours::{self, Day};
use super::{Found, Site, length};
use crate::expression::{Comparison, Expression};
use crate::plan::{Advance, Distance, Hours};
use crate::sql::RenderError;
use crate::sql::query::{Query, list};
use crate::sql::quoting::Sql;
use crate::value::{Duration, Type, Value as Cell};

/// Adds the steps that find the instant.
pub(super) fn find(query: &mut Query, site: &Site, advance: &Advance) -> Result<Found, RenderError> {
    match &advance.by {
        Distance::CalendarDays { days, zone } => {
            let days = hours::calendar_days(&hours::zone(zone)?, *days, site.horizon)?;
            of_days(query, site, &advance.from, ("local_days", days))
        }
        Distance::BusinessDays { days, hours } => {
            let days = hours::business_days(hours, *days, site.horizon)?;
            of_days(query, site, &advance.from, ("business_days", days))
        }
        Distance::BusinessTime { length, hours } => of_open_time(query, site, &advance.from, (length, hours)),
    }
}

fn of_days(
    query: &mut Query,
    site: &Site,
    from: &Expression,
    (wish, days): (&str, Vec<Day>),
) -> Result<Found, RenderError> {
    let mut rows = Vec::new();
    for Day { day, due } in days.into_iter().filter(|day| day.day.starts < day.day.ends) {
        rows.push([day.starts, day.ends, due].map(Cell::Instant).to_vec());
    }
    if rows.is_empty() {
        // No day has an instant at the distance.
        rows.push(vec![Cell::Instant(site.horizon.0); 3]);
    }
    let columns = ["starts", "ends", "due"].map(|name| (name, Type::Instant));
    let days = query.constants(wish, &columns, &rows)?;
    let writer = &mut query.writer;
    let step = context! {
        from => site.rows.from.as_str(),
        days => days,
        key => list(&site.rows.key),
        fact => site.name(),
        at => Value::from(writer.atom(from, site.rows.qualified())?),
    };
    let step = query.step(&site.fact.name, "advance_days", step);
    let sql = query.writer.qualified(&step, site.name())?;
    Ok(Found { step: Some(step), known: None, sql })
}

fn of_open_time(
    query: &mut Query,
    site: &Site,
    from: &Expression,
    (distance, hours): (&Expression, &Hours),
) -> Result<Found, RenderError> {
    let rows = site.rows;
    let zero = length(Duration::ZERO);
    let hours = open_time(query, site, hours)?;
    let writer = &mut query.writer;
    let names = context! { length => site.spare("length"), passed => site.spare("passed") };
    let direction = direction(distance);
    let known = direction.map_or(Value::from(false), Value::from);
    let start = context! {
        from => rows.from.as_str(),
        hours => hours.as_str(),
        key => list(&rows.key),
        names => names.clone(),
        direction => known.clone(),
        at => Value::from(writer.atom(from, rows.qualified())?),
        length => Value::from(writer.atom(distance, rows.qualified())?),
    };
    let start = query.step(&site.wish("start"), "advance_start", start);
    let due = context! {
        from => start,
        hours => hours,
        key => list(&rows.key),
        fact => site.name(),
        names => names,
        direction => known,
        zero => Value::from(query.writer.expression(&zero, rows.qualified())?),
    };
    let step = query.step(&site.fact.name, "advance_due", due);
    let mut sql = query.writer.qualified(&step, site.name())?;
    if direction.is_none() {
        let nothing = Expression::Compare(Comparison::Equal, Box::new(distance.clone()), Box::new(zero));
        let nothing = query.writer.test(&nothing, rows.qualified())?;
        let start = query.writer.expression(from, rows.qualified())?;
        sql = Sql::composed(format!("case when {nothing} then {start} else {sql} end"));
    }
    Ok(Found { step: Some(step), known: None, sql })
}

/// Returns the direction of a distance that is a constant other than zero.
fn direction(distance: &Expression) -> Option<&'static str> {
    match distance {
        Expression::Literal(Cell::Duration(length), _) if *length > Duration::ZERO => Some("forward"),
        Expression::Literal(Cell::Duration(length), _) if *length < Duration::ZERO => Some("back"),
        _ => None,
    }
}

/// Adds the step with the open time that has passed when the calendar opens and closes. Each opening is there until the
/// next; the first is empty, for what comes before all.
fn open_time(query: &mut Query, site: &Site, opening: &Hours) -> Result<String, RenderError> {
    let (first, last) = site.horizon;
    let mut open = vec![hours::Stretch { starts: first, ends: first }];
    // What opened before the horizon is open at its start.
    open.extend(
        hours::open(opening, site.horizon)?
            .into_iter()
            .map(|stretch| hours::Stretch { starts: stretch.starts.max(first), ends: stretch.ends.min(last) }),
    );
    let mut rows = Vec::new();
    let mut passed = Duration::ZERO;
    for (position, stretch) in open.iter().enumerate() {
        let until = open.get(position + 1).map_or(last, |next| next.starts);
        let before = passed;
        passed = Duration::from_micros(before.micros() + stretch.ends.since(stretch.starts).micros());
        let instants = [stretch.starts, stretch.ends, until].map(Cell::Instant);
        rows.push(instants.into_iter().chain([before, passed].map(Cell::Duration)).collect());
    }
    let instants = ["starts", "ends", "until"].map(|name| (name, Type::Instant));
    let lengths = ["open_before", "open_after"].map(|name| (name, Type::Duration));
    query.constants("open_time", &[instants.as_slice(), &lengths].concat(), &rows)
}
