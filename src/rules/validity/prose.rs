//! What the words of a statement say in numbers: lengths of time, and currencies.
//!
//! Knows English words for numbers and units; a word that it does not know says nothing.

use crate::value::Duration;

/// Microseconds of a second.
const SECOND: i64 = 1_000_000;
const UNITS: [(&str, i64); 5] = [
    ("second", SECOND),
    ("minute", 60 * SECOND),
    ("hour", 3_600 * SECOND),
    ("day", 86_400 * SECOND),
    ("week", 604_800 * SECOND),
];
const NUMBERS: [&str; 13] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/// Words that may stand between a number and its unit.
const BETWEEN: [&str; 5] = ["business", "calendar", "working", "full", "whole"];
const CURRENCIES: [(&str, &str); 11] = [
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("usd", "USD"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("gbp", "GBP"),
    ("chf", "CHF"),
    ("franc", "CHF"),
    ("francs", "CHF"),
    ("yen", "JPY"),
];

/// A length of time as words say it.
#[derive(Debug, PartialEq)]
pub(super) struct Said {
    /// The words.
    pub(super) words: String,
    /// The length.
    pub(super) length: Duration,
}

/// Returns the lengths of time that a text speaks of, as "within 7 days" does.
pub(super) fn lengths(text: &str) -> Vec<Said> {
    let words = words(text);
    let mut found = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let Some(count) = number(word) else { continue };
        let skipped = usize::from(words.get(position + 1).is_some_and(|next| BETWEEN.contains(&next.as_str())));
        let Some(unit) = words.get(position + 1 + skipped).and_then(|unit| length(unit)) else { continue };
        let said = words[position..=position + 1 + skipped].join(" ");
        found.push(Said { words: said, length: Duration::from_micros(count.saturating_mul(unit)) });
    }
    found
}

/// Returns the code of the first currency that a text names.
pub(super) fn currency(text: &str) -> Option<&'static str> {
    if text.contains('€') {
        return Some("EUR");
    }
    words(text).iter().find_map(|word| CURRENCIES.iter().find(|(name, _)| name == word).map(|(_, code)| *code))
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '.');
    words.map(|word| word.trim_matches('.').to_lowercase()).filter(|word| !word.is_empty()).collect()
}

fn number(word: &str) -> Option<i64> {
    let named = || NUMBERS.iter().position(|name| *name == word).and_then(|number| i64::try_from(number).ok());
    word.parse().ok().or_else(named)
}

fn length(word: &str) -> Option<i64> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    UNITS.iter().find(|(name, _)| *name == singular).map(|(_, length)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(String, String)> {
        lengths(text).into_iter().map(|said| (said.words, said.length.to_string())).collect()
    }

    #[test]
    fn a_number_before_a_unit_is_a_length_of_time() {
        let pair = |words: &str, length: &str| (words.to_owned(), length.to_owned());
        assert_eq!(said("solved within 7 days, or in twenty"), [pair("7 days", "7d")]);
        assert_eq!(said("answered within 20 seconds."), [pair("20 seconds", "20s")]);
        assert_eq!(said("by the end of five business days"), [pair("five business days", "5d")]);
        assert_eq!(said("a 48-hour promise and one week"), [pair("48 hour", "2d"), pair("one week", "7d")]);
    }

    #[test]
    fn numbers_of_other_things_are_no_lengths() {
        assert_eq!(said("a rating of 4 or 5 on a scale from 1 to 5, 3 months, 2 of 7 on day 9"), []);
    }

    #[test]
    fn a_currency_is_told_by_its_code_or_its_name() {
        assert_eq!(currency("Amount in EUR."), Some("EUR"));
        assert_eq!(currency("what it costs in dollars"), Some("USD"));
        assert_eq!(currency("an amount in the currency of the order"), None);
    }
}
