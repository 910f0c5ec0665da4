//! A review that is so far away that nobody will hold it.

use crate::rules::{About, Findings, Rule, Subject};

/// Longest time until a review, in days.
const DAYS: i64 = 2 * 366;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.review_by.days() - subject.today.days() > DAYS) {
        let message =
            format!("`{}` is looked at again by {}, more than two years from now", metric.id.value, metric.review_by);
        findings.add(rule, About::metric(metric), subject.place(metric, "review_by"), ("", message));
    }
}
