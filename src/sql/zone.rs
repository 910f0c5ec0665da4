//! The offsets of a time zone over a stretch of time, for engines that know no zones.
//!
//! Knows no plan and no dialect.

use jiff::tz::TimeZone;

use crate::value::{Grain, Instant};

const DAY: i64 = 86_400_000_000;

/// A stretch of time in which a zone keeps one distance from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Offset {
    /// First instant of the stretch.
    pub(super) starts: Instant,
    /// First instant after it.
    pub(super) ends: Instant,
    /// Local time minus UTC, in seconds.
    pub(super) seconds: i32,
}

/// Returns the offsets of `zone` that cover `span` without gaps, in order.
pub(super) fn offsets(zone: &TimeZone, span: (Instant, Instant)) -> Vec<Offset> {
    let (start, end) = span;
    let first = zone.to_offset(start.timestamp()).seconds();
    let mut stretches = vec![Offset { starts: start, ends: end, seconds: first }];
    for transition in zone.following(start.timestamp()) {
        let at = Instant::from(transition.timestamp());
        if at >= end {
            break;
        }
        let seconds = transition.offset().seconds();
        let Some(last) = stretches.last_mut() else { break };
        // Some transitions change only the zone's abbreviation.
        if last.seconds == seconds {
            continue;
        }
        last.ends = at;
        stretches.push(Offset { starts: at, ends: end, seconds });
    }
    stretches
}

/// An old evening that a clock set back across midnight shows again: by its offset it lies in a day that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Evening {
    /// The instant at which the clock is set back.
    pub(super) starts: Instant,
    /// The first instant after it that the clock shows in the new day.
    pub(super) ends: Instant,
    /// How far the clock is set back, in seconds.
    pub(super) seconds: i32,
}

/// Returns the evenings that `offsets` show again.
pub(super) fn evenings(offsets: &[Offset]) -> Vec<Evening> {
    let again = |pair: &[Offset]| {
        let (before, after) = (pair[0], pair[1]);
        let local = |micros: i64, offset: Offset| micros + i64::from(offset.seconds) * 1_000_000;
        let day_before = local(after.starts.micros() - 1, before).div_euclid(DAY);
        let day_after = local(after.starts.micros(), after).div_euclid(DAY);
        let midnight = (day_after + 1) * DAY - i64::from(after.seconds) * 1_000_000;
        let ends = Instant::from_micros(midnight).min(after.ends);
        let seconds = before.seconds - after.seconds;
        (day_after < day_before).then_some(Evening { starts: after.starts, ends, seconds })
    };
    offsets.windows(2).filter_map(again).collect()
}

/// Returns `offsets` as they would be if each clock were set back only when its evening is over, so that no day comes
/// back.
pub(super) fn of_whole_days(mut offsets: Vec<Offset>) -> Vec<Offset> {
    for evening in evenings(&offsets) {
        for offset in &mut offsets {
            if offset.ends == evening.starts {
                offset.ends = evening.ends;
            } else if offset.starts == evening.starts {
                offset.starts = evening.ends;
            }
        }
    }
    offsets.retain(|offset| offset.starts < offset.ends);
    offsets
}

/// Widens `span` so that it holds every period of `grain` that touches it, in any zone.
pub(super) fn padded(span: (Instant, Instant), grain: Grain) -> (Instant, Instant) {
    let (start, end) = (span.0.min(span.1), span.0.max(span.1));
    let days = match grain {
        Grain::Hour | Grain::Day | Grain::All => 3,
        Grain::Week => 9,
        Grain::Month => 33,
        Grain::Quarter => 94,
        Grain::Year => 368,
    };
    let micros = days * DAY;
    let (from, to) = (start.micros().saturating_sub(micros), end.micros().saturating_add(micros));
    (Instant::from_micros(from), Instant::from_micros(to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect(text)
    }

    #[test]
    fn utc_has_a_single_stretch() {
        let span = (at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
        let expected = Offset { starts: span.0, ends: span.1, seconds: 0 };
        assert_eq!(offsets(&TimeZone::UTC, span), [expected]);
    }

    #[test]
    fn a_summer_in_berlin_lies_between_two_winters() {
        let zone = TimeZone::get("Europe/Berlin").expect("bundled");
        let (spring, autumn) = (at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z"));
        let span = (at("2026-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z"));
        let expected = [
            Offset { starts: span.0, ends: spring, seconds: 3600 },
            Offset { starts: spring, ends: autumn, seconds: 7200 },
            Offset { starts: autumn, ends: span.1, seconds: 3600 },
        ];
        assert_eq!(offsets(&zone, span), expected);
    }

    #[test]
    fn an_evening_shown_again_ends_when_the_new_day_is_reached_for_good() {
        // In St. John's the clock went back from 00:01 to 23:01 on 7 November 2010, at 02:31Z.
        let zone = TimeZone::get("America/St_Johns").expect("bundled");
        let span = (at("2010-10-01T00:00:00Z"), at("2010-12-01T00:00:00Z"));
        let offsets = offsets(&zone, span);
        let (starts, ends) = (at("2010-11-07T02:31:00Z"), at("2010-11-07T03:30:00Z"));
        assert_eq!(evenings(&offsets), [Evening { starts, ends, seconds: 3600 }]);
        let expected =
            [Offset { starts: span.0, ends, seconds: -9000 }, Offset { starts: ends, ends: span.1, seconds: -12600 }];
        assert_eq!(of_whole_days(offsets), expected);
    }

    #[test]
    fn a_clock_set_back_at_midnight_sharp_never_showed_the_new_day() {
        // In Sao Paulo 24:00 on 17 February 2018 was followed by 23:00.
        let zone = TimeZone::get("America/Sao_Paulo").expect("bundled");
        let offsets = offsets(&zone, (at("2018-02-01T00:00:00Z"), at("2018-03-01T00:00:00Z")));
        assert_eq!(offsets.len(), 2);
        assert_eq!(evenings(&offsets), []);
    }

    #[test]
    fn a_change_of_name_alone_starts_no_stretch() {
        // In October 1968 British summer time became British standard time, an hour ahead all the same.
        let zone = TimeZone::get("Europe/London").expect("bundled");
        let span = (at("1968-06-01T00:00:00Z"), at("1970-01-01T00:00:00Z"));
        let expected = Offset { starts: span.0, ends: span.1, seconds: 3600 };
        assert_eq!(offsets(&zone, span), [expected]);
    }

    #[test]
    fn a_reversed_span_is_padded_all_the_same() {
        let (early, late) = (at("2026-01-10T00:00:00Z"), at("2026-01-11T00:00:00Z"));
        let expected = (at("2026-01-07T00:00:00Z"), at("2026-01-14T00:00:00Z"));
        assert_eq!(padded((late, early), Grain::Day), expected);
    }
}
