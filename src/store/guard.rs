//! Who may read or write a folder: many at once, or one alone.
//!
//! Knows folders, not what is in them.

use std::fs::File;
use std::path::Path;

/// A claim to a folder, given up when it is dropped, and when the process ends in whatever way.
///
/// Only other processes that claim it notice. Where the system cannot lock a folder, nobody is kept waiting.
#[derive(Debug)]
pub struct Guard {
    /// Closing it unlocks.
    _folder: Option<File>,
}

impl Guard {
    /// Waits until nobody writes.
    pub fn reading(folder: &Path) -> Self {
        Self::claim(folder, File::lock_shared)
    }

    /// Waits until nobody reads or writes.
    pub fn writing(folder: &Path) -> Self {
        Self::claim(folder, File::lock)
    }

    fn claim(folder: &Path, lock: fn(&File) -> std::io::Result<()>) -> Self {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let opened = File::open(folder).ok();
        Self { _folder: opened.filter(|opened| lock(opened).is_ok()) }
    }
}
