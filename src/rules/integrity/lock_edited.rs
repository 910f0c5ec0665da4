//! Lines of the lock that no command has written.

use crate::lock::What;
use crate::rules::held::is_same;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Version;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut add = |id: &str, version: Version, message: String| {
        // A line that is gone is found as that.
        let Some(span) = subject.new.locked(id, version, subject.texts) else { return };
        findings.add(rule, About::PROJECT, span, (&format!("{id}@{version}"), message));
    };
    for deviation in subject.new.deviations.iter().filter(|it| it.what == What::Unsealed) {
        add(&deviation.id, deviation.version, deviation.to_string());
    }
    let (Some(old), Some(new)) = (subject.old.and_then(|old| old.lock), subject.new.lock) else { return };
    for locked in old.entries() {
        let Some(now) = new.entry(&locked.id, locked.version) else { continue };
        let name = format!("`{}@{}`", locked.id, locked.version);
        let message = if now.algorithm == locked.algorithm && !is_same(locked, now) {
            format!("{name} was locked with another meaning before")
        } else if now.state < locked.state {
            format!("{name} was locked as {} before, and is {} again", locked.state.name(), now.state.name())
        } else {
            continue;
        };
        add(&locked.id, locked.version, message);
    }
}
