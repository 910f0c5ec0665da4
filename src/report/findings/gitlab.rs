//! Findings as a report of code quality on GitLab.

use serde::Serialize;

use super::{Entry, Report};
use crate::diagnostic::Severity;
use crate::report::words::pretty;
use crate::rules::Class;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Writes the findings. What was accepted is left out: the format has no word for it.
pub fn gitlab(report: &Report<'_>) -> String {
    let entries = report.entries();
    let open = entries.iter().filter(|entry| entry.accepted().is_none());
    pretty(&open.map(issue).collect::<Vec<_>>())
}

fn issue<'a>(entry: &'a Entry<'_>) -> Issue<'a> {
    let place = entry.place();
    Issue {
        description: entry.headline(),
        check_name: entry.diagnostic.code.id,
        fingerprint: entry.identity(),
        severity: severity(entry),
        location: Location { path: place.file, lines: Lines { begin: place.region.line } },
    }
}

/// Nothing is worse than a number that changes for everyone who reads it.
fn severity(entry: &Entry<'_>) -> &'static str {
    let is_breaking = entry.finding.is_some_and(|finding| finding.rule.class == Class::Breaking);
    match entry.diagnostic.severity {
        Severity::Error if is_breaking => "blocker",
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Note => "info",
    }
}
