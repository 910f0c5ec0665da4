//! Signatures that were given for another meaning of a version.

use super::signed::signed_versions;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for signed in signed_versions(subject) {
        let (metric, approval) = (signed.metric, signed.approval);
        let was = &approval.fingerprint.value;
        let Some(is) = signed.data.filter(|is| is != was) else { continue };
        let entry = subject.new.lock.and_then(|lock| lock.entry(&metric.id.value, signed.version));
        // What was signed and released, and has been edited since, is found as that.
        if entry.is_some_and(|entry| entry.fingerprints.data == *was) {
            continue;
        }
        let name = &approval.version.value;
        let message = format!("`{name}` was signed when it meant {was}, and means {is} now");
        let key = format!("{}|{was}|{is}", signed.version);
        let finding = findings.add(rule, About::metric(metric), approval.fingerprint.span, (&key, message));
        finding.also(subject.place(metric, "version"), "signed as another");
        let roles: Vec<String> =
            approval.signatures.iter().map(|it| format!("{} as {}", it.by.value, it.role.value)).collect();
        finding.help(format!("have it signed again by {}, or put the signed clauses back", roles.join(", ")));
    }
}
