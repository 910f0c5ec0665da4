//! The revisions at which a folder changed, along the first parents: what was merged counts when it was merged.
//!
//! Compares ids of trees; reads no file.

use super::{Folder, HistoryError, Repository, Snapshot};

/// The history of a folder.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The revisions at which the folder differs from the one before, newest first.
    pub steps: Vec<Step>,
    /// Whether older history exists that was not fetched. The last step is then the oldest state there is, which need
    /// not be where it came about.
    pub truncated: bool,
}

/// A revision at which a folder changed.
#[derive(Debug, Clone)]
pub struct Step {
    /// The revision.
    pub snapshot: Snapshot,
    /// Where the folder stood in it.
    pub folder: Folder,
}

impl Repository {
    /// Follows the history of `folder` from `from` backwards, also to where it stood before it was moved.
    ///
    /// # Errors
    /// When the repository lacks an object.
    pub fn walk(&self, from: &Snapshot, folder: &Folder) -> Result<History, HistoryError> {
        let what = format!("the history of `{}`", from.label);
        let failed = |error: git2::Error| self.failed(&what, &error);
        let mut history = History::default();
        let mut folder = folder.clone();
        let mut commit = self.objects.find_commit(from.id).map_err(failed)?;
        let mut id = self.id_at(commit.tree_id(), &folder.inside).map_err(failed)?;
        loop {
            history.truncated = self.boundary.contains(&commit.id());
            let is_first = history.truncated || commit.parent_count() == 0;
            let parent = if is_first { None } else { Some(commit.parent(0).map_err(failed)?) };
            let trees = parent.as_ref().map(|parent| (commit.tree_id(), parent.tree_id()));
            let before = match trees {
                Some((newer, older)) => self.before(newer, older, &folder).map_err(failed)?,
                None => None,
            };
            let earlier = before.as_ref().map_or(folder.inside.as_path(), |(inside, _)| inside);
            let earlier = Folder { place: folder.place.clone(), inside: earlier.to_path_buf() };
            let earlier_id = before.map(|(_, id)| id);
            if id != earlier_id {
                history.steps.push(Step { snapshot: self.snapshot(&commit, None), folder });
            }
            let Some(parent) = parent else { return Ok(history) };
            (commit, folder, id) = (parent, earlier, earlier_id);
        }
    }
}
