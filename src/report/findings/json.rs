//! Findings as one JSON document, in a wire format of its own: changing a shape is a new version.

use serde::Serialize;
use serde_json::Value as Json;

use super::{Entry, Found, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::words::pretty;
use crate::text::Texts;

/// The version of the document.
const FORMAT: &str = "etalon-check-1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    files: usize,
    findings: Vec<WrittenFinding<'a>>,
}

/// A finding as every JSON document writes it.
#[derive(Serialize)]
pub(in crate::report) struct WrittenFinding<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    places: Vec<WrittenPlace<'a>>,
    help: Option<&'a str>,
    metric: Option<&'a str>,
    class: Option<&'static str>,
    edit: Option<WrittenEdit<'a>>,
    fingerprint: &'a str,
    accepted: Option<WrittenAcceptance<'a>>,
}

#[derive(Serialize)]
struct WrittenPlace<'a> {
    file: &'a str,
    revision: Option<&'a str>,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    text: &'a str,
    primary: bool,
}

/// The edit behind a finding.
#[derive(Serialize)]
struct WrittenEdit<'a> {
    path: String,
    kind: &'static str,
    direction: &'static str,
    evidence: &'static str,
    readings: &'a [String],
    through: Option<&'a str>,
}

#[derive(Serialize)]
struct WrittenAcceptance<'a> {
    by: &'a str,
    reason: &'a str,
}

/// Writes the findings.
pub fn json(report: &Report<'_>) -> String {
    let entries = report.entries();
    let findings = entries.iter().map(WrittenFinding::of).collect();
    pretty(&Document { format: FORMAT, files: report.files, findings })
}

/// Returns mistakes as other documents hold them.
pub(in crate::report) fn mistakes(diagnostics: &[Diagnostic], texts: &Texts) -> Vec<Json> {
    let found = vec![Found { texts, diagnostics, findings: &[] }];
    let (revisions, looked_at) = (Vec::new(), Vec::new());
    let report = Report { command: "", found, files: 0, revisions, looked_at, fail_on: Severity::Error };
    let entries = report.entries();
    entries.iter().map(|entry| serde_json::to_value(WrittenFinding::of(entry)).expect("texts and numbers")).collect()
}

impl<'a> WrittenFinding<'a> {
    pub(in crate::report) fn of(entry: &'a Entry<'_>) -> Self {
        let diagnostic = entry.diagnostic;
        let accepted = entry.accepted();
        Self {
            code: diagnostic.code.id,
            severity: diagnostic.severity.name(),
            message: &diagnostic.message,
            places: entry.places.iter().map(WrittenPlace::of).collect(),
            help: diagnostic.help.as_deref(),
            metric: entry.metric(),
            class: entry.finding.map(|finding| finding.rule.class.name()),
            edit: entry.finding.and_then(|finding| finding.edit.as_ref()).map(WrittenEdit::of),
            fingerprint: &entry.fingerprint,
            accepted: accepted.map(|accepted| WrittenAcceptance { by: &accepted.by, reason: &accepted.reason }),
        }
    }
}

impl<'a> WrittenPlace<'a> {
    fn of(place: &'a super::Place<'_>) -> Self {
        Self {
            file: place.file,
            revision: place.revision,
            line: place.region.line,
            column: place.region.column,
            end_line: place.region.end_line,
            end_column: place.region.end_column,
            text: &place.label.text,
            primary: place.label.primary,
        }
    }
}

impl<'a> WrittenEdit<'a> {
    fn of(edit: &'a crate::rules::EditOf) -> Self {
        Self {
            path: edit.path.to_string(),
            kind: edit.kind.name(),
            direction: edit.direction.name(),
            evidence: edit.evidence.name(),
            readings: &edit.readings,
            through: edit.through.as_deref(),
        }
    }
}
