//! Signatures of those who have made the change.

use super::signed::signed_versions;
use crate::rules::authors::is_author;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    if subject.policy().is_some_and(|policy| policy.allows_self_approval) {
        return;
    }
    for signed in signed_versions(subject) {
        let (metric, approval) = (signed.metric, signed.approval);
        // Signatures on another meaning are void anyhow.
        if signed.data.is_some_and(|data| data != approval.fingerprint.value) {
            continue;
        }
        let signers: Vec<&str> = approval.signatures.iter().map(|it| it.by.value.as_str()).collect();
        for signature in &approval.signatures {
            let (by, role) = (&signature.by.value, &signature.role.value);
            if is_author(subject, metric, (by, &signers)) {
                let message = format!("`{by}` signs `{}` as {role}, and has made the change", approval.version.value);
                let key = format!("{}|{by}|{role}", signed.version);
                let finding = findings.add(rule, About::metric(metric), signature.by.span, (&key, message));
                let author = metric.change.as_ref().map(|change| &change.author);
                if let Some(author) = author.filter(|author| author.value == *by) {
                    finding.also(author.span, "made by");
                }
            }
        }
    }
}
