//! Signatures whose time is over, on a version that somebody still relies on.

use super::signed::signed_versions;
use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for signed in signed_versions(subject).into_iter().filter(|it| it.metric.status <= Status::Released) {
        let name = &signed.approval.version.value;
        for signature in &signed.approval.signatures {
            let Some(until) = signature.until.filter(|until| *until <= subject.today) else { continue };
            let (by, role) = (&signature.by.value, &signature.role.value);
            let message = format!("the signature of `{by}` as {role} on `{name}` counts no more since {until}");
            let key = format!("{}|{by}|{role}", signed.version);
            findings.add(rule, About::metric(signed.metric), signature.span, (&key, message));
        }
    }
}
