//! Versions between two: the old definition with some clauses of the change made, and both ends as they are.
//!
//! Computes no number.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Projects;
use super::clauses::joined;
use super::game::{Coalition, everyone};
use super::rows::Described;
use crate::catalog::{Catalog, Object};
use crate::diff::{Comparison, EditId, Effect};
use crate::plan::Plan;
use crate::resolve::Version;

/// What one version means, mixture or not.
#[derive(Debug)]
pub(super) struct Meaning {
    /// The plan of each reading by variant name (empty for the base), with its fingerprint.
    pub(super) readings: BTreeMap<String, (Plan, String)>,
    /// How the sources are described.
    pub(super) described: Described,
}

/// The versions that come about when clauses are made one by one.
pub(super) struct Mixtures<'a> {
    comparison: &'a Comparison,
    projects: &'a Projects<'a>,
    /// Edits that move no number and are made with the first clause, since the new version has them.
    carried: BTreeSet<EditId>,
    /// The edits of each clause.
    pub(super) clauses: Vec<Vec<EditId>>,
    known: BTreeMap<BTreeSet<EditId>, Option<Rc<Meaning>>>,
    old: Rc<Meaning>,
    new: Rc<Meaning>,
}

impl<'a> Mixtures<'a> {
    /// Finds the clauses of a change; `None` where one side has no meaning.
    pub(super) fn of(comparison: &'a Comparison, projects: &'a Projects<'a>) -> Option<Self> {
        let old_home = if comparison.is_beside { projects.new } else { projects.old };
        let old_id = comparison.renamed_from.as_ref().unwrap_or(&comparison.id);
        let old = Meaning::of(old_home, &Object::metric(old_id, comparison.old?))?;
        let new = Meaning::of(projects.new, &Object::metric(&comparison.id, comparison.new?))?;
        let (old, new) = (Rc::new(old), Rc::new(new));
        let none = (BTreeSet::new(), Vec::new(), BTreeMap::new());
        let mut mixtures = Self { comparison, projects, carried: none.0, clauses: none.1, known: none.2, old, new };
        let moving: Vec<EditId> = comparison.moving().map(|judged| judged.edit.id()).collect();
        mixtures.clauses = mixtures.joined(moving);
        Some(mixtures)
    }

    /// Joins the moving edits to clauses; everything is one clause where they do not lead to the new version.
    fn joined(&mut self, moving: Vec<EditId>) -> Vec<Vec<EditId>> {
        let whole: BTreeSet<EditId> = moving.iter().cloned().collect();
        let kept = self.comparison.edits.iter().filter(|judged| judged.effect == Effect::Preserves);
        let kept = kept.map(|judged| judged.edit.id()).chain(self.comparison.preserving.iter().cloned());
        match moving.len() {
            // Edits that move nothing one by one move it together.
            0 => return vec![kept.collect()],
            1 => return vec![moving],
            _ => {}
        }
        if !self.leads_to_new(&whole) {
            self.carried = kept.collect();
            self.known.clear();
            if !self.leads_to_new(&whole) {
                return vec![moving];
            }
        }
        let groups = joined(moving.len(), &mut |set| {
            let chosen = set.iter().map(|place| moving[*place].clone()).collect();
            self.mixture(&chosen).is_some()
        });
        groups.into_iter().map(|group| group.into_iter().map(|place| moving[place].clone()).collect()).collect()
    }

    /// Tells whether these edits make the new version of the old one.
    fn leads_to_new(&mut self, chosen: &BTreeSet<EditId>) -> bool {
        let Some(made) = self.mixture(chosen) else { return false };
        let of = |meaning: &Meaning, name: &str| meaning.readings.get(name).map(|(_, fingerprint)| fingerprint.clone());
        self.shared().iter().all(|name| of(&made, name) == of(&self.new, name))
    }

    /// Returns the readings that both versions have, by variant name.
    pub(super) fn shared(&self) -> Vec<String> {
        self.old.readings.keys().filter(|name| self.new.readings.contains_key(*name)).cloned().collect()
    }

    /// Returns the meaning of the old version.
    pub(super) fn before(&self) -> &Rc<Meaning> {
        &self.old
    }

    /// Returns the meaning of the new version.
    pub(super) fn now(&self) -> &Rc<Meaning> {
        &self.new
    }

    /// Returns the version with these clauses made. Of none and of all that is no mixture but the version itself.
    pub(super) fn with(&mut self, coalition: Coalition) -> Option<Rc<Meaning>> {
        if coalition == 0 {
            return Some(self.old.clone());
        }
        if coalition == everyone(self.clauses.len()) {
            return Some(self.new.clone());
        }
        let chosen = self.clauses.iter().enumerate().filter(|(place, _)| coalition & (1 << place) != 0);
        let chosen = chosen.flat_map(|(_, edits)| edits.iter().cloned()).collect();
        self.mixture(&chosen)
    }

    fn mixture(&mut self, chosen: &BTreeSet<EditId>) -> Option<Rc<Meaning>> {
        if let Some(known) = self.known.get(chosen) {
            return known.clone();
        }
        let all: BTreeSet<EditId> = chosen.union(&self.carried).cloned().collect();
        let made = self.comparison.mixture(&all, self.projects.texts);
        let meaning = made.and_then(|(catalog, metric)| Meaning::of(&catalog, &metric));
        let meaning = meaning.filter(|it| self.shared().iter().all(|name| it.readings.contains_key(name)));
        let meaning = meaning.map(Rc::new);
        self.known.insert(chosen.clone(), meaning.clone());
        meaning
    }
}

impl Meaning {
    /// Returns what a version means in a catalog; `None` where a mistake leaves it without meaning.
    fn of(catalog: &Catalog, metric: &Object) -> Option<Self> {
        let version = Version::parse(metric.name.split_once('@')?.1)?;
        let plans = catalog.version(metric.id(), version);
        if plans.is_empty() {
            return None;
        }
        let reading = |plan: &Plan| (plan.clone(), catalog.meaning(plan));
        let readings: BTreeMap<String, (Plan, String)> =
            plans.into_iter().map(|(it, plan)| (it.name().unwrap_or_default().to_owned(), reading(plan))).collect();
        Some(Self { readings, described: Described::of(catalog) })
    }

    /// Returns the plans of all readings.
    pub(super) fn plans(&self) -> Vec<&Plan> {
        self.readings.values().map(|(plan, _)| plan).collect()
    }
}
