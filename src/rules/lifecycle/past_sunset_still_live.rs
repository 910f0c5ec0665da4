//! A deprecated version whose last day is over.

use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.metrics().filter(|metric| metric.status == Status::Deprecated) {
        let Some(sunset) = metric.sunset.as_ref().filter(|sunset| sunset.value <= subject.today) else { continue };
        let name = format!("{}@{}", metric.id.value, metric.version);
        let message = format!("`{name}` was to end on {}, and is computed still", sunset.value);
        let key = format!("{}|{}", metric.version, sunset.value);
        let finding = findings.add(rule, About::metric(metric), sunset.span, (&key, message));
        finding.help(format!("`etalon retire {name}`, or move its last day with a reason"));
    }
}
