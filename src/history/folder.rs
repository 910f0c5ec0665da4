//! A folder under two names: the path on the disk, and the path inside the repository.
//!
//! Reads no revision.

use super::{HistoryError, Repository};
use crate::load::shown;
use std::path::{Component, Path, PathBuf};

/// A folder of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// The path on the disk, as it was given.
    pub(super) place: PathBuf,
    /// The path from the root of the repository; empty for the root.
    pub(super) inside: PathBuf,
}

impl Folder {
    /// Returns the path on the disk, as it was given.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Returns the path from the root of the repository; empty for the root.
    pub fn inside(&self) -> &Path {
        &self.inside
    }

    /// Returns the path from the root of the repository of something in the folder.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.inside.join(path)
    }

    /// Returns where something lies on the disk whose path from the root of the repository is `path`.
    pub(super) fn place_of(&self, path: &Path) -> PathBuf {
        match path.strip_prefix(&self.inside) {
            Ok(rest) if rest.as_os_str().is_empty() => self.place.clone(),
            Ok(rest) => self.place.join(rest),
            Err(_) => path.to_path_buf(),
        }
    }
}

impl Repository {
    /// Finds the folder `path` in the repository; it need not exist on the disk, nor in any revision.
    ///
    /// # Errors
    /// When the path leads out of the repository.
    pub fn folder(&self, path: &Path) -> Result<Folder, HistoryError> {
        let Some(root) = self.checkout.workdir() else {
            // Nothing of a bare repository lies on the disk: the path can only be meant as one inside.
            return Ok(Folder { place: path.to_path_buf(), inside: path.components().filter(is_name).collect() });
        };
        let outside = || HistoryError::Outside { place: shown(path), repository: shown(root) };
        let root = root.canonicalize().map_err(|_| outside())?;
        let found = standing(path);
        // Where no part of a relative path exists, the current folder stands in front of it.
        let rest = path.strip_prefix(&found).unwrap_or(path);
        if rest.components().any(|part| part == Component::ParentDir) {
            return Err(outside());
        }
        let real = found.canonicalize().map_err(|_| outside())?;
        let inside = real.strip_prefix(&root).map_err(|_| outside())?.components().chain(rest.components());
        Ok(Folder { place: path.to_path_buf(), inside: inside.filter(is_name).collect() })
    }
}

fn is_name(part: &Component<'_>) -> bool {
    matches!(part, Component::Normal(_))
}

/// Returns the nearest folder at or above `path` that there is.
pub(super) fn standing(path: &Path) -> PathBuf {
    let exists = path.ancestors().find(|folder| folder.is_dir());
    exists.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}
