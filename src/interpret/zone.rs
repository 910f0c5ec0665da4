//! Local time: which day an instant lies in, and the instant at which a wall clock first shows a time.
//!
//! Knows no period and no opening hours. Zone rules come from the time library's own database, never from the host.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::InterpretError;
use crate::value::Instant;

/// The rules of a time zone.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    zone: TimeZone,
}

impl Zone {
    /// Returns the zone of this IANA name.
    pub(super) fn named(name: &str) -> Result<Self, InterpretError> {
        let zone = TimeZone::get(name).map_err(|_| InterpretError::UnknownZone { name: name.to_owned() })?;
        Ok(Self { zone })
    }

    /// Returns the wall-clock time at `at`.
    pub(super) fn local(&self, at: Instant) -> Result<DateTime, InterpretError> {
        // The time library would silently move instants beyond the calendar to its edge.
        match Timestamp::from_microsecond(at.micros()) {
            Ok(_) => Ok(at.in_zone(&self.zone)),
            Err(_) => Err(InterpretError::OutsideCalendar { at }),
        }
    }

    /// Returns the local day that `at` lies in: days tile the UTC line, so a clock set back across midnight shows the
    /// old day again within the new one.
    pub(super) fn day_of(&self, at: Instant) -> Result<Date, InterpretError> {
        let outside = || InterpretError::OutsideCalendar { at };
        let mut day = self.local(at)?.date();
        loop {
            let next = day.checked_add(1.day()).map_err(|_| outside())?;
            if at < self.start_of(next).ok_or_else(outside)? {
                return Ok(day);
            }
            day = next;
        }
    }

    /// Returns the first instant whose local time is at or after midnight of `day`; `None` outside the calendar.
    pub(super) fn start_of(&self, day: Date) -> Option<Instant> {
        self.first_at(day.to_datetime(Time::midnight()))
    }

    /// Returns the first instant whose local time is at or after `time`; `None` outside the calendar.
    pub(super) fn first_at(&self, time: DateTime) -> Option<Instant> {
        let named = self.zone.to_ambiguous_timestamp(time);
        let is_skipped = matches!(named.offset(), AmbiguousOffset::Gap { .. });
        // In a fold `earlier` is the first of the two; in a gap it is an instant before the clock jumps.
        let earlier = named.earlier().ok()?;
        if !is_skipped {
            return Some(Instant::from(earlier));
        }
        let mut jumps = self.zone.following(earlier).map(|transition| transition.timestamp());
        let jump: Timestamp = jumps.find(|jump| self.zone.to_datetime(*jump) >= time)?;
        Some(Instant::from(jump))
    }

    /// Returns the first instant after `at` at which the zone's rules change.
    pub(super) fn next_jump(&self, at: Instant) -> Option<Instant> {
        self.zone.following(at.timestamp()).next().map(|transition| Instant::from(transition.timestamp()))
    }
}
