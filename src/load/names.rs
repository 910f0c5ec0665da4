//! The names of a folder's definition files: found once, then read whole or in part.
//!
//! Every file has its place among the texts, those too that are not read, so that places in a file mean the same however
//! many others are read.

use std::path::{Path, PathBuf};

use super::Loaded;
use super::read;
use super::shelf::{Disk, Shelf};
use super::walk::{self, Entry, Refusal};
use crate::store::{self, Guard};
use crate::text::Texts;

/// The names of the definition files of a folder. While they are kept, nobody writes there.
#[derive(Debug)]
pub struct Names {
    /// The folder.
    pub folder: PathBuf,
    /// Each file's name as it is shown, and where it lies; sorted by name.
    pub files: Vec<(String, PathBuf)>,
    /// What lies there and is not read; sorted by name.
    refused: Vec<(String, Refusal)>,
    /// Folders below that are projects of their own.
    pub(super) nested: Vec<PathBuf>,
    _settled: Option<Guard>,
}

impl Names {
    /// Finds the files of the project in `folder`, once all of them are as one write has left them.
    pub fn of(folder: &Path) -> Self {
        match store::settle(folder) {
            Ok(settled) => Self { _settled: Some(settled), ..Self::on(&Disk, folder) },
            Err(error) => {
                let mut names = Self::on(&Disk, folder);
                let pending = walk::shown(&folder.join(store::PENDING));
                names.refused.push((pending, Refusal::Unreadable(read::reason(&error))));
                names.refused.sort_by(|one, other| one.0.cmp(&other.0));
                names
            }
        }
    }

    /// Finds the files of the project in a folder that is kept on `shelf`.
    pub(crate) fn on(shelf: &dyn Shelf, folder: &Path) -> Self {
        let found = walk::walk(shelf, folder);
        let (mut files, mut refused) = (Vec::with_capacity(found.entries.len()), Vec::new());
        for (name, entry) in found.entries {
            match entry {
                Entry::File(path) => files.push((name, path)),
                Entry::Refused(refusal) => refused.push((name, refusal)),
            }
        }
        Self { folder: folder.to_owned(), files, refused, nested: found.nested, _settled: None }
    }

    /// Tells whether nothing is there, neither a file to read nor one that is refused.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.refused.is_empty()
    }

    /// Tells whether everything that lies there is to be read, and nothing is left half-written.
    pub fn is_plain(&self) -> bool {
        self.refused.is_empty()
    }

    /// Reads all files, as [`load`](super::load) does.
    pub fn load(&self) -> Loaded {
        self.load_into(Texts::new(), &Disk)
    }

    /// Reads all files from the shelf on which they were found, and adds their texts to `texts`.
    pub(super) fn load_into(&self, texts: Texts, shelf: &dyn Shelf) -> Loaded {
        let mut loaded = self.room(texts);
        let paths: Vec<&Path> = self.files.iter().map(|(_, path)| path.as_path()).collect();
        let mut refused = self.refused.iter().peekable();
        for ((name, path), content) in self.files.iter().zip(shelf.read_all(&paths)) {
            while let Some((before, refusal)) = refused.next_if(|(before, _)| before < name) {
                loaded.refuse(before, refusal);
            }
            loaded.add(name, content, Some((shelf.place(path), shelf.place(&self.folder))));
        }
        refused.for_each(|(name, refusal)| {
            loaded.refuse(name, refusal);
        });
        loaded
    }

    /// Returns nothing loaded beside `texts`, with room for all files.
    fn room(&self, mut texts: Texts) -> Loaded {
        texts.reserve(self.files.len());
        Loaded { texts, files: Vec::with_capacity(self.files.len()), ..Loaded::default() }
    }

    /// Reads the files at the positions that are wanted; `None` where one cannot be read, or something that lies there is
    /// refused. The text of another file is empty.
    pub fn read(&self, wanted: impl Fn(usize) -> bool) -> Option<Loaded> {
        self.read_into(Texts::new(), &Disk, wanted)
    }

    /// Reads the files at the positions that are wanted, as [`Names::read`] does, from the shelf on which they were found,
    /// and adds their texts, and empty ones for all others, to `texts`.
    pub(crate) fn read_into(&self, texts: Texts, shelf: &dyn Shelf, wanted: impl Fn(usize) -> bool) -> Option<Loaded> {
        if !self.is_plain() {
            return None;
        }
        let positions: Vec<usize> = (0..self.files.len()).filter(|position| wanted(*position)).collect();
        let paths: Vec<&Path> = positions.iter().map(|position| self.files[*position].1.as_path()).collect();
        let mut contents = positions.iter().zip(shelf.read_all(&paths)).peekable();
        let mut loaded = self.room(texts);
        for (position, (name, path)) in self.files.iter().enumerate() {
            let Some((_, content)) = contents.next_if(|(at, _)| **at == position) else {
                loaded.texts.add(name, "");
                continue;
            };
            loaded.add(name, Ok(content.ok()?), Some((shelf.place(path), shelf.place(&self.folder))));
        }
        Some(loaded)
    }
}
