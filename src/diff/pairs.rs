//! Which version of a metric is held against which.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::resolve::Version;

/// Two versions of one metric; one side may have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The metric's name on the new side, or the old where it is gone.
    pub(super) id: String,
    /// Its name on the old side where that was another.
    pub(super) old_id: Option<String>,
    /// The old version, and whether it is looked up on the new side (as a version that stays beside its successor).
    pub(super) old: Option<(Version, bool)>,
    /// The new version.
    pub(super) new: Option<Version>,
}

/// Returns the pairs of all metrics, sorted by name, then by version.
///
/// A version is held against itself; a new one against the latest before it, which the old side may have or, where a
/// version was added beside it in the same change, the new one.
pub(super) fn pairs(old: &Catalog, new: &Catalog) -> Vec<Pair> {
    let ids: BTreeSet<&String> = old.registry.metrics.keys().chain(new.registry.metrics.keys()).collect();
    let none = BTreeMap::new();
    let mut pairs = Vec::new();
    for id in ids {
        let olds = old.registry.metrics.get(id).unwrap_or(&none);
        let news = new.registry.metrics.get(id).unwrap_or(&none);
        let mut met = BTreeSet::new();
        for version in news.keys() {
            let same = olds.get_key_value(version).map(|(version, _)| (*version, false));
            let before =
                |versions: &BTreeMap<Version, _>| versions.range(..version).next_back().map(|(known, _)| *known);
            let earlier = || {
                let (theirs, ours) = (before(olds), before(news));
                theirs.filter(|theirs| Some(*theirs) >= ours).map(|it| (it, false)).or(ours.map(|it| (it, true)))
            };
            let held = same.or_else(earlier);
            met.extend(held.map(|(version, _)| version));
            pairs.push(Pair { id: id.clone(), old_id: None, old: held, new: Some(*version) });
        }
        for version in olds.keys().filter(|version| !met.contains(version) && !news.contains_key(version)) {
            pairs.push(Pair { id: id.clone(), old_id: None, old: Some((*version, false)), new: None });
        }
    }
    pairs
}
