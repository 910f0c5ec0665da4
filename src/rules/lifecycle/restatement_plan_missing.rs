//! A breaking change of a released version that does not say what becomes of the numbers before.

use super::publications::publications;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_breaking()) {
        // A change without a record is found as that.
        if let Some(change) = publication.metric.change.as_ref().filter(|change| change.history.is_none()) {
            let message = format!("nobody says what becomes of the numbers before `{}`", publication.name());
            findings.add(rule, publication.about(), change.span, (&publication.version.to_string(), message));
        }
    }
}
