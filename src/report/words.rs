//! Counted nouns and lists, as sentences need them, and documents as programs read them.

use serde::Serialize;

use super::neutral;
use super::number::grouped;
use crate::diagnostic::Severity;

/// Writes a JSON document, without a line end.
pub(super) fn pretty(document: &impl Serialize) -> String {
    neutral::json(serde_json::to_string_pretty(document).expect("texts, numbers and lists of them"))
}

/// Counts by severity: `2 errors, 1 note`; `None` where there is nothing.
pub(super) fn severities(severities: impl Iterator<Item = Severity> + Clone) -> Option<String> {
    let count = |wanted: Severity| severities.clone().filter(|severity| *severity == wanted).count();
    let counts =
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| (count(severity), severity.name()));
    let told: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(count, noun)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Writes `1 metric`, `2 metrics`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(&count.to_string()), if count == 1 { "" } else { "s" })
}

/// Writes `a`, `a and b`, `a, b and c`; `word` stands before the last.
pub(super) fn listed<T: AsRef<str>>(items: &[T], word: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

/// Breaks prose into lines of at most `width` characters, the further ones after `indent` blanks; the first begins with
/// `lead`, filled up to the indent.
pub(super) fn wrapped(lead: &str, prose: &str, indent: usize, width: usize) -> String {
    let mut text = String::new();
    let mut line = format!("{lead:<indent$}");
    let mut empty = true;
    for word in prose.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            text.push_str(line.trim_end());
            text.push('\n');
            line = " ".repeat(indent);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    text.push_str(line.trim_end());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_no_plural() {
        assert_eq!(counted(1, "case"), "1 case");
        assert_eq!(counted(0, "case"), "0 cases");
        assert_eq!(counted(1200, "case"), "1,200 cases");
    }

    #[test]
    fn the_last_of_a_list_stands_after_the_word() {
        assert_eq!(listed(&["a"], "and"), "a");
        assert_eq!(listed(&["a", "b", "c"], "or"), "a, b or c");
    }

    #[test]
    fn prose_is_broken_between_words_and_indented() {
        assert_eq!(wrapped("key", "one two three", 5, 12), "key  one two\n     three\n");
    }
}
