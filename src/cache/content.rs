//! What tells the content of a file: the id that git gives it, so that files of revisions are told without being read.

use serde::{Deserialize, Serialize};

use crate::history::{Oid, blob_id};

/// The id of what a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ContentId(String);

impl ContentId {
    /// Returns the id of some bytes; `None` where they are made to look like others.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        blob_id(bytes).map(Self::from)
    }

    /// Tells whether some bytes have this id.
    pub(super) fn is_of(&self, bytes: &[u8]) -> bool {
        Self::of(bytes).is_some_and(|id| id == *self)
    }
}

impl From<Oid> for ContentId {
    fn from(id: Oid) -> Self {
        Self(id.to_string())
    }
}
