//! Acceptances by those who have made the change.

use crate::rules::authors::is_author;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (_, acceptance) in subject.new.catalog.registry.acceptances.values() {
        let (id, by) = (&acceptance.metric.value, acceptance.approved_by.trim());
        let versions = subject.new.catalog.registry.metrics.get(id);
        let mut metrics = versions.into_iter().flat_map(|versions| versions.values());
        if !metrics.any(|metric| is_author(subject, metric, (by, &[]))) {
            continue;
        }
        let fingerprint = &acceptance.fingerprint.value;
        let message = format!("`{by}` accepts what `{}` finds in an own change to `{id}`", acceptance.rule.value);
        findings.add(rule, About::PROJECT, acceptance.fingerprint.span, (fingerprint, message));
    }
}
