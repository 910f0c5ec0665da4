//! Texts of instants: offsets, wall times in a zone, patterns and two-digit years.
//!
//! Resolves wall times that do not exist or exist twice by the declared policy. Knows no column and no file.

use jiff::civil;
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::source::{ClockPolicy, WallClock};
use crate::value::{Date, Instant};

use super::grammar::Failure;
use super::note::Event;
use super::problem::shown;

/// A source's wall clock, ready to resolve times.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    zone: TimeZone,
    gap: ClockPolicy,
    fold: ClockPolicy,
}

impl Clock {
    /// Looks the zone up; an error names a zone that does not exist.
    pub(super) fn of(clock: &WallClock) -> Result<Self, String> {
        let zone = TimeZone::get(&clock.zone).map_err(|_| format!("there is no time zone `{}`", shown(&clock.zone)))?;
        Ok(Self { zone, gap: clock.gap, fold: clock.fold })
    }

    /// Returns the earlier and the later instant a wall time can stand for, and the event that makes them differ.
    fn candidates(&self, wall: civil::DateTime) -> Option<(Instant, Instant, Option<Event>)> {
        let at = |offset: Offset| offset.to_timestamp(wall).ok().map(Instant::from);
        let (before, after, event) = match self.zone.to_ambiguous_timestamp(wall).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, offset, None),
            AmbiguousOffset::Gap { before, after } => (before, after, Some(Event::Gap)),
            AmbiguousOffset::Fold { before, after } => (before, after, Some(Event::Fold)),
        };
        let (a, b) = (at(before)?, at(after)?);
        Some((a.min(b), a.max(b), event))
    }

    fn policy(&self, event: Option<Event>) -> ClockPolicy {
        if event == Some(Event::Gap) { self.gap } else { self.fold }
    }

    /// Returns the instant of a wall time under the declared policies.
    fn resolve(&self, wall: civil::DateTime) -> Result<(Instant, Option<Event>), Failure> {
        let out_of_range = || Failure::Invalid(format!("`{wall}` is out of range"));
        let (earlier, later, event) = self.candidates(wall).ok_or_else(out_of_range)?;
        match (event, self.policy(event)) {
            (None, _) | (_, ClockPolicy::Earlier) => Ok((earlier, event)),
            (_, ClockPolicy::Later) => Ok((later, event)),
            (Some(event), ClockPolicy::Refuse) => {
                let times = if event == Event::Gap { "does not exist" } else { "exists twice" };
                Err(Failure::Refused {
                    message: format!("the wall time `{wall}` {times} in `{}`", self.name()),
                    help: "declare for the source's clock which of the two instants is meant",
                })
            }
        }
    }

    fn is_before(&self, wall: civil::DateTime, bound: Instant) -> bool {
        let Some((earlier, later, event)) = self.candidates(wall) else { return false };
        // Where the time is refused in the end, only both candidates together prove that midnight was passed.
        if self.policy(event) == ClockPolicy::Earlier { earlier < bound } else { later < bound }
    }

    /// Returns the instant one calendar day after a wall time.
    fn next_day(&self, wall: civil::DateTime) -> Result<(Instant, Vec<Event>), Failure> {
        let tomorrow = wall.date().tomorrow().map_err(|_| Failure::Invalid(format!("`{wall}` is out of range")))?;
        let (instant, event) = self.resolve(tomorrow.to_datetime(wall.time()))?;
        Ok((instant, std::iter::once(Event::NextDay).chain(event).collect()))
    }

    fn name(&self) -> &str {
        self.zone.iana_name().unwrap_or("its zone")
    }
}

/// What a text says before zone and policy have their word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// The text fixes the instant.
    Fixed(Instant),
    /// The text gives the hands of a clock.
    Wall(civil::DateTime),
}

impl Moment {
    /// Reads ISO 8601, with an offset or without.
    pub(super) fn iso(text: &str) -> Option<Self> {
        if let Some(instant) = Instant::parse(text) {
            return Some(Moment::Fixed(instant));
        }
        let (date, time) = (text.get(..10)?, text.get(10..)?);
        let time = time.strip_prefix(['T', 't', ' '])?;
        // The time library would drop an offset that follows, and take `0900` for a time.
        let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.');
        if !time.contains(':') || !time.bytes().all(plain) {
            return None;
        }
        let date = super::scalar::date(date).ok()?.civil();
        let time: civil::Time = time.parse().ok()?;
        Some(Moment::Wall(date.to_datetime(time)))
    }

    /// Returns the instant, moved one calendar day forward where it lies before `bound`, and what had to be done.
    pub(super) fn settle(
        self,
        clock: Option<&Clock>,
        bound: Option<Instant>,
    ) -> Result<(Instant, Vec<Event>), Failure> {
        match (self, clock) {
            (Moment::Fixed(instant), Some(clock)) if bound.is_some_and(|bound| instant < bound) => {
                clock.next_day(instant.in_zone(&clock.zone))
            }
            (Moment::Fixed(instant), _) => Ok((instant, Vec::new())),
            (Moment::Wall(wall), Some(clock)) if bound.is_some_and(|bound| clock.is_before(wall, bound)) => {
                clock.next_day(wall)
            }
            (Moment::Wall(wall), Some(clock)) => {
                clock.resolve(wall).map(|(instant, event)| (instant, event.into_iter().collect()))
            }
            (Moment::Wall(wall), None) => Err(Failure::Refused {
                message: format!("the wall time `{wall}` has no offset, and the source declares no zone"),
                help: "declare the source's clock, or write the offset",
            }),
        }
    }
}

/// A `strptime` pattern with the century of its two-digit years.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern<'a> {
    format: &'a str,
    /// The first of the hundred years that a two-digit year lies in; `None` where the pattern has no such year.
    century: Option<i16>,
}

impl<'a> Pattern<'a> {
    /// Returns the pattern; a two-digit year without a declared century is an error.
    pub(super) fn new(format: &'a str, century: Option<i16>) -> Result<Self, String> {
        if !has_two_digit_year(format) {
            return Ok(Self { format, century: None });
        }
        if century.is_none() {
            return Err(format!("the format `{}` has a year of two digits, and no century is declared", shown(format)));
        }
        Ok(Self { format, century })
    }

    /// Reads an instant or a wall time, and tells whether it is finer than a microsecond.
    pub(super) fn moment(&self, text: &str) -> Result<(Moment, bool), String> {
        let parsed = self.parse(text)?;
        let finer = parsed.subsec_nanosecond().is_some_and(|nanoseconds| nanoseconds % 1_000 != 0);
        let moment = if parsed.timestamp().is_some() || parsed.offset().is_some() {
            parsed.to_timestamp().map(|timestamp| Moment::Fixed(timestamp.into()))
        } else if parsed.iana_time_zone().is_some() {
            return Err("a zone name in the data is not read; an offset (`%z`) or the source's zone is".to_owned());
        } else {
            parsed.to_datetime().map(Moment::Wall)
        };
        moment.map(|moment| (moment, finer)).map_err(|error| self.mismatch(text, &error))
    }

    /// Reads a calendar day.
    pub(super) fn date(&self, text: &str) -> Result<Date, String> {
        self.parse(text)?.to_date().map(Date::from).map_err(|error| self.mismatch(text, &error))
    }

    fn parse(&self, text: &str) -> Result<BrokenDownTime, String> {
        let mut parsed = strtime::parse(self.format, text).map_err(|error| self.mismatch(text, &error))?;
        let Some(century) = self.century else { return Ok(parsed) };
        // The time library splits two-digit years at 69; only their last two digits are of the file.
        let moved = |year: i16| year.checked_sub(century).and_then(|past| past.rem_euclid(100).checked_add(century));
        let years = (parsed.year().and_then(moved), parsed.iso_week_year().and_then(moved));
        let set = parsed.set_year(years.0).and_then(|()| parsed.set_iso_week_year(years.1));
        set.map_err(|error| self.mismatch(text, &error))?;
        Ok(parsed)
    }

    fn mismatch(&self, text: &str, error: &jiff::Error) -> String {
        let reason = error.to_string();
        let reason = reason.strip_prefix("strptime parsing failed: ").unwrap_or(&reason);
        format!("`{}` is not of the form `{}`: {}", shown(text), shown(self.format), shown(reason))
    }
}

/// Tells whether the last year that the pattern names, which is the one that holds, has two digits.
fn has_two_digit_year(format: &str) -> bool {
    let mut short = false;
    let mut rest = format.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            continue;
        }
        let flag = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'^' | b'#' | b':');
        match rest.find(|byte| !flag(byte)) {
            Some(b'y' | b'g' | b'D') => short = true,
            Some(b'Y' | b'G' | b'F') => short = false,
            _ => {}
        }
    }
    short
}

/// Tells whether an ISO text has digits below a microsecond that are not zero.
pub(super) fn finer_than_a_microsecond(text: &str) -> bool {
    let Some((_, fraction)) = text.split_once(['.', ',']) else { return false };
    fraction.bytes().take_while(u8::is_ascii_digit).skip(6).any(|digit| digit != b'0')
}
