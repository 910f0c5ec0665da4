//! An exclusion that was approved by whoever owns the number.

use super::agreements::agreements;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for agreement in agreements(subject) {
        let Some(by) = agreement.approved_by.as_text().filter(|by| by.trim() == agreement.owner.trim()) else {
            continue;
        };
        let message = format!("the exclusion `{}` was approved by its own owner, `{by}`", agreement.id);
        findings.add(rule, agreement.about, agreement.approved_by.span, (&agreement.id, message));
    }
}
