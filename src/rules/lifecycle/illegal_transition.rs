//! A version that goes back in its life, or skips a state without a command having taken it there.

use crate::definition::{Metric, Status};
use crate::lock::What;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Version;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.metrics() {
        let Some(version) = Version::parse(&metric.version) else { continue };
        let before = subject.old.and_then(|old| old.version(&metric.id.value, version)).map(|before| before.status);
        if let Some(before) = before.filter(|before| !is_legal(subject, (*before, version), metric)) {
            add((rule, subject), (before, version), metric, findings);
        }
    }
    for deviation in subject.new.deviations {
        let What::State { locked, found } = deviation.what else { continue };
        if let (true, Some(metric)) = (found < locked, subject.new.version(&deviation.id, deviation.version)) {
            add((rule, subject), (locked, deviation.version), metric, findings);
        }
    }
}

/// Tells whether a version may be in its state after another; what the lock says, a command has done step by step.
fn is_legal(subject: &Subject<'_>, (before, version): (Status, Version), metric: &Metric) -> bool {
    let now = metric.status;
    let is_withdrawn = (before, now) == (Status::Candidate, Status::Draft);
    let entry = subject.new.lock.and_then(|lock| lock.entry(&metric.id.value, version));
    let is_locked = || now > before && entry.is_some_and(|entry| entry.state == now && entry.is_sealed());
    now == before || before.next() == Some(now) || is_withdrawn || is_locked()
}

fn add(
    (rule, subject): (&'static Rule, &Subject<'_>),
    (before, version): (Status, Version),
    metric: &Metric,
    findings: &mut Findings,
) {
    let (id, now) = (&metric.id.value, metric.status);
    let how = if now < before { "goes back" } else { "skips a state" };
    let message = format!("`{id}@{version}` {how}, from {} to {}", before.name(), now.name());
    let key = format!("{version}|{}|{}", before.name(), now.name());
    findings.add(rule, About::version(id, before.max(now)), subject.place(metric, "status"), (&key, message));
}
