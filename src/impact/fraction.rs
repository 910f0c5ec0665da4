//! Exact fractions: parts of a move must add up to it without a rest, which floats do not.
//!
//! Knows no metric.

use std::cmp::Ordering;

use crate::value::Number;

/// An exact fraction of two integers, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction {
    above: i128,
    /// Greater than 0.
    below: i128,
}

/// Most digits after the binary point that a float is taken with.
const FINEST: i32 = 100;
/// Binary digits that the largest of some numbers keeps on their common grid; more than a float has.
const GRID_DIGITS: i32 = 60;

impl Fraction {
    /// Zero.
    pub const ZERO: Fraction = Fraction { above: 0, below: 1 };

    /// Returns `above / below`; `None` for a zero denominator and for what is too large.
    pub fn new(above: i128, below: i128) -> Option<Self> {
        let divisor = divisor(above.checked_abs()?, below.checked_abs()?);
        if below == 0 {
            return None;
        }
        let sign = below.signum();
        Some(Self { above: above / divisor * sign, below: below / divisor * sign })
    }

    /// Returns an integer.
    pub fn integer(integer: i128) -> Self {
        Self { above: integer, below: 1 }
    }

    /// Returns an exact decimal.
    pub fn decimal(number: Number) -> Option<Self> {
        Self::new(number.mantissa(), 10i128.checked_pow(u32::from(number.scale()))?)
    }

    /// Returns a float as the fraction it stands for; `None` for what is no number, or too large.
    pub fn real(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        let bits = value.to_bits();
        let exponent = i32::try_from((bits >> 52) & 0x7ff).ok()?;
        let digits = i128::from(bits & ((1 << 52) - 1));
        // The numbers next to zero have no leading digit of their own.
        let (digits, exponent) = if exponent == 0 { (digits, -1074) } else { (digits | 1 << 52, exponent - 1075) };
        let size = match exponent {
            0..=70 => Self::integer(digits << exponent),
            71.. => return None,
            _ => {
                // Digits this far behind the point are noise of the computation.
                let cut = (-exponent - FINEST).clamp(0, 64);
                Self::new(digits >> cut, 1 << (-exponent).min(FINEST))?
            }
        };
        Some(if value.is_sign_negative() { Self { above: -size.above, ..size } } else { size })
    }

    /// Returns the denominator in lowest terms.
    pub fn denominator(self) -> i128 {
        self.below
    }

    /// Returns the numerator in lowest terms.
    pub fn numerator(self) -> i128 {
        self.above
    }

    /// Adds exactly; `None` on overflow.
    pub fn plus(self, other: Self) -> Option<Self> {
        let shared = divisor(self.below, other.below);
        let above = self.above.checked_mul(other.below / shared)?;
        let above = above.checked_add(other.above.checked_mul(self.below / shared)?)?;
        Self::new(above, self.below.checked_mul(other.below / shared)?)
    }

    /// Subtracts exactly; `None` on overflow.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { above: other.above.checked_neg()?, below: other.below })
    }

    /// Multiplies exactly; `None` on overflow.
    pub fn times(self, other: Self) -> Option<Self> {
        // Taken out crosswise first, so that the products stay small.
        let (left, right) = (Self::new(self.above, other.below)?, Self::new(other.above, self.below)?);
        Self::new(left.above.checked_mul(right.above)?, left.below.checked_mul(right.below)?)
    }

    /// Divides exactly; `None` on overflow and by zero.
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.below, other.above)?)
    }

    /// Returns the size without the sign.
    pub fn size(self) -> Self {
        Self { above: self.above.abs(), below: self.below }
    }

    /// Tells whether this is zero.
    pub fn is_zero(self) -> bool {
        self.above == 0
    }

    /// Returns the nearest float, but for its last digit.
    pub fn to_f64(self) -> f64 {
        self.above as f64 / self.below as f64
    }

    /// Returns numbers on one common binary grid, finer than any of the floats they are shown as, so that arithmetic
    /// with them stays in range; each moves by less than one part in 2^53 of the largest.
    pub fn on_grid(values: &[Fraction]) -> Vec<Fraction> {
        let largest = values.iter().map(|value| value.to_f64().abs()).fold(f64::MIN_POSITIVE, f64::max);
        let digits = (GRID_DIGITS - largest.log2().ceil() as i32).clamp(-GRID_DIGITS, FINEST);
        let step = 2f64.powi(-digits);
        let on = |value: &Fraction| {
            let steps = (value.to_f64() / step).round() as i128;
            match digits {
                0.. => Self::new(steps, 1 << digits).unwrap_or(Self::ZERO),
                _ => Self::integer(steps << -digits),
            }
        };
        values.iter().map(on).collect()
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        match self.minus(*other) {
            Some(difference) => difference.above.cmp(&0),
            None => self.to_f64().total_cmp(&other.to_f64()),
        }
    }
}

impl std::fmt::Display for Fraction {
    /// Writes `7/120`, and an integer without a denominator.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.below {
            1 => write!(f, "{}", self.above),
            below => write!(f, "{}/{below}", self.above),
        }
    }
}

/// Returns the greatest common divisor; 1 of two zeros.
fn divisor(left: i128, right: i128) -> i128 {
    let (mut a, mut b) = (left.abs(), right.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(above: i128, below: i128) -> Fraction {
        Fraction::new(above, below).expect("a fraction")
    }

    #[test]
    fn thirds_and_sixths_add_up_without_a_rest() {
        let sum = fraction(1, 3).plus(fraction(1, 6)).and_then(|half| half.plus(fraction(2, 4)));
        assert_eq!(sum, Some(Fraction::integer(1)));
        assert_eq!(fraction(1, 3).minus(fraction(1, 2)), Some(fraction(-1, 6)));
        assert_eq!(fraction(-2, 3).times(fraction(3, -4)), Some(fraction(1, 2)));
        assert_eq!(fraction(1, 2).over(fraction(3, 4)), Some(fraction(2, 3)));
        assert_eq!(fraction(1, 2).over(Fraction::ZERO), None);
    }

    #[test]
    fn a_float_is_the_fraction_it_stands_for() {
        assert_eq!(Fraction::real(0.75), Some(fraction(3, 4)));
        assert_eq!(Fraction::real(-3.0), Some(Fraction::integer(-3)));
        assert_eq!(Fraction::real(0.0), Some(Fraction::ZERO));
        assert_eq!(Fraction::real(1e20), Some(Fraction::integer(100_000_000_000_000_000_000)));
        assert_eq!(Fraction::real(0.1).map(Fraction::to_f64), Some(0.1));
        assert_eq!(Fraction::real(1e-300), Some(Fraction::ZERO));
        assert_eq!(Fraction::real(f64::NAN), None);
        assert_eq!(Fraction::real(1e300), None);
    }

    #[test]
    fn what_does_not_fit_is_told_and_fits_on_a_grid() {
        // 40 different primes make a common denominator of more than 38 digits.
        let primes = (101..400i128).filter(|n| (2..*n).all(|d| n % d != 0)).take(40);
        let values: Vec<Fraction> = primes.map(|prime| fraction(1, prime)).collect();
        let sum = |values: &[Fraction]| values.iter().try_fold(Fraction::ZERO, |sum, value| sum.plus(*value));
        assert_eq!(sum(&values), None);
        let on_grid = Fraction::on_grid(&values);
        assert!(sum(&on_grid).is_some());
        assert!(values.iter().zip(&on_grid).all(|(value, near)| (value.to_f64() - near.to_f64()).abs() < 1e-17));
    }
}
