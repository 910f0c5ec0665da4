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
    // Versions that stand side by side have no dates.
    if replay.changes().any(|seen| seen.time.is_some()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::impact::{Place, Shown};
    use crate::replay::Lived;
    use crate::resolve::Version;
    use crate::value::{Instant, Value};

    fn seen(label: &str, day: i64) -> Seen {
        Seen { label: label.to_owned(), time: Some(Instant::from_micros(day * 86_400_000_000)) }
    }

    fn share(numerator: i64, denominator: i64) -> Option<Shown> {
        Some(Shown {
            value: Value::Real(numerator as f64 / denominator as f64),
            numerator: Value::integer(numerator),
            denominator: Value::integer(denominator),
            n: Value::integer(denominator),
            left_out: Vec::new(),
            state: "final".to_owned(),
        })
    }

    fn lived(last: Seen, fingerprint: &str, cell: Option<Shown>) -> Lived {
        Lived {
            versions: vec![Version::parse("1.0.0").expect("a version")],
            first: seen("aaaaaaa", 0),
            last,
            fingerprint: fingerprint.to_owned(),
            edits: Vec::new(),
            cells: vec![cell],
            absent: Vec::new(),
        }
    }

    fn replay() -> Replay {
        let mut gone = lived(seen("ccccccc", 40), "", None);
        gone.first = seen("ccccccc", 40);
        gone.absent = vec![(None, "no data for surveys".to_owned())];
        Replay {
            metric: "fcr".to_owned(),
            unit: "share".to_owned(),
            columns: vec![Column { case: None, place: Place { period: None, dimensions: Vec::new() } }],
            meanings: vec![lived(seen("bbbbbbb", 31), "0123456789abcdef", share(2, 3)), gone],
            computed: None,
        }
    }

    #[test]
    fn each_meaning_is_a_line_and_each_cell_a_row() {
        let expected = "\
fcr   2 meanings
  a   1.0.0   1970-01-01 aaaaaaa to 1970-02-01 bbbbbbb   01234567
  b   1.0.0   1970-02-10 ccccccc                         -          not computable: no data for surveys
  changed 1970-02-10
       a   b
  66.7 %   -
";
        assert_eq!(human(&replay()), expected);
    }

    #[test]
    fn the_document_names_its_version_and_every_meaning() {
        let document: serde_json::Value =
            serde_json::from_str(&crate::report::replay::json(&replay())).expect("a document");
        assert_eq!(document["format"], "etalon-replay-1");
        assert_eq!(document["meanings"][0]["cells"][0]["numerator"], 2);
        assert_eq!(document["meanings"][1]["absent"][0]["reason"], "no data for surveys");
        assert_eq!(document["changes"][0]["label"], "ccccccc");
    }
}
