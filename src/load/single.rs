//! Reads one text that is no definition file: a decision record, a lock.

use std::path::Path;

use super::read::{self, Problem};

/// Returns the text of the file at `path`.
///
/// # Errors
/// Why it cannot be read, in words that continue "it cannot be read: ".
pub fn text(path: &Path) -> Result<String, String> {
    read::read(path).map_err(|problem| match problem {
        Problem::Unreadable(reason) => reason,
        Problem::TooLarge { .. } => format!("it is larger than {} MiB", read::MAX_FILE_BYTES >> 20),
        Problem::NotUtf8(_) => "it is not UTF-8 text".to_owned(),
    })
}
