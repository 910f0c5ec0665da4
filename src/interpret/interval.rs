//! Sets of instants as half-open intervals: union, complement, intersection, length.
//!
//! Knows no calendar and no event. A set is a list of intervals that are not empty, in order, and do not touch.

use crate::value::Instant;

/// The instants from `start` up to, but not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Interval {
    /// Its first instant.
    pub(super) start: Instant,
    /// The first instant after it.
    pub(super) end: Instant,
}

impl Interval {
    /// Tells whether `at` lies in the interval.
    pub(super) fn contains(&self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Returns the part of the interval that lies in `frame`; it may be empty.
    pub(super) fn cut_to(&self, frame: Interval) -> Interval {
        Interval { start: self.start.max(frame.start), end: self.end.min(frame.end) }
    }

    /// Returns the length in microseconds; of an empty interval 0.
    pub(super) fn length(&self) -> i128 {
        (i128::from(self.end.micros()) - i128::from(self.start.micros())).max(0)
    }
}

/// Returns the set of what lies in any of `intervals`, which may overlap, touch and be empty.
pub(super) fn union(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.retain(|interval| interval.start < interval.end);
    intervals.sort_unstable();
    let mut set: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match set.last_mut() {
            Some(last) if interval.start <= last.end => last.end = last.end.max(interval.end),
            _ => set.push(interval),
        }
    }
    set
}

/// Returns what lies in `frame` and not in `set`.
pub(super) fn complement(set: &[Interval], frame: Interval) -> Vec<Interval> {
    let mut gaps = Vec::with_capacity(set.len() + 1);
    let mut start = frame.start;
    for interval in set {
        gaps.push(Interval { start, end: interval.start }.cut_to(frame));
        start = start.max(interval.end);
    }
    gaps.push(Interval { start, end: frame.end }.cut_to(frame));
    union(gaps)
}

/// Returns what lies in `frame` and in every one of `sets`.
pub(super) fn intersection(sets: &[Vec<Interval>], frame: Interval) -> Vec<Interval> {
    // What lies in all is what does not lie outside any.
    let outside = sets.iter().flat_map(|set| complement(set, frame)).collect();
    complement(&union(outside), frame)
}

/// Returns the length of a set in microseconds.
pub(super) fn length(set: &[Interval]) -> i128 {
    set.iter().map(Interval::length).sum()
}

#[cfg(test)]
#[path = "tests/interval.rs"]
mod tests;
