//! Acceptances whose reason says nothing.

use crate::rules::{About, Findings, Rule, Subject};

/// Fewest words with which somebody could disagree.
const FEWEST: usize = 3;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (_, acceptance) in subject.new.catalog.registry.acceptances.values() {
        let (fingerprint, reason) = (&acceptance.fingerprint.value, acceptance.reason.trim());
        if reason.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() < FEWEST {
            let message = format!("the acceptance `{fingerprint}` gives no reason but `{reason}`");
            findings.add(rule, About::PROJECT, acceptance.fingerprint.span, (fingerprint, message));
        }
    }
}
