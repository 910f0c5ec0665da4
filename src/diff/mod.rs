//! Two projects side by side: every edit of every definition, what it does to a number, and what is held against what.
//!
//! Judges meaning by plans, never by text. Names no rule and no severity.

mod bump;
mod compare;
mod direction;
mod edit;
mod hybrid;
mod judge;
mod pairs;
mod prove;
mod reach;
mod same;
mod search;
#[cfg(test)]
mod tests;
mod tree;

pub use bump::Bump;
pub use compare::{Scope, compare};
pub use direction::Direction;
pub use edit::{Edit, EditId, Kind, Path};
pub use prove::{Domain, Relation, relation};
pub use reach::words;
pub use search::no_row;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Document, Object};
use crate::definition::{Metric, Status};
use crate::plan::Plan;
use crate::resolve::Version;
use crate::text::Texts;

/// What differs between two projects.
#[derive(Debug, Default)]
pub struct Diff {
    /// One entry for each version of a metric that differs, or rests on something that does; sorted by name and version.
    pub comparisons: Vec<Comparison>,
    /// Edits of shared objects and of the project file, also where no metric feels them.
    pub shared: Vec<Edit>,
    /// Those of them that are made where numbers are moved, and are proven to move none of the metrics that rest on them.
    pub preserving: BTreeSet<EditId>,
    /// Objects that only the new side has; metrics and cases are elsewhere.
    pub added: Vec<Object>,
    /// Objects that only the old side has.
    pub removed: Vec<Object>,
    /// Cases that differ.
    pub cases: Vec<Edit>,
}

/// One version of a metric held against another.
#[derive(Debug)]
pub struct Comparison {
    /// The metric's name.
    pub id: String,
    /// Its name on the old side, where that was another.
    pub renamed_from: Option<String>,
    /// The old version; `None` where the metric is new.
    pub old: Option<Version>,
    /// The new version; `None` where the metric, or this version of it, is gone.
    pub new: Option<Version>,
    /// Whether the old version still stands beside the new one.
    pub is_beside: bool,
    /// The state of the new version; of the old one where it is gone.
    pub status: Status,
    /// Every edit that was made in the definition, and those in what it rests on that it feels.
    pub edits: Vec<Judged>,
    /// Edits in what it rests on that are proven to move none of its numbers.
    pub preserving: BTreeSet<EditId>,
    /// What became of the meaning.
    pub meaning: MeaningChange,
    /// The readings of both sides, by variant name (empty for the base), with the plan of each.
    pub readings: BTreeMap<String, (Option<Plan>, Option<Plan>)>,
    /// The documents it rests on, kept so that mixtures can be made again.
    reached: Reached,
}

/// The documents of both sides that a metric rests on.
#[derive(Debug, Default)]
struct Reached {
    old: BTreeMap<Object, Document>,
    new: BTreeMap<Object, Document>,
    metric: Option<(Object, Object)>,
}

/// What became of a metric's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeaningChange {
    /// Every number stays the same, over every table.
    Same,
    /// Some number can differ.
    Differs,
    /// There is nothing to compare it with.
    Fresh,
    /// It is gone.
    Gone,
    /// One side has mistakes, so that it has no meaning.
    Broken,
}

/// An edit and what it does.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The edit.
    pub edit: Edit,
    /// The shared object it was made in; `None` where that is the metric itself.
    pub through: Option<Object>,
    /// What it does to the number.
    pub effect: Effect,
    /// Which way it goes.
    pub direction: Direction,
    /// How that is known.
    pub evidence: Evidence,
    /// The readings it moves, by variant name (empty for the base).
    pub readings: Vec<String>,
}

impl Judged {
    /// An edit of a shared object that moves no metric's number.
    pub fn unfelt(edit: Edit, preserving: &BTreeSet<EditId>) -> Self {
        let through = Some(edit.object.clone());
        // What comes or goes without being felt is not written in another way: it is not used.
        let is_used = edit.object.kind == crate::format::FileKind::Standard;
        let is_rewritten =
            is_used && matches!(edit.kind, Kind::Changed | Kind::Moved) && preserving.contains(&edit.id());
        let (effect, direction, evidence) = match is_rewritten {
            true => (Effect::Preserves, Direction::None, Evidence::Proven),
            false => (Effect::None, direction::of(&edit, None), Evidence::Structural),
        };
        Self { edit, through, effect, direction, evidence, readings: Vec::new() }
    }
}

/// What an edit does to the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It cannot move one: words, reading, governance.
    None,
    /// It is made where numbers are moved, and moves none.
    Preserves,
    /// It can move one.
    Moves,
}

/// How something is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// From the structure of the definition.
    Structural,
    /// Decided for every row there can be.
    Proven,
    /// Tables were found on which the two differ.
    Witnessed,
}

impl Evidence {
    /// Returns the word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Structural => "structural",
            Evidence::Proven => "proven",
            Evidence::Witnessed => "witnessed",
        }
    }
}

impl Comparison {
    /// Returns the metric of the new side; of the old one where it is gone.
    pub fn metric<'a>(&self, old: &'a Catalog, new: &'a Catalog) -> Option<&'a Metric> {
        let find = |catalog: &'a Catalog, id: &str, version| {
            catalog.registry.metrics.get(id)?.get(&version).map(AsRef::as_ref)
        };
        let old_id = self.renamed_from.as_ref().unwrap_or(&self.id);
        self.new.and_then(|version| find(new, &self.id, version)).or_else(|| find(old, old_id, self.old?))
    }

    /// Returns the edits that can move a number.
    pub fn moving(&self) -> impl Iterator<Item = &Judged> {
        self.edits.iter().filter(|judged| judged.effect == Effect::Moves)
    }

    /// Returns the catalog of the old definition with the chosen edits made, and the metric's object in it; `None` where
    /// the mixture has no meaning.
    pub fn mixture(&self, chosen: &BTreeSet<EditId>, texts: &Texts) -> Option<(Catalog, Object)> {
        self.reached.mixture(texts)?.catalog(chosen)
    }
}

impl Reached {
    fn mixture<'a>(&'a self, texts: &'a Texts) -> Option<hybrid::Mixture<'a>> {
        let metric = self.metric.clone()?;
        let key = |object: &Object| (object.kind, object.id().to_owned());
        let mut pairs = vec![(self.old.get(&metric.0)?, self.new.get(&metric.1)?)];
        let mut single = Vec::new();
        for (object, document) in self.old.iter().filter(|(object, _)| **object != metric.0) {
            match self.new.iter().find(|(other, _)| key(other) == key(object)) {
                Some((_, other)) => pairs.push((document, other)),
                None => single.push(document),
            }
        }
        let is_alone = |object: &Object| *object != metric.1 && !self.old.keys().any(|old| key(old) == key(object));
        single.extend(self.new.iter().filter(|(object, _)| is_alone(object)).map(|(_, document)| document));
        Some(hybrid::Mixture { metric, pairs, single, texts })
    }
}

/// Tells whether every reading of one meaning is in the other, with the same fingerprint.
fn same_meaning(old: &hybrid::Meaning, new: &hybrid::Meaning) -> bool {
    old.len() == new.len()
        && old.iter().all(|(name, (_, fingerprint))| new.get(name).is_some_and(|(_, other)| other == fingerprint))
}
