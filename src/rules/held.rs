//! What released versions are held to, and in what a project is not as that says.
//!
//! What the old side has locked counts before what the new side brings: a lock that is edited together with a definition
//! would agree with it. Judges nothing.

use super::subject::Subject;
use crate::catalog::Fingerprints;
use crate::lock::{self, Deviation, Entry, Lock};

/// Returns everything in which the new side is not as it was released.
pub(super) fn deviations(subject: &Subject<'_>) -> Vec<Deviation> {
    lock::compare(&held(subject), subject.new.catalog)
}

/// Returns the lock of the new side, with what the old side has locked in it.
fn held(subject: &Subject<'_>) -> Lock {
    let mut held = subject.new.lock.cloned().unwrap_or_default();
    let before = subject.old.and_then(|old| old.lock);
    for locked in before.into_iter().flat_map(Lock::entries) {
        match held.entry(&locked.id, locked.version) {
            None => held.set(locked.clone()),
            Some(now) if now.algorithm != locked.algorithm || is_same(locked, now) => {}
            Some(now) => {
                // What a version is made of may be locked anew when that is released.
                let parents = now.fingerprints.parents.clone();
                let fingerprints = Fingerprints { parents, ..locked.fingerprints.clone() };
                let entry = Entry { fingerprints, ..now.clone() };
                held.set(entry.sealed());
            }
        }
    }
    held
}

/// Tells whether two lines hold a version to the same meaning.
pub(super) fn is_same(one: &Entry, other: &Entry) -> bool {
    let (one, other) = (&one.fingerprints, &other.fingerprints);
    (&one.data, &one.reading) == (&other.data, &other.reading)
}
