//! Opening hours: weekly schedules of a zone, days that differ, and the instants at which they open and close.
//!
//! Knows no row.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::InterpretError;
use super::interval::{Interval, union};
use super::zone::Zone;
use crate::plan::{Hours, Opening};
use crate::value::Instant;

/// Opening hours with the rules of their zone.
#[derive(Debug)]
pub(super) struct Openings<'a> {
    zone: Zone,
    hours: &'a Hours,
    days: BTreeMap<Date, &'a [Opening]>,
}

impl<'a> Openings<'a> {
    /// Returns the openings of `hours`.
    pub(super) fn new(hours: &'a Hours) -> Result<Self, InterpretError> {
        let days = hours.days.iter().map(|(day, openings)| (day.civil(), openings.as_slice())).collect();
        Ok(Self { zone: Zone::named(&hours.zone)?, hours, days })
    }

    /// Returns the zone of the hours.
    pub(super) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Returns the opening hours of a local day.
    pub(super) fn of_day(&self, day: Date) -> &[Opening] {
        if let Some(openings) = self.days.get(&day) {
            return openings;
        }
        let has_begun = |from: Option<crate::value::Date>| from.is_none_or(|from| from.civil() <= day);
        let schedule = self.hours.schedules.iter().rev().find(|schedule| has_begun(schedule.from));
        schedule.map_or(&[], |schedule| {
            let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
            &schedule.weekly[weekday]
        })
    }

    /// Returns when a local day is open, in order; some stretches may be empty where the clock jumps.
    pub(super) fn on(&self, day: Date) -> Option<Vec<Interval>> {
        let at = |minute: u16| {
            // 24:00 is the midnight that ends the day.
            let (day, minute) = if minute < 1_440 { (day, minute) } else { (day.checked_add(1.day()).ok()?, 0) };
            let hour = i8::try_from(minute / 60).ok()?;
            self.zone.first_at(day.at(hour, i8::try_from(minute % 60).ok()?, 0, 0))
        };
        self.of_day(day)
            .iter()
            .map(|opening| Some(Interval { start: at(opening.from)?, end: at(opening.to)? }))
            .collect()
    }

    /// Returns the open part of `frame`.
    pub(super) fn within(&self, frame: Interval) -> Result<Vec<Interval>, InterpretError> {
        let outside = |at: Instant| move || InterpretError::OutsideCalendar { at };
        let mut day = self.zone.day_of(frame.start)?;
        let last = self.zone.day_of(frame.end)?;
        let mut open = Vec::new();
        while day <= last {
            let stretches = self.on(day).ok_or_else(outside(frame.end))?;
            open.extend(stretches.into_iter().map(|stretch| stretch.cut_to(frame)));
            day = day.checked_add(1.day()).map_err(|_| outside(frame.end)())?;
        }
        Ok(union(open))
    }
}

#[cfg(test)]
#[path = "tests/hours.rs"]
mod tests;
