//! What tells the content of a file: the id that git gives it, so that files of revisions are told without being read.

use serde::{Deserialize, Serialize};

use crate::history::{Oid, blob_id};

/// The id of what a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ContentId([u8; 20]);

impl ContentId {
    /// Returns the id of some bytes; `None` where they are made to look like others.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        Self::told(blob_id(bytes)?)
    }

    /// Takes the id that git tells; `None` in a repository whose ids are of another kind.
    pub(super) fn told(id: Oid) -> Option<Self> {
        id.as_bytes().try_into().ok().map(Self)
    }

    /// Tells whether some bytes have this id.
    pub(super) fn is_of(self, bytes: &[u8]) -> bool {
        Self::of(bytes).is_some_and(|id| id == self)
    }
}
