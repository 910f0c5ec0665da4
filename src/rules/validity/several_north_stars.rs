//! More than one north star in force.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let is_star = |status| matches!(status, Status::Released | Status::Candidate);
    let stars = subject.live().filter(|metric| metric.role == "north_star" && is_star(metric.status));
    let mut stars: Vec<_> = stars.collect();
    stars.dedup_by(|a, b| a.id.value == b.id.value);
    let Some((first, others)) = stars.split_first() else { return };
    for metric in others {
        let message = format!("`{}` is a north star beside `{}`", metric.id.value, first.id.value);
        let finding = findings.add(rule, About::metric(metric), subject.place(metric, "role"), ("", message));
        finding.also(subject.place(first, "role"), "the other");
    }
}
