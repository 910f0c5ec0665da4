//! Where the files of a folder are kept, seen as far as finding and reading definitions needs it.
//!
//! The disk is one such place; the rules of what belongs to a project stand in `walk` and hold for every place alike.

use crate::cores;
use crate::load::read::{self, Problem};
use crate::load::walk;
use crate::text::TextId;
use std::path::{Path, PathBuf};

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A folder.
    Folder,
    /// A file, or whatever else is no folder.
    File,
    /// A link that has not been followed.
    Link,
}

/// What a file holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The same as a text that is among the texts already.
    Known(TextId),
    /// This.
    New(String),
}

/// One thing in a folder: its path, and its kind or why that cannot be told.
pub(crate) type Listed = (PathBuf, Result<Kind, String>);

/// A place where folders and files are kept.
pub(crate) trait Shelf {
    /// Lists what lies in `folder`, in any order; a folder that cannot be read is listed itself, with the reason.
    fn list(&self, folder: &Path) -> Vec<Listed>;

    /// Lists what lies in each of some folders, in their order.
    fn list_all(&self, folders: &[&Path]) -> Vec<Vec<Listed>> {
        folders.iter().map(|folder| self.list(folder)).collect()
    }

    /// Returns the path behind all links, or why there is none.
    fn real(&self, path: &Path) -> Result<PathBuf, String>;

    /// Returns the kind of what stands at `path`, behind all links.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// Reads the file at `path`.
    fn read(&self, path: &Path) -> Result<Content, Problem>;

    /// Reads the files at `paths`, in their order.
    fn read_all(&self, paths: &[&Path]) -> Vec<Result<Content, Problem>> {
        paths.iter().map(|path| self.read(path)).collect()
    }

    /// Returns a path as it is shown.
    fn shown(&self, path: &Path) -> String {
        walk::shown(path)
    }

    /// Returns where the thing at `path` lies on the disk when it lies there.
    fn place(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
}

/// The file system.
pub(super) struct Disk;

impl Shelf for Disk {
    fn list(&self, folder: &Path) -> Vec<Listed> {
        let refused = |error: std::io::Error| (folder.to_path_buf(), Err(read::reason(&error)));
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return vec![refused(error)],
        };
        let listed = entries.map(|entry| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?))));
        listed.map(|entry| entry.map_or_else(refused, |(path, kind)| (path, Ok(kind_of(kind))))).collect()
    }

    fn real(&self, path: &Path) -> Result<PathBuf, String> {
        path.canonicalize().map_err(|error| read::reason(&error))
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        std::fs::metadata(path).ok().map(|metadata| kind_of(metadata.file_type()))
    }

    fn read(&self, path: &Path) -> Result<Content, Problem> {
        read::read(path).map(Content::New)
    }

    fn list_all(&self, folders: &[&Path]) -> Vec<Vec<Listed>> {
        cores::map(folders, |folder| self.list(folder))
    }

    fn read_all(&self, paths: &[&Path]) -> Vec<Result<Content, Problem>> {
        cores::map(paths, |path| self.read(path))
    }
}

fn kind_of(kind: std::fs::FileType) -> Kind {
    if kind.is_symlink() {
        Kind::Link
    } else if kind.is_dir() {
        Kind::Folder
    } else {
        Kind::File
    }
}
