//! A statement that is too long for a sentence.

use crate::rules::{About, Findings, Rule, Subject};

/// Most words of a statement.
const WORDS: usize = 60;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let words = meant.reading.statement.split_whitespace().count();
        if words > WORDS {
            let message = format!("the statement of `{}` has {words} words", meant.name());
            let span = meant.place(&["statement"]);
            findings.add(rule, About::metric(meant.metric), span, (&meant.key(span, ""), message));
        }
    }
}
