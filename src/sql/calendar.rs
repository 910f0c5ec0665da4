//! Periods of local calendars, listed one after the other.
//!
//! Knows no plan but its calendar, and no dialect. Zone rules come from the time library's own database.

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::{RenderError, zone};
use crate::plan::{Calendar, Year, YearBegins};
use crate::value::{Grain, Instant};

const HOUR: i64 = 3_600_000_000;

/// The most periods that a list may have.
pub(super) const MOST: usize = 100_000;

/// A period `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Period {
    /// Its first instant.
    pub(super) start: Instant,
    /// The first instant after it.
    pub(super) end: Instant,
}

/// The periods of one grain, hour or longer, in one calendar.
#[derive(Debug)]
pub(super) struct Periods<'a> {
    zone: TimeZone,
    calendar: &'a Calendar,
    grain: Grain,
}

impl<'a> Periods<'a> {
    /// Returns the periods of `grain` in `calendar`.
    pub(super) fn of(calendar: &'a Calendar, grain: Grain) -> Result<Self, RenderError> {
        let zone = TimeZone::get(&calendar.zone).map_err(|_| RenderError::UnknownZone(calendar.zone.clone()))?;
        Ok(Self { zone, calendar, grain })
    }

    /// Returns the period that holds `at`.
    pub(super) fn holding(&self, at: Instant) -> Result<Period, RenderError> {
        let within = self.listed((at, at), 0)?;
        within.into_iter().rfind(|period| period.start <= at && at < period.end).ok_or(RenderError::OutsideCalendar(at))
    }

    /// Returns the periods that hold an instant of `span` (inclusive), after `before` more that precede them, by their
    /// start. A period in which no instant lies, as of a day that a zone skipped, is none.
    pub(super) fn listed(&self, span: (Instant, Instant), before: usize) -> Result<Vec<Period>, RenderError> {
        if before > MOST {
            return Err(RenderError::TooManyPeriods);
        }
        if self.grain == Grain::Hour { self.hours(span, before) } else { self.days(span, before) }
    }

    fn hours(&self, (first, last): (Instant, Instant), before: usize) -> Result<Vec<Period>, RenderError> {
        // Hours overlap where an offset changes by less than one, so that more of them fit in a stretch of time.
        let early = first.micros().saturating_sub((before as i64 + 2) * HOUR);
        let mut hours = Vec::new();
        let until = Instant::from_micros(last.micros().saturating_add(1));
        for stretch in zone::offsets(&self.zone, (Instant::from_micros(early), until)) {
            let into = (stretch.starts.micros() + i64::from(stretch.seconds) * 1_000_000).rem_euclid(HOUR);
            let mut start = stretch.starts.micros() - into;
            while start < stretch.ends.micros() {
                hours.push(Period { start: Instant::from_micros(start), end: Instant::from_micros(start + HOUR) });
                start += HOUR;
                if hours.len() > 2 * MOST + before {
                    return Err(RenderError::TooManyPeriods);
                }
            }
        }
        hours.sort_unstable();
        hours.dedup();
        let earlier = hours.iter().take_while(|hour| hour.end <= first).count();
        Ok(hours.split_off(earlier.saturating_sub(before)))
    }

    fn days(&self, (first, last): (Instant, Instant), before: usize) -> Result<Vec<Period>, RenderError> {
        let outside = || RenderError::OutsideCalendar(first);
        let local = first.in_zone(&self.zone).date();
        let mut day = self.first_day(local).ok_or_else(outside)?;
        // One more, for a day that the zone skipped.
        for _ in 0..=before {
            day = self.first_day(day.yesterday().map_err(|_| outside())?).ok_or_else(outside)?;
        }
        let mut periods = Vec::new();
        let mut start = self.start_of(day).ok_or_else(outside)?;
        while start <= last {
            day = self.next(day).ok_or(RenderError::OutsideCalendar(last))?;
            let end = self.start_of(day).ok_or(RenderError::OutsideCalendar(last))?;
            if start < end {
                periods.push(Period { start, end });
            }
            start = end;
            if periods.len() > 2 * MOST + before {
                return Err(RenderError::TooManyPeriods);
            }
        }
        let earlier = periods.iter().take_while(|period| period.end <= first).count();
        Ok(periods.split_off(earlier.saturating_sub(before)))
    }

    /// Returns the first instant whose local time is at or after midnight of `day`.
    fn start_of(&self, day: Date) -> Option<Instant> {
        let midnight = self.zone.to_ambiguous_timestamp(day.to_datetime(Time::midnight()));
        let instant: Timestamp = match midnight.offset() {
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => midnight.earlier().ok()?,
            AmbiguousOffset::Gap { .. } => {
                // What `later` yields lies behind the jump, by less than the jump is wide.
                let behind = midnight.later().ok()?;
                let jump = self.zone.preceding(behind.checked_add(1.nanosecond()).ok()?).next()?;
                jump.timestamp()
            }
        };
        Some(Instant::from(instant))
    }

    /// Returns the first day of the period that `day` lies in.
    fn first_day(&self, day: Date) -> Option<Date> {
        let (year, month) = (day.year(), day.month());
        match (self.grain, &self.calendar.year) {
            (Grain::Hour | Grain::Day | Grain::All, _) => Some(day),
            (Grain::Week, _) => self.week_start(day),
            (Grain::Month, Year::OfMonths { .. }) => Date::new(year, month, 1).ok(),
            (Grain::Quarter, Year::OfMonths { first }) => {
                let into = (month - *first as i8).rem_euclid(3);
                Date::new(year, month, 1).ok()?.checked_sub(i64::from(into).months()).ok()
            }
            (Grain::Year, Year::OfMonths { first }) => {
                let year = if month < *first as i8 { year - 1 } else { year };
                Date::new(year, *first as i8, 1).ok()
            }
            (grain, Year::OfWeeks { pattern, .. }) => {
                let begins = self.year_of(day)?;
                let week = i64::from(day.since(begins).ok()?.get_days()) / 7;
                let starts = month_starts(*pattern, grain);
                let into = starts.into_iter().rfind(|start| *start <= week)?;
                begins.checked_add((into * 7).days()).ok()
            }
        }
    }

    /// Returns the first day after the period that begins on `first`.
    fn next(&self, first: Date) -> Option<Date> {
        let length = match (self.grain, &self.calendar.year) {
            (Grain::Hour | Grain::Day | Grain::All, _) => 1.day(),
            (Grain::Week, _) => 7.days(),
            (Grain::Month, Year::OfMonths { .. }) => 1.month(),
            (Grain::Quarter, Year::OfMonths { .. }) => 3.months(),
            (Grain::Year, Year::OfMonths { .. }) => 1.year(),
            (grain, Year::OfWeeks { pattern, .. }) => {
                let begins = self.year_of(first)?;
                let week = i64::from(first.since(begins).ok()?.get_days()) / 7;
                match month_starts(*pattern, grain).into_iter().find(|start| *start > week) {
                    Some(start) => return begins.checked_add((start * 7).days()).ok(),
                    None => return self.year_beginning(begins.checked_add(30.days()).ok()?.year(), begins),
                }
            }
        };
        first.checked_add(length).ok()
    }

    fn week_start(&self, day: Date) -> Option<Date> {
        let weekday = i64::from(day.weekday().to_monday_zero_offset());
        let into = (weekday - self.calendar.week_starts.days_since_monday()).rem_euclid(7);
        day.checked_sub(into.days()).ok()
    }

    /// Returns the first day of the year of weeks that `day` lies in.
    fn year_of(&self, day: Date) -> Option<Date> {
        let begins = [day.year() + 1, day.year(), day.year() - 1].map(|year| self.year_begins(year));
        begins.into_iter().flatten().find(|begins| *begins <= day)
    }

    /// Returns the first year of weeks, of those near the calendar year `near`, that begins after `first`.
    fn year_beginning(&self, near: i16, first: Date) -> Option<Date> {
        [near, near + 1].map(|year| self.year_begins(year)).into_iter().flatten().find(|begins| *begins > first)
    }

    /// Returns the first day of the year of weeks that belongs to the calendar year `year`.
    fn year_begins(&self, year: i16) -> Option<Date> {
        let Year::OfWeeks { first, begins, .. } = &self.calendar.year else { return None };
        let near = Date::new(year, *first as i8, 1).ok()?;
        let before = self.week_start(near)?;
        let into = near.since(before).ok()?.get_days();
        let is_after = match begins {
            YearBegins::AtOrBefore => false,
            YearBegins::AtOrAfter => into > 0,
            YearBegins::Nearest => into > 3,
        };
        if is_after { before.checked_add(7.days()).ok() } else { Some(before) }
    }
}

/// Returns the weeks of a year in which periods of `grain` begin.
fn month_starts(pattern: [u8; 3], grain: Grain) -> Vec<i64> {
    let [first, second, _] = pattern.map(i64::from);
    let within: &[i64] = match grain {
        Grain::Month => &[0, first, first + second],
        _ => &[0],
    };
    let quarters = if grain == Grain::Year { 1 } else { 4 };
    (0..quarters).flat_map(|quarter| within.iter().map(move |week| quarter * 13 + week)).collect()
}

#[cfg(test)]
#[path = "tests/calendar.rs"]
mod tests;
