//! One revision: who made it and when, and what its files hold.
//!
//! Does not know how the revision was found.

use super::tree::{Item, ItemKind, Lost, Side, Tree};
use super::{Folder, HistoryError, Known, Repository};
use crate::load::{self, Loaded};
use crate::text::Texts;
use crate::value::Instant;
use git2::Oid;
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The microseconds in a second.
const MICROS: i64 = 1_000_000;

/// Somebody who commits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Author {
    /// The name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// The address, by which people are told apart.
    pub email: String,
}

impl From<git2::Signature<'_>> for Author {
    fn from(signature: git2::Signature<'_>) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self { name: text(signature.name_bytes()), email: text(signature.email_bytes()) }
    }
}

/// One revision of a repository.
#[derive(Clone)]
pub struct Snapshot {
    /// The id of the commit.
    pub id: Oid,
    /// The shortest id that is not ambiguous.
    pub short: String,
    /// The name in the names of texts: the revision as it was written, else the short id.
    pub label: String,
    /// When it was committed.
    pub time: Instant,
    /// Who wrote it.
    pub author: Author,
    /// The first line of the message.
    pub summary: String,
    pub(super) tree: Oid,
    objects: Rc<git2::Repository>,
}

/// A file of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// The path from the folder that was asked for.
    pub path: PathBuf,
    /// The id of the content.
    pub oid: Oid,
}

impl Repository {
    /// Returns the snapshot of `commit`, called `label` where it was asked for by a name.
    pub(super) fn snapshot(&self, commit: &git2::Commit<'_>, label: Option<&str>) -> Snapshot {
        let id = commit.id();
        let short = commit.as_object().short_id().ok().and_then(|short| short.as_str().ok().map(str::to_owned));
        let short = short.unwrap_or_else(|| id.to_string());
        Snapshot {
            id,
            label: label.unwrap_or(&short).to_owned(),
            short,
            time: Instant::from_micros(commit.time().seconds().saturating_mul(MICROS)),
            author: commit.author().into(),
            summary: String::from_utf8_lossy(commit.summary_bytes().unwrap_or_default()).into_owned(),
            tree: commit.tree_id(),
            objects: Rc::clone(&self.objects),
        }
    }
}

impl Snapshot {
    /// Loads the definitions of `folder` as [`load::load_into`] does on the disk: the same files, sizes and encodings.
    /// The texts are called `REVISION:path`; those that `known` has are not read again, and the others are added to it.
    /// A folder that the revision does not have is empty.
    ///
    /// A file's path is the one that it has on the disk, as far as it lies there.
    pub fn load(&self, texts: Texts, folder: &Folder, known: &mut Known) -> Loaded {
        let side = self.side(folder, known);
        let loaded = match side.tree.real(&folder.inside) {
            Err(Lost::Absent) => Loaded { texts, ..Loaded::default() },
            _ => load::load_from(texts, &side, &folder.inside),
        };
        known.remember(&loaded);
        loaded
    }

    /// Returns the projects to load for `folder`, as [`load::projects`] does on the disk; none where the revision does
    /// not have the folder.
    pub fn projects(&self, folder: &Folder) -> Vec<Folder> {
        let known = Known::new();
        let side = self.side(folder, &known);
        if matches!(side.tree.real(&folder.inside), Err(Lost::Absent)) {
            return Vec::new();
        }
        let roots = load::projects_on(&side, &folder.inside).into_iter();
        roots.map(|inside| Folder { place: folder.place_of(&inside), inside }).collect()
    }

    /// Returns all files in and below `folder`, sorted by path: hidden ones and those of nested projects too, but
    /// neither links nor submodules.
    ///
    /// # Errors
    /// When the repository lacks a tree.
    pub fn files(&self, folder: &Folder) -> Result<Vec<TreeFile>, HistoryError> {
        let tree = self.files_of_tree();
        let items = tree.below(&folder.inside).map_err(|error| self.failed(&folder.inside, &error))?;
        let files = items.into_iter().filter(|(_, item)| item.kind == ItemKind::File);
        let inside = |path: &Path| path.strip_prefix(&folder.inside).map(Path::to_path_buf).unwrap_or_default();
        Ok(files.map(|(path, item)| TreeFile { path: inside(&path), oid: item.id }).collect())
    }

    /// Returns the id of all that `folder` holds; `None` where the revision does not have it. Two revisions with one id
    /// do not differ in the folder.
    ///
    /// # Errors
    /// When the repository lacks a tree.
    pub fn folder_id(&self, folder: &Folder) -> Result<Option<Oid>, HistoryError> {
        let item = self.files_of_tree().item(&folder.inside).map_err(|error| self.failed(&folder.inside, &error))?;
        Ok(item.filter(|item| item.kind == ItemKind::Folder).map(|item| item.id))
    }

    /// Returns the content of the file `name` of `folder`, links followed; `None` where there is no file.
    ///
    /// # Errors
    /// When there is one and it cannot be read, or lies outside of the folder.
    pub fn file(&self, folder: &Folder, name: impl AsRef<Path>) -> Result<Option<Vec<u8>>, HistoryError> {
        let path = folder.join(name);
        let tree = self.files_of_tree();
        let found = tree.real(&folder.inside).and_then(|(home, _)| Ok((home, tree.real(&path)?)));
        match found {
            Ok((home, (real, _))) if !real.starts_with(&home) => {
                let reason = format!("it leads out of the folder, to {}", self.shown(&real));
                Err(HistoryError::Link { what: self.shown(&path), reason })
            }
            Ok((_, (_, Item { id, kind: ItemKind::File }))) => self.blob(&path, id).map(Some),
            Ok(_) | Err(Lost::Absent) => Ok(None),
            Err(Lost::Broken(error)) => Err(self.failed(&path, &error)),
            Err(lost) => Err(HistoryError::Link { what: self.shown(&path), reason: lost.to_string() }),
        }
    }

    /// Returns the content with the id `oid`.
    ///
    /// # Errors
    /// When the repository lacks it.
    pub fn read(&self, oid: Oid) -> Result<Vec<u8>, HistoryError> {
        self.blob(Path::new(&oid.to_string()), oid)
    }

    fn blob(&self, path: &Path, id: Oid) -> Result<Vec<u8>, HistoryError> {
        let blob = self.objects.find_blob(id).map_err(|error| self.failed(path, &error))?;
        Ok(blob.content().to_vec())
    }

    pub(super) fn side<'a>(&'a self, folder: &'a Folder, known: &'a Known) -> Side<'a> {
        Side { tree: Tree::after(known.listings.clone(), &self.objects, self.tree), label: &self.label, folder, known }
    }

    pub(super) fn files_of_tree(&self) -> Tree<'_> {
        Tree::new(&self.objects, self.tree)
    }

    fn shown(&self, path: &Path) -> String {
        format!("`{}:{}`", self.label, load::shown(path))
    }

    fn failed(&self, path: &Path, error: &git2::Error) -> HistoryError {
        HistoryError::reading(&format!("what {} holds", self.shown(path)), error)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("id", &self.id).field("label", &self.label).finish_non_exhaustive()
    }
}
