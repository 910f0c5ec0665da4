//! Work on many like things, shared between the cores of the machine.
//!
//! What comes of each thing is returned in the order of the things, so that no number of cores and no chance can be seen
//! in it. Knows nothing of the work.

use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Things that one core takes at a time: enough that taking them costs nothing, few enough that no core is left alone.
const TAKEN: usize = 32;
/// As deep as the stack of the main thread, since the same work is done on both.
const STACK_BYTES: usize = 8 << 20;

/// Asked once: the system reads files to tell.
static COUNT: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

/// Returns how many cores there are to work on.
pub fn count() -> usize {
    *COUNT
}

/// Does the work on each thing; returns what came of it in the order of the things.
///
/// # Panics
/// When the work does.
pub fn map<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_by(TAKEN, things, work)
}

/// Does the work on few things that take long, as [`map`] does.
///
/// # Panics
/// When the work does.
pub fn map_each<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    map_by(1, things, work)
}

/// Does the work on two things at once, as [`map_each`] does.
///
/// # Panics
/// When the work does.
pub fn both<T: Sync, R: Send>(two: [&T; 2], work: impl Fn(&T) -> R + Sync) -> [R; 2] {
    let done = map_by(1, &two, |thing| work(thing));
    done.try_into().unwrap_or_else(|_| unreachable!("something comes of each"))
}

fn map_by<T: Sync, R: Send>(taken: usize, things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = count().min(things.len().div_ceil(taken));
    if cores < 2 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let one_core = || {
        let mut done: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let first = next.fetch_add(taken, Ordering::Relaxed);
            let Some(mine) = things.get(first..things.len().min(first + taken)).filter(|mine| !mine.is_empty()) else {
                return done;
            };
            done.push((first, mine.iter().map(&work).collect()));
        }
    };
    let mut done = thread::scope(|scope| {
        let start = || thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, one_core);
        // Where the system gives no thread, this one does the work alone.
        let others: Vec<_> = (1..cores).map_while(|_| start().ok()).collect();
        let mut done = one_core();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(first, _)| *first);
    let mut all = Vec::with_capacity(things.len());
    done.into_iter().for_each(|(_, done)| all.extend(done));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_of_things_is_in_their_order() {
        for count in [0, 1, TAKEN, 10 * TAKEN + 1] {
            let things: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = things.iter().map(|thing| 2 * thing).collect();
            assert_eq!(map(&things, |thing| 2 * thing), doubled);
            assert_eq!(map_each(&things, |thing| 2 * thing), doubled);
        }
    }

    #[test]
    fn two_things_are_done_at_once() {
        // Each waits for the other where there are cores for both: one after the other they would never end.
        let meeting = std::sync::Barrier::new(count().min(2));
        let meet = |name: &&'static str| {
            meeting.wait();
            *name
        };
        assert_eq!(both([&"one", &"other"], meet), ["one", "other"]);
    }

    #[test]
    #[should_panic(expected = "at 77")]
    fn a_panic_of_the_work_is_a_panic_of_the_whole() {
        let things: Vec<usize> = (0..10 * TAKEN).collect();
        map(&things, |thing| assert_ne!(*thing, 77, "at 77"));
    }
}
