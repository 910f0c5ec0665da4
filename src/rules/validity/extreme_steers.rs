//! A number that steers and hangs on a single row.

use crate::plan::Measure;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base() && meant.metric.role != "diagnostic") {
        let word = match meant.pipeline().map(|pipeline| &pipeline.measure) {
            Some(Measure::Max(_)) => "largest",
            Some(Measure::Min(_)) => "smallest",
            _ => continue,
        };
        let message = format!("`{}` is the {word} value of a single row, and not only a diagnostic", meant.name());
        let finding = findings.add(rule, About::metric(meant.metric), meant.place(&["measure"]), ("", message));
        finding.also(subject.place(meant.metric, "role"), "its role");
    }
}
