//! Findings as Markdown, for the summary of a build: how many, then the worst in a table.

use super::{Entry, Report};
use crate::report::markup::{cell, code, prose};
use crate::report::words::{counted, severities};

/// Most findings that are shown; the rest is counted.
const MOST: usize = 25;

/// Writes the findings.
pub fn markdown(report: &Report<'_>) -> String {
    let entries = report.worst_first();
    let (accepted, open): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| entry.accepted().is_some());
    let found =
        severities(open.iter().map(|entry| entry.diagnostic.severity)).unwrap_or_else(|| "no errors".to_owned());
    let accepted = if accepted.is_empty() { String::new() } else { format!(", {} accepted", accepted.len()) };
    let mut text = format!("<!-- etalon-{} -->\n", report.command);
    text.push_str(&format!("### etalon {}: {found}{accepted} in {}\n", report.command, counted(report.files, "file")));
    if !open.is_empty() {
        text.push_str("\n| | rule | place | |\n|:--|:--|:--|:--|\n");
        open.iter().take(MOST).for_each(|entry| text.push_str(&row(entry)));
    }
    if open.len() > MOST {
        text.push_str(&format!("\nand {}\n", counted(open.len() - MOST, "more finding")));
    }
    text
}

fn row(entry: &Entry<'_>) -> String {
    let (place, diagnostic) = (entry.place(), entry.diagnostic);
    let metric = entry.metric().map(|metric| format!("{}: ", code(metric))).unwrap_or_default();
    let said = metric + &prose(&diagnostic.message);
    let at = code(&format!("{}:{}", place.file, place.region.line));
    format!("| {} | {} | {} | {} |\n", diagnostic.severity.name(), code(diagnostic.code.id), cell(&at), cell(&said))
}
