//! When calendars are open and when local days start, as instants.
//!
//! Knows no SQL and no plan but calendars. Zone rules come from the time library.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::plan::{Hours, Opening};
use crate::sql::RenderError;
use crate::value::{Duration, Instant};

/// A half-open stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// First instant.
    pub(super) starts: Instant,
    /// First instant after.
    pub(super) ends: Instant,
}

/// A local day, with the instant that lies at some distance from all instants of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    /// The instants of the day; none where the clock skipped it.
    pub(super) day: Stretch,
    /// The instant at the distance.
    pub(super) due: Instant,
}

/// The longest time whose days a query lists, in days: four centuries.
const LONGEST: usize = 146_097;

/// The most stretches of open time that a query lists.
const MOST: usize = 50_000;

/// How far ahead an open day is looked for: a calendar that stays closed for longer never opens.
const PATIENCE: usize = 20 * 366;

/// Returns the zone called `name`.
///
/// # Errors
///
/// Fails where the zone database has none of that name.
pub(super) fn zone(name: &str) -> Result<TimeZone, RenderError> {
    TimeZone::get(name).map_err(|_| RenderError::UnknownZone(name.to_owned()))
}

/// Returns the stretches of open time that touch `range`, in order, apart from each other; the outermost may reach
/// beyond it.
pub(super) fn open(hours: &Hours, range: (Instant, Instant)) -> Result<Vec<Stretch>, RenderError> {
    let zone = zone(&hours.zone)?;
    let mut open: Vec<Stretch> = Vec::new();
    for date in dates(&zone, range)? {
        for opening in openings(hours, date) {
            let (starts, ends) = (time_of_day(&zone, date, opening.from), time_of_day(&zone, date, opening.to));
            if starts >= ends || ends <= range.0 || starts >= range.1 {
                continue;
            }
            match open.last_mut() {
                Some(last) if starts <= last.ends => last.ends = last.ends.max(ends),
                _ => open.push(Stretch { starts, ends }),
            }
            if open.len() > MOST {
                return Err(RenderError::TooLong(range.0, range.1));
            }
        }
    }
    Ok(open)
}

/// Returns the local days that touch `range`, each with the end of the day `days` after it; with a negative number,
/// the start of the day so many before it.
pub(super) fn calendar_days(zone: &TimeZone, days: i32, range: (Instant, Instant)) -> Result<Vec<Day>, RenderError> {
    let target = |date: Date| date.checked_add(jiff::Span::new().days(days)).ok();
    let due = |date: Date| target(date).map(|target| if days < 0 { start(zone, target) } else { end(zone, target) });
    with_due(zone, range, due)
}

/// Returns the local days that touch `range` as [`calendar_days`] does, counting only those with opening hours. Days
/// without so many open days beyond them are left out.
pub(super) fn business_days(hours: &Hours, days: i32, range: (Instant, Instant)) -> Result<Vec<Day>, RenderError> {
    let zone = zone(&hours.zone)?;
    let target = |date: Date| open_day(hours, date, days);
    let due = |date: Date| target(date).map(|target| if days < 0 { start(&zone, target) } else { end(&zone, target) });
    with_due(&zone, range, due)
}

/// Returns the instant by which so much open time has certainly passed since `from`, or before it where `length` is
/// negative; `None` where the calendar does not open that much.
pub(super) fn reach(hours: &Hours, from: Instant, length: Duration) -> Result<Option<Instant>, RenderError> {
    let mut days = 8;
    loop {
        let distance = Duration::from_micros(days * DAY);
        let range = if length < Duration::ZERO {
            (Instant::from_micros(from.micros() - distance.micros()), from)
        } else {
            (from, Instant::from_micros(from.micros() + distance.micros()))
        };
        let inside = |stretch: &Stretch| stretch.ends.min(range.1).since(stretch.starts.max(range.0)).micros();
        if open(hours, range)?.iter().map(inside).sum::<i64>() >= length.micros().abs() {
            return Ok(Some(if length < Duration::ZERO { range.0 } else { range.1 }));
        }
        if days > PATIENCE as i64 {
            return Ok(None);
        }
        days *= 2;
    }
}

/// A day of 24 hours, in microseconds.
pub(super) const DAY: i64 = 86_400_000_000;

fn with_due(
    zone: &TimeZone,
    range: (Instant, Instant),
    due: impl Fn(Date) -> Option<Instant>,
) -> Result<Vec<Day>, RenderError> {
    let day = |date: Date| Stretch { starts: start(zone, date), ends: end(zone, date) };
    let dates = dates(zone, range)?;
    Ok(dates.filter_map(|date| due(date).map(|due| Day { day: day(date), due })).collect())
}

/// Returns the local dates of the instants in `range`, and one more at either end.
fn dates(zone: &TimeZone, range: (Instant, Instant)) -> Result<impl Iterator<Item = Date>, RenderError> {
    if range.1.since(range.0).micros() > LONGEST as i64 * DAY {
        return Err(RenderError::TooLong(range.0, range.1));
    }
    let local = |at: Instant| at.in_zone(zone).date();
    let first = local(range.0).yesterday().unwrap_or(Date::MIN);
    let last = local(range.1).tomorrow().unwrap_or(Date::MAX);
    Ok(std::iter::successors(Some(first), move |date| date.tomorrow().ok().filter(|next| *next <= last)))
}

fn openings(hours: &Hours, date: Date) -> &[Opening] {
    let special = hours.days.iter().find(|(day, _)| day.civil() == date);
    let schedule =
        || hours.schedules.iter().rev().find(|schedule| schedule.from.is_none_or(|from| from.civil() <= date));
    match special {
        Some((_, openings)) => openings,
        None => schedule().map_or(&[], |schedule| &schedule.weekly[date.weekday().to_monday_zero_offset() as usize]),
    }
}

/// Returns the open day `days` open days from `date`, which is not counted itself; it is the one at 0.
fn open_day(hours: &Hours, date: Date, days: i32) -> Option<Date> {
    let mut left = days.unsigned_abs();
    let mut closed = 0;
    let mut date = date;
    while left > 0 {
        date = if days < 0 { date.yesterday() } else { date.tomorrow() }.ok()?;
        if openings(hours, date).is_empty() {
            closed += 1;
        } else {
            (left, closed) = (left - 1, 0);
        }
        if closed > PATIENCE {
            return None;
        }
    }
    Some(date)
}

fn start(zone: &TimeZone, date: Date) -> Instant {
    time_of_day(zone, date, 0)
}

fn end(zone: &TimeZone, date: Date) -> Instant {
    time_of_day(zone, date, 1440)
}

/// Returns the first instant whose local time has reached `minutes` after the midnight that begins `date`.
fn time_of_day(zone: &TimeZone, date: Date, minutes: u16) -> Instant {
    let (date, minutes) = if minutes < 1440 { (date, minutes) } else { (date.tomorrow().unwrap_or(date), 0) };
    // Both are below 60, so that the conversions cannot fail.
    let local = date.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0);
    first_reaching(zone, local)
}

fn first_reaching(zone: &TimeZone, local: DateTime) -> Instant {
    let outside = if local.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let shown_with = |offset: jiff::tz::Offset| offset.to_timestamp(local).unwrap_or(outside);
    let first = match zone.to_ambiguous_timestamp(local).offset() {
        // Where the clock is set back a time is shown first with the offset before.
        AmbiguousOffset::Unambiguous { offset } | AmbiguousOffset::Fold { before: offset, .. } => shown_with(offset),
        // A time that is skipped lies, by the offset after, before the change.
        AmbiguousOffset::Gap { after, .. } => {
            let before = shown_with(after);
            let change = zone.following(before).find(|change| change.offset() == after);
            change.map_or(before, |change| change.timestamp())
        }
    };
    Instant::from(first)
}

#[cfg(test)]
mod tests;
