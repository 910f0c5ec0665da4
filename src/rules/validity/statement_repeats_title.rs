//! A statement that says no more than the title.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let (title, statement) = (words(&meant.reading.title), words(&meant.reading.statement));
        if statement.iter().all(|word| title.contains(word)) {
            let message = format!("the statement of `{}` says no more than its title", meant.name());
            let span = meant.place(&["statement"]);
            findings.add(rule, About::metric(meant.metric), span, (&meant.key(span, ""), message));
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
