//! What can go wrong between a revision and its files, and what mends it.
//!
//! Holds the wording; knows no repository.

use crate::load::shown;
use std::path::Path;

/// Why a revision or its history cannot be read. Each message ends with a remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// There is no repository.
    #[error(
        "`{place}` lies in no git repository\n  help: compare folders, or put the definitions under git with `git init`"
    )]
    NoRepository {
        /// The path that was asked for.
        place: String,
    },
    /// The repository belongs to another user, whose configuration must not be followed unasked.
    #[error(
        "the repository `{place}` belongs to another user\n  \
         help: if its owner is trusted, `git config --global --add safe.directory {}`",
        quoted(place)
    )]
    Foreign {
        /// The repository.
        place: String,
    },
    /// The repository is kept in a way that cannot be read.
    #[error(
        "the repository around `{place}` cannot be read: {reason}\n  \
         help: clone it with neither `--filter`, `--ref-format` nor `--object-format`"
    )]
    Unsupported {
        /// The path that was asked for.
        place: String,
        /// What is not supported.
        reason: String,
    },
    /// Nothing has been committed.
    #[error(
        "`{revision}` is no revision: nothing is committed here yet\n  help: commit the definitions with `git commit` first"
    )]
    Unborn {
        /// The revision as written.
        revision: String,
    },
    /// There is no such revision.
    #[error("there is no revision `{revision}`{}", remedy(near, fetch.as_deref()))]
    Unknown {
        /// The revision as written.
        revision: String,
        /// Branches and tags that resemble it, the closest first.
        near: Vec<String>,
        /// The line that brings a branch of a remote that is absent.
        fetch: Option<String>,
    },
    /// A shortened id fits more than one object.
    #[error("`{revision}` fits more than one object\n  help: write more digits of the id")]
    Ambiguous {
        /// The revision as written.
        revision: String,
    },
    /// The revision names something that is no state of the repository.
    #[error("`{revision}` is a {what}, and no commit\n  help: name a commit, a branch or a tag of a commit")]
    NoCommit {
        /// The revision as written.
        revision: String,
        /// What it names.
        what: String,
    },
    /// A part of the history was not fetched, and the answer could lie in it.
    #[error(
        "{what}: this clone is shallow\n  help: `git fetch --unshallow {}` brings the rest of the history",
        quoted(remote)
    )]
    Shallow {
        /// What cannot be told.
        what: String,
        /// The remote to fetch from.
        remote: String,
    },
    /// Two revisions have no history in common.
    #[error("`{one}` and `{other}` have no commit in common\n  help: `{one}..{other}` compares the two as they stand")]
    Unrelated {
        /// One revision.
        one: String,
        /// The other revision.
        other: String,
    },
    /// A path does not lie in the repository.
    #[error("`{place}` lies outside the repository `{repository}`\n  help: name a folder of that repository")]
    Outside {
        /// The path as written.
        place: String,
        /// The folder of the repository.
        repository: String,
    },
    /// Something that should be in the repository is not.
    #[error(
        "{what}: the repository lacks an object ({reason})\n  help: `git fetch --refetch --no-filter` brings what a partial clone left out"
    )]
    Missing {
        /// What cannot be told.
        what: String,
        /// What git says.
        reason: String,
    },
    /// A link of the revision leads to no file of its project.
    #[error("{what} cannot be read: {reason}\n  help: commit the file itself in the place of the link")]
    Link {
        /// The link.
        what: String,
        /// Where it leads, in words that continue "it cannot be read: ".
        reason: String,
    },
    /// Something else.
    #[error("{what}: {reason}\n  help: `git fsck` tells whether the repository is whole")]
    Failed {
        /// What cannot be told.
        what: String,
        /// What git or the system says.
        reason: String,
    },
}

impl HistoryError {
    /// Returns the error for a repository around `path` that does not open.
    pub(super) fn opening(path: &Path, error: &git2::Error) -> Self {
        let place = shown(path);
        match error.code() {
            git2::ErrorCode::NotFound => HistoryError::NoRepository { place },
            git2::ErrorCode::Owner => HistoryError::Foreign { place: owned(error.message()).unwrap_or(place) },
            _ if error.message().contains("unsupported") || error.message().contains("unknown object format") => {
                HistoryError::Unsupported { place, reason: error.message().to_owned() }
            }
            _ => HistoryError::Failed { what: format!("`{place}`"), reason: error.message().to_owned() },
        }
    }

    /// Returns the error for an object that could not be read in the course of finding out `what`.
    pub(super) fn reading(what: &str, error: &git2::Error) -> Self {
        let (what, reason) = (format!("{what} cannot be told"), error.message().to_owned());
        match error.code() {
            git2::ErrorCode::NotFound => HistoryError::Missing { what, reason },
            _ => HistoryError::Failed { what, reason },
        }
    }
}

/// Returns the folder to trust, which git names in quotes, by its `.git` or by itself.
fn owned(message: &str) -> Option<String> {
    let place = message.split('\'').nth(1)?.trim_end_matches('/');
    Some(place.strip_suffix("/.git").unwrap_or(place).to_owned())
}

fn remedy(near: &[String], fetch: Option<&str>) -> String {
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    let meant = if near.is_empty() { String::new() } else { format!("\n  help: did you mean {}?", near.join(" or ")) };
    match fetch {
        Some(line) => format!("{meant}\n  help: `{line}` brings it where the remote has it"),
        None if near.is_empty() => "\n  help: `git branch --all` and `git tag` list what there is".to_owned(),
        None => meant,
    }
}

/// Returns `text` as one word of a shell line.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@:,~".contains(c);
    match !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(quoted("/srv/repo"), "/srv/repo");
        assert_eq!(quoted("a b;c"), "'a b;c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted("-x"), "'-x'");
    }

    #[test]
    fn the_folder_to_trust_is_the_one_around_the_git_folder() {
        let message = |place: &str| format!("repository path '{place}' is not owned by current user");
        assert_eq!(owned(&message("/srv/repo")).as_deref(), Some("/srv/repo"));
        assert_eq!(owned(&message("/srv/repo/.git/")).as_deref(), Some("/srv/repo"));
    }
}
