//! What may be named as a side: a folder, a file, a version of a metric, a revision, a range of revisions.

use std::path::{Path, PathBuf};

use super::SidesError;
use crate::history::{Author, Folder, Range, Repository, Snapshot};
use crate::resolve::Version;

/// The revision that uncommitted work is compared with.
const LAST_COMMIT: &str = "HEAD";

/// What is asked for: the sides as they were written.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The old side, or a range of revisions; left out, the last commit.
    pub old: Option<String>,
    /// The new side; left out, the files on the disk.
    pub new: Option<String>,
}

/// Where a side is read from.
#[derive(Debug, Clone)]
pub enum Spot {
    /// A folder or a file of a project on the disk.
    Disk(PathBuf),
    /// A folder of a revision.
    Revision(Box<Snapshot>, Folder),
}

/// Both sides, found and not yet read.
#[derive(Debug, Clone)]
pub struct Spots {
    /// Where the old side is read from.
    pub old: Spot,
    /// What the old side is called.
    pub old_label: String,
    /// Where the new side is read from.
    pub new: Spot,
    /// What the new side is called.
    pub new_label: String,
    /// Versions of one metric that are held against each other: `csat@1.0.0` and `csat@2.0.0`.
    pub versions: Option<(String, String)>,
    /// Who has committed what is on the new side and not on the old.
    pub authors: Vec<Author>,
}

impl Spots {
    /// Returns two revisions, each with the folder of the project in it.
    pub(super) fn of_revisions(old: (Snapshot, Folder), new: (Snapshot, Folder), authors: Vec<Author>) -> Self {
        Spots {
            old_label: old.0.label.clone(),
            new_label: new.0.label.clone(),
            old: Spot::Revision(Box::new(old.0), old.1),
            new: Spot::Revision(Box::new(new.0), new.1),
            versions: None,
            authors,
        }
    }
}

impl Question {
    /// Finds both sides for the project in `folder`.
    ///
    /// # Errors
    /// When there is nothing under a name.
    pub fn spots(&self, folder: &Path) -> Result<Spots, SidesError> {
        let written = (self.old.as_deref(), self.new.as_deref());
        if let (Some(old), Some(new)) = written
            && let (Some(_), Some(_)) = (metric_version(old), metric_version(new))
        {
            return Ok(Spots {
                old: Spot::Disk(folder.to_path_buf()),
                old_label: old.to_owned(),
                new: Spot::Disk(folder.to_path_buf()),
                new_label: new.to_owned(),
                versions: Some((old.to_owned(), new.to_owned())),
                authors: Vec::new(),
            });
        }
        if let (Some(range), None) = written
            && let Some(range) = Range::parse(range).filter(|_| !Path::new(range).exists())
        {
            return of_range(&range, folder);
        }
        let new = match written.1 {
            Some(new) => one(new, folder)?,
            None => (Spot::Disk(folder.to_path_buf()), folder.display().to_string()),
        };
        let (old, authors) = match written.0 {
            Some(old) => against(old, &new.0, folder)?,
            None => against(LAST_COMMIT, &new.0, folder)?,
        };
        Ok(Spots { old: old.0, old_label: old.1, new: new.0, new_label: new.1, versions: None, authors })
    }
}

/// Returns the parts of `csat@1.0.0`.
fn metric_version(text: &str) -> Option<(&str, Version)> {
    let (id, version) = text.split_once('@')?;
    let is_name = |id: &str| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.".contains(c));
    (!id.is_empty() && is_name(id)).then_some((id, Version::parse(version)?))
}

fn of_range(range: &Range, folder: &Path) -> Result<Spots, SidesError> {
    let repository = Repository::around(folder)?;
    let place = repository.folder(folder)?;
    let (old, new) = repository.range(range)?;
    let authors = repository.authors(&old, &new, &place)?;
    Ok(Spots::of_revisions((old, place.clone()), (new, place), authors))
}

/// Finds a side by itself: a path that exists, else a revision.
fn one(text: &str, folder: &Path) -> Result<(Spot, String), SidesError> {
    if Path::new(text).exists() {
        return Ok((Spot::Disk(PathBuf::from(text)), text.to_owned()));
    }
    if metric_version(text).is_some() {
        let message = format!("`{text}` is a version of a metric, and the other side is none");
        return Err(SidesError::Unknown(format!(
            "{message}\n  help: name two versions, as `etalon diff csat@1.0.0 csat@2.0.0`"
        )));
    }
    let repository = Repository::around(folder)?;
    let (snapshot, place) = (repository.resolve(text)?, repository.folder(folder)?);
    let label = snapshot.label.clone();
    Ok((Spot::Revision(Box::new(snapshot), place), label))
}

/// Finds the old side. Against a branch it is where the new side parted from it: what others have done there since is no
/// part of this change.
fn against(text: &str, new: &Spot, folder: &Path) -> Result<((Spot, String), Vec<Author>), SidesError> {
    if Path::new(text).exists() || metric_version(text).is_some() {
        return Ok((one(text, folder)?, Vec::new()));
    }
    let repository = Repository::around(folder)?;
    let (found, place) = (repository.resolve(text)?, repository.folder(folder)?);
    let head = match new {
        Spot::Revision(snapshot, _) => (**snapshot).clone(),
        Spot::Disk(_) => repository.resolve(LAST_COMMIT)?,
    };
    let (old, label) = match repository.is_branch(text) {
        true => {
            let base = repository.merge_base(&found, &head)?;
            let label = format!("{text} ({})", base.short);
            (base, label)
        }
        false => (found, text.to_owned()),
    };
    let authors = repository.authors(&old, &head, &place)?;
    Ok(((Spot::Revision(Box::new(old), place), label), authors))
}
