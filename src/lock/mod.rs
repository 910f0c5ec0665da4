//! `etalon.lock`: every version that was ever released, with the fingerprints of what it means, one a line.
//!
//! Written by commands only; what a line says is sealed. Judges nothing: see [`compare`] for what differs from a project.

mod compare;
mod line;
#[cfg(test)]
mod tests;

pub use compare::{Deviation, Force, Part, What, compare};

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::catalog::Fingerprints;
use crate::definition::Status;
use crate::diagnostic::{Diagnostic, codes};
use crate::load;
use crate::plan::fingerprint::digest;
use crate::text::{Span, TextId, Texts};
use crate::value::{Date, Version};

/// The file's name, beside `etalon.yaml`.
pub const FILE: &str = "etalon.lock";

/// The line that begins the file after its comments; the number changes when older readers would misread it.
const HEAD: &str = "lock 1";

const COMMENT: &str = "\
# What every released version means. `etalon release`, `deprecate` and `retire` write this file; no hand does.
# One version a line. The line `etalon.lock merge=union` in .gitattributes lets releases side by side merge.
";

/// All locked versions of a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    entries: BTreeMap<(String, Version), Entry>,
}

/// One locked version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The metric.
    pub id: String,
    /// Its version.
    pub version: Version,
    /// Where it stands: released, deprecated or retired. A retired version stays for ever, also without a file.
    pub state: Status,
    /// Since when.
    pub on: Date,
    /// First day in force.
    pub from: Date,
    /// Day it ceases to be in force.
    pub to: Option<Date>,
    /// What it means.
    pub fingerprints: Fingerprints,
    /// The way the fingerprints were computed.
    pub algorithm: String,
    /// Digest of all of this, as it stands in the file.
    pub seal: String,
    /// Where it stands in the file, from 1; 0 where it was not read from one.
    pub line: usize,
}

/// Something in the file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What mends it.
    pub help: String,
}

/// Why there is no lock to work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The file cannot be read, for this reason.
    Unreadable(String),
    /// These lines cannot.
    Broken(Vec<Problem>),
}

impl Problem {
    /// Returns the problem as a diagnostic about the text of the lock.
    pub fn diagnostic(&self, texts: &Texts, id: TextId) -> Diagnostic {
        let content = &texts.get(id).content;
        let before: usize = content.split_inclusive('\n').take(self.line - 1).map(str::len).sum();
        let length = content[before..].lines().next().unwrap_or_default().len();
        let span = Span::new(id, before, before + length);
        Diagnostic::error(codes::BROKEN_LOCK, span, self.message.clone()).help(self.help.clone())
    }
}

impl Entry {
    /// Returns the entry with its seal made anew.
    pub fn sealed(self) -> Self {
        let seal = self.expected_seal();
        Self { seal, line: 0, ..self }
    }

    /// Tells whether the line says what the tool has written.
    pub fn is_sealed(&self) -> bool {
        self.seal == self.expected_seal()
    }

    /// Tells whether another line says the same, wherever it stands.
    fn says_what(&self, other: &Self) -> bool {
        let line = self.line;
        *self == Self { line, ..other.clone() }
    }

    fn expected_seal(&self) -> String {
        digest(line::unsealed(self).as_bytes()).chars().take(8).collect()
    }
}

impl Lock {
    /// Reads the text of a lock; every line that cannot be read is told.
    ///
    /// # Errors
    /// The lines that cannot be read.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut lock, mut problems) = (Lock::default(), Vec::new());
        let lines = text.lines().map(str::trim_end).zip(1..);
        let mut lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')).peekable();
        match lines.peek() {
            None => return Ok(lock),
            Some((head, _)) if *head == HEAD => drop(lines.next()),
            Some((line, number)) => {
                problems.extend(line::conflict(line, *number).or_else(|| Some(foreign(line, *number))))
            }
        }
        for (line, number) in lines {
            match line::read(line, number) {
                Ok(entry) => lock.enter(entry, &mut problems),
                Err(found) => problems.extend(found),
            }
        }
        problems.dedup();
        if problems.is_empty() { Ok(lock) } else { Err(problems) }
    }

    /// Reads a lock from the bytes of a file.
    ///
    /// # Errors
    /// When they are no text, and as [`Lock::parse`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Unreadable("it is not UTF-8 text".to_owned()))?;
        Self::parse(text).map_err(Refusal::Broken)
    }

    /// Reads the lock in the folder of a project, with its text; where there is none, nothing is locked.
    ///
    /// # Errors
    /// When the file cannot be read, and as [`Lock::parse`].
    pub fn beside(root: &Path) -> Result<(Self, Option<String>), Refusal> {
        let Some(path) = load::file_inside(root, FILE).map_err(Refusal::Unreadable)? else {
            return Ok((Self::default(), None));
        };
        let text = load::text(&path).map_err(Refusal::Unreadable)?;
        let lock = Self::parse(&text).map_err(Refusal::Broken)?;
        Ok((lock, Some(text)))
    }

    /// Writes the lock: the same bytes for the same versions. A seal that is broken stays so.
    pub fn write(&self) -> String {
        let lines = self.entries.values().map(|entry| format!("{} seal={}\n", line::unsealed(entry), entry.seal));
        format!("{COMMENT}{HEAD}\n{}", lines.collect::<String>())
    }

    /// Returns the entry of a version.
    pub fn entry(&self, id: &str, version: Version) -> Option<&Entry> {
        self.entries.get(&(id.to_owned(), version))
    }

    /// Forgets the entries of metrics that are not wanted.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        self.entries.retain(|(id, _), _| wanted(id));
    }

    /// Returns the metrics of which not the same is locked in another lock.
    pub fn differing<'a>(&'a self, other: &'a Self) -> BTreeSet<&'a str> {
        let is_in = |entry: &Entry, lock: &Self| {
            lock.entry(&entry.id, entry.version).is_some_and(|known| known.says_what(entry))
        };
        let (own, others) = (self.entries.values(), other.entries.values());
        let own = own.filter(|entry| !is_in(entry, other));
        own.chain(others.filter(|entry| !is_in(entry, self))).map(|entry| entry.id.as_str()).collect()
    }

    /// Returns the entries by name and version.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Returns the entries of a metric by version.
    pub fn of<'a>(&'a self, id: &'a str) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.entries.values().filter(move |entry| entry.id == id)
    }

    /// Enters a version in the place of what was locked of it.
    pub fn set(&mut self, entry: Entry) {
        self.entries.insert((entry.id.clone(), entry.version), entry);
    }

    fn enter(&mut self, entry: Entry, problems: &mut Vec<Problem>) {
        let name = format!("{}@{}", entry.id, entry.version);
        match self.entry(&entry.id, entry.version) {
            None => self.set(entry),
            // Two branches may have written the same line.
            Some(first) if Entry { line: entry.line, ..first.clone() } == entry => {}
            Some(first) => problems.push(Problem {
                line: entry.line,
                message: format!("`{name}` is locked twice, first in line {}", first.line),
                help: "keep the line that was released first; a later meaning needs a version of its own".to_owned(),
            }),
        }
    }
}

fn foreign(line: &str, number: usize) -> Problem {
    let help = "restore the file from version control, or update etalon where a later one has written it";
    Problem {
        line: number,
        message: format!("the lock begins with `{line}`, not with `{HEAD}`"),
        help: help.to_owned(),
    }
}
