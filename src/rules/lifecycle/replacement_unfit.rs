//! A successor that readers cannot move to.

use crate::definition::{Metric, Replacement, Status};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.metrics().filter(|metric| metric.status == Status::Deprecated) {
        let Some(replacement) = &metric.replaced_by else { continue };
        let Replacement::By(id, version) = &replacement.value else { continue };
        let Some(successor) = subject.new.version(id, *version) else { continue };
        let Some(why) = unfit(metric, successor) else { continue };
        let (name, next) = (format!("{}@{}", metric.id.value, metric.version), format!("{id}@{version}"));
        let message = format!("`{name}` leads to `{next}`, which {why}");
        let finding = findings.add(rule, About::metric(metric), replacement.span, (&format!("{name}|{next}"), message));
        finding.also(successor.id.span, "the successor");
    }
}

/// Returns why a version cannot take the place of another, as it follows `which`.
fn unfit(metric: &Metric, successor: &Metric) -> Option<String> {
    if successor.status != Status::Released {
        return Some(format!("is {}", successor.status.name()));
    }
    let unit = |metric: &Metric| metric.readings.first().map(|reading| reading.unit.clone()).unwrap_or_default();
    let (was, is) = (unit(metric), unit(successor));
    (was != is).then(|| format!("is in {is}, not in {was}"))
}
