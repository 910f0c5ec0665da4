//! Signatures on a version that does not exist.

use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Version;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (name, (_, approval)) in &subject.new.catalog.registry.approvals {
        let Some((id, version)) = name.split_once('@') else { continue };
        let Some(version) = Version::parse(version) else { continue };
        // A version that once was released may have no file any more.
        let is_locked = subject.new.lock.is_some_and(|lock| lock.entry(id, version).is_some());
        if !is_locked && subject.new.version(id, version).is_none() {
            let message = format!("`{name}` is signed, and there is no such version");
            findings.add(rule, About::PROJECT, approval.version.span, (name, message));
        }
    }
}
