//! Texts that were read before, by place and content, so that what did not change is read once over all revisions.
//!
//! Recognises content by the id that git gives it; knows no repository.

use super::tree::Listings;
use crate::cores;
use crate::load::Loaded;
use crate::text::TextId;
use git2::{ObjectType, Oid};
use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The texts of one [`Texts`](crate::text::Texts) that may stand for a file with the same content at the same place.
///
/// The place counts too: two files of one side with the same content stay two texts.
#[derive(Debug, Clone, Default)]
pub struct Known {
    texts: HashMap<PathBuf, BTreeMap<Oid, TextId>>,
    ids: BTreeSet<TextId>,
    /// What folders held, for the revisions that have them too.
    pub(super) listings: Listings,
}

impl Known {
    /// Returns an empty memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the files of a side in mind; what is known already costs nothing.
    pub fn remember(&mut self, loaded: &Loaded) {
        let mut fresh: Vec<(&Path, TextId)> = Vec::new();
        for file in &loaded.files {
            let place = file.path.as_deref().zip(file.project.as_deref());
            let Some(Ok(place)) = place.map(|(path, project)| path.strip_prefix(project)) else { continue };
            if self.ids.insert(file.id) {
                fresh.push((place, file.id));
            }
        }
        let ids = cores::map(&fresh, |(_, text)| blob_id(loaded.texts.get(*text).content.as_bytes()));
        for ((place, text), id) in fresh.into_iter().zip(ids) {
            let Some(id) = id else { continue };
            self.texts.entry(place.to_path_buf()).or_default().insert(id, text);
        }
    }

    /// Returns the text of the file at `place` in its project where it has the content `id`.
    pub(super) fn text(&self, place: &Path, id: Oid) -> Option<TextId> {
        self.texts.get(place)?.get(&id).copied()
    }
}

/// Returns the id under which git keeps a file with this content, as long as it converts no line ends.
pub fn blob_id(content: &[u8]) -> Option<Oid> {
    Oid::hash_object(ObjectType::Blob, content).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_has_the_id_that_git_gives_it() {
        // `git hash-object --stdin` of nothing, and of "hello\n".
        let id = |content: &[u8]| blob_id(content).expect("content has an id").to_string();
        assert_eq!(id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(id(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
