//! Finds the definition files of a folder.
//!
//! Follows links inside the folder only, and each file once; opens no file.

use crate::load::{project, read};
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
pub(super) fn walk(root: &Path) -> Found {
    let mut walk = Walk::default();
    match root.canonicalize() {
        Ok(home) => walk.home = home,
        Err(error) => {
            walk.refuse(root, Refusal::Unreadable(read::reason(&error)));
            return walk.found;
        }
    }
    walk.folders.push(root.to_path_buf());
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
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if std::path::MAIN_SEPARATOR == '\\' { text.replace('\\', "/") } else { text.into_owned() };
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}

#[derive(Default)]
struct Walk {
    home: PathBuf,
    folders: Vec<PathBuf>,
    links: BTreeSet<PathBuf>,
    seen: BTreeSet<PathBuf>,
    found: Found,
}

impl Walk {
    fn search(&mut self, folder: &Path) {
        let is_new = folder.canonicalize().map_or(true, |place| self.seen.insert(place));
        if !is_new {
            return;
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.refuse(folder, Refusal::Unreadable(read::reason(&error))),
        };
        for entry in entries {
            match entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))) {
                Ok((path, _)) if is_hidden(&path) => {}
                Ok((path, kind)) if kind.is_symlink() => {
                    self.links.insert(path);
                }
                Ok((path, kind)) if kind.is_dir() => self.add_folder(path),
                Ok((path, _)) => self.add_file(path),
                Err(error) => self.refuse(folder, Refusal::Unreadable(read::reason(&error))),
            }
        }
    }

    fn follow(&mut self, link: &Path) {
        let target = match link.canonicalize() {
            Ok(target) => target,
            Err(error) if is_definition(link) => {
                return self.refuse(link, Refusal::Unreadable(read::reason(&error)));
            }
            Err(_) => return,
        };
        if !target.is_dir() && !is_definition(link) {
            return;
        }
        if !target.starts_with(&self.home) {
            return self.refuse(link, Refusal::Outside(shown(&target)));
        }
        if target.is_dir() { self.add_folder(link.to_path_buf()) } else { self.add_file(link.to_path_buf()) }
    }

    fn add_folder(&mut self, folder: PathBuf) {
        if !project::is_root(&folder) {
            self.folders.push(folder);
        } else if folder.canonicalize().is_ok_and(|place| self.seen.insert(place)) {
            self.found.nested.push(folder);
        }
    }

    fn add_file(&mut self, path: PathBuf) {
        let is_new = path.canonicalize().map_or(true, |place| self.seen.insert(place));
        if is_definition(&path) && is_new {
            self.found.entries.insert(shown(&path), Entry::File(path));
        }
    }

    fn refuse(&mut self, path: &Path, refusal: Refusal) {
        self.found.entries.insert(shown(path), Entry::Refused(refusal));
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_definition(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}
