//! Lengths of elapsed time, in microseconds.

use std::fmt;
use std::str::FromStr;

use super::Number;

const SECOND: i64 = 1_000_000;
const UNITS: [(&str, i64); 6] = [
    ("w", 7 * 86_400 * SECOND),
    ("d", 86_400 * SECOND),
    ("h", 3_600 * SECOND),
    ("m", 60 * SECOND),
    ("s", SECOND),
    ("ms", 1_000),
];

/// A length of elapsed time; `7d` is 168 hours on the UTC line, whatever the calendar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(0);

    /// Returns a length of `microseconds`.
    pub fn from_micros(microseconds: i64) -> Self {
        Self(microseconds)
    }

    /// Returns the length in microseconds.
    pub fn micros(self) -> i64 {
        self.0
    }

    /// Returns the length in seconds as the nearest float.
    pub fn as_seconds(self) -> f64 {
        Number::new(i128::from(self.0), 6).to_f64()
    }

    /// Returns the length in seconds as an exact decimal without trailing zeros.
    pub fn seconds(self) -> Number {
        let mut scale = 6;
        let mut mantissa = i128::from(self.0);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Number::new(mantissa, scale)
    }
}

impl fmt::Display for Duration {
    /// Writes the length as a definition would: `7d`, `1h30m`, `0s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        if self.0 < 0 {
            f.write_str("-")?;
        }
        let mut rest = self.0.unsigned_abs();
        // Weeks are read but not written: `14d` is the field's usual spelling.
        for (name, length) in &UNITS[1..] {
            let count = rest / length.unsigned_abs();
            rest %= length.unsigned_abs();
            if count > 0 {
                write!(f, "{count}{name}")?;
            }
        }
        if rest > 0 { write!(f, "{rest}us") } else { Ok(()) }
    }
}

/// The text is no duration such as `7d` or `1h30m`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a duration: write a number and a unit, such as `7d`, `48h`, `90m`, `20s` or `1h30m`")]
pub struct NotADuration;

impl FromStr for Duration {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let (sign, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let mut total: i64 = 0;
        let mut last_unit = i64::MAX;
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let letters =
                rest[digits..].len() - rest[digits..].trim_start_matches(|c: char| c.is_ascii_lowercase()).len();
            let count: i64 = rest[..digits].parse().map_err(|_| NotADuration)?;
            let unit = &rest[digits..digits + letters];
            let (_, length) = UNITS.iter().find(|(name, _)| *name == unit).ok_or(NotADuration)?;
            // `1m1h` and `1d1d` are slips of the pen.
            if *length >= last_unit {
                return Err(NotADuration);
            }
            last_unit = *length;
            total = count.checked_mul(*length).and_then(|part| total.checked_add(part)).ok_or(NotADuration)?;
            rest = &rest[digits + letters..];
        }
        if last_unit == i64::MAX { Err(NotADuration) } else { Ok(Self(sign * total)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_days_are_168_hours() {
        assert_eq!("7d".parse(), "168h".parse::<Duration>());
        assert_eq!("7d".parse::<Duration>().map(Duration::micros), Ok(604_800_000_000));
    }

    #[test]
    fn display_reads_back_as_the_same_length() {
        for text in ["7d", "1h30m", "20s", "0s", "1d12h", "-192s", "250ms", "2w"] {
            let duration: Duration = text.parse().expect(text);
            assert_eq!(duration.to_string().parse(), Ok(duration), "{text}");
        }
    }

    #[test]
    fn a_length_without_a_unit_is_refused() {
        for text in ["", "-", "7", "d", "7 days", "7D", "1m1h", "1d1d", "99999999999w", "1.5h"] {
            assert_eq!(text.parse::<Duration>(), Err(NotADuration), "{text}");
        }
    }
}
