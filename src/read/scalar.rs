//! Texts of booleans, numbers, durations and dates.
//!
//! Says what one text means on its own. Knows no column, no zone and no policy.

use crate::source::DurationUnit;
use crate::value::{Date, Duration, Number, Value};

use super::problem::shown;

/// Reads `true`, `false`, `1` or `0`, in any case.
pub(super) fn boolean(text: &str) -> Result<Value, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(Value::Boolean(true)),
        "false" | "0" => Ok(Value::Boolean(false)),
        _ => Err(format!("`{}` is not one of `true`, `false`, `1` and `0`", shown(text))),
    }
}

/// Reads a decimal number with at most `scale` digits after the point, further zeros aside.
pub(super) fn number(text: &str, scale: u8) -> Result<Number, String> {
    let number = plain_number(text).ok_or_else(|| match scale {
        0 => format!("`{}` is not a whole number", shown(text)),
        _ => format!("`{}` is not a decimal number", shown(text)),
    })?;
    number.rescale(scale).ok_or_else(|| match scale {
        _ if number.scale() <= scale => format!("`{}` is too large", shown(text)),
        0 => format!("`{}` is not a whole number", shown(text)),
        _ => format!("`{}` has more than {scale} digits after the point", shown(text)),
    })
}

fn plain_number(text: &str) -> Option<Number> {
    let Some((whole, fraction)) = text.split_once('.') else { return text.parse().ok() };
    // `1.` stays refused, and zeros at the end do not count as digits: `2.000000000000000000000` is 2.
    let significant = fraction.trim_end_matches('0');
    match significant {
        "" if fraction.is_empty() => None,
        "" => whole.parse().ok(),
        _ => format!("{whole}.{significant}").parse().ok(),
    }
}

/// Reads a number of `unit`s, a text as `1h30m`, or `H:MM:SS` with an optional fraction; exact to the microsecond.
pub(super) fn duration(text: &str, unit: DurationUnit) -> Result<Duration, String> {
    let wrong = || format!("`{}` is not a duration", shown(text));
    if text.contains(':') {
        return clock_face(text).ok_or_else(wrong);
    }
    if let Ok(duration) = text.parse() {
        return Ok(duration);
    }
    let number = plain_number(text).ok_or_else(wrong)?;
    length_of(number, unit)
        .ok_or_else(|| format!("`{}` is too long, or finer than a microsecond, for a duration", shown(text)))
}

/// Returns the length of `number` units; `None` where it is no whole count of microseconds or too large.
pub(super) fn length_of(number: Number, unit: DurationUnit) -> Option<Duration> {
    let micros = number.checked_mul(Number::integer(unit.micros()))?.rescale(0)?;
    i64::try_from(micros.mantissa()).ok().map(Duration::from_micros)
}

fn clock_face(text: &str) -> Option<Duration> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut parts = unsigned.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = seconds.split_once('.').map_or(seconds, |(whole, _)| whole);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some() || !digits(hours) || !digits(minutes) || minutes.len() != 2 || whole.len() != 2 {
        return None;
    }
    let below_sixty = |number: Number| number >= Number::ZERO && number < Number::integer(60);
    let seconds = plain_number(seconds).filter(|seconds| below_sixty(*seconds))?;
    let minutes = plain_number(minutes).filter(|minutes| below_sixty(*minutes))?;
    let lengths = [
        length_of(plain_number(hours)?, DurationUnit::Hours)?,
        length_of(minutes, DurationUnit::Minutes)?,
        length_of(seconds, DurationUnit::Seconds)?,
    ];
    let micros = lengths.iter().try_fold(0i64, |sum, length| sum.checked_add(length.micros()))?;
    Some(Duration::from_micros(if negative { -micros } else { micros }))
}

/// Reads `2026-05-01`.
pub(super) fn date(text: &str) -> Result<Date, String> {
    // The time library also takes `2026-05-01T09:00:00` for a date and drops the time.
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain
        .then(|| Date::parse(text))
        .flatten()
        .ok_or_else(|| format!("`{}` is not a date such as `2026-05-01`", shown(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> Option<i64> {
        duration(text, DurationUnit::Seconds).ok().map(Duration::micros)
    }

    #[test]
    fn numbers_keep_every_digit_and_lose_only_zeros() {
        assert_eq!(number("0.1", 2), Ok(Number::new(10, 2)));
        assert_eq!(number("1.5000000000000000000000000", 1), Ok(Number::new(15, 1)));
        assert_eq!(number("-3.00", 0), Ok(Number::integer(-3)));
        assert_eq!(number("1.25", 1), Err("`1.25` has more than 1 digits after the point".into()));
        assert_eq!(number("1.5", 0), Err("`1.5` is not a whole number".into()));
        assert_eq!(number("1e3", 0), Err("`1e3` is not a whole number".into()));
        let huge = "9".repeat(38);
        assert_eq!(number(&huge, 2), Err(format!("`{huge}` is too large")));
    }

    #[test]
    fn a_lone_point_is_no_number() {
        for text in ["1.", ".5", ".", "1.2.3", "1.0.0", "-.0"] {
            assert!(number(text, 3).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_are_exact_in_each_spelling() {
        assert_eq!(micros("0.1"), Some(100_000));
        assert_eq!(micros("1h30m"), Some(5_400_000_000));
        assert_eq!(micros("1:02:03"), Some(3_723_000_000));
        assert_eq!(micros("-0:03:12"), Some(-192_000_000));
        assert_eq!(micros("100:00:00.250000"), Some(360_000_250_000));
        assert_eq!(duration("1.5", DurationUnit::Hours).map(Duration::micros), Ok(5_400_000_000));
        assert_eq!(duration("7", DurationUnit::Milliseconds).map(Duration::micros), Ok(7_000));
    }

    #[test]
    fn texts_that_only_look_like_durations_are_refused() {
        for text in [
            "1:2:03",
            "1:02:3",
            "0:60:00",
            "0:00:60",
            "10:30",
            "1:00:00:00",
            "0:00:-1",
            ":00:00",
            "0.0000001",
            "0:00:00.0000001",
        ] {
            assert_eq!(micros(text), None, "{text}");
        }
        assert_eq!(micros("9999999999999999999"), None);
        assert_eq!(micros("9999999999999999:00:00"), None);
    }

    #[test]
    fn a_date_with_a_time_is_no_date() {
        assert!(date("2026-02-28").is_ok());
        for text in ["2026-05-01T09:00:00", "2026-02-30", "20260501", "2026-5-1", "2026-05-0"] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
