//! What each edit does to a number: whether the plan with it differs from the plan without it, and which way it goes.

use std::collections::BTreeSet;

use super::direction;
use super::edit::Edit;
use super::hybrid::{Meaning, Mixture};
use super::prove::{self, Domain, Relation};
use super::{Effect, Evidence, Judged};
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::shape::Moves;

/// What edits are judged with.
pub(super) struct Judge<'a> {
    /// The documents of both sides.
    pub(super) mixture: &'a Mixture<'a>,
    /// The new side, for what columns can hold.
    pub(super) catalog: &'a Catalog,
    /// The meaning of the old version.
    pub(super) old: &'a Meaning,
    /// The meaning of the new version.
    pub(super) new: &'a Meaning,
}

impl Judge<'_> {
    /// Judges one edit among `all`; `through` is the shared object it was made in, if that is not the metric itself.
    pub(super) fn judge(&self, edit: &Edit, all: &[Edit], through: Option<crate::catalog::Object>) -> Judged {
        let edit = edit.clone();
        if edit.moves != Moves::Number {
            let direction = direction::of(&edit, None);
            return Judged {
                edit,
                through,
                effect: Effect::None,
                direction,
                evidence: Evidence::Structural,
                readings: Vec::new(),
            };
        }
        if super::same_meaning(self.old, self.new) {
            return self.preserving(edit, through);
        }
        let alone = self.mixture.meaning(&BTreeSet::from([edit.id()]));
        let rest = || all.iter().map(Edit::id).filter(|id| *id != edit.id()).collect();
        let (relation, moved) = match &alone {
            Some(meaning) => self.compared(self.old, meaning),
            None => (None, self.old.keys().cloned().collect()),
        };
        let (relation, moved) = match moved.is_empty() {
            false => (relation, moved),
            // Alone it does nothing; perhaps it does beside the others.
            true => match self.mixture.meaning(&rest()) {
                Some(without) => self.compared(&without, self.new),
                None => (None, self.new.keys().cloned().collect()),
            },
        };
        if moved.is_empty() {
            return self.preserving(edit, through);
        }
        let evidence = match (&alone, relation) {
            (Some(_), Some(Relation::Wider | Relation::Narrower | Relation::Different)) => Evidence::Proven,
            _ => Evidence::Structural,
        };
        let direction = direction::of(&edit, relation);
        Judged { edit, through, effect: Effect::Moves, direction, evidence, readings: moved }
    }

    /// Tells whether both versions give the same numbers over every table, as far as that can be proven.
    pub(super) fn is_equal(&self) -> bool {
        super::same_meaning(self.old, self.new) || self.compared(self.old, self.new).1.is_empty()
    }

    fn preserving(&self, edit: Edit, through: Option<crate::catalog::Object>) -> Judged {
        let direction = direction::Direction::None;
        Judged { edit, through, effect: Effect::Preserves, direction, evidence: Evidence::Proven, readings: Vec::new() }
    }

    /// Returns the readings in which two meanings differ, and what was proven of the conditions in which they do.
    fn compared(&self, old: &Meaning, new: &Meaning) -> (Option<Relation>, Vec<String>) {
        let (mut moved, mut found) = (Vec::new(), None);
        for (name, (plan, fingerprint)) in new {
            let Some((before, known)) = old.get(name) else {
                moved.push(name.clone());
                continue;
            };
            if known == fingerprint {
                continue;
            }
            let relation = self.relation(before, plan);
            if relation == Some(Relation::Equal) {
                continue;
            }
            found = match (moved.is_empty(), found == relation) {
                (true, _) | (false, true) => relation,
                _ => Some(Relation::Different),
            };
            moved.push(name.clone());
        }
        moved.extend(old.keys().filter(|name| !new.contains_key(*name)).cloned());
        (found, moved)
    }

    /// Returns what the conditions of a plan are to those of another; `None` where the plans differ in more.
    fn relation(&self, old: &Plan, new: &Plan) -> Option<Relation> {
        let (old, new) = (old.canonical(), new.canonical());
        let (before, after) = (old.expressions(), new.expressions());
        if before.len() != after.len() || before.iter().zip(&after).any(|(a, b)| a.0 != b.0) {
            return None;
        }
        if old.skeleton() != new.skeleton() {
            return None;
        }
        let differing = before.iter().zip(&after).filter(|(a, b)| a.1 != b.1);
        let relations = differing.map(|((slot, old), (_, new))| {
            let domain = |name: &str| Domain::of(self.catalog, slot, name);
            prove::relation((old, new), slot.use_, &domain)
        });
        relations.reduce(Relation::and)
    }
}
