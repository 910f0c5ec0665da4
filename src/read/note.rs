//! What a reading had to do to the data, counted per column.
//!
//! Nothing here is an error: every event follows a declared policy. Knows no file.

use std::fmt;

/// Something that happened to single values, by a declared policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A value beyond `at_least` or `at_most` was set to the bound.
    Clamped,
    /// A text that is no value was read as null.
    Nulled,
    /// A wall time skipped by the clock was resolved.
    Gap,
    /// A wall time that occurs twice was resolved.
    Fold,
    /// A time before its predecessor was moved to the next calendar day.
    NextDay,
    /// Digits below a microsecond were cut off.
    Truncated,
}

impl Event {
    /// All events, in the order notes come in.
    pub const EVERY: [Event; 6] =
        [Event::Clamped, Event::Nulled, Event::Gap, Event::Fold, Event::NextDay, Event::Truncated];

    /// Returns the event's name for machines.
    pub fn name(self) -> &'static str {
        match self {
            Event::Clamped => "clamped",
            Event::Nulled => "nulled",
            Event::Gap => "gap",
            Event::Fold => "fold",
            Event::NextDay => "next_day",
            Event::Truncated => "truncated",
        }
    }
}

impl fmt::Display for Event {
    /// Writes what was done, as `set to the bound`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Event::Clamped => "set to the bound",
            Event::Nulled => "invalid, read as null",
            Event::Gap => "skipped wall time resolved",
            Event::Fold => "repeated wall time resolved",
            Event::NextDay => "moved past midnight",
            Event::Truncated => "cut to the microsecond",
        })
    }
}

/// How often an event happened in a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Column name.
    pub column: String,
    /// What happened.
    pub event: Event,
    /// In how many rows; at least 1.
    pub count: u64,
}

/// Events counted for one column.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts([u64; Event::EVERY.len()]);

impl Counts {
    pub(super) fn add(&mut self, event: Event) {
        self.0[event as usize] += 1;
    }

    /// Returns the notes of the column `name`, without events that never happened.
    pub(super) fn notes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Note> + 'a {
        let counted = Event::EVERY.into_iter().zip(self.0);
        counted.filter(|(_, count)| *count > 0).map(|(event, count)| Note { column: name.to_owned(), event, count })
    }
}
