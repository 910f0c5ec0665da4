//! Reporting periods: the half-open stretches of the UTC line that local calendars cut.
//!
//! Knows no row and no request.

use std::collections::BTreeMap;

use super::InterpretError;
use super::civil::around;
use super::error::overflow;
use super::interval::Interval;
use super::zone::Zone;
use crate::plan::Calendar;
use crate::value::{Date, Grain, Instant};

/// The length of an hour in microseconds.
pub(super) const HOUR: i64 = 3_600_000_000;

/// A period `[start, end)`.
pub(super) type Period = Interval;

/// Finds the period of one grain that an instant lies in.
#[derive(Debug, Clone)]
pub(super) struct Cutter {
    zone: Zone,
    calendar: Calendar,
    grain: Grain,
    /// Periods found so far by their start: rows share few periods, and zone rules are slow to ask.
    known: BTreeMap<Instant, Period>,
}

impl Cutter {
    /// Returns a cutter of `calendar` into periods of `grain`.
    pub(super) fn new(calendar: &Calendar, grain: Grain) -> Result<Self, InterpretError> {
        let zone = Zone::named(&calendar.zone)?;
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

    /// Returns the first instant after `at`, which lies in `period`, that can lie in another.
    pub(super) fn next_after(&self, period: Period, at: Instant) -> Instant {
        // Only the hours of a zone can change before they end.
        let jump = if self.grain == Grain::Hour { self.zone.next_jump(at) } else { None };
        jump.map_or(period.end, |jump| jump.min(period.end))
    }

    fn hour_of(&self, at: Instant) -> Result<Period, InterpretError> {
        let local = self.zone.local(at)?;
        let into = i64::from(local.minute()) * 60_000_000
            + i64::from(local.second()) * 1_000_000
            + i64::from(local.subsec_nanosecond() / 1_000);
        let start = at.micros().checked_sub(into).ok_or_else(|| overflow("the start of an hour"))?;
        let end = start.checked_add(HOUR).ok_or_else(|| overflow("the end of an hour"))?;
        Ok(Period { start: Instant::from_micros(start), end: Instant::from_micros(end) })
    }

    fn cut(&self, at: Instant) -> Result<Period, InterpretError> {
        let outside = || InterpretError::OutsideCalendar { at };
        let mut date = self.zone.local(at)?.date();
        loop {
            let (first, next) = around(&self.calendar, self.grain, date).ok_or_else(outside)?;
            let start = self.zone.start_of(first).ok_or_else(outside)?;
            let end = self.zone.start_of(next).ok_or_else(outside)?;
            // A clock set back across midnight shows the old day again within the new one.
            if at < end {
                return Ok(Period { start, end });
            }
            date = next;
        }
    }
}

/// Returns the start of the first period that begins on the local day `day` or later; the grain is not `all`.
pub(super) fn first_from(calendar: &Calendar, grain: Grain, day: Date) -> Result<Instant, InterpretError> {
    let mut cutter = Cutter::new(calendar, grain)?;
    let outside = || InterpretError::OutsideCalendar { at: Instant::from_micros(i64::MAX) };
    let midnight = cutter.zone.start_of(day.civil()).ok_or_else(outside)?;
    let period = cutter.period_of(midnight)?.ok_or_else(outside)?;
    Ok(if period.start == midnight { midnight } else { period.end })
}

#[cfg(test)]
#[path = "tests/period.rs"]
mod tests;
