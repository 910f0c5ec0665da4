//! Every expected cell and ledger line of every case, changed one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::thread;

use etalon::compare::Difference;
use etalon::load::Loaded;
use etalon::pipes::pipe_table;
use etalon::plan::result::STATES;
use etalon::report::diagnostic::Style;
use etalon::report::verify::{Part, human};
use etalon::text::TextId;
use etalon::value::{Date, Duration, Instant};
use etalon::verify::{Mismatch, Verdict, Verification};

use super::{PLAN_LANGUAGE, SHIPPED, add, judged, kind, load, value_of, with_value};

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// One changed cell or ledger line.
struct Change {
    /// The column; for a line of the ledger `ledger` and its name.
    column: String,
    /// The bytes of the case's text that are replaced.
    range: Range<usize>,
    /// What they become.
    becomes: String,
    /// What is changed, for messages.
    shown: String,
}

/// Returns the text below `key`, which opens a block, with its place.
fn block<'a>(text: &'a str, key: &str) -> Option<(usize, &'a str)> {
    let head = format!("\n{key}:");
    let start = text.find(&head)? + head.len();
    let start = start + text[start..].find('\n')? + 1;
    let mut end = start;
    for line in text[start..].split_inclusive('\n') {
        if !line.starts_with(' ') && !line.trim().is_empty() {
            break;
        }
        end += line.len();
    }
    Some((start, &text[start..end]))
}

/// Returns every change of one case.
fn changes(text: &str) -> Vec<Change> {
    let (start, written) = block(text, "expect").expect("every case expects something");
    let table = pipe_table(written);
    let mut changes = Vec::new();
    for (row, cells) in table.rows.iter().enumerate() {
        for (head, cell) in table.header.iter().zip(cells) {
            let becomes = other(head.text, cell.text);
            changes.push(Change {
                column: head.text.to_owned(),
                range: start + cell.range.start..start + cell.range.end,
                shown: format!("row {}, {}: {} -> {becomes}", row + 1, head.text, cell.text),
                becomes: format!(" {becomes} "),
            });
        }
    }
    changes.extend(ledger_changes(text));
    changes
}

fn ledger_changes(text: &str) -> Vec<Change> {
    let Some(at) = text.find("\nledger:") else { return Vec::new() };
    let start = at + "\nledger:".len();
    let written = &text[start..];
    let mut changes = Vec::new();
    for (colon, _) in written.match_indices(": ") {
        let digits = written[colon + 2..].chars().take_while(char::is_ascii_digit).count();
        let rows: u64 = written[colon + 2..colon + 2 + digits].parse().expect("a number of rows");
        let name = written[..colon].rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        changes.push(Change {
            column: format!("ledger {name}"),
            range: start + colon + 2..start + colon + 2 + digits,
            becomes: (rows + 1).to_string(),
            shown: format!("ledger {name}: {rows} -> {}", rows + 1),
        });
    }
    changes
}

/// Returns another cell for `column`: a number one larger, an instant a day later, another state or text.
fn other(column: &str, cell: &str) -> String {
    if column == "variant" {
        return if matches!(cell, "" | "base" | "null") { "no_such_variant" } else { "base" }.to_owned();
    }
    if cell.is_empty() || cell == "null" {
        return if column.starts_with("period_") { "2000-01-01T00:00:00Z" } else { "1" }.to_owned();
    }
    if let Some(place) = STATES.iter().position(|state| *state == cell) {
        return STATES[(place + 1) % STATES.len()].to_owned();
    }
    if let Some(instant) = Instant::parse(cell) {
        return Instant::from_micros(instant.micros() + DAY).to_string();
    }
    if let Some((above, below)) = cell.split_once('/') {
        let part = |text: &str| text.trim().parse::<f64>().expect("a number");
        return format!("{}/{}", part(above) + part(below), part(below));
    }
    if let Ok(number) = cell.parse::<f64>() {
        let digits = cell.split_once('.').map_or(0, |(_, digits)| digits.len());
        return format!("{:.digits$}", number + 1.0);
    }
    match cell.parse::<Duration>() {
        Ok(length) => format!("{}s", length.as_seconds() + 1.0),
        Err(_) => other_text(cell),
    }
}

fn other_text(cell: &str) -> String {
    match Date::parse(cell) {
        Some(date) => date.civil().tomorrow().expect("a day before the end of time").to_string(),
        None => format!("{cell}x"),
    }
}

/// Returns whether the verdict names what was changed.
fn names(verdict: &Verdict, column: &str) -> bool {
    verdict.mismatches.iter().any(|mismatch| match mismatch {
        // A row of another variant differs wherever the two readings do.
        Mismatch::Cells { .. } if column == "variant" => true,
        Mismatch::Cells { expected, differences, .. } => differences.iter().any(|difference| match difference {
            Difference::Cell { column: place, .. } => expected.fields[*place].name == column,
            Difference::Rows { .. } => false,
        }),
        Mismatch::Ledger { line, .. } => column == format!("ledger {line}"),
        _ => false,
    })
}

/// Adds a copy of each case for each change, of every `step`th case from `first` on.
fn broken(loaded: &mut Loaded, (first, step): (usize, usize)) -> BTreeMap<TextId, Change> {
    let cases: Vec<_> =
        loaded.files.iter().filter(|file| kind(&loaded.texts.get(file.id).content) == "case").cloned().collect();
    loaded.files.retain(|file| kind(&loaded.texts.get(file.id).content) != "case");
    let mut broken = BTreeMap::new();
    for file in cases.iter().skip(first).step_by(step) {
        let text = loaded.texts.get(file.id).content.clone();
        let name = value_of(&text, "case").expect("a name").to_owned();
        for (number, change) in changes(&text).into_iter().enumerate() {
            let mut changed = text.clone();
            changed.replace_range(change.range.clone(), &change.becomes);
            let changed = with_value(&changed, "case", &format!("{name}_{number}"));
            broken.insert(add(loaded, file, changed), change);
        }
    }
    broken
}

/// Judges every `step`th case of a project from `first` on; returns the number of changes and those unnoticed.
fn judged_changes(project: &str, (first, step): (usize, usize)) -> (usize, Vec<String>) {
    let mut loaded = load(project);
    let broken = broken(&mut loaded, (first, step));
    let (_, verification, errors) = judged(&loaded);
    let place = |id: TextId| format!("{}, {}", loaded.texts.get(id).name, broken[&id].shown);
    let mut noticed: BTreeSet<TextId> = BTreeSet::new();
    // A variant that does not exist is no cell but a mistake in the case.
    for error in &errors {
        assert_eq!(broken[&error.span().text].column, "variant", "{}: {}", place(error.span().text), error.message);
        noticed.insert(error.span().text);
    }
    for verdict in verification.verdicts {
        let id = verdict.span.text;
        if !names(&verdict, &broken[&id].column) {
            continue;
        }
        let (name, case) = (loaded.texts.get(id).name.clone(), verdict.case.clone());
        let alone = Verification { verdicts: vec![verdict], ..Verification::default() };
        let part = Part { place: project, texts: &loaded.texts, findings: &[], verification: &alone };
        let message = human(&[part], Style::Plain);
        assert!(message.contains(&format!("the case `{case}` of ")), "{message}");
        assert!(message.contains(&format!("--> {name}:")), "{message}");
        noticed.insert(id);
    }
    let unnoticed = broken.keys().filter(|id| !noticed.contains(id)).map(|id| place(*id)).collect();
    (broken.len(), unnoticed)
}

#[test]
fn every_changed_cell_and_ledger_line_fails_its_case_and_is_named() {
    let step = thread::available_parallelism().map_or(1, usize::from);
    let part = |first| {
        let projects = SHIPPED.into_iter().chain([PLAN_LANGUAGE]);
        projects.map(|project| judged_changes(project, (first, step))).collect::<Vec<_>>()
    };
    let parts: Vec<(usize, Vec<String>)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..step).map(|first| scope.spawn(move || part(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no thread panicked")).collect()
    });
    let proven: usize = parts.iter().map(|(changes, _)| changes).sum();
    let mut unnoticed: Vec<String> = parts.into_iter().flat_map(|(_, unnoticed)| unnoticed).collect();
    unnoticed.sort();
    assert!(unnoticed.is_empty(), "{} of {proven}:\n{}", unnoticed.len(), unnoticed.join("\n"));
    assert!(proven > 2_000, "{proven}");
}
