//! Findings as one JSON document.

use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::text::Texts;

/// The version of the document.
const FORMAT: &str = "etalon-check-1";

/// Writes the findings of all projects, each with the texts of its project.
pub fn json(projects: &[(&[Diagnostic], &Texts)], files: usize) -> String {
    let findings = projects.iter().flat_map(|(findings, texts)| findings.iter().map(|finding| one(finding, texts)));
    let document = json!({ "format": FORMAT, "files": files, "findings": findings.collect::<Vec<_>>() });
    format!("{document:#}")
}

/// Returns a finding as JSON: code, severity, message, places, remedy.
pub(super) fn one(finding: &Diagnostic, texts: &Texts) -> Json {
    let places: Vec<Json> = finding
        .labels
        .iter()
        .map(|label| {
            let position = texts.position(label.span);
            json!({
                "file": texts.get(label.span.text).name,
                "line": position.line,
                "column": position.column,
                "text": label.text,
                "primary": label.primary,
            })
        })
        .collect();
    json!({
        "code": finding.code.id,
        "severity": finding.severity.name(),
        "message": finding.message,
        "places": places,
        "help": finding.help,
    })
}
