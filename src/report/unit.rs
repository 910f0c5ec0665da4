//! How the numbers of each unit are written.

use super::number;
use crate::value::Number;

/// How the numbers of a unit are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit<'a> {
    /// What a number is multiplied by first.
    factor: u8,
    /// Digits after the point of what is computed.
    digits: u8,
    /// Whether a number above zero has a sign too.
    signed: bool,
    /// Whether a whole number has no digits after the point, also where it is computed.
    whole: bool,
    /// What stands behind the number.
    suffix: Suffix<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Suffix<'a> {
    Nothing,
    Word(&'a str),
}

impl<'a> Unit<'a> {
    /// Returns how the unit called `name` is written; a name without a form of its own stands behind the number.
    pub(super) fn named(name: &'a str) -> Self {
        let plain = Unit { factor: 1, digits: 2, signed: false, whole: false, suffix: Suffix::Nothing };
        match name {
            "share" => Unit { factor: 100, digits: 1, suffix: Suffix::Word("%"), ..plain },
            "percentage_points" => Unit { factor: 100, digits: 1, signed: true, suffix: Suffix::Word("pp"), ..plain },
            "net_points" => Unit { factor: 100, digits: 1, signed: true, ..plain },
            "seconds" => Unit { digits: 1, suffix: Suffix::Word("s"), ..plain },
            "ratio" => plain,
            "count" => Unit { whole: true, ..plain },
            name => Unit { suffix: Suffix::Word(name), ..plain },
        }
    }

    /// Writes `numerator / denominator`, rounded exactly; `None` for a zero denominator.
    pub(super) fn quotient(&self, numerator: Number, denominator: Number) -> Option<String> {
        let above = numerator.checked_mul(Number::integer(i64::from(self.factor)))?;
        Some(self.finished(number::quotient(above, denominator, self.digits)?))
    }

    /// Writes a float.
    pub(super) fn real(&self, value: f64) -> String {
        self.finished(self.bare(value))
    }

    /// Writes an exact number: with its own digits, unless the unit multiplies it.
    pub(super) fn exact(&self, value: Number) -> String {
        match self.suffix {
            Suffix::Word("s") => self.real(value.to_f64()),
            _ if self.factor == 1 => self.finished(number::grouped(&value.to_string())),
            _ => self.quotient(value, Number::integer(1)).unwrap_or_else(|| self.real(value.to_f64())),
        }
    }

    /// Writes a constant without zeros at the end: `75 %`, `20 s`, `4.2 points`, `+45`.
    pub(super) fn constant(&self, value: f64) -> String {
        let text = number::real(value * f64::from(self.factor), 4);
        self.finished(trimmed(&text).to_owned())
    }

    /// Writes two floats as a range: `62.0 to 71.5 %`.
    pub(super) fn range(&self, from: f64, to: f64) -> String {
        format!("{} to {}", self.sign(self.bare(from)), self.real(to))
    }

    fn bare(&self, value: f64) -> String {
        let digits = if self.whole && value.fract() == 0.0 { 0 } else { self.digits };
        number::real(value * f64::from(self.factor), digits)
    }

    /// Returns how many steps of the last digit that is written make up 1: 1,000 of a share, which is written in per cent
    /// with one digit after the point; whole numbers have no digit where the unit can do without.
    pub(super) fn steps(&self, are_whole: bool) -> (i128, u8) {
        let digits = if self.whole && are_whole { 0 } else { self.digits };
        (i128::from(self.factor) * 10i128.pow(u32::from(digits)), digits)
    }

    /// Returns what is written behind a difference of two values: nothing behind percentage points, which are understood.
    pub(super) fn behind_difference(&self) -> &'a str {
        match self.suffix {
            Suffix::Word("%" | "pp") | Suffix::Nothing => "",
            Suffix::Word(word) => word,
        }
    }

    /// Writes digits with the unit's sign and word.
    pub(super) fn finished(&self, digits: String) -> String {
        let digits = self.sign(digits);
        match self.suffix {
            Suffix::Nothing => digits,
            Suffix::Word(word) => format!("{digits} {word}"),
        }
    }

    fn sign(&self, digits: String) -> String {
        let above_zero = !digits.starts_with('-') && digits.contains(|c| matches!(c, '1'..='9'));
        if self.signed && above_zero { format!("+{digits}") } else { digits }
    }
}

/// Returns a number without zeros at the end of its fraction.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// Writes a constant in a unit, without zeros at the end.
pub(super) fn in_unit(unit: &str, value: f64) -> String {
    Unit::named(unit).constant(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_has_its_unit_and_no_zeros_at_the_end() {
        assert_eq!(in_unit("share", 0.75), "75 %");
        assert_eq!(in_unit("share", 0.999), "99.9 %");
        assert_eq!(in_unit("seconds", 1200.0), "1,200 s");
        assert_eq!(in_unit("points", 4.2), "4.2 points");
        assert_eq!(in_unit("count", 100.0), "100");
        assert_eq!(in_unit("net_points", 0.45), "+45");
    }

    #[test]
    fn a_balance_is_written_times_a_hundred_with_its_sign() {
        let points = Unit::named("net_points");
        let number = Number::integer;
        // 9 of 20 more promoters than detractors: 45 points; 1 of 3 fewer: -33.3...; as many of both: 0.
        assert_eq!(points.quotient(number(9), number(20)).as_deref(), Some("+45.0"));
        assert_eq!(points.quotient(number(-1), number(3)).as_deref(), Some("-33.3"));
        assert_eq!(points.quotient(number(0), number(3)).as_deref(), Some("0.0"));
        assert_eq!(points.range(-0.1, 0.25), "-10.0 to +25.0");
    }

    #[test]
    fn money_keeps_its_digits_and_names_its_currency() {
        let number = |text: &str| text.parse::<Number>().expect(text);
        assert_eq!(Unit::named("EUR").exact(number("1234.50")), "1,234.50 EUR");
        assert_eq!(Unit::named("EUR").quotient(number("10.00"), number("3")).as_deref(), Some("3.33 EUR"));
        assert_eq!(Unit::named("JPY").exact(number("1200")), "1,200 JPY");
    }

    #[test]
    fn a_computed_count_is_whole_where_it_can_be() {
        assert_eq!(Unit::named("count").real(1200.0), "1,200");
        assert_eq!(Unit::named("count").real(2.5), "2.50");
        assert_eq!(Unit::named("ratio").real(2.0), "2.00");
    }

    #[test]
    fn a_difference_of_shares_is_in_percentage_points() {
        assert_eq!(Unit::named("percentage_points").real(0.025), "+2.5 pp");
        assert_eq!(Unit::named("share").real(-0.025), "-2.5 %");
    }
}
