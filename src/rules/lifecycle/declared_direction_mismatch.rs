//! A number that moves another way than its author declares, where that can be decided.

use super::publications::{Publication, publications};
use super::way::way;
use crate::definition::Impact;
use crate::diff::{Direction, MeaningChange};
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_compared) {
        let change = publication.metric.change.as_ref().filter(|it| it.from.value == publication.from);
        let Some(declared) = change.and_then(|change| change.direction.as_ref()) else { continue };
        let Some(found) = mismatch(&publication, declared.value) else { continue };
        let message = format!(
            "the number of `{}` is declared to move `{}`, and {found}",
            publication.name(),
            declared.value.name()
        );
        let key = format!("{}|{}|{found}", publication.version, declared.value.name());
        findings.add(rule, publication.about(), declared.span, (&key, message));
    }
}

/// Returns what the number does, where that is not what is declared.
fn mismatch(publication: &Publication<'_>, declared: Impact) -> Option<&'static str> {
    let comparison = publication.comparison;
    match (comparison.meaning, declared) {
        (_, Impact::Either) => None,
        (MeaningChange::Same, Impact::None) => None,
        (MeaningChange::Same, _) => Some("stays as it was over every table"),
        (MeaningChange::Differs, Impact::None) => Some("can move"),
        (MeaningChange::Differs, _) => match (way(comparison), declared) {
            (Some(Direction::Up), Impact::Down) => Some("moves up"),
            (Some(Direction::Down), Impact::Up) => Some("moves down"),
            _ => None,
        },
        _ => None,
    }
}
