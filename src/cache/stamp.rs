//! What the system says of a file without reading it.

use std::fs::Metadata;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::cores;
use crate::load::Names;

/// How long before a look a file must have been written for its times to tell it from a later one: file systems count in
/// steps of up to two seconds.
const TICK: u64 = 2_000;

/// Size, times and number of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    /// When it was last written, in milliseconds.
    written: u64,
    /// What else the system counts: the nanoseconds, when it was last touched in any way, which file it is.
    rest: [i64; 4],
}

/// Returns the stamp of each file; `None` where something there is no regular file.
pub(super) fn of_all(names: &Names) -> Option<Vec<Stamp>> {
    cores::map(&names.files, |(_, path)| Stamp::of(path)).into_iter().collect()
}

impl Stamp {
    /// Returns the stamp of the file at a path, links followed; `None` where there is no regular file.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok().filter(Metadata::is_file)?;
        let written = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { size: metadata.len(), written: u64::try_from(written.as_millis()).ok()?, rest: rest(&metadata) })
    }

    /// Tells whether the file was last written before a time.
    pub(super) fn is_before(&self, time: u64) -> bool {
        self.written < time
    }

    /// Tells whether a file with this stamp holds what it held when it had that stamp, at the time `looked`.
    pub(super) fn is_as(&self, before: &Self, looked: u64) -> bool {
        self == before && before.written.saturating_add(TICK) < looked
    }
}

#[cfg(unix)]
fn rest(metadata: &Metadata) -> [i64; 4] {
    use std::os::unix::fs::MetadataExt;
    [metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec(), metadata.ino().cast_signed()]
}

#[cfg(not(unix))]
fn rest(_metadata: &Metadata) -> [i64; 4] {
    [0; 4]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_written_within_the_tick_of_a_look_is_not_told_by_its_times() {
        let stamp = Stamp { size: 1, written: 10_000, rest: [0; 4] };
        assert!(stamp.is_as(&stamp, 12_001));
        assert!(!stamp.is_as(&stamp, 12_000));
        assert!(!stamp.is_as(&Stamp { size: 2, ..stamp }, 99_000));
        assert!(!stamp.is_as(&Stamp { rest: [0, 0, 1, 0], ..stamp }, 99_000));
    }
}
