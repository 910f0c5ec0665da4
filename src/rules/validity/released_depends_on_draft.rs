//! A released metric that is made of one that is not.

use super::made_of::parts;
use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.metric.status == Status::Released) {
        for part in parts(&meant) {
            let Some((other, _)) = subject.new.catalog.reading(&part.value) else { continue };
            if !matches!(other.status, Status::Draft | Status::Candidate) {
                continue;
            }
            let state = other.status.name();
            let message = format!("`{}` is released and made of `{}`, which is a {state}", meant.name(), part.value);
            let key = format!("{}|{}", meant.name(), part.value);
            let declared = subject.place(other, "status");
            findings.add(rule, About::metric(meant.metric), part.span, (&key, message)).also(declared, "not released");
        }
    }
}
