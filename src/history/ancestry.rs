//! Where two revisions part, and who wrote what lies between them.
//!
//! An answer that history which was not fetched could change is refused.

use super::tree::{Item, ItemKind, Tree};
use super::{Author, Folder, HistoryError, Repository, Snapshot};
use git2::{ErrorClass, ErrorCode, Oid};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The trailer of a message that names a further author.
const FURTHER_AUTHOR: &str = "co-authored-by";

impl Repository {
    /// Returns the last commit that both histories have: comparing with it shows what one side did, and not what the
    /// other did in the meantime. Where there are several such commits, git's first is taken.
    ///
    /// # Errors
    /// When there is none, or when it could be another one once the whole history is fetched.
    pub fn merge_base(&self, one: &Snapshot, other: &Snapshot) -> Result<Snapshot, HistoryError> {
        let what = format!("where `{}` and `{}` part", one.label, other.label);
        let found = match self.objects.merge_bases(one.id, other.id) {
            Ok(found) => found.iter().copied().collect(),
            Err(error) if error.code() == ErrorCode::NotFound && error.class() == ErrorClass::Merge => Vec::new(),
            Err(error) => return Err(self.failed(&what, &error)),
        };
        let failed = |error: git2::Error| self.failed(&what, &error);
        match found.first() {
            Some(base) if self.is_certain(&found, [one.id, other.id]).map_err(failed)? => {
                Ok(self.snapshot(&self.objects.find_commit(*base).map_err(failed)?, None))
            }
            None if !self.is_shallow() => {
                Err(HistoryError::Unrelated { one: one.label.clone(), other: other.label.clone() })
            }
            _ => Err(self.shallow(format!("{what} cannot be told"))),
        }
    }

    /// Returns whether the rest of the history could not change which commit is the merge base of `sides`.
    ///
    /// A base that is one of the sides is certain by itself. Any other is certain where all commits of both sides down
    /// to it are there with their parents: a later base would have been met on the way.
    fn is_certain(&self, found: &[Oid], sides: [Oid; 2]) -> Result<bool, git2::Error> {
        let [base] = found else { return Ok(!self.is_shallow()) };
        if !self.is_shallow() || sides.contains(base) {
            return Ok(true);
        }
        let walk = self.between(*base, &sides)?;
        let is_complete = walk.iter().all(|id| !self.boundary.contains(id));
        Ok(is_complete && !self.boundary.contains(base))
    }

    /// Returns the commits of `heads` that are not in the history of `base`.
    fn between(&self, base: Oid, heads: &[Oid]) -> Result<Vec<Oid>, git2::Error> {
        let mut walk = self.objects.revwalk()?;
        heads.iter().try_for_each(|head| walk.push(*head))?;
        walk.hide(base)?;
        walk.collect()
    }

    /// Returns who wrote the commits of `head` that are not in `base` and that touch `folder`, under the name it has in
    /// `head` or had in `base`; further authors that a message names are among them. Each is listed once, in order.
    ///
    /// # Errors
    /// When a part of these commits was not fetched.
    pub fn authors(&self, base: &Snapshot, head: &Snapshot, folder: &Folder) -> Result<Vec<Author>, HistoryError> {
        let what = format!("who wrote `{}..{}`", base.label, head.label);
        let failed = |error: git2::Error| self.failed(&what, &error);
        let mut places = vec![folder.inside.clone()];
        places.extend(self.moved_from(head, base, folder)?.map(|folder| folder.inside));
        let mut authors = BTreeSet::new();
        for id in self.between(base.id, &[head.id]).map_err(failed)? {
            if self.boundary.contains(&id) {
                return Err(self.shallow(format!("{what} cannot be told")));
            }
            let commit = self.objects.find_commit(id).map_err(failed)?;
            if self.touches(&commit, &places).map_err(failed)? {
                authors.insert(Author::from(commit.author()));
                authors.extend(further_authors(commit.message_bytes()));
            }
        }
        Ok(authors.into_iter().collect())
    }

    /// Returns whether a commit makes something at `places`, or below, into what no parent has.
    fn touches(&self, commit: &git2::Commit<'_>, places: &[PathBuf]) -> Result<bool, git2::Error> {
        let own = Tree::new(&self.objects, commit.tree_id());
        let parents: Vec<Tree<'_>> =
            commit.parents().map(|parent| Tree::new(&self.objects, parent.tree_id())).collect();
        for place in places {
            if is_made(&own, &parents, place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the id of what stands at `place` in the tree `tree`.
    pub(super) fn id_at(&self, tree: Oid, place: &Path) -> Result<Option<Oid>, git2::Error> {
        Ok(Tree::new(&self.objects, tree).item(place)?.map(|item| item.id))
    }
}

/// Returns whether something at `place`, or below, is in the tree `own` what it is in no tree of `parents`. A merge that
/// takes each file from one side or the other makes nothing.
fn is_made(own: &Tree<'_>, parents: &[Tree<'_>], place: &Path) -> Result<bool, git2::Error> {
    let mut waiting = vec![place.to_path_buf()];
    while let Some(path) = waiting.pop() {
        let item = own.item(&path)?;
        let others: Vec<Option<Item>> = parents.iter().map(|parent| parent.item(&path)).collect::<Result<_, _>>()?;
        let was_absent = item.is_none() && others.is_empty();
        if was_absent || others.contains(&item) {
            continue;
        }
        if item.is_none_or(|item| item.kind != ItemKind::Folder) {
            return Ok(true);
        }
        for tree in parents.iter().chain([own]) {
            let names = tree.listing(&path)?;
            waiting.extend(names.iter().flat_map(|names| names.iter()).map(|(name, _)| path.join(name)));
        }
    }
    Ok(false)
}

/// Returns the authors that the trailers of a message name, as `Co-authored-by: Name <address>`.
fn further_authors(message: &[u8]) -> Vec<Author> {
    let message = String::from_utf8_lossy(message);
    let Ok(trailers) = git2::message_trailers_strs(&message) else { return Vec::new() };
    let named = trailers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(FURTHER_AUTHOR));
    named.map(|(_, named)| author(named)).collect()
}

fn author(named: &str) -> Author {
    let (name, rest) = named.split_once('<').unwrap_or((named, ""));
    let email = rest.split('>').next().unwrap_or_default();
    Author { name: name.trim().to_owned(), email: email.trim().to_owned() }
}
