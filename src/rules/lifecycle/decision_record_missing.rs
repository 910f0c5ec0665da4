//! A breaking change of a released version that links no decision that can be read.

use super::publications::publications;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_breaking()) {
        let Some(change) = &publication.metric.change else { continue };
        let name = publication.name();
        let (span, message) = match (&change.decision, subject.new.decisions) {
            (None, _) => (change.span, format!("the change to `{name}` links no decision")),
            (Some(path), Some(decisions)) if !decisions.contains_key(&path.value) => {
                (path.span, format!("the decision on `{name}` cannot be read: `{}`", path.value))
            }
            _ => continue,
        };
        findings.add(rule, publication.about(), span, (&publication.version.to_string(), message));
    }
}
