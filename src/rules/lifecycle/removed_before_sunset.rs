//! A deprecated version that is removed before its last day.

use crate::rules::departures::departures;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (metric, place) in departures(subject) {
        let name = format!("{}@{}", metric.id.value, metric.version);
        let (span, message) = match &metric.sunset {
            Some(sunset) => (sunset.span, format!("`{name}` was promised until {}, and is gone", sunset.value)),
            None => (place, format!("`{name}` is gone before it was given a last day")),
        };
        findings.add(rule, About::metric(metric), span, (&metric.version, message));
    }
}
