//! From the name of a revision to its snapshot, and what is said where there is none.
//!
//! Knows branches, tags and remotes by name; reads no files.

use super::error::quoted;
use super::range::{Range, Since};
use super::{HistoryError, Repository, Snapshot};
use crate::diagnostic::near_names;
use git2::ErrorCode;

/// What begins the part of a revision that leads from a name to something else.
const STEPS: [char; 4] = ['~', '^', '@', ':'];
/// The fewest digits that git shortens an id to.
const FEWEST_DIGITS: usize = 4;

impl Repository {
    /// Finds a revision by any name that git has for it: `HEAD~2`, a branch, a branch of a remote, a tag, a short id.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn resolve(&self, revision: &str) -> Result<Snapshot, HistoryError> {
        let object = self.checkout.revparse_single(revision).map_err(|error| self.unresolved(revision, &error))?;
        let commit = object.peel_to_commit().map_err(|error| match object.kind() {
            // A tag that leads to no commit, or a commit that is not there.
            Some(git2::ObjectType::Commit) => self.failed(&format!("what `{revision}` is"), &error),
            kind => {
                let what =
                    kind.map_or("thing", |kind| if kind == git2::ObjectType::Blob { "file" } else { kind.str() });
                HistoryError::NoCommit { revision: revision.to_owned(), what: what.to_owned() }
            }
        })?;
        Ok(self.snapshot(&commit, Some(revision)))
    }

    /// Tells whether a revision is named by a branch, of this repository or of a remote.
    pub fn is_branch(&self, revision: &str) -> bool {
        let kinds = [git2::BranchType::Local, git2::BranchType::Remote];
        kinds.into_iter().any(|kind| self.checkout.find_branch(revision, kind).is_ok())
    }

    /// Finds both sides of a range: the old one and the new one.
    ///
    /// # Errors
    /// When one does not exist, or when it cannot be told where they part.
    pub fn range(&self, range: &Range) -> Result<(Snapshot, Snapshot), HistoryError> {
        let (from, to) = (self.resolve(&range.from)?, self.resolve(&range.to)?);
        match range.since {
            Since::Exactly => Ok((from, to)),
            Since::Parting => Ok((self.merge_base(&from, &to)?, to)),
        }
    }

    fn unresolved(&self, revision: &str, error: &git2::Error) -> HistoryError {
        match error.code() {
            ErrorCode::Ambiguous => return HistoryError::Ambiguous { revision: revision.to_owned() },
            ErrorCode::NotFound | ErrorCode::InvalidSpec | ErrorCode::UnbornBranch => {}
            _ => return self.failed(&format!("what `{revision}` is"), error),
        }
        let name = revision.split(STEPS).next().unwrap_or_default();
        let is_unborn = self.checkout.head().is_err_and(|error| error.code() == ErrorCode::UnbornBranch);
        if is_unborn && (matches!(name, "" | "HEAD") || self.names().is_empty()) {
            return HistoryError::Unborn { revision: revision.to_owned() };
        }
        let is_step = name != revision && (name.is_empty() || self.checkout.revparse_single(name).is_ok());
        if self.is_shallow() && (is_step || is_id(name)) {
            return self.shallow(format!("`{revision}` cannot be found"));
        }
        match is_step {
            true => HistoryError::Unknown { revision: revision.to_owned(), near: Vec::new(), fetch: None },
            false => self.unknown(revision, name),
        }
    }

    fn unknown(&self, revision: &str, name: &str) -> HistoryError {
        let names = self.names();
        let ending = format!("/{name}");
        // `main` where only `origin/main` was fetched comes before what is merely spelt alike.
        let mut near: Vec<String> = names.iter().filter(|known| known.ends_with(&ending)).cloned().collect();
        let alike = near_names(name, names.iter().map(String::as_str)).into_iter().map(str::to_owned);
        near.extend(alike.filter(|alike| !alike.ends_with(&ending)).collect::<Vec<_>>());
        near.truncate(3);
        let fetch = self.fetch(name, near.is_empty());
        HistoryError::Unknown { revision: revision.to_owned(), near, fetch }
    }

    /// Returns the line that would bring the branch `name`: one of a remote, or, where nothing else is meant, a branch
    /// that the usual remote may have.
    fn fetch(&self, name: &str, nothing_else: bool) -> Option<String> {
        let remotes = self.remotes();
        let usual = self.remote();
        let of_remote = remotes
            .iter()
            .chain([&usual])
            .find_map(|remote| Some((remote.as_str(), name.strip_prefix(remote.as_str())?.strip_prefix('/')?)));
        let plain = (nothing_else && !remotes.is_empty() && !is_id(name)).then_some((usual.as_str(), name));
        let (remote, branch) = of_remote.or(plain)?;
        let is_name = git2::Reference::is_valid_name(&format!("refs/remotes/{remote}/{branch}"));
        let refs = format!("{branch}:refs/remotes/{remote}/{branch}");
        is_name.then(|| format!("git fetch {} {}", quoted(remote), quoted(&refs)))
    }

    /// Returns the names of all branches and tags.
    fn names(&self) -> Vec<String> {
        let branches = self.checkout.branches(None).into_iter().flatten().flatten();
        let branches = branches.filter_map(|(branch, _)| branch.name().ok().flatten().map(str::to_owned));
        let tags = self.checkout.tag_names(None);
        let tags = tags.iter().flat_map(|tags| tags.iter().flatten().flatten().map(str::to_owned));
        branches.chain(tags).collect()
    }
}

fn is_id(name: &str) -> bool {
    name.len() >= FEWEST_DIGITS && name.chars().all(|digit| digit.is_ascii_hexdigit())
}
