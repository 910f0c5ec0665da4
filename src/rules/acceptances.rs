//! Acceptances held against findings: what is accepted is marked, and what accepts nothing is found itself.

use super::finding::{About, Accepted, Findings};
use super::subject::Subject;
use crate::definition::Acceptance;

/// Rules whose findings no single person can accept: without them the rest of the gate could be walked around.
const UNACCEPTABLE: [&str; 12] = [
    "acceptance-by-author",
    "acceptance-not-allowed",
    "acceptance-without-reason",
    "approval-missing",
    "approval-stale",
    "baseline-unresolvable",
    "lock-edited",
    "lock-line-removed",
    "lock-missing",
    "nothing-checked",
    "released-version-mutated",
    "self-approval",
];

/// Tells whether findings of a rule can be accepted.
pub(super) fn is_acceptable(rule: &str) -> bool {
    !UNACCEPTABLE.contains(&rule)
}

/// Marks accepted findings, and adds findings about acceptances that accept nothing.
pub(super) fn apply(subject: &Subject<'_>, findings: &mut Findings) {
    let acceptances: Vec<&Acceptance> =
        subject.new.catalog.registry.acceptances.values().map(|(_, acceptance)| acceptance).collect();
    for acceptance in acceptances {
        let is_expired = acceptance.expires.value <= subject.today;
        let mut is_used = false;
        for finding in findings.iter_mut().filter(|finding| is_meant(acceptance, finding)) {
            is_used = true;
            if !is_expired {
                let (by, reason) = (acceptance.approved_by.clone(), acceptance.reason.trim().to_owned());
                finding.accepted = Some(Accepted { by, reason, span: acceptance.fingerprint.span });
            }
        }
        tell(subject, acceptance, (is_used, is_expired), findings);
    }
}

fn is_meant(acceptance: &Acceptance, finding: &super::Finding) -> bool {
    is_acceptable(finding.rule.id)
        && finding.fingerprint == acceptance.fingerprint.value
        && finding.rule.id == acceptance.rule.value
        && finding.metric.as_deref().unwrap_or_default() == acceptance.metric.value
}

fn tell(subject: &Subject<'_>, acceptance: &Acceptance, (is_used, is_expired): (bool, bool), findings: &mut Findings) {
    let fingerprint = &acceptance.fingerprint.value;
    let (id, span, message) = if super::find(&acceptance.rule.value).is_none() {
        let message = format!("there is no rule `{}` that could be accepted", acceptance.rule.value);
        ("acceptance-unknown-rule", acceptance.rule.span, message)
    } else if is_expired {
        let message = format!("the acceptance `{fingerprint}` has expired on {}", acceptance.expires.value);
        ("acceptance-expired", acceptance.expires.span, message)
    } else if !is_used && subject.diff.is_some() && is_acceptable(&acceptance.rule.value) {
        let message = format!("the acceptance `{fingerprint}` accepts nothing that is found");
        ("acceptance-unused", acceptance.fingerprint.span, message)
    } else {
        return;
    };
    if let Some(rule) = super::find(id).filter(|rule| rule.profile <= subject.profile()) {
        findings.add(rule, About::PROJECT, span, (fingerprint, message));
    }
}
