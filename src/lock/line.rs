//! One line of the lock: a version, its state, and what it is held to.

use super::{Entry, Problem};
use crate::catalog::Fingerprints;
use crate::definition::Status;
use crate::value::{Date, Version};

/// What stands in the place of a day that has not been set.
const OPEN: &str = "open";

/// What git leaves in a file whose merge is not finished.
const CONFLICTS: [&str; 4] = ["<<<<<<<", "|||||||", "=======", ">>>>>>>"];

/// Writes an entry without its seal.
pub(super) fn unsealed(entry: &Entry) -> String {
    let Entry { id, version, state, on, from, to, fingerprints, algorithm, .. } = entry;
    let Fingerprints { data, reading, parents } = fingerprints;
    let to = to.map_or(OPEN.to_owned(), |day| day.to_string());
    format!(
        "{id}@{version} {} {on} from={from} to={to} data={data} reading={reading} parents={parents} by={algorithm}",
        state.name()
    )
}

/// Tells that a line is what an unfinished merge has left.
pub(super) fn conflict(line: &str, number: usize) -> Option<Problem> {
    let mark = CONFLICTS.iter().find(|mark| line.starts_with(**mark))?;
    Some(Problem {
        line: number,
        message: format!("the conflict marker `{mark}` is left of an unfinished merge"),
        help: "keep the lines of both sides and remove the markers; of two lines for one version keep the one that was released \
               first"
            .to_owned(),
    })
}

/// Reads a line.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn read(line: &str, number: usize) -> Result<Entry, Vec<Problem>> {
    if let Some(problem) = conflict(line, number) {
        return Err(vec![problem]);
    }
    let mut words = Words { line, number, problems: Vec::new() };
    let entry = words.entry();
    match entry {
        Some(entry) if words.problems.is_empty() => Ok(entry),
        _ => Err(words.problems),
    }
}

struct Words<'a> {
    line: &'a str,
    number: usize,
    problems: Vec<Problem>,
}

impl<'a> Words<'a> {
    fn entry(&mut self) -> Option<Entry> {
        const KEYS: [&str; 7] = ["from", "to", "data", "reading", "parents", "by", "seal"];
        let words: Vec<&str> = self.line.split(' ').collect();
        let [name, state, on, pairs @ ..] = words.as_slice() else {
            self.complain("the line ends too early");
            return None;
        };
        let pairs: Vec<(&str, &str)> = pairs.iter().filter_map(|word| self.pair(word)).collect();
        if pairs.iter().map(|(key, _)| *key).ne(KEYS) {
            self.complain(&format!("after the day stand {}, in this order", KEYS.join(", ")));
            return None;
        }
        let [from, to, data, reading, parents, by, seal] = std::array::from_fn(|place| pairs[place].1);
        let (id, version) = self.name(name)?;
        let state = self.state(state);
        let (on, from) = (self.day(on), self.day(from));
        let to = if to == OPEN { Some(None) } else { self.day(to).map(Some) };
        let [data, reading, parents] = [data, reading, parents].map(|text| self.digits(text, 16));
        let (data, reading, parents) = (data?, reading?, parents?);
        Some(Entry {
            id: id.to_owned(),
            version,
            state: state?,
            on: on?,
            from: from?,
            to: to?,
            fingerprints: Fingerprints { data, reading, parents },
            algorithm: by.to_owned(),
            seal: self.digits(seal, 8)?,
            line: self.number,
        })
    }

    fn pair(&mut self, word: &'a str) -> Option<(&'a str, &'a str)> {
        let pair = word.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty());
        if pair.is_none() {
            self.complain(&format!("`{word}` is no `key=value`"));
        }
        pair
    }

    fn name(&mut self, word: &'a str) -> Option<(&'a str, Version)> {
        let is_name = |id: &&str| {
            id.starts_with(|c: char| c.is_ascii_lowercase())
                && id.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_')
        };
        let parts = word.split_once('@').filter(|(id, _)| is_name(id));
        let found = parts.and_then(|(id, version)| Some((id, Version::parse(version)?)));
        if found.is_none() {
            self.complain(&format!("`{word}` is no version of a metric"));
        }
        found
    }

    fn state(&mut self, word: &str) -> Option<Status> {
        let state = Status::parse(word).filter(|state| *state >= Status::Released);
        if state.is_none() {
            self.complain(&format!("`{word}` is none of released, deprecated, retired"));
        }
        state
    }

    fn day(&mut self, word: &str) -> Option<Date> {
        let day = Date::parse(word);
        if day.is_none() {
            self.complain(&format!("there is no day `{word}`"));
        }
        day
    }

    fn digits(&mut self, word: &str, count: usize) -> Option<String> {
        let is_hex = word.len() == count && word.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
        if !is_hex {
            self.complain(&format!("`{word}` is not {count} hexadecimal digits"));
        }
        is_hex.then(|| word.to_owned())
    }

    fn complain(&mut self, message: &str) {
        let help = "restore the line from version control; commands write it, no hand does".to_owned();
        self.problems.push(Problem { line: self.number, message: message.to_owned(), help });
    }
}
