//! Which version of a metric is held against which.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::definition::{Metric, Status};
use crate::resolve::{Version, Versions};

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
/// A version is held against itself. One that is new, or that is proposed or released in this change, is held against the
/// one it follows: the latest before it that was ever released, so that a release is judged by all that it brings and not
/// by its last step.
pub(super) fn pairs(old: &Catalog, new: &Catalog) -> Vec<Pair> {
    let ids: BTreeSet<&String> = old.registry.metrics.keys().chain(new.registry.metrics.keys()).collect();
    let none = BTreeMap::new();
    let mut pairs = Vec::new();
    for id in ids {
        let olds = old.registry.metrics.get(id).unwrap_or(&none);
        let news = new.registry.metrics.get(id).unwrap_or(&none);
        let mut met = BTreeSet::new();
        for (version, metric) in news {
            let same = olds.get(version).map(|_| (*version, false));
            let held = match olds.get(version) {
                Some(before) if !enters(before, metric) => same,
                Some(_) => earlier(*version, (olds, news), was_released).or(same),
                None => {
                    let released = earlier(*version, (olds, news), was_released);
                    released.or_else(|| earlier(*version, (olds, news), |_| true))
                }
            };
            met.extend(held.map(|(version, _)| version));
            pairs.push(Pair { id: id.clone(), old_id: None, old: held, new: Some(*version) });
        }
        for version in olds.keys().filter(|version| !met.contains(version) && !news.contains_key(version)) {
            pairs.push(Pair { id: id.clone(), old_id: None, old: Some((*version, false)), new: None });
        }
    }
    pairs
}

/// Tells whether a version is proposed or released now and was not before.
fn enters(before: &Metric, metric: &Metric) -> bool {
    let is_on_its_way = matches!(metric.status, Status::Candidate | Status::Released);
    is_on_its_way && metric.status > before.status
}

fn was_released(metric: &Metric) -> bool {
    metric.status >= Status::Released
}

/// Returns the latest version before another that counts, and whether only the new side has it.
fn earlier(
    version: Version,
    (olds, news): (&Versions, &Versions),
    counts: impl Fn(&Metric) -> bool,
) -> Option<(Version, bool)> {
    let before = |versions: &Versions| {
        versions.range(..version).rev().find(|(_, metric)| counts(metric)).map(|(known, _)| *known)
    };
    let (theirs, ours) = (before(olds), before(news));
    theirs.filter(|theirs| Some(*theirs) >= ours).map(|it| (it, false)).or(ours.map(|it| (it, true)))
}
