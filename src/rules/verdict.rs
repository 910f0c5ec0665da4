//! What a comparison asks for: which part of the version must change, and who must sign.

use super::changes::class_of;
use super::rule::Class;
use super::subject::Subject;
use crate::definition::{ChangeClass, Status};
use crate::diff::{Bump, Comparison, MeaningChange};
use crate::signing::{self, RoleState};

/// Returns which part of the version a comparison needs to change.
pub fn needed(comparison: &Comparison) -> Bump {
    let of_class = |class| match class {
        Class::Breaking => Bump::Major,
        Class::Additive => Bump::Minor,
        Class::Wording | Class::Governance => Bump::Patch,
        Class::Validity => Bump::None,
    };
    let edits = comparison.edits.iter().map(|judged| of_class(class_of(judged))).max().unwrap_or(Bump::None);
    match comparison.meaning {
        // What no edit explains counts as the worst.
        MeaningChange::Differs if comparison.moving().next().is_none() => Bump::Major,
        MeaningChange::Fresh | MeaningChange::Broken => Bump::None,
        MeaningChange::Gone if comparison.status == Status::Draft => Bump::None,
        MeaningChange::Gone => Bump::Major,
        MeaningChange::Same | MeaningChange::Differs => edits,
    }
}

/// Returns the class by which a policy asks for signatures: the gravest of a comparison's edits.
pub fn change_class(comparison: &Comparison) -> ChangeClass {
    match needed(comparison) {
        Bump::Major => ChangeClass::Breaking,
        Bump::Minor => ChangeClass::Additive,
        Bump::Patch | Bump::None => {
            let is_governance = comparison.edits.iter().any(|judged| class_of(judged) == Class::Governance);
            if is_governance { ChangeClass::Governance } else { ChangeClass::Wording }
        }
    }
}

/// Returns who must sign the new version of a comparison, whose data fingerprint is `data`, and how far that has come.
pub fn signatures(subject: &Subject<'_>, comparison: &Comparison, data: &str) -> Vec<RoleState> {
    let (Some(policy), Some(metric)) = (subject.policy(), subject.metric_of(comparison)) else { return Vec::new() };
    let needs = signing::required(Some(policy), change_class(comparison));
    let name = format!("{}@{}", metric.id.value, metric.version);
    let approval = subject.new.catalog.registry.approvals.get(&name).map(|(_, approval)| approval);
    signing::state(needs, (policy, signing::subject(metric, data)), approval, subject.today)
}
