//! Replays for people: the meanings with the edits that made them, then what each gives, cell by cell.

use crate::plan::{Plan, Request};
use crate::replay::{Column, Lived, Replay, Seen};
use crate::report::impact::{letter, place_of, shown};
use crate::report::table::Layout;
use crate::report::unit::Unit;
use crate::report::words::counted;

/// Digits of a fingerprint that are enough to tell meanings apart in one table.
const SHOWN_DIGITS: usize = 8;

/// Writes a replay.
pub fn human(replay: &Replay) -> String {
    let mut text = format!("{}   {}\n", replay.metric, counted(replay.meanings.len(), "meaning"));
    text.push_str(&meanings(replay));
    let changes: Vec<String> = replay.changes().map(day).collect();
    if !changes.is_empty() {
        text.push_str(&format!("  changed {}\n", changes.join(", ")));
    }
    text + &cells(replay)
}

fn meanings(replay: &Replay) -> String {
    let mut layout = Layout::headless();
    for (at, lived) in replay.meanings.iter().enumerate() {
        let versions: Vec<String> = lived.versions.iter().map(ToString::to_string).collect();
        let fingerprint = lived.fingerprint.get(..SHOWN_DIGITS).unwrap_or("-").to_owned();
        layout.push(vec![letter(at), versions.join(" "), seen(lived), fingerprint, told(lived)]);
    }
    layout.without_empty_columns().render("  ")
}

/// Writes what made a meaning, and why it has no numbers where it has none.
fn told(lived: &Lived) -> String {
    let names: Vec<&str> = lived.edits.iter().map(|(_, name)| name.as_str()).collect();
    let absent = lived.absent.iter().map(|(case, reason)| match case {
        Some(case) => format!("not computable ({case}): {reason}"),
        None => format!("not computable: {reason}"),
    });
    let edits = if names.is_empty() { Vec::new() } else { vec![names.join(", ")] };
    edits.into_iter().chain(absent).collect::<Vec<_>>().join("; ")
}

fn seen(lived: &Lived) -> String {
    if lived.first == lived.last {
        point(&lived.first)
    } else {
        format!("{} to {}", point(&lived.first), point(&lived.last))
    }
}

/// Writes a moment: `2026-05-04 9f2c61a`.
fn point(seen: &Seen) -> String {
    match seen.time {
        Some(_) => format!("{} {}", day(seen), seen.label),
        None => seen.label.clone(),
    }
}

fn day(seen: &Seen) -> String {
    match seen.time {
        Some(time) => time.in_zone(&jiff::tz::TimeZone::UTC).date().to_string(),
        None => seen.label.clone(),
    }
}

/// Writes a row for each cell, with the value under each meaning.
fn cells(replay: &Replay) -> String {
    if replay.columns.is_empty() {
        return String::new();
    }
    let unit = Unit::named(&replay.unit);
    let mut head = vec![String::new(), String::new()];
    head.extend((0..replay.meanings.len()).map(letter));
    let width = head.len();
    let mut layout = Layout::new(head);
    (2..width).for_each(|column| layout.align_right(column));
    for (at, column) in replay.columns.iter().enumerate() {
        let mut row = vec![column.case.clone().unwrap_or_default(), place(column, replay.computed.as_ref())];
        row.extend(replay.meanings.iter().map(|lived| shown(lived.cells[at].as_ref(), &unit)));
        layout.push(row);
    }
    layout.without_empty_columns().render("  ")
}

fn place(column: &Column, computed: Option<&(Plan, Request)>) -> String {
    computed.map(|(plan, request)| place_of(&column.place, plan, Some(request))).unwrap_or_default()
}
