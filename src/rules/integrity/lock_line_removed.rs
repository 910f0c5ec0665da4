//! Versions that the lock of the old side has, and that of the new one has not.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    // Without a lock it is missing as a whole.
    let (Some(old), Some(new)) = (subject.old, subject.new.lock) else { return };
    for entry in old.lock.into_iter().flat_map(crate::lock::Lock::entries) {
        if new.entry(&entry.id, entry.version).is_some() {
            continue;
        }
        let Some(line) = old.lock_line(entry.line, subject.texts) else { continue };
        let name = format!("{}@{}", entry.id, entry.version);
        let message = format!("the lock has lost `{name}`, which is {}", entry.state.name());
        findings.add(rule, About::PROJECT, line, (&name, message));
    }
}
