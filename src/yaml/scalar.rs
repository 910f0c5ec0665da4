//! What a plain scalar is, and which ones readers of YAML understand differently.
//!
//! Knows the scalar rules of YAML 1.1 and of the 1.2 core schema; knows no places.

use crate::yaml::{NodeKind, Style};

/// What a plain scalar turns out to be.
#[derive(Debug, PartialEq)]
pub(super) enum Plain {
    /// All readers agree.
    Agreed(NodeKind),
    /// Readers disagree, or read what definitions do not have.
    Ambiguous(Doubt),
}

/// Why a plain scalar is refused.
#[derive(Debug, PartialEq)]
pub(super) struct Doubt {
    /// How readers take it, continuing "`x` is ".
    pub readings: &'static str,
    /// How to write it where the other reading is meant, continuing "or "; `None` where only quotes help.
    pub otherwise: Option<String>,
}

/// Resolves a plain scalar by its text.
pub(super) fn resolve(raw: &str) -> Plain {
    if let Some(doubt) = word(raw).or_else(|| number(raw)) {
        return Plain::Ambiguous(doubt);
    }
    Plain::Agreed(match raw {
        "" | "null" | "~" => NodeKind::Null,
        "true" => NodeKind::Boolean(true),
        "false" => NodeKind::Boolean(false),
        _ if is_integer(raw) => raw.parse().map_or_else(|_| NodeKind::Number(raw.into()), NodeKind::Integer),
        _ if is_decimal(raw) => NodeKind::Number(raw.into()),
        _ => NodeKind::Text { value: raw.into(), style: Style::Plain },
    })
}

/// The longest word that readers understand differently, in bytes.
const LONGEST: usize = 5;

fn word(raw: &str) -> Option<Doubt> {
    if raw.len() > LONGEST {
        return None;
    }
    let lowered = raw.to_ascii_lowercase();
    let (readings, otherwise) = match lowered.as_str() {
        "yes" | "on" | "y" => ("`true` for readers of YAML 1.1 and text for readers of YAML 1.2", Some("true")),
        "no" | "off" | "n" => ("`false` for readers of YAML 1.1 and text for readers of YAML 1.2", Some("false")),
        "true" if raw != "true" => ("`true` for some readers of YAML and text for others", Some("true")),
        "false" if raw != "false" => ("`false` for some readers of YAML and text for others", Some("false")),
        "null" if raw != "null" => ("nothing for some readers of YAML and text for others", Some("null")),
        ".nan" | ".inf" | "+.inf" | "-.inf" => ("not a finite number, and text for some readers of YAML", None),
        _ => return None,
    };
    Some(Doubt { readings, otherwise: otherwise.map(str::to_owned) })
}

fn number(raw: &str) -> Option<Doubt> {
    let unsigned = raw.strip_prefix(['-', '+']).unwrap_or(raw);
    let sign = if raw.starts_with('-') { "-" } else { "" };
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let doubt = |readings, otherwise| Some(Doubt { readings, otherwise });
    if let Some((radix, digits)) = based(unsigned) {
        let decimal = u64::from_str_radix(digits, radix).ok().map(|value| format!("{sign}{value}"));
        return doubt("a number for some readers of YAML and text for others", decimal);
    }
    if is_sexagesimal(unsigned) {
        return doubt("a number to the base 60 for readers of YAML 1.1 and text for readers of YAML 1.2", None);
    }
    if unsigned.contains('_') && is_decimal(&unsigned.replace('_', "")) {
        let decimal = format!("{sign}{}", unsigned.replace('_', ""));
        return doubt("a number for readers of YAML 1.1 and text for readers of YAML 1.2", Some(decimal));
    }
    if !is_decimal(unsigned) {
        return None;
    }
    if unsigned.contains(['e', 'E']) {
        return doubt("a number for some readers of YAML and text for others", None);
    }
    if unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.bytes().all(|digit| digit.is_ascii_digit()) {
        let decimal = format!("{sign}{}", unsigned.trim_start_matches('0'));
        let decimal = if decimal == sign { "0".to_owned() } else { decimal };
        return doubt(
            "an octal number for readers of YAML 1.1 and a decimal one for readers of YAML 1.2",
            Some(decimal),
        );
    }
    if unsigned.starts_with('.') {
        return doubt("a number for some readers of YAML and text for others", Some(format!("{sign}0{unsigned}")));
    }
    if unsigned.ends_with('.') {
        return doubt("a number for some readers of YAML and text for others", Some(format!("{sign}{unsigned}0")));
    }
    None
}

/// Returns the base and the digits of `0x1F`, `0o17` and `0b11`.
fn based(unsigned: &str) -> Option<(u32, &str)> {
    let (radix, digits) = match unsigned.get(..2)? {
        "0x" => (16, &unsigned[2..]),
        "0o" => (8, &unsigned[2..]),
        "0b" => (2, &unsigned[2..]),
        _ => return None,
    };
    let fits = |digit: char| digit == '_' || digit.is_digit(radix);
    (!digits.is_empty() && digits.chars().all(fits)).then_some((radix, digits))
}

/// Whether `12:30`, `12:30:00` or `1:30.5`, where every part after the first is below 60.
fn is_sexagesimal(unsigned: &str) -> bool {
    let whole = unsigned.split_once('.').map_or(unsigned, |(whole, fraction)| {
        let digits = fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        if digits { whole } else { "" }
    });
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    let leads = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let below_60 = |part: &str| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        digits && part.parse::<u8>().is_ok_and(|value| value < 60)
    };
    let mut rest = parts.peekable();
    leads && rest.peek().is_some() && rest.all(below_60)
}

fn is_integer(raw: &str) -> bool {
    let unsigned = raw.strip_prefix(['-', '+']).unwrap_or(raw);
    !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the YAML 1.2 core schema takes it as a decimal number, with or without a fraction or an exponent.
fn is_decimal(raw: &str) -> bool {
    let unsigned = raw.strip_prefix(['-', '+']).unwrap_or(raw);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    is_integer(exponent) && digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text(raw: &str) -> bool {
        resolve(raw) == Plain::Agreed(NodeKind::Text { value: raw.into(), style: Style::Plain })
    }

    fn doubt(raw: &str) -> Doubt {
        match resolve(raw) {
            Plain::Ambiguous(doubt) => doubt,
            Plain::Agreed(kind) => panic!("`{raw}` is taken as {kind:?}"),
        }
    }

    #[test]
    fn words_that_yaml_1_1_takes_for_booleans_are_ambiguous() {
        for raw in ["no", "No", "NO", "nO", "yes", "YES", "on", "On", "off", "OFF", "y", "Y", "n", "N", "True", "FALSE"]
        {
            doubt(raw);
        }
        assert_eq!(doubt("off").otherwise.as_deref(), Some("false"));
    }

    #[test]
    fn words_that_all_readers_agree_on_are_resolved() {
        assert_eq!(resolve("true"), Plain::Agreed(NodeKind::Boolean(true)));
        assert_eq!(resolve("false"), Plain::Agreed(NodeKind::Boolean(false)));
        for raw in ["", "null", "~"] {
            assert_eq!(resolve(raw), Plain::Agreed(NodeKind::Null), "{raw}");
        }
    }

    #[test]
    fn numbers_that_readers_disagree_on_are_ambiguous_and_name_the_plain_spelling() {
        for (raw, plain) in [
            ("012", Some("12")),
            ("-08", Some("-8")),
            ("00", Some("0")),
            ("0o14", Some("12")),
            ("0x1F", Some("31")),
            ("0b101", Some("5")),
            ("1_000", Some("1000")),
            ("1_000.5", Some("1000.5")),
            (".5", Some("0.5")),
            ("-.5", Some("-0.5")),
            ("5.", Some("5.0")),
            ("1e3", None),
            ("1.5e+3", None),
            (".inf", None),
            ("-.INF", None),
            (".NaN", None),
        ] {
            assert_eq!(doubt(raw).otherwise.as_deref(), plain, "{raw}");
        }
    }

    #[test]
    fn clock_times_are_ambiguous() {
        for raw in ["12:30:00", "1:30", "08:30", "24:00", "190:20:30", "190:20:30.15", "-1:30"] {
            assert!(doubt(raw).readings.contains("base 60"), "{raw}");
        }
    }

    #[test]
    fn what_no_reader_takes_for_a_number_is_text() {
        for raw in ["12:60", "1:300", "1:", "::1", "2026-05-01", "2026-05-01T12:30:00Z", "2026-05-01 12:30:00", "1.2.3"]
        {
            assert!(is_text(raw), "{raw}");
        }
        for raw in ["7d", "08:30-17:00", "-", "+", ".", "e3", "0x", "0xg", "v1", "none", "not later_contact", "é", "0é"]
        {
            assert!(is_text(raw), "{raw}");
        }
    }

    #[test]
    fn a_decimal_keeps_its_digits() {
        assert_eq!(resolve("1.10"), Plain::Agreed(NodeKind::Number("1.10".into())));
        assert_eq!(resolve("-0.80"), Plain::Agreed(NodeKind::Number("-0.80".into())));
    }

    #[test]
    fn whole_numbers_beyond_64_bits_keep_their_digits() {
        assert_eq!(resolve("9223372036854775807"), Plain::Agreed(NodeKind::Integer(i64::MAX)));
        assert_eq!(resolve("9223372036854775808"), Plain::Agreed(NodeKind::Number("9223372036854775808".into())));
        assert_eq!(resolve("+5"), Plain::Agreed(NodeKind::Integer(5)));
    }
}
