//! Two catalogs to a diff.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::edit::{Edit, EditId};
use super::hybrid::{self, Meaning};
use super::judge::Judge;
use super::pairs::{Pair, pairs};
use super::reach::{self, Reach};
use super::{Comparison, Diff, Effect, Judged, MeaningChange, Reached, same_meaning, tree};
use crate::catalog::{Catalog, Document, Object};
use crate::cores;
use crate::definition::Status;
use crate::format::FileKind;
use crate::plan::Plan;
use crate::resolve::Version;
use crate::text::Texts;

/// Which metrics are compared.
#[derive(Debug, Clone)]
pub enum Scope {
    /// All of them.
    Every,
    /// Those with these names.
    Only(BTreeSet<String>),
    /// One version of a metric against another, each as name and version.
    Versions((String, Version), (String, Version)),
}

impl Scope {
    /// Tells whether it has a metric with this name.
    pub fn has(&self, id: &str) -> bool {
        match self {
            Scope::Every => true,
            Scope::Only(ids) => ids.contains(id),
            Scope::Versions((old, _), (new, _)) => [old, new].into_iter().any(|known| known == id),
        }
    }
}

/// Compares two catalogs whose nodes stand in `texts`.
pub fn compare(old: &Catalog, new: &Catalog, texts: &Texts, scope: &Scope) -> Diff {
    let mut diff = Diff::default();
    objects(old, new, &mut diff);
    let found = match scope {
        Scope::Versions((old, before), (new, after)) => {
            let old_id = (old != new).then(|| old.clone());
            vec![Pair { id: new.clone(), old_id, old: Some((*before, false)), new: Some(*after) }]
        }
        _ => renamed(old, new, pairs(old, new)),
    };
    let sides = Sides { old, new, texts, reach: (Reach::over(old), Reach::over(new)) };
    let found: Vec<Pair> = found.into_iter().filter(|pair| scope.has(&pair.id)).collect();
    let comparisons: Vec<Comparison> =
        cores::map(&found, |pair| sides.comparison(pair)).into_iter().flatten().collect();
    diff.preserving = preserving(&comparisons);
    // What moves nothing of a metric, and was not made in it, is no news about it. Another version or name is an edit.
    let is_news = |it: &Comparison| !it.edits.is_empty() || it.meaning != MeaningChange::Same;
    diff.comparisons = comparisons.into_iter().filter(is_news).collect();
    diff
}

/// Returns the edits that some metric could feel and none does.
fn preserving(comparisons: &[Comparison]) -> BTreeSet<EditId> {
    let moving =
        comparisons.iter().flat_map(Comparison::moving).map(|judged| judged.edit.id()).collect::<BTreeSet<_>>();
    let all = comparisons.iter().flat_map(|comparison| comparison.preserving.iter().cloned());
    all.filter(|edit| !moving.contains(edit)).collect()
}

/// Compares what is no metric.
fn objects(old: &Catalog, new: &Catalog, diff: &mut Diff) {
    let is_other = |object: &&Object| object.kind != FileKind::Metric;
    for (object, document) in new.documents.iter().filter(|(object, _)| is_other(object)) {
        match old.documents.get(object) {
            Some(before) => {
                let list = if object.kind == FileKind::Case { &mut diff.cases } else { &mut diff.shared };
                list.extend(edits(before, document));
            }
            None => diff.added.push(object.clone()),
        }
    }
    let gone = old.documents.keys().filter(is_other).filter(|object| !new.documents.contains_key(object));
    diff.removed.extend(gone.cloned());
}

/// Returns the edits between two documents; none where both are one.
fn edits(old: &Document, new: &Document) -> Vec<Edit> {
    if Arc::ptr_eq(&old.root, &new.root) {
        return Vec::new();
    }
    tree::edits(&new.object, new.object.kind.shape(), &old.root, &new.root)
}

/// Joins a metric that is gone with a new one of the same meaning: it has another name.
fn renamed(old: &Catalog, new: &Catalog, pairs: Vec<Pair>) -> Vec<Pair> {
    let is_gone = |pair: &Pair| pair.new.is_none() && !new.registry.metrics.contains_key(&pair.id);
    let is_fresh = |pair: &Pair| pair.old.is_none() && !old.registry.metrics.contains_key(&pair.id);
    let meaning = |catalog: &Catalog, id: &str, version| hybrid::meaning(catalog, &Object::metric(id, version));
    let mut gone: Vec<(Pair, Meaning)> = Vec::new();
    for pair in pairs.iter().filter(|pair| is_gone(pair)) {
        let found = pair.old.and_then(|(version, _)| meaning(old, &pair.id, version));
        gone.extend(found.map(|meaning| (pair.clone(), meaning)));
    }
    let mut joined = Vec::new();
    let mut taken = BTreeSet::new();
    for mut pair in pairs {
        if let (true, Some(version)) = (is_fresh(&pair), pair.new)
            && let Some(own) = meaning(new, &pair.id, version)
            && let Some((other, _)) =
                gone.iter().find(|(other, theirs)| !taken.contains(&other.id) && same_meaning(theirs, &own))
        {
            taken.insert(other.id.clone());
            (pair.old_id, pair.old) = (Some(other.id.clone()), other.old);
        }
        joined.push(pair);
    }
    joined.retain(|pair| !(pair.new.is_none() && taken.contains(&pair.id)));
    joined
}

struct Sides<'a> {
    old: &'a Catalog,
    new: &'a Catalog,
    texts: &'a Texts,
    reach: (Reach<'a>, Reach<'a>),
}

impl Sides<'_> {
    /// Compares one pair; `None` where nothing differs.
    fn comparison(&self, pair: &Pair) -> Option<Comparison> {
        let old_id = pair.old_id.as_ref().unwrap_or(&pair.id);
        let before = pair.old.map(|(version, is_beside)| (Object::metric(old_id, version), is_beside));
        let after = pair.new.map(|version| Object::metric(&pair.id, version));
        match (before, after) {
            (Some((before, is_beside)), Some(after)) => self.both(pair, (before, is_beside), after),
            (Some((before, _)), None) => self.single(pair, (self.old, &before), MeaningChange::Gone),
            (None, Some(after)) => self.single(pair, (self.new, &after), MeaningChange::Fresh),
            (None, None) => None,
        }
    }

    fn single(&self, pair: &Pair, (catalog, object): (&Catalog, &Object), change: MeaningChange) -> Option<Comparison> {
        let readings = hybrid::meaning(catalog, object).unwrap_or_default();
        let sided = |plan: Plan| if change == MeaningChange::Gone { (Some(plan), None) } else { (None, Some(plan)) };
        Some(Comparison {
            id: pair.id.clone(),
            renamed_from: None,
            old: pair.old.map(|(version, _)| version),
            new: pair.new,
            is_beside: false,
            status: status(catalog, object)?,
            edits: Vec::new(),
            preserving: BTreeSet::new(),
            meaning: change,
            readings: readings.into_iter().map(|(name, (plan, _))| (name, sided(plan))).collect(),
            reached: Reached::default(),
        })
    }

    fn both(&self, pair: &Pair, (before, is_beside): (Object, bool), after: Object) -> Option<Comparison> {
        let (catalog, reach) = if is_beside { (self.new, &self.reach.1) } else { (self.old, &self.reach.0) };
        let owned = |reached: BTreeMap<Object, reach::Reached>| -> BTreeMap<Object, Document> {
            reached.into_iter().map(|(object, reached)| (object, reached.document)).collect()
        };
        let news = self.reach.1.of(&after);
        let via: BTreeMap<Object, Object> =
            news.iter().filter_map(|(object, reached)| Some((object.clone(), reached.via.clone()?))).collect();
        let reached =
            Reached { old: owned(reach.of(&before)), new: owned(news), metric: Some((before.clone(), after.clone())) };
        let mixture = reached.mixture(self.texts)?;
        let edits: Vec<Edit> = mixture.pairs.iter().flat_map(|(old, new)| edits(old, new)).collect();
        if edits.is_empty() && before == after {
            return None;
        }
        let (old, new) = (hybrid::meaning(catalog, &before), hybrid::meaning(self.new, &after));
        let (change, judged) = match (&old, &new) {
            (Some(old), Some(new)) => {
                let judge = Judge { mixture: &mixture, catalog: self.new, old, new };
                let through = |edit: &Edit| {
                    let shared = via.get(&edit.object).unwrap_or(&edit.object);
                    (edit.object != after).then(|| shared.clone())
                };
                let judged: Vec<Judged> = edits.iter().map(|edit| judge.judge(edit, &edits, through(edit))).collect();
                // A difference that no edit explains is a difference all the same.
                let change = if judge.is_equal() { MeaningChange::Same } else { MeaningChange::Differs };
                (change, judged)
            }
            _ => (MeaningChange::Broken, Vec::new()),
        };
        let (edits, unfelt): (Vec<Judged>, Vec<Judged>) =
            judged.into_iter().partition(|judged| judged.through.is_none() || felt(judged));
        let preserving = unfelt.iter().filter(|judged| judged.effect == Effect::Preserves);
        let preserving: BTreeSet<EditId> = preserving.map(|judged| judged.edit.id()).collect();
        let readings = sided(old.unwrap_or_default(), new.unwrap_or_default());
        let status = status(self.new, &after)?;
        Some(Comparison {
            id: pair.id.clone(),
            renamed_from: pair.old_id.clone(),
            old: pair.old.map(|(version, _)| version),
            new: pair.new,
            is_beside,
            status,
            edits,
            preserving,
            meaning: change,
            readings,
            reached,
        })
    }
}

/// Edits of shared objects are told at the metrics that feel them.
fn felt(judged: &Judged) -> bool {
    judged.effect == Effect::Moves
}

fn sided(old: Meaning, new: Meaning) -> BTreeMap<String, (Option<Plan>, Option<Plan>)> {
    let mut readings: BTreeMap<String, (Option<Plan>, Option<Plan>)> = BTreeMap::new();
    for (name, (plan, _)) in old {
        readings.entry(name).or_default().0 = Some(plan);
    }
    for (name, (plan, _)) in new {
        readings.entry(name).or_default().1 = Some(plan);
    }
    readings
}

fn status(catalog: &Catalog, object: &Object) -> Option<Status> {
    let (id, version) = object.name.split_once('@')?;
    let version = Version::parse(version)?;
    Some(catalog.registry.metrics.get(id)?.get(&version)?.status)
}
