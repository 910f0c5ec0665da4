//! The name of a retired metric, given to another meaning.

use crate::lock::What;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for deviation in subject.new.deviations {
        let What::Reused(retired) = deviation.what else { continue };
        let (id, version) = (&deviation.id, deviation.version);
        let Some(metric) = subject.new.version(id, version) else { continue };
        let message = format!("`{id}@{version}` gives another meaning to a name that was retired with {retired}");
        let key = format!("{version}|{retired}");
        let finding = findings.add(rule, About::metric(metric), metric.id.span, (&key, message));
        if let Some(line) = subject.new.locked(id, retired, subject.texts) {
            finding.also(line, "retired here");
        }
    }
}
