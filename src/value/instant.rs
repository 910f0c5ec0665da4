//! Points on the UTC line and calendar days.

use std::fmt;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

use super::Duration;

/// A point on the UTC line, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// Returns the instant `microseconds` after 1970-01-01T00:00:00Z.
    pub fn from_micros(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Returns the microseconds since 1970-01-01T00:00:00Z.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Returns the instant `duration` later; `None` beyond the representable range.
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        self.0.checked_add(duration.micros()).map(Self)
    }

    /// Returns the elapsed time since `earlier`, negative when `earlier` is later.
    pub fn since(self, earlier: Instant) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }

    /// Parses an instant with its offset (`2026-05-01T09:00:00Z`, `...+02:00`); `None` without one.
    pub fn parse(text: &str) -> Option<Self> {
        // A bracketed zone name would let two truths (offset and zone) disagree.
        if text.contains('[') {
            return None;
        }
        text.parse::<Timestamp>().ok().map(Self::from)
    }

    /// Returns the wall-clock time in `zone`.
    pub fn in_zone(self, zone: &TimeZone) -> civil::DateTime {
        zone.to_datetime(self.timestamp())
    }

    /// Writes the instant in `zone` with its offset, as `2026-05-01T00:00:00+02:00`.
    pub fn display_in(self, zone: &TimeZone) -> String {
        let zoned = self.timestamp().to_zoned(zone.clone());
        zoned.timestamp().display_with_offset(zoned.offset()).to_string()
    }

    /// Returns the instant in the form of the time library.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.timestamp())
    }
}

/// A calendar day without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// Parses `2026-05-01`.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    /// Returns the number of days since 1970-01-01.
    pub fn days(self) -> i64 {
        let since = self.0.since(civil::date(1970, 1, 1)).map(|span| span.get_days());
        i64::from(since.unwrap_or_default())
    }

    /// Returns the day so many days after 1970-01-01; `None` beyond the representable range.
    pub fn from_days(days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        civil::date(1970, 1, 1).checked_add(span).ok().map(Self)
    }

    /// Returns the day in the form of the time library.
    pub fn civil(self) -> civil::Date {
        self.0
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
