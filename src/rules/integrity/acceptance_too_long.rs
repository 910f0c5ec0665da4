//! Acceptances that hold for longer than a year.

use crate::rules::{About, Findings, Rule, Subject};

/// Longest time for which somebody can foresee that a finding stays acceptable, in days: a year with its leap day.
const LONGEST: i64 = 366;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (_, acceptance) in subject.new.catalog.registry.acceptances.values() {
        let (fingerprint, expires) = (&acceptance.fingerprint.value, &acceptance.expires);
        if expires.value.days() - subject.today.days() > LONGEST {
            let message = format!("the acceptance `{fingerprint}` holds until {}, for more than a year", expires.value);
            findings.add(rule, About::PROJECT, expires.span, (fingerprint, message));
        }
    }
}
