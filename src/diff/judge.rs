//! What each edit does to a number: whether the plan with it differs from the plan without it, and which way it goes.

use std::collections::BTreeSet;

use super::direction;
use super::edit::Edit;
use super::hybrid::{Meaning, Mixture};
use super::prove::{self, Domain, Relation};
use super::{Effect, Evidence, Judged};
use crate::catalog::Catalog;
use crate::expression::Expression;
use crate::plan::{Body, Plan, Slot};
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
        let rest: BTreeSet<_> = all.iter().map(Edit::id).filter(|id| *id != edit.id()).collect();
        let (relation, moved) = match &alone {
            Some(meaning) => self.compared(self.old, meaning),
            None => (None, self.old.keys().cloned().collect()),
        };
        let (relation, moved) = match (moved.is_empty(), self.mixture.meaning(&rest)) {
            (false, _) => (relation, moved),
            // Alone it does nothing; perhaps it does beside the others.
            (true, Some(without)) => self.compared(&without, self.new),
            (true, None) => (None, self.new.keys().cloned().collect()),
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
        let (before, after) = (expressions(&old), expressions(&new));
        if before.len() != after.len() || before.iter().zip(&after).any(|(a, b)| a.0 != b.0) {
            return None;
        }
        if blank(&old) != blank(&new) {
            return None;
        }
        let differing = before.iter().zip(&after).filter(|(a, b)| a.1 != b.1);
        let relations = differing.map(|((slot, old), (_, new))| {
            let domain = |name: &str| self.domain(slot, name);
            prove::relation((old, new), slot.use_, &domain)
        });
        relations.reduce(|a, b| match (a, b) {
            (Relation::Equal, other) | (other, Relation::Equal) => other,
            (a, b) if a == b => a,
            (Relation::Unknown, _) | (_, Relation::Unknown) => Relation::Unknown,
            _ => Relation::Different,
        })
    }

    /// Returns what a column of a slot's source can hold; a fact can hold anything.
    fn domain(&self, slot: &Slot, name: &str) -> Domain {
        let file = self.catalog.registry.sources.get(&slot.source);
        match file.and_then(|file| file.source.column(name)) {
            Some(column) => Domain { values: column.values.clone(), nullable: column.nullable },
            // The moments are always known.
            None => Domain { values: None, nullable: !name.starts_with(':') },
        }
    }
}

fn expressions(plan: &Plan) -> Vec<(Slot, Expression)> {
    let mut found = Vec::new();
    plan.clone().visit_expressions(&mut |slot, expression| found.push((slot.clone(), expression.clone())));
    found
}

/// Returns the plan with every expression replaced by one that says nothing, and without what follows from them: which
/// columns are read.
fn blank(plan: &Plan) -> (Vec<crate::plan::Dimension>, Vec<crate::value::Grain>, String) {
    let mut plan = plan.clone();
    plan.visit_expressions(&mut |_, expression| *expression = Expression::And(Vec::new()));
    forget_columns(&mut plan);
    let rest = serde_json::to_string(&plan.body).expect("texts and numbers");
    let calendar = format!("{:?}{:?}{rest}", plan.calendar, plan.publish);
    (plan.dimensions, plan.grains, calendar)
}

fn forget_columns(plan: &mut Plan) {
    if let Body::Measured(pipeline) = &mut plan.body {
        pipeline.scans_mut().into_iter().for_each(|scan| scan.columns.clear());
    }
    plan.body.parts_mut().into_iter().for_each(forget_columns);
}
