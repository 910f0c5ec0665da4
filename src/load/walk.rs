//! Finds the definition files of a folder.
//!
//! Follows links inside the folder only, and each file once; opens no file, and does not know where files are kept.

use crate::load::project;
use crate::load::shelf::{Kind, Listed, Shelf};
use hashbrown::HashSet;
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files and refusals by the name shown to people, and thereby sorted.
    pub entries: BTreeMap<String, Entry>,
    /// Folders below that are projects of their own.
    pub nested: Vec<PathBuf>,
}

/// Something found under a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file to read.
    File(PathBuf),
    /// A place that is not read.
    Refused(Refusal),
}

/// Why a place is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The system refuses; the reason continues "cannot be read: ".
    Unreadable(String),
    /// A link leads out of the folder, to the named place.
    Outside(String),
    /// Several names that are not UTF-8 are shown alike: one file would hide the other.
    Alike,
}

/// Searches `root` and its subfolders.
pub(super) fn walk(shelf: &dyn Shelf, root: &Path) -> Found {
    let (folders, links, seen) = (Vec::new(), BTreeSet::new(), HashSet::new());
    let mut walk = Walk { shelf, home: PathBuf::new(), folders, links, seen, found: Found::default() };
    match shelf.real(root) {
        Ok(home) => walk.home = home,
        Err(reason) => {
            walk.refuse(root, Refusal::Unreadable(reason));
            return walk.found;
        }
    }
    walk.folders.push((root.to_path_buf(), walk.home.clone()));
    // Links wait until all folders are searched: a file is shown by its own name where it has one in the folder.
    loop {
        if !walk.folders.is_empty() {
            walk.search_all();
        } else if let Some(link) = walk.links.pop_first() {
            walk.follow(&link);
        } else {
            return walk.found;
        }
    }
}

/// Returns a path as it is shown: with forward slashes, without a leading `./`.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}

struct Walk<'a> {
    shelf: &'a dyn Shelf,
    home: PathBuf,
    /// Folders to be searched, each with its place behind all links.
    folders: Vec<(PathBuf, PathBuf)>,
    links: BTreeSet<PathBuf>,
    /// By hash: paths that begin alike are slow to put in order.
    seen: HashSet<PathBuf>,
    found: Found,
}

impl Walk<'_> {
    fn search_all(&mut self) {
        let folders = std::mem::take(&mut self.folders);
        let paths: Vec<&Path> = folders.iter().map(|(folder, _)| folder.as_path()).collect();
        for ((folder, place), listed) in folders.iter().zip(self.shelf.list_all(&paths)) {
            self.search(folder, place, listed);
        }
    }

    fn search(&mut self, folder: &Path, place: &Path, listed: Vec<Listed>) {
        if !self.seen.insert(place.to_owned()) {
            return;
        }
        if place != self.home && project::is_root_of(self.shelf, &listed) {
            self.found.nested.push(folder.to_path_buf());
            return;
        }
        // What is no link is where its folder is: asking the system would take longer than reading the file.
        let below = |path: &Path| path.file_name().map_or_else(|| place.to_owned(), |name| place.join(name));
        for (path, kind) in listed {
            match kind {
                _ if is_hidden(&path) && path != folder => {}
                Ok(Kind::Link) => {
                    self.links.insert(path);
                }
                Ok(Kind::Folder) => self.add_folder(&path, below(&path)),
                Ok(Kind::File) => self.add_file(&path, below(&path)),
                Err(reason) => self.refuse(&path, Refusal::Unreadable(reason)),
            }
        }
    }

    fn follow(&mut self, link: &Path) {
        let target = match self.shelf.real(link) {
            Ok(target) => target,
            Err(reason) if is_definition(link) => return self.refuse(link, Refusal::Unreadable(reason)),
            Err(_) => return,
        };
        let is_folder = self.shelf.kind(&target) == Some(Kind::Folder);
        if !is_folder && !is_definition(link) {
            return;
        }
        if !target.starts_with(&self.home) {
            return self.refuse(link, Refusal::Outside(shown(&target)));
        }
        if is_folder { self.add_folder(link, target) } else { self.add_file(link, target) }
    }

    /// Adds a folder; `place` is where it is behind all links.
    fn add_folder(&mut self, folder: &Path, place: PathBuf) {
        if !self.seen.contains(&place) {
            self.folders.push((folder.to_path_buf(), place));
        }
    }

    /// Adds a file; `place` is where it is behind all links.
    fn add_file(&mut self, path: &Path, place: PathBuf) {
        if !is_definition(path) || !self.seen.insert(place) {
            return;
        }
        match self.found.entries.entry(self.shelf.shown(path)) {
            Slot::Vacant(slot) => {
                slot.insert(Entry::File(path.to_path_buf()));
            }
            Slot::Occupied(mut slot) => {
                slot.insert(Entry::Refused(Refusal::Alike));
            }
        }
    }

    fn refuse(&mut self, path: &Path, refusal: Refusal) {
        self.found.entries.insert(self.shelf.shown(path), Entry::Refused(refusal));
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_definition(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}
