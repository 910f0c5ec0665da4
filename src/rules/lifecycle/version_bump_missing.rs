//! A released version that is edited under its number, where no lock holds it to what was released.

use crate::definition::Status;
use crate::diff::Bump;
use crate::format::FileKind;
use crate::rules::verdict::needed_by;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let Some(old) = subject.old else { return };
    for comparison in subject.comparisons().filter(|it| it.old == it.new && it.renamed_from.is_none()) {
        let Some(version) = comparison.new else { continue };
        let is_locked = [old, subject.new]
            .iter()
            .any(|side| side.lock.is_some_and(|lock| lock.entry(&comparison.id, version).is_some()));
        let before = old.version(&comparison.id, version).filter(|before| before.status >= Status::Released);
        let (Some(before), Some(metric), false) = (before, subject.metric_of(comparison), is_locked) else { continue };
        // What a metric is made of has a version of its own.
        let is_upstream = |judged: &&crate::diff::Judged| {
            judged.through.as_ref().is_some_and(|object| object.kind == FileKind::Metric)
        };
        let own = comparison.edits.iter().filter(|judged| !is_upstream(judged));
        let Some(gravest) = own.max_by_key(|judged| needed_by(judged)) else { continue };
        let needs = needed_by(gravest);
        if needs < Bump::Minor {
            continue;
        }
        let message =
            format!("`{}@{version}` is {}, and changes under its number", comparison.id, before.status.name());
        let about = About::version(&comparison.id, before.status);
        let key = format!("{version}|{}", needs.name());
        let finding = findings.add(rule, about, subject.place(metric, "version"), (&key, message));
        finding.help_also(format!("That is {}.", needs.after(version)));
        if let Some(place) = gravest.edit.new.as_ref().or(gravest.edit.old.as_ref()) {
            finding.also(place.span, "the change");
        }
    }
}
