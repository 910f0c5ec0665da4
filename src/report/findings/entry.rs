//! One finding as every form has it: its places by line and column, its file, its fingerprint.

use std::collections::BTreeMap;

use super::{Found, Report};
use crate::diagnostic::{Diagnostic, Label};
use crate::plan::fingerprint::digest;
use crate::report::lines::{Lines, Region};
use crate::rules::{Accepted, Finding};

/// Hexadecimal digits of a fingerprint, as many as those of rules have.
const DIGITS: usize = 12;

/// One finding.
pub(in crate::report) struct Entry<'a> {
    /// The fact and its remedy.
    pub(in crate::report) diagnostic: &'a Diagnostic,
    /// The finding of a rule; `None` for a mistake in a definition.
    pub(in crate::report) finding: Option<&'a Finding>,
    /// Its places; the first is what it is about.
    pub(in crate::report) places: Vec<Place<'a>>,
    /// Tells the finding from all others, also after lines have moved.
    pub(in crate::report) fingerprint: String,
    /// How many findings with the same fingerprint came before it.
    pub(in crate::report) repetition: usize,
}

/// One place of a finding.
pub(in crate::report) struct Place<'a> {
    /// The label that marks it.
    pub(in crate::report) label: &'a Label,
    /// The file, from where the command was started.
    pub(in crate::report) file: &'a str,
    /// The revision that the file belongs to; `None` for one on the disk.
    pub(in crate::report) revision: Option<&'a str>,
    /// Where in the file.
    pub(in crate::report) region: Region,
}

impl Entry<'_> {
    /// Returns the place it is about.
    pub(in crate::report) fn place(&self) -> &Place<'_> {
        &self.places[0]
    }

    /// Returns who has accepted it.
    pub(in crate::report) fn accepted(&self) -> Option<&Accepted> {
        self.finding.and_then(|finding| finding.accepted.as_ref())
    }

    /// Returns the metric it is about.
    pub(in crate::report) fn metric(&self) -> Option<&str> {
        self.finding.and_then(|finding| finding.metric.as_deref())
    }

    /// Returns what is said of it, the metric first; of a mistake also the remark at its place, which holds half of the fact.
    pub(in crate::report) fn headline(&self) -> String {
        let message = &self.diagnostic.message;
        let remark = &self.place().label.text;
        match self.metric() {
            Some(metric) => format!("{metric}: {message}"),
            None if self.finding.is_none() && !remark.is_empty() => format!("{message}: {remark}"),
            None => message.clone(),
        }
    }

    /// Returns a fingerprint that no other entry of the report has.
    pub(in crate::report) fn identity(&self) -> String {
        match self.repetition {
            0 => self.fingerprint.clone(),
            times => format!("{}-{}", self.fingerprint, times + 1),
        }
    }
}

/// Returns the findings of a report, one by one.
pub(super) fn entries<'a>(report: &'a Report<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for found in &report.found {
        let mut lines = Lines::of(found.texts);
        let mut add = |diagnostic: &'a Diagnostic, finding: Option<&'a Finding>| {
            let places: Vec<Place<'a>> =
                diagnostic.labels.iter().map(|label| place(report, found, &mut lines, label)).collect();
            let own = || of_mistake(diagnostic, places[0].file);
            let fingerprint = finding.map_or_else(own, |finding| finding.fingerprint.clone());
            entries.push(Entry { diagnostic, finding, places, fingerprint, repetition: 0 });
        };
        found.diagnostics.iter().for_each(|diagnostic| add(diagnostic, None));
        found.findings.iter().for_each(|finding| add(&finding.diagnostic, Some(finding)));
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for entry in &mut entries {
        let times = seen.entry(entry.fingerprint.clone()).or_default();
        entry.repetition = *times;
        *times += 1;
    }
    entries
}

/// A mistake is told by what is said of it and where it is said; its line is left out, for lines move.
fn of_mistake(diagnostic: &Diagnostic, file: &str) -> String {
    let mut digest = digest(format!("{}|{file}|{}", diagnostic.code.id, diagnostic.message).as_bytes());
    digest.truncate(DIGITS);
    digest
}

fn place<'a>(report: &Report<'a>, found: &Found<'a>, lines: &mut Lines<'a>, label: &'a Label) -> Place<'a> {
    let name = found.texts.get(label.span.text).name.as_str();
    let of = |revision: &&'a str| Some((*revision, name.strip_prefix(*revision)?.strip_prefix(':')?));
    let (revision, file) =
        report.revisions.iter().find_map(of).map_or((None, name), |(revision, file)| (Some(revision), file));
    Place { label, file, revision, region: lines.region(label.span) }
}
