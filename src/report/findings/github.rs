//! Findings as annotations of a step on GitHub, through the commands that its runner reads from the output.

use super::{Entry, Report};
use crate::diagnostic::Severity;
use crate::report::neutral;
use crate::report::words::counted;

/// Most annotations of one kind that a step may have; further ones are dropped without a word.
const MOST: usize = 10;

/// Writes the worst findings, as many as are shown, and last how many there are besides. What was accepted is left out.
pub fn github(report: &Report<'_>) -> String {
    let entries: Vec<Entry<'_>> = report.worst_first().into_iter().filter(|entry| entry.accepted().is_none()).collect();
    let of = |severity: Severity| entries.iter().filter(move |entry| entry.diagnostic.severity == severity);
    let is_cut = [Severity::Error, Severity::Warning, Severity::Note].into_iter().any(|it| of(it).count() > MOST);
    let mut text = String::new();
    let mut shown = 0;
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        // The last line is a notice itself.
        let room = if is_cut && severity == Severity::Note { MOST - 1 } else { MOST };
        for entry in of(severity).take(room) {
            text.push_str(&annotation(entry));
            shown += 1;
        }
    }
    if is_cut {
        let more = counted(entries.len() - shown, "more finding");
        text.push_str(&format!("::notice title=etalon::{more} in the report; a step shows {MOST} of a kind\n"));
    }
    text
}

fn annotation(entry: &Entry<'_>) -> String {
    let command = match entry.diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (place, diagnostic) = (entry.place(), entry.diagnostic);
    let region = place.region;
    let mut properties =
        vec![format!("file={}", property(&neutral::line(place.file))), format!("line={}", region.line)];
    // Columns are refused where a finding has several lines.
    if region.line == region.end_line {
        properties.push(format!("col={}", region.column));
        properties.push(format!("endColumn={}", region.end_column));
    } else {
        properties.push(format!("endLine={}", region.end_line));
    }
    properties.push(format!("title={}", property(diagnostic.code.id)));
    let help = diagnostic.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    let message = neutral::lines(&(entry.headline() + &help));
    format!("::{command} {}::{}\n", properties.join(","), data(&message))
}

/// Writes a text that ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Writes a text among others.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
