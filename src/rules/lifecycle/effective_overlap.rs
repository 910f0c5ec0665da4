//! Days on which two versions are in force.

use crate::lock::What;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for deviation in subject.new.deviations {
        let What::Overlap { next, from } = deviation.what else { continue };
        let (id, version) = (&deviation.id, deviation.version);
        let Some(follower) = subject.new.version(id, next) else { continue };
        let message = format!("{version} and {next} of `{id}` are both in force from {from}");
        let begin = subject.place(follower, "effective_from");
        let finding = findings.add(rule, About::metric(follower), begin, (&format!("{version}|{next}"), message));
        if let Some(earlier) = subject.new.version(id, version) {
            let key = if earlier.effective_to.is_some() { "effective_to" } else { "effective_from" };
            let remark = if earlier.effective_to.is_some() { "the other ends later" } else { "the other has no end" };
            finding.also(subject.place(earlier, key), remark);
            finding.help_also(format!("That is `effective_to: {from}` in {version}."));
        }
    }
}
