//! An exclusion whose day is near.

use super::agreements::agreements;
use crate::rules::{Findings, Rule, Subject};

/// How many days ahead it is said.
const DAYS: i64 = 30;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for agreement in agreements(subject) {
        let Some(day) = agreement.day() else { continue };
        let left = day.days() - subject.today.days();
        if (0..=DAYS).contains(&left) {
            let message = format!("the exclusion `{}` is agreed to until {day}, {left} days from now", agreement.id);
            findings.add(rule, agreement.about, agreement.expires.span, (&agreement.id, message));
        }
    }
}
