//! The definition files of a folder in one revision: found, told by the ids of what they hold, and read as far as wanted.

use super::tree::{ItemKind, Side};
use super::{Folder, Known, Oid, Snapshot};
use crate::load::{Loaded, Names};
use crate::text::Texts;
use std::path::{Path, PathBuf};

/// The definition files of a folder in one revision.
#[derive(Debug)]
pub struct Listed<'a> {
    snapshot: &'a Snapshot,
    folder: &'a Folder,
    /// Their names, as [`Names::of`] finds them on the disk.
    pub names: Names,
    /// The id of what each holds, in the order of the names.
    pub ids: Vec<Oid>,
}

impl Snapshot {
    /// Finds the definition files of `folder`; `None` where something that lies there cannot be read, or would not be.
    pub fn listed<'a>(&'a self, folder: &'a Folder, known: &Known) -> Option<Listed<'a>> {
        let side = self.side(folder, known);
        let names = Names::on(&side, folder.inside());
        let ids: Option<Vec<Oid>> = names.files.iter().map(|(_, path)| Some(side.file(path)?.1)).collect();
        names.is_plain().then_some(Listed { snapshot: self, folder, names, ids: ids? })
    }

    /// Returns the id of what the file `name` of `folder` holds, links followed; `None` where there is no file inside.
    pub fn id_of(&self, folder: &Folder, name: &Path, known: &Known) -> Option<Oid> {
        let side = self.side(folder, known);
        let (home, _) = side.tree.real(folder.inside()).ok()?;
        side.file(&folder.join(name)).filter(|(real, _)| real.starts_with(&home)).map(|(_, id)| id)
    }
}

impl Listed<'_> {
    /// Returns the paths of the files from the project's folder, in the order of the names.
    pub fn places(&self) -> impl Iterator<Item = PathBuf> {
        let inside = self.folder.inside();
        self.names.files.iter().map(move |(_, path)| path.strip_prefix(inside).unwrap_or(path).to_path_buf())
    }

    /// Reads the files at the positions that are wanted, as [`Names::read`] does on the disk; texts that `known` has are
    /// not read again, and the others are added to it.
    pub fn read(&self, texts: Texts, known: &mut Known, wanted: impl Fn(usize) -> bool) -> Option<Loaded> {
        let loaded = self.names.read_into(texts, &self.snapshot.side(self.folder, known), wanted)?;
        known.remember(&loaded);
        Some(loaded)
    }
}

impl Side<'_> {
    /// Returns the place behind all links of a file, and the id of what it holds; `None` where there is no file.
    fn file(&self, path: &Path) -> Option<(PathBuf, Oid)> {
        self.tree.real(path).ok().filter(|(_, item)| item.kind == ItemKind::File).map(|(real, item)| (real, item.id))
    }
}
