//! Exact decimals: a 128-bit mantissa and a scale, as warehouses' DECIMAL(38, s).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Largest scale a number can have.
pub const MAX_SCALE: u8 = 18;

/// The exact decimal `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    mantissa: i128,
    scale: u8,
}

impl Number {
    /// Zero.
    pub const ZERO: Number = Number { mantissa: 0, scale: 0 };

    /// Returns `mantissa / 10^scale`.
    pub fn new(mantissa: i128, scale: u8) -> Self {
        Self { mantissa, scale }
    }

    /// Returns an integer.
    pub fn integer(integer: i64) -> Self {
        Self { mantissa: i128::from(integer), scale: 0 }
    }

    /// Returns the mantissa, to be read with [`Number::scale`].
    pub fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// Returns the number of digits after the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// Returns the same number with `scale` digits; `None` on overflow or where digits would be lost.
    pub fn rescale(self, scale: u8) -> Option<Self> {
        let mantissa = match scale.cmp(&self.scale) {
            Ordering::Equal => self.mantissa,
            Ordering::Greater => self.mantissa.checked_mul(power(scale - self.scale)?)?,
            Ordering::Less => {
                let divisor = power(self.scale - scale)?;
                if self.mantissa % divisor != 0 {
                    return None;
                }
                self.mantissa / divisor
            }
        };
        Some(Self { mantissa, scale })
    }

    /// Returns the number without zeros at its end: `0.80` as `0.8`.
    pub fn normal(self) -> Self {
        let mut normal = self;
        while normal.scale > 0 && normal.mantissa % 10 == 0 {
            normal = Self { mantissa: normal.mantissa / 10, scale: normal.scale - 1 };
        }
        normal
    }

    /// Adds exactly; `None` on overflow.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let (a, b) = self.aligned(other)?;
        Some(Self { mantissa: a.mantissa.checked_add(b.mantissa)?, scale: a.scale })
    }

    /// Subtracts exactly; `None` on overflow.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self { mantissa: other.mantissa.checked_neg()?, scale: other.scale })
    }

    /// Multiplies exactly, the scales adding up; `None` on overflow.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let scale = self.scale.checked_add(other.scale)?;
        Some(Self { mantissa: self.mantissa.checked_mul(other.mantissa)?, scale })
    }

    /// Returns the nearest binary float.
    pub fn to_f64(self) -> f64 {
        // Below 2^53 both parts are exact and the division rounds once; above it the correctly rounding parser decides.
        if self.mantissa.unsigned_abs() < (1 << 53) && self.scale <= 15 {
            return self.mantissa as f64 / 10f64.powi(i32::from(self.scale));
        }
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn aligned(self, other: Self) -> Option<(Self, Self)> {
        let scale = self.scale.max(other.scale);
        Some((self.rescale(scale)?, other.rescale(scale)?))
    }

    fn normalized(self) -> Self {
        let mut number = self;
        while number.scale > 0 && number.mantissa % 10 == 0 {
            number = Self { mantissa: number.mantissa / 10, scale: number.scale - 1 };
        }
        number
    }
}

fn power(exponent: u8) -> Option<i128> {
    10i128.checked_pow(u32::from(exponent))
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.aligned(*other) {
            Some((a, b)) => a.mantissa.cmp(&b.mantissa),
            // One of the two is too large to align, so the float order is decisive.
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }
}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let plain = self.normalized();
        (plain.mantissa, plain.scale).hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

/// The text is no plain decimal number, or has too many digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct NotANumber;

impl FromStr for Number {
    type Err = NotANumber;

    /// Parses `-12.50`; the scale is the count of digits after the point. No exponent, no separators.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let scale = u8::try_from(fraction.len()).map_err(|_| NotANumber)?;
        let lone_point = digits.contains('.') && fraction.is_empty();
        if whole.is_empty() || lone_point || !plain(whole) || !plain(fraction) || scale > MAX_SCALE {
            return Err(NotANumber);
        }
        let unsigned: i128 = format!("{whole}{fraction}").parse().map_err(|_| NotANumber)?;
        Ok(Self { mantissa: if negative { -unsigned } else { unsigned }, scale })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().expect("a number")
    }

    #[test]
    fn equal_numbers_of_different_scale_are_equal() {
        assert_eq!(number("1.50"), number("1.5"));
        assert!(number("-0.01") < number("0"));
    }

    #[test]
    fn display_keeps_the_scale_and_the_sign() {
        assert_eq!(Number::new(-5, 2).to_string(), "-0.05");
        assert_eq!(number("1234.500").to_string(), "1234.500");
    }

    #[test]
    fn rescaling_never_loses_a_digit() {
        assert_eq!(number("1.25").rescale(1), None);
        assert_eq!(number("1.20").rescale(1), Some(number("1.2")));
    }

    #[test]
    fn arithmetic_is_exact() {
        assert_eq!(number("0.1").checked_add(number("0.2")), Some(number("0.3")));
        assert_eq!(number("0.1").checked_mul(number("0.1")), Some(number("0.01")));
    }

    #[test]
    fn texts_that_only_look_like_numbers_are_refused() {
        for text in ["", "-", ".", "1.", ".5", "1e3", "1_000", "0x1f", "١", "12:30", "1.0000000000000000000"] {
            assert_eq!(text.parse::<Number>(), Err(NotANumber), "{text}");
        }
    }
}
