//! Finds the definition files of a folder.
//!
//! Follows links inside the folder only, and each file once; opens no file, and does not know where files are kept.

use crate::load::project;
use crate::load::shelf::{Kind, Shelf};
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
}

/// Searches `root` and its subfolders.
pub(super) fn walk(shelf: &dyn Shelf, root: &Path) -> Found {
    let (folders, links, seen) = (vec![root.to_path_buf()], BTreeSet::new(), BTreeSet::new());
    let mut walk = Walk { shelf, home: PathBuf::new(), folders, links, seen, found: Found::default() };
    match shelf.real(root) {
        Ok(home) => walk.home = home,
        Err(reason) => {
            walk.refuse(root, Refusal::Unreadable(reason));
            return walk.found;
        }
    }
    // Links wait until all folders are searched: a file is shown by its own name where it has one in the folder.
    loop {
        if let Some(folder) = walk.folders.pop() {
            walk.search(&folder);
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
    folders: Vec<PathBuf>,
    links: BTreeSet<PathBuf>,
    seen: BTreeSet<PathBuf>,
    found: Found,
}

impl Walk<'_> {
    fn search(&mut self, folder: &Path) {
        if !self.is_new(folder) {
            return;
        }
        for (path, kind) in self.shelf.list(folder) {
            match kind {
                _ if is_hidden(&path) && path != folder => {}
                Ok(Kind::Link) => {
                    self.links.insert(path);
                }
                Ok(Kind::Folder) => self.add_folder(path),
                Ok(Kind::File) => self.add_file(path),
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
        if is_folder { self.add_folder(link.to_path_buf()) } else { self.add_file(link.to_path_buf()) }
    }

    fn add_folder(&mut self, folder: PathBuf) {
        if !project::is_root(self.shelf, &folder) {
            self.folders.push(folder);
        } else if self.shelf.real(&folder).is_ok_and(|place| self.seen.insert(place)) {
            self.found.nested.push(folder);
        }
    }

    fn add_file(&mut self, path: PathBuf) {
        if is_definition(&path) && self.is_new(&path) {
            self.found.entries.insert(self.shelf.shown(&path), Entry::File(path));
        }
    }

    fn is_new(&mut self, path: &Path) -> bool {
        self.shelf.real(path).map_or(true, |place| self.seen.insert(place))
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
