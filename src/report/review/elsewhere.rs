//! What differs and is no metric: shared parts that no metric feels, the project file, cases.

use std::collections::BTreeSet;

use super::Page;
use crate::catalog::Object;
use crate::diff::Edit;

/// Most names of a kind of change that are shown.
const MOST: usize = 12;

/// Returns what happened with the names it happened to, as far as no metric tells of it.
pub(super) fn elsewhere(page: Page<'_>) -> Vec<(&'static str, String)> {
    let diff = &page.review.diff;
    let edits = diff.comparisons.iter().flat_map(|comparison| &comparison.edits);
    let felt: BTreeSet<String> = edits.filter_map(|judged| judged.through.as_ref()).map(Object::to_string).collect();
    let mut edited = objects(diff.shared.iter().chain(&diff.cases));
    edited.retain(|name| !felt.contains(name));
    let told = |objects: &[Object]| objects.iter().map(Object::to_string).collect::<Vec<_>>();
    let lists = [("edited", edited), ("added", told(&diff.added)), ("removed", told(&diff.removed))];
    lists.into_iter().filter(|(_, names)| !names.is_empty()).map(|(word, names)| (word, cut(names))).collect()
}

/// Returns the objects that edits were made in, each once.
pub(super) fn objects<'a>(edits: impl Iterator<Item = &'a Edit>) -> Vec<String> {
    let mut names: Vec<String> = edits.map(|edit| edit.object.to_string()).collect();
    names.sort();
    names.dedup();
    names
}

fn cut(mut names: Vec<String>) -> String {
    let hidden = names.len().saturating_sub(MOST);
    // One more name takes no more room than saying that there is one.
    if hidden > 1 {
        names.truncate(MOST);
        names.push(format!("{hidden} more"));
    }
    names.join(", ")
}
