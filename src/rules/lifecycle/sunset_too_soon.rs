//! A last day that comes sooner than the policy grants.

use crate::definition::{Metric, Status};
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::{Date, Duration, Version};

const DAY: i64 = 86_400_000_000;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let Some(grace) = subject.policy().and_then(|policy| policy.deprecation_grace) else { return };
    for metric in subject.metrics().filter(|metric| metric.status == Status::Deprecated) {
        let (Some(sunset), Some(since)) = (&metric.sunset, deprecated_on(subject, metric)) else { continue };
        let Some(earliest) = after(since, grace).filter(|earliest| sunset.value < *earliest) else { continue };
        let name = format!("{}@{}", metric.id.value, metric.version);
        let day = sunset.value;
        let message = format!("`{name}` ends on {day}, and the policy grants {grace} from {since}");
        let key = format!("{}|{day}", metric.version);
        let finding = findings.add(rule, About::metric(metric), sunset.span, (&key, message));
        finding.help(format!("set `sunset: {earliest}` or a later day"));
    }
}

/// Returns the day of the deprecation: as locked, or today where it happens in this change.
fn deprecated_on(subject: &Subject<'_>, metric: &Metric) -> Option<Date> {
    let (id, version) = (&metric.id.value, Version::parse(&metric.version)?);
    let entry = subject.new.lock.and_then(|lock| lock.entry(id, version));
    if let Some(entry) = entry.filter(|entry| entry.state == Status::Deprecated) {
        return Some(entry.on);
    }
    let before = subject.old?.version(id, version);
    before.is_none_or(|before| before.status < Status::Deprecated).then_some(subject.today)
}

/// Returns the first day after a time of grace; a part of a day counts as the whole of it.
fn after(since: Date, grace: Duration) -> Option<Date> {
    Date::from_days(since.days() + (grace.micros() + DAY - 1).div_euclid(DAY))
}
