//! Finds the definition files of a folder.
//!
//! Follows links inside the folder only, and each file once; opens no file, and does not know where files are kept.

use crate::load::project;
use crate::load::shelf::{Kind, Listed, Shelf};
use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files and refusals with the name shown to people, sorted by it.
    pub entries: Vec<(String, Entry)>,
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
    let mut walk = Walk {
        shelf,
        home: PathBuf::new(),
        folders: Vec::new(),
        searched: Vec::new(),
        links: BTreeSet::new(),
        seen: None,
        found: Found::default(),
    };
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
            return walk.found.sorted();
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
    /// Those that were.
    searched: Vec<(PathBuf, PathBuf)>,
    links: BTreeSet<PathBuf>,
    /// The places of folders and files; `None` until a link is followed, as without one none is found twice. By hash:
    /// paths that begin alike are slow to put in order.
    seen: Option<HashSet<PathBuf>>,
    found: Found,
}

impl Found {
    /// Puts what was found in order. What was found twice under a name is the last where that was refused.
    fn sorted(mut self) -> Self {
        self.entries.sort_by(|one, other| one.0.cmp(&other.0));
        self.entries.dedup_by(|later, kept| {
            let is_alike = later.0 == kept.0;
            if is_alike {
                kept.1 = match std::mem::replace(&mut later.1, Entry::Refused(Refusal::Alike)) {
                    Entry::File(_) => Entry::Refused(Refusal::Alike),
                    refused => refused,
                };
            }
            is_alike
        });
        self
    }
}

impl Walk<'_> {
    fn search_all(&mut self) {
        let folders = std::mem::take(&mut self.folders);
        let paths: Vec<&Path> = folders.iter().map(|(folder, _)| folder.as_path()).collect();
        let all_listed = self.shelf.list_all(&paths);
        for ((folder, place), listed) in folders.iter().zip(all_listed) {
            self.search(folder, place, listed);
        }
        self.searched.extend(folders);
    }

    fn search(&mut self, folder: &Path, place: &Path, listed: Vec<Listed>) {
        if !self.sees(place) {
            return;
        }
        if place != self.home && project::is_root_of(self.shelf, &listed) {
            self.found.nested.push(folder.to_path_buf());
            return;
        }
        // Asking the system would take longer than reading the file.
        let below = |path: &Path| below(place, path);
        for (path, kind) in listed {
            match kind {
                _ if is_hidden(&path) && path != folder => {}
                Ok(Kind::Link) => {
                    self.links.insert(path);
                }
                Ok(Kind::Folder) => self.add_folder(&path, below(&path)),
                Ok(Kind::File) if is_definition(&path) && self.sees_below(place, &path) => self.add_file(path),
                Ok(Kind::File) => {}
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
        self.remember();
        if is_folder {
            self.add_folder(link, target);
        } else if self.sees(&target) {
            self.add_file(link.to_path_buf());
        }
    }

    /// Begins to remember what was seen: a link may lead there.
    fn remember(&mut self) {
        if self.seen.is_some() {
            return;
        }
        let places: HashMap<&Path, &Path> =
            self.searched.iter().map(|(folder, place)| (folder.as_path(), place.as_path())).collect();
        let files = self.found.entries.iter().filter_map(|(_, entry)| match entry {
            Entry::File(path) => Some(below(places.get(path.parent()?)?, path)),
            Entry::Refused(_) => None,
        });
        self.seen = Some(files.chain(self.searched.iter().map(|(_, place)| place.clone())).collect());
    }

    /// Tells whether a place was not seen before.
    fn sees(&mut self, place: &Path) -> bool {
        self.seen.as_mut().is_none_or(|seen| seen.insert(place.to_owned()))
    }

    /// Tells whether a file in the folder at a place was not seen before.
    fn sees_below(&mut self, place: &Path, path: &Path) -> bool {
        self.seen.is_none() || self.sees(&below(place, path))
    }

    /// Adds a folder; `place` is where it is behind all links.
    fn add_folder(&mut self, folder: &Path, place: PathBuf) {
        if !self.seen.as_ref().is_some_and(|seen| seen.contains(&place)) {
            self.folders.push((folder.to_path_buf(), place));
        }
    }

    fn add_file(&mut self, path: PathBuf) {
        self.found.entries.push((self.shelf.shown(&path), Entry::File(path)));
    }

    fn refuse(&mut self, path: &Path, refusal: Refusal) {
        self.found.entries.push((self.shelf.shown(path), Entry::Refused(refusal)));
    }
}

/// Returns the place of something in the folder at a place: what is no link is where its folder is.
fn below(place: &Path, path: &Path) -> PathBuf {
    path.file_name().map_or_else(|| place.to_owned(), |name| place.join(name))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_definition(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}
