//! A part of a folder's files: their names first, then the texts of those that are wanted.
//!
//! Every file has its place among the texts, those too that are not read, so that places in a file mean the same however
//! many others are read.

use std::path::{Path, PathBuf};

use super::shelf::{Disk, Shelf};
use super::walk::{self, Entry};
use super::{Content, Loaded, LoadedFile};
use crate::store;
use crate::text::Texts;

/// The names of the definition files of a folder.
#[derive(Debug, Clone)]
pub struct Names {
    /// The folder.
    pub folder: PathBuf,
    /// Each file's name as it is shown, and where it lies; sorted by name.
    pub files: Vec<(String, PathBuf)>,
}

impl Names {
    /// Finds the files of the project in `folder`, as [`load`](super::load) does; `None` where something there is refused,
    /// or is left half-written and cannot be completed.
    pub fn of(folder: &Path) -> Option<Self> {
        store::settle(folder).ok()?;
        let found = walk::walk(&Disk, folder);
        let file = |(name, entry): (String, Entry)| Some((name, entry.file()?.to_owned()));
        let files: Option<Vec<(String, PathBuf)>> = found.entries.into_iter().map(file).collect();
        Some(Self { folder: folder.to_owned(), files: files? })
    }

    /// Reads the files at the positions that are wanted; `None` where one cannot be read. The text of another file is
    /// empty.
    pub fn read(&self, wanted: impl Fn(usize) -> bool) -> Option<Loaded> {
        let positions: Vec<usize> = (0..self.files.len()).filter(|position| wanted(*position)).collect();
        let paths: Vec<&Path> = positions.iter().map(|position| self.files[*position].1.as_path()).collect();
        let mut contents = positions.iter().zip(Disk.read_all(&paths)).peekable();
        let mut loaded = Loaded { texts: Texts::new(), ..Loaded::default() };
        for (position, (name, path)) in self.files.iter().enumerate() {
            let Some((_, content)) = contents.next_if(|(at, _)| **at == position) else {
                loaded.texts.add(name, "");
                continue;
            };
            let Ok(Content::New(content)) = content else { return None };
            let id = loaded.texts.add(name, content);
            loaded.files.push(LoadedFile { id, path: Some(path.clone()), project: Some(self.folder.clone()) });
        }
        Some(loaded)
    }
}
