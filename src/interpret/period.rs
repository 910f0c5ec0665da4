//! Reporting periods: the half-open stretches of the UTC line that local calendars cut.
//!
//! Knows no row. Zone rules come from the time library's own database, never from the host.

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::InterpretError;
use super::error::overflow;
use crate::plan::Calendar;
use crate::value::{Grain, Instant};

const HOUR: i64 = 3_600_000_000;

/// A period `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Period {
    /// Its first instant.
    pub(super) start: Instant,
    /// The first instant after it.
    pub(super) end: Instant,
}

impl Period {
    fn contains(&self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }
}

/// Finds the period of one grain that an instant lies in.
#[derive(Debug)]
pub(super) struct Cutter {
    zone: TimeZone,
    calendar: Calendar,
    grain: Grain,
    /// Periods found so far by their start: rows share few periods, and zone rules are slow to ask.
    known: BTreeMap<Instant, Period>,
}

impl Cutter {
    /// Returns a cutter of `calendar` into periods of `grain`.
    pub(super) fn new(calendar: &Calendar, grain: Grain) -> Result<Self, InterpretError> {
        let zone =
            TimeZone::get(&calendar.zone).map_err(|_| InterpretError::UnknownZone { name: calendar.zone.clone() })?;
        Ok(Self { zone, calendar: calendar.clone(), grain, known: BTreeMap::new() })
    }

    /// Returns the period that `at` lies in; `None` with grain `all`.
    pub(super) fn period_of(&mut self, at: Instant) -> Result<Option<Period>, InterpretError> {
        match self.grain {
            Grain::All => return Ok(None),
            // Hours are cut by the wall clock alone and overlap where an offset changes by half an hour, so a known
            // one does not tell the hour of every instant in it.
            Grain::Hour => return self.hour_of(at).map(Some),
            _ => {}
        }
        if let Some((_, period)) = self.known.range(..=at).next_back()
            && period.contains(at)
        {
            return Ok(Some(*period));
        }
        let period = self.cut(at)?;
        self.known.insert(period.start, period);
        Ok(Some(period))
    }

    fn hour_of(&self, at: Instant) -> Result<Period, InterpretError> {
        checked(at)?;
        let local = at.in_zone(&self.zone);
        let into = i64::from(local.minute()) * 60_000_000
            + i64::from(local.second()) * 1_000_000
            + i64::from(local.subsec_nanosecond() / 1_000);
        let start = at.micros().checked_sub(into).ok_or_else(|| overflow("the start of an hour"))?;
        let end = start.checked_add(HOUR).ok_or_else(|| overflow("the end of an hour"))?;
        Ok(Period { start: Instant::from_micros(start), end: Instant::from_micros(end) })
    }

    fn cut(&self, at: Instant) -> Result<Period, InterpretError> {
        checked(at)?;
        let outside = || InterpretError::OutsideCalendar { at };
        let mut first = self.first_day(at.in_zone(&self.zone).date()).ok_or_else(outside)?;
        loop {
            let next = self.first_day_after(first).ok_or_else(outside)?;
            let start = self.start_of(first).ok_or_else(outside)?;
            let end = self.start_of(next).ok_or_else(outside)?;
            let period = Period { start, end };
            // A clock set back across midnight shows the old day again within the new one.
            if at < period.end {
                return Ok(period);
            }
            first = next;
        }
    }

    /// Returns the first day of the period that the local day `date` lies in.
    fn first_day(&self, date: Date) -> Option<Date> {
        let month = date.month();
        match self.grain {
            Grain::Hour | Grain::Day | Grain::All => Some(date),
            Grain::Week => {
                let weekday = i64::from(date.weekday().to_monday_zero_offset());
                let into = (weekday - self.calendar.week_starts.days_since_monday()).rem_euclid(7);
                date.checked_sub(into.days()).ok()
            }
            Grain::Month => Date::new(date.year(), month, 1).ok(),
            Grain::Quarter => Date::new(date.year(), (month - 1) / 3 * 3 + 1, 1).ok(),
            Grain::Year => Date::new(date.year(), 1, 1).ok(),
        }
    }

    fn first_day_after(&self, first: Date) -> Option<Date> {
        let length = match self.grain {
            Grain::Hour | Grain::Day | Grain::All => 1.day(),
            Grain::Week => 7.days(),
            Grain::Month => 1.month(),
            Grain::Quarter => 3.months(),
            Grain::Year => 1.year(),
        };
        first.checked_add(length).ok()
    }

    /// Returns the first instant whose local time is at or after midnight of `date`.
    fn start_of(&self, date: Date) -> Option<Instant> {
        let midnight = date.to_datetime(Time::midnight());
        let named = self.zone.to_ambiguous_timestamp(midnight);
        let is_skipped = matches!(named.offset(), AmbiguousOffset::Gap { .. });
        // In a fold `earlier` is the first of the two; in a gap it is an instant before the clock jumps.
        let earlier = named.earlier().ok()?;
        if !is_skipped {
            return Some(Instant::from(earlier));
        }
        let mut jumps = self.zone.following(earlier).map(|transition| transition.timestamp());
        let jump: Timestamp = jumps.find(|jump| self.zone.to_datetime(*jump) >= midnight)?;
        Some(Instant::from(jump))
    }
}

/// Refuses instants beyond the calendar, which the time library would silently move to its edge.
fn checked(at: Instant) -> Result<(), InterpretError> {
    match Timestamp::from_microsecond(at.micros()) {
        Ok(_) => Ok(()),
        Err(_) => Err(InterpretError::OutsideCalendar { at }),
    }
}

#[cfg(test)]
#[path = "tests/period.rs"]
mod tests;
