//! Days between two versions on which none is in force.

use crate::lock::What;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for deviation in subject.new.deviations {
        let What::Gap { from, next, to } = deviation.what else { continue };
        let (id, version) = (&deviation.id, deviation.version);
        let Some(follower) = subject.new.version(id, next) else { continue };
        let message =
            format!("no version of `{id}` is in force from {from}, when {version} ends, to {to}, when {next} begins");
        let begin = subject.place(follower, "effective_from");
        let finding = findings.add(rule, About::metric(follower), begin, (&format!("{version}|{next}"), message));
        if let Some(earlier) = subject.new.version(id, version) {
            finding.also(subject.place(earlier, "effective_to"), "the one before ends here");
        }
    }
}
