//! Witnesses of a comparison: for each edit that moves a number alone, else for the whole change.

use std::collections::BTreeSet;

use super::Witnessed;
use crate::catalog::Catalog;
use crate::diff::{Comparison, EditId};
use crate::impact::Projects;
use crate::plan::Plan;
use crate::resolve::full_name;
use crate::witness::{self, Effort, Search, Seed};

/// Most edits that are looked at one by one; of more the whole change is.
const MOST_EDITS: usize = 4;

/// Searches for tables on which the two versions of a comparison differ.
pub(super) fn witnesses(comparison: &Comparison, projects: &Projects<'_>, effort: Effort) -> Vec<Witnessed> {
    let moving: Vec<EditId> = comparison.moving().map(|judged| judged.edit.id()).collect();
    let seeds = seeds(comparison, projects);
    let mut found = Vec::new();
    if (2..=MOST_EDITS).contains(&moving.len()) {
        found.extend(moving.iter().filter_map(|edit| alone(comparison, edit, projects, (&seeds, effort))));
    }
    // Edits that mean nothing alone are shown together.
    if !found.iter().any(|witnessed| matches!(witnessed.search, Search::Found(_))) {
        let edit = if let [edit] = moving.as_slice() { Some(edit.clone()) } else { None };
        found.clear();
        found.extend(whole(comparison, projects, (&seeds, effort)).map(|(reading, search)| Witnessed {
            edit,
            reading,
            search,
        }));
    }
    found
}

/// Both sides' cases are rows to begin with.
fn seeds(comparison: &Comparison, projects: &Projects<'_>) -> Vec<Seed> {
    let old_id = comparison.renamed_from.as_ref().unwrap_or(&comparison.id);
    let mut seeds = witness::seeds(projects.new, projects.texts, &comparison.id);
    seeds.extend(witness::seeds(projects.old, projects.texts, old_id));
    seeds
}

/// Searches on the base, or on the first reading that differs.
fn whole(
    comparison: &Comparison,
    projects: &Projects<'_>,
    (seeds, effort): (&[Seed], Effort),
) -> Option<(String, Search)> {
    let differing = comparison.readings.iter().find_map(|(name, (old, new))| {
        let (old, new) = (old.as_ref()?, new.as_ref()?);
        (projects.old.meaning(old) != projects.new.meaning(new)).then_some((name, old, new))
    });
    let (name, old, new) = differing?;
    let home = if comparison.is_beside { projects.new } else { projects.old };
    Some((name.clone(), witness::search((home, old), (projects.new, new), seeds, effort)))
}

/// Searches for what one edit does to the old version; `None` where it means nothing alone.
fn alone(
    comparison: &Comparison,
    edit: &EditId,
    projects: &Projects<'_>,
    (seeds, effort): (&[Seed], Effort),
) -> Option<Witnessed> {
    let (without, _) = comparison.mixture(&BTreeSet::new(), projects.texts)?;
    let (with, metric) = comparison.mixture(&BTreeSet::from([edit.clone()]), projects.texts)?;
    for reading in comparison.readings.keys() {
        let variant = Some(reading.as_str()).filter(|name| !name.is_empty());
        let name = full_name(metric.id(), variant);
        let (Some(old), Some(new)) = (plan(&without, &name), plan(&with, &name)) else { continue };
        if without.meaning(old) != with.meaning(new) {
            let search = witness::search((&without, old), (&with, new), seeds, effort);
            return Some(Witnessed { edit: Some(edit.clone()), reading: reading.clone(), search });
        }
    }
    None
}

fn plan<'a>(catalog: &'a Catalog, name: &str) -> Option<&'a Plan> {
    catalog.plan(name)
}
