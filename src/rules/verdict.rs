//! What a comparison asks for: which part of the version must change, and who must sign.
//!
//! Judges kinds of edits; knows no file beside the definitions.

use super::changes::class_of;
use super::rule::Class;
use super::subject::Subject;
use crate::definition::{ChangeClass, Metric, Status};
use crate::diff::{Bump, Comparison, Judged, MeaningChange};
use crate::format::FileKind;
use crate::signing::{self, RoleState};

/// What every version says of itself: that two versions differ in it is no change of either.
const OWN: [&str; 7] = ["version", "status", "effective_from", "effective_to", "change", "replaced_by", "sunset"];

/// Returns which part of the version a comparison needs to change.
pub fn needed(comparison: &Comparison) -> Bump {
    // Where a version stands in its life changes without another version.
    let edits = comparison.edits.iter().filter(|judged| !is_of_its_life(judged));
    let edits = edits.map(needed_by).max().unwrap_or(Bump::None);
    match comparison.meaning {
        // What no edit explains counts as the worst.
        MeaningChange::Differs if comparison.moving().next().is_none() => Bump::Major,
        MeaningChange::Fresh | MeaningChange::Broken => Bump::None,
        MeaningChange::Gone if comparison.status == Status::Draft => Bump::None,
        MeaningChange::Gone => Bump::Major,
        MeaningChange::Same | MeaningChange::Differs => edits,
    }
}

/// Returns which part of the version one edit needs to change.
pub(super) fn needed_by(judged: &Judged) -> Bump {
    match class_of(judged) {
        Class::Breaking => Bump::Major,
        Class::Additive => Bump::Minor,
        Class::Wording | Class::Governance => Bump::Patch,
        Class::Validity => Bump::None,
    }
}

/// Tells whether an edit is between what two versions say of themselves.
pub(super) fn is_own(comparison: &Comparison, judged: &Judged) -> bool {
    comparison.old != comparison.new && is_of_its_life(judged)
}

/// Tells whether an edit says where a version stands in its life.
fn is_of_its_life(judged: &Judged) -> bool {
    let is_in_metric = judged.through.is_none() && judged.edit.object.kind == FileKind::Metric;
    let first = judged.edit.path.steps().first();
    is_in_metric && first.is_some_and(|step| OWN.contains(&step.as_str()))
}

/// Tells whether the number of a new version announces all that it changes.
pub(super) fn is_announced(comparison: &Comparison) -> bool {
    let (Some(old), Some(new)) = (comparison.old, comparison.new) else { return false };
    new > old && comparison.renamed_from.is_none() && Bump::between(old, new) >= needed(comparison)
}

/// Returns the class by which a policy asks for signatures: the gravest of a comparison's edits.
pub fn change_class(comparison: &Comparison) -> ChangeClass {
    match needed(comparison) {
        Bump::Major => ChangeClass::Breaking,
        Bump::Minor => ChangeClass::Additive,
        Bump::Patch | Bump::None => {
            let mut edits = comparison.edits.iter().filter(|judged| !is_own(comparison, judged));
            let is_governance = edits.any(|judged| class_of(judged) == Class::Governance);
            if is_governance { ChangeClass::Governance } else { ChangeClass::Wording }
        }
    }
}

/// Returns the class by which a comparison is held to the policy: the graver of what is found and, where a version is new
/// or takes a step towards its release, of what its author declares.
pub(super) fn asked_class(subject: &Subject<'_>, comparison: &Comparison) -> ChangeClass {
    let found = change_class(comparison);
    let Some(metric) = subject.metric_of(comparison) else { return found };
    let before = subject.old.and_then(|old| old.catalog.registry.metric(&name_of(metric)));
    let is_step = before.is_none_or(|before| before.status < Status::Released && before.status < metric.status);
    let declared = metric.change.as_ref().filter(|_| is_step).map(|change| change.class.value);
    // The graver class comes first.
    declared.map_or(found, |declared| declared.min(found))
}

fn name_of(metric: &Metric) -> String {
    format!("{}@{}", metric.id.value, metric.version)
}

/// Returns who must sign the new version of a comparison, whose data fingerprint is `data`, and how far that has come.
pub fn signatures(subject: &Subject<'_>, comparison: &Comparison, data: &str) -> Vec<RoleState> {
    let (Some(policy), Some(metric)) = (subject.policy(), subject.metric_of(comparison)) else { return Vec::new() };
    let needs = signing::required(Some(policy), asked_class(subject, comparison));
    let approval = subject.new.catalog.registry.approvals.get(&name_of(metric)).map(|(_, approval)| approval);
    signing::state(needs, (policy, signing::subject(metric, data)), approval, subject.today)
}
