//! An exclusion that nobody has agreed to any more.

use super::agreements::agreements;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for agreement in agreements(subject) {
        let Some(day) = agreement.day().filter(|day| *day < subject.today) else { continue };
        let message = format!("the exclusion `{}` was agreed to until {day}", agreement.id);
        findings.add(rule, agreement.about, agreement.expires.span, (&agreement.id, message));
    }
}
