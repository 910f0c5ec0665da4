//! Claims about what a file says, read from its text.

use super::*;
use crate::diagnostic::Diagnostics;
use crate::format;
use crate::plan::{Hours, Opening};
use crate::value::{Date, Duration};

/// Returns the standard that a text declares, or the messages of its mistakes.
fn standard(text: &str) -> Result<StandardKind, Vec<String>> {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let head = "standard: s\nversion: 1.0.0\ntitle: T\nstatement: S.\nowner: o\n";
    let id = texts.add("s.yaml", format!("{head}{text}"));
    let root = crate::yaml::parse(&texts, id, &mut diagnostics).expect("YAML");
    let kind = format::check(&root, &mut diagnostics).expect("a kind");
    let decoded = decode(kind, &root.into(), &texts, &mut diagnostics);
    let messages: Vec<String> = diagnostics.into_sorted().into_iter().map(|found| found.message).collect();
    match decoded {
        Some(Definition::Standard(standard)) if messages.is_empty() => Ok(standard.kind),
        _ => Err(messages),
    }
}

fn hours(text: &str) -> Hours {
    match standard(&format!("kind: calendar\nzone: Europe/Berlin\n{text}")) {
        Ok(StandardKind::Calendar { hours }) => hours,
        other => panic!("{other:?}"),
    }
}

fn open(from: u16, to: u16) -> Opening {
    Opening { from: from * 60, to: to * 60 }
}

fn day(text: &str) -> Date {
    Date::parse(text).expect(text)
}

fn week(monday: &str) -> String {
    let rest = ["tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map(|day| format!("  {day}: []\n"));
    format!("weekly:\n  monday: {monday}\n{}", rest.concat())
}

#[test]
fn openings_that_touch_are_one_and_stand_in_order() {
    let hours = hours(&week(r#"["18:00-24:00", "12:00-17:00", "08:00-12:00"]"#));
    assert_eq!(hours.schedules.len(), 1);
    assert_eq!(hours.schedules[0].from, None);
    assert_eq!(hours.schedules[0].weekly[0], [open(8, 17), open(18, 24)]);
    assert!(hours.schedules[0].weekly[1..].iter().all(Vec::is_empty));
}

#[test]
fn always_is_each_day_from_midnight_to_midnight() {
    let hours = hours("weekly: always\n");
    assert!(hours.schedules[0].weekly.iter().all(|day| *day == [open(0, 24)]));
}

#[test]
fn schedules_keep_their_beginnings_and_holidays_stand_in_order() {
    let hours = hours(
        "schedules:\n  - weekly: always\n  - {from: 2026-03-01, weekly: always}\n\
         holidays: [2026-12-25, {day: 2026-12-24, hours: [\"08:00-12:00\"], name: Eve}]\n",
    );
    let begins: Vec<Option<Date>> = hours.schedules.iter().map(|schedule| schedule.from).collect();
    assert_eq!(begins, [None, Some(day("2026-03-01"))]);
    assert_eq!(hours.days, [(day("2026-12-24"), vec![open(8, 12)]), (day("2026-12-25"), vec![])]);
}

#[test]
fn openings_that_share_a_minute_are_refused() {
    let calendar = |monday| standard(&format!("kind: calendar\nzone: Europe/Berlin\n{}", week(monday)));
    let overlap = ["these hours overlap with others of the day"].map(str::to_owned).to_vec();
    assert_eq!(calendar(r#"["08:00-12:01", "12:00-17:00"]"#).expect_err("an overlap"), overlap);
    assert_eq!(calendar(r#"["08:00-17:00", "09:00-10:00"]"#).expect_err("one inside the other"), overlap);
}

#[test]
fn a_table_of_targets_keeps_its_rows_in_order_with_what_fits_any_and_what_promises_nothing() {
    let found = standard(
        "kind: targets\nkeys: [tier, priority]\ncolumns: [reply, done]\nrows: |\n  \
         reply | tier    | priority | done\n  1h | 'a|b' | p1 | 1d12h\n  8h | * | * | -\n",
    );
    let Ok(StandardKind::Targets { keys, columns, rows }) = found else { panic!("{found:?}") };
    assert_eq!((keys, columns), (vec!["tier".into(), "priority".into()], vec!["reply".into(), "done".into()]));
    // 36 hours.
    let long = Duration::from_micros(36 * 3_600_000_000);
    let hours = |count: i64| Some(Duration::from_micros(count * 3_600_000_000));
    assert_eq!(
        rows[0],
        TargetRow { keys: vec![Some("a|b".to_owned()), Some("p1".to_owned())], values: vec![hours(1), Some(long)] }
    );
    assert_eq!(rows[1], TargetRow { keys: vec![None, None], values: vec![hours(8), None] });
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_row_below_one_that_fits_all_of_it_is_never_reached() {
    let rows = |rows: &str| {
        standard(&format!(
            "kind: targets\nkeys: [tier, priority]\ncolumns: [done]\nrows: |\n  tier | priority | done\n{rows}"
        ))
    };
    // The first fits any tier, the second any priority: neither fits all that the other fits.
    assert!(rows("  * | p1 | 1h\n  gold | * | 2h\n").is_ok());
    let messages = rows("  * | p1 | 1h\n  gold | p1 | 2h\n").expect_err("the second is never reached");
    assert_eq!(messages, ["row 2 is never reached: row 1 fits whatever it fits"]);
}
