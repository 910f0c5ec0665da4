//! Facts that are the instant at some distance from another, counted in local days or in open time.
//!
//! Knows no event.

use jiff::ToSpan;
use jiff::civil::Date;

use super::InterpretError;
use super::error::mismatch;
use super::facts::{Subject, World};
use super::hours::Openings;
use super::logic::{Names, Term};
use super::rows::{Row, instant};
use super::zone::Zone;
use crate::plan::{Advance, Distance};
use crate::value::{Instant, Value};

/// Computes the fact `step` about the rows asked for.
pub(super) fn advance(step: &Advance, subject: &Subject<'_>, world: &World<'_>) -> Result<Vec<Value>, InterpretError> {
    let names = Names::of(&subject.layout, &world.moments);
    let from = names.bind(&step.from)?;
    let way = Way::bind(&step.by, &names)?;
    let fact = |index: &usize| {
        let row = subject.row(*index);
        let at = instant(from.value(row)?.as_ref())?.map_or(Ok(None), |at| way.end(at, row))?;
        Ok(at.map_or(Value::Null, Value::Instant))
    };
    subject.asked.iter().map(fact).collect()
}

/// A distance bound to the row it is of.
enum Way<'a> {
    Days { count: i32, zone: Zone },
    OpenDays { count: i32, openings: Openings<'a> },
    OpenTime { length: Term, openings: Openings<'a> },
}

impl<'a> Way<'a> {
    fn bind(distance: &'a Distance, names: &Names<'_>) -> Result<Self, InterpretError> {
        Ok(match distance {
            Distance::CalendarDays { days, zone } => Way::Days { count: *days, zone: Zone::named(zone)? },
            Distance::BusinessDays { days, hours } => Way::OpenDays { count: *days, openings: Openings::new(hours)? },
            Distance::BusinessTime { length, hours } => {
                Way::OpenTime { length: names.bind(length)?, openings: Openings::new(hours)? }
            }
        })
    }

    /// Returns the instant at the distance from `at`; `None` where the distance is null.
    fn end(&self, at: Instant, row: Row<'_>) -> Result<Option<Instant>, InterpretError> {
        let outside = || InterpretError::OutsideCalendar { at };
        match self {
            Way::Days { count, zone } => edge_of_day(zone, at, *count, |_| true).map(Some),
            Way::OpenDays { count, openings } => {
                edge_of_day(openings.zone(), at, *count, |day| !openings.of_day(day).is_empty()).map(Some)
            }
            Way::OpenTime { length, openings } => {
                let micros = match length.value(row)?.as_ref() {
                    Value::Null => return Ok(None),
                    Value::Duration(length) => i128::from(length.micros()),
                    _ => return Err(mismatch("a distance")),
                };
                let end = if micros < 0 { earlier(openings, at, -micros)? } else { later(openings, at, micros)? };
                end.map(Some).ok_or_else(outside)
            }
        }
    }
}

/// Returns the end of the `count`-th local day after the one of `at`, of those that count; for a negative one the start
/// of the day that many before; for 0 the end of the day itself.
fn edge_of_day(zone: &Zone, at: Instant, count: i32, counts: impl Fn(Date) -> bool) -> Result<Instant, InterpretError> {
    let outside = || InterpretError::OutsideCalendar { at };
    let step = if count < 0 { -1 } else { 1 };
    let mut day = zone.day_of(at)?;
    let mut left = count.unsigned_abs();
    while left > 0 {
        day = day.checked_add(step.days()).map_err(|_| outside())?;
        left -= u32::from(counts(day));
    }
    let edge = if count < 0 { day } else { day.checked_add(1.day()).map_err(|_| outside())? };
    zone.start_of(edge).ok_or_else(outside)
}

/// Returns the first instant before which `micros` of open time have passed since `at`; `None` outside the calendar.
fn later(openings: &Openings<'_>, at: Instant, micros: i128) -> Result<Option<Instant>, InterpretError> {
    let mut left = micros;
    let mut day = openings.zone().day_of(at)?;
    if left == 0 {
        return Ok(Some(at));
    }
    loop {
        let Some(stretches) = openings.on(day) else { return Ok(None) };
        for mut stretch in stretches {
            stretch.start = stretch.start.max(at);
            if left <= stretch.length() {
                return Ok(moved(stretch.start, left));
            }
            left -= stretch.length();
        }
        let Ok(next) = day.checked_add(1.day()) else { return Ok(None) };
        day = next;
    }
}

/// Returns the last instant from which `micros` of open time pass until `at`; `None` outside the calendar.
fn earlier(openings: &Openings<'_>, at: Instant, micros: i128) -> Result<Option<Instant>, InterpretError> {
    let mut left = micros;
    let mut day = openings.zone().day_of(at)?;
    loop {
        let Some(stretches) = openings.on(day) else { return Ok(None) };
        for mut stretch in stretches.into_iter().rev() {
            stretch.end = stretch.end.min(at);
            if left <= stretch.length() {
                return Ok(moved(stretch.end, -left));
            }
            left -= stretch.length();
        }
        let Ok(before) = day.checked_sub(1.day()) else { return Ok(None) };
        day = before;
    }
}

fn moved(at: Instant, micros: i128) -> Option<Instant> {
    i64::try_from(i128::from(at.micros()) + micros).ok().map(Instant::from_micros)
}
