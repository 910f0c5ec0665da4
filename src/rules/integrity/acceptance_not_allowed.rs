//! Acceptances of what is no matter of opinion.

use crate::rules::acceptances::is_acceptable;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (_, acceptance) in subject.new.catalog.registry.acceptances.values() {
        let (named, fingerprint) = (&acceptance.rule, &acceptance.fingerprint.value);
        if !is_acceptable(&named.value) {
            let message = format!("what `{}` finds cannot be accepted", named.value);
            findings.add(rule, About::PROJECT, named.span, (&format!("{fingerprint}|{}", named.value), message));
        }
    }
}
