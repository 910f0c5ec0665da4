//! Numbers as people read them: rounded once, half away from zero.

use crate::value::{Number, Value};

/// Writes `numerator / denominator` with this many digits after the point, rounded exactly; empty for a zero denominator.
pub(super) fn quotient(numerator: Number, denominator: Number, digits: u8) -> Option<String> {
    let scale = numerator.scale().max(denominator.scale());
    let above = numerator.rescale(scale)?.mantissa();
    let below = denominator.rescale(scale)?.mantissa();
    let power = 10i128.checked_pow(u32::from(digits))?;
    let doubled = above.checked_mul(power)?.checked_mul(2)?;
    if below == 0 {
        return None;
    }
    // Half away from zero: add one half in the direction of the sign, then cut.
    let half = if (doubled < 0) == (below < 0) { below } else { -below };
    let rounded = (doubled + half) / below.checked_mul(2)?;
    Some(grouped(&Number::new(rounded, digits).to_string()))
}

/// Writes a float with this many digits after the point.
pub(super) fn real(value: f64, digits: u8) -> String {
    let power = 10f64.powi(i32::from(digits));
    let rounded = (value * power).round() / power;
    // A rounded zero has no sign.
    let rounded = if rounded == 0.0 { 0.0 } else { rounded };
    grouped(&format!("{rounded:.*}", usize::from(digits)))
}

/// Puts a comma between thousands.
pub(super) fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Writes a count, with a comma between thousands; a dash for null.
pub(super) fn count(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        other => grouped(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_away_from_zero() {
        let number = |text: &str| text.parse::<Number>().expect(text);
        // 1/8 = 0.125, 1/16 = 0.0625, -1/8 = -0.125
        assert_eq!(quotient(number("1"), number("8"), 2).as_deref(), Some("0.13"));
        assert_eq!(quotient(number("1"), number("16"), 3).as_deref(), Some("0.063"));
        assert_eq!(quotient(number("-1"), number("8"), 2).as_deref(), Some("-0.13"));
        assert_eq!(quotient(number("1"), number("0"), 2), None);
    }

    #[test]
    fn thousands_are_parted() {
        assert_eq!(grouped("1234567.5"), "1,234,567.5");
        assert_eq!(grouped("-999"), "-999");
    }
}
