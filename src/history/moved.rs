//! Where a folder stood before it was moved.
//!
//! Judges by ids, project files and names of files; reads no content.

use super::tree::{Item, ItemKind, Tree};
use super::{Folder, HistoryError, Repository, Snapshot};
use crate::load::PROJECT_FILE;
use git2::Oid;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

impl Repository {
    /// Returns where `folder`, as the revision `newer` has it, stood in `older`: at the same place; else where `older`
    /// has a folder of the same content; else at the project that `newer` lacks and that shares at least half of the
    /// folder's files by name. `None` where there is no such place.
    ///
    /// # Errors
    /// When the repository lacks a tree.
    pub fn moved_from(
        &self,
        newer: &Snapshot,
        older: &Snapshot,
        folder: &Folder,
    ) -> Result<Option<Folder>, HistoryError> {
        let what = || format!("where `{}` stood in `{}`", crate::load::shown(&folder.inside), older.label);
        let before = self.before(newer.tree, older.tree, folder).map_err(|error| self.failed(&what(), &error))?;
        Ok(before.map(|(inside, _)| Folder { place: folder.place.clone(), inside }))
    }

    /// Returns where `folder` of the tree `newer` stood in the tree `older`, and the id of what stood there.
    pub(super) fn before(
        &self,
        newer: Oid,
        older: Oid,
        folder: &Folder,
    ) -> Result<Option<(PathBuf, Oid)>, git2::Error> {
        let (newer, older) = (Tree::new(&self.objects, newer), Tree::new(&self.objects, older));
        if let Some(item) = older.item(&folder.inside)? {
            return Ok(Some((folder.inside.clone(), item.id)));
        }
        match newer.item(&folder.inside)? {
            Some(item) => moved(&newer, &older, folder, item),
            None => Ok(None),
        }
    }
}

fn moved(
    newer: &Tree<'_>,
    older: &Tree<'_>,
    folder: &Folder,
    item: Item,
) -> Result<Option<(PathBuf, Oid)>, git2::Error> {
    let mut places = older.below(Path::new(""))?;
    places.retain(|_, item| item.kind == ItemKind::Folder);
    places.extend(older.item(Path::new(""))?.map(|root| (PathBuf::new(), root)));
    let names = names(newer, &folder.inside)?;
    let mut best = None;
    for (place, old) in places {
        let still = newer.item(&place)?;
        if old.id == item.id && still.is_none_or(|still| still.id != old.id) {
            return Ok(Some((place, old.id)));
        }
        let project = place.join(PROJECT_FILE);
        if older.item(&project)?.is_none() || newer.item(&project)?.is_some() {
            continue;
        }
        let common = names.intersection(&self::names(older, &place)?).count();
        let is_called_alike = place.file_name() == folder.inside.file_name();
        if 2 * common >= names.len() && best.as_ref().is_none_or(|(most, _)| *most < (common, is_called_alike)) {
            best = Some(((common, is_called_alike), (place, old.id)));
        }
    }
    Ok(best.map(|(_, found)| found))
}

/// Returns the paths of all files below `folder`, relative to it.
fn names(tree: &Tree<'_>, folder: &Path) -> Result<BTreeSet<PathBuf>, git2::Error> {
    let files = tree.below(folder)?.into_iter().filter(|(_, item)| item.kind != ItemKind::Folder);
    Ok(files.filter_map(|(path, _)| path.strip_prefix(folder).ok().map(Path::to_path_buf)).collect())
}
