//! A breaking change of a released version that nobody has declared.

use super::publications::publications;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_breaking()) {
        let (metric, name, from) = (publication.metric, publication.name(), publication.from);
        let (span, message) = match &metric.change {
            None => {
                let message = format!("`{name}` breaks with {from}, and says nothing about the change");
                (subject.place(metric, "version"), message)
            }
            Some(change) if publication.is_compared && change.from.value != from => {
                let said = change.from.value;
                (change.from.span, format!("`{name}` follows {from}, and its record is about a change of {said}"))
            }
            Some(_) => continue,
        };
        findings.add(rule, publication.about(), span, (&format!("{from}|{}", publication.version), message));
    }
}
