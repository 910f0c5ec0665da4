//! Reads revisions of a git repository: their files, where they part, and how a folder came to be what it is.
//!
//! Everything here is read-only and stays on this machine. Knows no YAML and nothing of what definitions mean; what is
//! not committed is the business of `load`.

mod ancestry;
mod error;
mod folder;
mod known;
mod listed;
mod moved;
mod range;
mod resolve;
mod snapshot;
mod steps;
#[cfg(test)]
mod tests;
mod tree;

pub use error::HistoryError;
pub use folder::Folder;
pub use git2::Oid;
pub use known::{Known, blob_id};
pub use listed::Listed;
pub use range::{Range, Since};
pub use snapshot::{Author, Snapshot, TreeFile};
pub use steps::{History, Step};

use crate::load::{reason, shown};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The file that lists the commits whose parents were not fetched.
const SHALLOW: &str = "shallow";
/// The remote that is meant where none is known.
const USUAL_REMOTE: &str = "origin";

/// A repository, opened for reading.
#[derive(Clone)]
pub struct Repository {
    /// The repository as it is checked out: its own `HEAD`, its folder on the disk.
    checkout: Rc<git2::Repository>,
    /// The repository that keeps the objects. It differs from `checkout` in a linked worktree, where libgit2 would not
    /// see that the history is shallow.
    objects: Rc<git2::Repository>,
    /// The commits whose parents were not fetched.
    boundary: BTreeSet<Oid>,
}

impl Repository {
    /// Opens the repository that `path` lies in; the path itself need not exist.
    ///
    /// # Errors
    /// When there is none, or it cannot be opened.
    pub fn around(path: &Path) -> Result<Self, HistoryError> {
        let start = folder::standing(path);
        let no_ceiling: [&OsStr; 0] = [];
        let checkout = git2::Repository::open_ext(&start, git2::RepositoryOpenFlags::CROSS_FS, no_ceiling)
            .map_err(|error| HistoryError::opening(path, &error))?;
        let common = checkout.commondir().to_path_buf();
        let boundary = boundary(&common)?;
        let checkout = Rc::new(checkout);
        let objects = match checkout.is_worktree() {
            true => Rc::new(git2::Repository::open(&common).map_err(|error| HistoryError::opening(path, &error))?),
            false => Rc::clone(&checkout),
        };
        Ok(Self { checkout, objects, boundary })
    }

    /// Returns whether a part of the history was not fetched.
    pub fn is_shallow(&self) -> bool {
        !self.boundary.is_empty()
    }

    /// Returns who commits here, as the configuration of git says; a part that is not set is empty.
    pub fn user(&self) -> Option<Author> {
        let config = self.checkout.config().and_then(|mut config| config.snapshot()).ok()?;
        let read = |name| config.get_string(name).unwrap_or_default().trim().to_owned();
        let user = Author { name: read("user.name"), email: read("user.email") };
        (!user.name.is_empty() || !user.email.is_empty()).then_some(user)
    }

    /// Returns the remote that a line for mending the clone names.
    fn remote(&self) -> String {
        let remotes = self.remotes();
        match remotes.iter().any(|name| name == USUAL_REMOTE) {
            true => USUAL_REMOTE.to_owned(),
            false => remotes.into_iter().next().unwrap_or_else(|| USUAL_REMOTE.to_owned()),
        }
    }

    fn remotes(&self) -> Vec<String> {
        let Ok(remotes) = self.objects.remotes() else { return Vec::new() };
        let mut names: Vec<String> = remotes.iter().flatten().flatten().map(str::to_owned).collect();
        names.sort();
        names
    }

    fn shallow(&self, what: String) -> HistoryError {
        HistoryError::Shallow { what, remote: self.remote() }
    }

    /// Returns the error for an object that could not be read in the course of finding out `what`: in a shallow clone
    /// it is most likely one that was not fetched.
    fn failed(&self, what: &str, error: &git2::Error) -> HistoryError {
        match error.code() {
            git2::ErrorCode::NotFound if self.is_shallow() => self.shallow(format!("{what} cannot be told")),
            _ => HistoryError::reading(what, error),
        }
    }
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("path", &self.checkout.path()).finish_non_exhaustive()
    }
}

/// Reads which commits have parents that were not fetched.
fn boundary(common: &Path) -> Result<BTreeSet<Oid>, HistoryError> {
    let path: PathBuf = common.join(SHALLOW);
    let failed = |reason: String| HistoryError::Failed { what: shown(&path), reason };
    let lines = match std::fs::read_to_string(&path) {
        Ok(lines) => lines,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(error) => return Err(failed(reason(&error))),
    };
    let ids = lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(Oid::from_str);
    ids.collect::<Result<_, _>>().map_err(|error| failed(error.message().to_owned()))
}
