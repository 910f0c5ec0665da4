//! Claims about which version answers which period: by SQLite, by the interpreter piece by piece, and by hand.

use super::*;
use crate::catalog::build;
use crate::compare::differences;
use crate::compute;
use crate::diagnostic::Diagnostics;
use crate::engine::ENGINES;
use crate::interpret::Tables;
use crate::load::{Loaded, LoadedFile};
use crate::lock::Entry;
use crate::plan::fingerprint::ALGORITHM;
use crate::read;
use crate::sql::{self, Dialect, Part};
use crate::table::{Field, Table};
use crate::text::Texts;
use crate::value::Value;

const METRIC: &str = include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../templates/starter/definitions/etalon.yaml");
const FCR: &str = "first_contact_resolution";

/// Each week one customer comes back three days later, on the week's Monday or Tuesday and its Thursday or Friday. Within
/// seven days that is a repeat (1 of 2 resolved), within one day it is none (2 of 2). The second week begins on 2 February.
const CONTACTS: &str = "contact_id | customer_id | channel | actor | closed_at\n\
                        a1         | anna        | email   | human | 2026-01-26T09:00:00Z\n\
                        a2         | anna        | email   | human | 2026-01-29T09:00:00Z\n\
                        b1         | ben         | chat    | human | 2026-02-03T09:00:00Z\n\
                        b2         | ben         | chat    | human | 2026-02-06T09:00:00Z\n\
                        c1         | cem         | phone   | human | 2026-02-10T09:00:00Z\n\
                        c2         | cem         | phone   | human | 2026-02-13T09:00:00Z\n";

/// The wide window until Wednesday, 4 February, and a narrow one from then on.
fn wide() -> String {
    METRIC
        .replace("status: draft", "status: released")
        .replace("effective_from: 2026-01-01", "effective_from: 2026-01-01\neffective_to: 2026-02-04")
}

fn narrow(history: &str) -> String {
    let change = format!("change: {{from: 1.0.0, author: ada, class: breaking, because: asked{history}}}");
    METRIC
        .replace("status: draft", "status: released")
        .replace("version: 1.0.0", "version: 2.0.0")
        .replace("effective_from: 2026-01-01", &format!("effective_from: 2026-02-04\n{change}"))
        .replace("to: 7d", "to: 1d")
}

fn project(metrics: &[String]) -> Catalog {
    let mut loaded = Loaded { texts: Texts::new(), ..Loaded::default() };
    let shared = [SOURCE, STANDARD, PROJECT].map(str::to_owned);
    for (index, text) in metrics.iter().chain(&shared).enumerate() {
        let id = loaded.texts.add(format!("{index}.yaml"), text.clone());
        loaded.files.push(LoadedFile { id, path: None, project: None });
    }
    let mut diagnostics = Diagnostics::new();
    let catalog = build(&loaded, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{:?}", diagnostics.into_sorted());
    catalog
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

fn by_week() -> Request {
    let as_of = at("2026-03-01T00:00:00Z");
    Request {
        grain: Grain::Week,
        by: Vec::new(),
        from: None,
        to: None,
        as_of,
        span: (at("2026-01-26T09:00:00Z"), as_of),
    }
}

fn tables(catalog: &Catalog) -> Tables {
    let source = &catalog.registry.sources["contacts"].source;
    Tables::from([("contacts".to_owned(), read::inline(source, CONTACTS).expect("a table"))])
}

fn pieces<'a>(catalog: &'a Catalog, request: &Request) -> Result<Timeline<'a>, Untold> {
    timeline((catalog, &Lock::default()), (FCR, None), request)
}

/// Returns the answer of SQLite to the one query of all pieces. It must be that of the interpreter to each piece, and so must
/// that of every engine at hand.
fn answered(timeline: &Timeline<'_>, catalog: &Catalog) -> Table {
    let tables = tables(catalog);
    let plans: Vec<Plan> = timeline.pieces.iter().map(|piece| piece.plan.over_loaded_tables()).collect();
    let parts: Vec<Part<'_>> = timeline
        .pieces
        .iter()
        .zip(&plans)
        .map(|(piece, plan)| Part {
            plan,
            header: compute::header(piece.reading, plan),
            request: &piece.request,
            follows_break: piece.follows_break,
        })
        .collect();
    let mut answers = Vec::new();
    for entry in ENGINES {
        let Ok(mut engine) = (entry.open)() else { continue };
        let dialect = Dialect::find(entry.dialect).expect("a dialect");
        let (query, fields) = sql::spliced(&parts, &["through time".to_owned()], &dialect).expect("a query");
        engine.load("contacts", &tables["contacts"]).expect("loaded");
        let answer = engine.query(&query, &fields).expect(&query);
        let found = differences(&piecewise(timeline, &tables, &fields), &answer);
        assert!(found.is_empty(), "{} {found:?}\n{query}", entry.name);
        answers.push(answer);
    }
    answers.swap_remove(0)
}

/// Asks the interpreter piece by piece, in the columns of the whole answer.
fn piecewise(timeline: &Timeline<'_>, tables: &Tables, fields: &[Field]) -> Table {
    let mut whole = Table::new(fields.to_vec());
    for piece in &timeline.pieces {
        let cells = interpret::cells(piece.plan, tables, &piece.request).expect("an answer");
        let first = (0..cells.rows.len()).map(|row| cells.cell(row, "period_start").clone()).next();
        for row in 0..cells.rows.len() {
            let cell = |field: &Field| match field.name.as_str() {
                "break_before" => {
                    let is_first = Some(cells.cell(row, "period_start")) == first.as_ref();
                    Value::Boolean(piece.follows_break && is_first)
                }
                name => cells.index(name).map_or(Value::Null, |index| cells.rows[row][index].clone()),
            };
            whole.rows.push(fields.iter().map(cell).collect());
        }
    }
    whole
}

/// Returns each row as `week version numerator/denominator`, with a mark where it follows a break.
fn told(answer: &Table) -> Vec<String> {
    let cell = |row: usize, name: &str| match answer.cell(row, name) {
        Value::Instant(at) => at.to_string()[..10].to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Number(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let line = |row: usize| {
        let mark = if *answer.cell(row, "break_before") == Value::Boolean(true) { " break" } else { "" };
        let (start, version) = (cell(row, "period_start"), cell(row, "version"));
        format!("{start} {version} {}/{}{mark}", cell(row, "numerator"), cell(row, "denominator"))
    };
    (0..answer.rows.len()).map(line).collect()
}

#[test]
fn a_period_is_answered_as_a_whole_by_the_version_in_force_at_its_start() {
    let catalog = project(&[wide(), narrow("")]);
    let timeline = pieces(&catalog, &by_week()).expect("a timeline");
    // The week of 2 February begins two days before the new version. Weeks begin at midnight in Berlin, 23:00 UTC before.
    assert_eq!(
        told(&answered(&timeline, &catalog)),
        ["2026-01-25 1.0.0 1/2", "2026-02-01 1.0.0 1/2", "2026-02-08 2.0.0 2/2"]
    );
}

#[test]
fn days_are_answered_by_the_new_version_from_its_very_day() {
    let catalog = project(&[wide(), narrow("")]);
    let timeline = pieces(&catalog, &Request { grain: Grain::Day, ..by_week() }).expect("a timeline");
    let days = told(&answered(&timeline, &catalog));
    assert_eq!(days[2..4], ["2026-02-02 1.0.0 0/1", "2026-02-05 2.0.0 1/1"]);
}

#[test]
fn a_restated_version_answers_for_earlier_periods_from_the_day_it_names() {
    let restated = narrow(", history: {plan: restate, since: 2026-02-02, because: Old figures mislead}");
    let catalog = project(&[wide(), restated]);
    let timeline = pieces(&catalog, &by_week()).expect("a timeline");
    assert_eq!(
        told(&answered(&timeline, &catalog)),
        ["2026-01-25 1.0.0 1/2", "2026-02-01 2.0.0 2/2", "2026-02-08 2.0.0 2/2"]
    );
    let all = narrow(", history: {plan: restate, since: 2025-01-01, because: Old figures mislead}");
    let catalog = project(&[wide(), all]);
    let timeline = pieces(&catalog, &by_week()).expect("a timeline");
    assert_eq!(timeline.pieces.len(), 1, "the version before answers nothing any more");
    assert!(told(&answered(&timeline, &catalog)).iter().all(|line| line.ends_with("2.0.0 2/2")));
}

#[test]
fn a_break_marks_every_row_of_the_first_period_after_it_and_no_other() {
    let broken = narrow(", history: {plan: break, because: Old figures stand}");
    let catalog = project(&[wide(), broken.clone()]);
    let timeline = pieces(&catalog, &by_week()).expect("a timeline");
    assert_eq!(told(&answered(&timeline, &catalog))[2], "2026-02-08 2.0.0 2/2 break");
    let by_channel = Request { by: vec!["channel".to_owned()], grain: Grain::Day, ..by_week() };
    let timeline = pieces(&catalog, &by_channel).expect("a timeline");
    let marked: Vec<bool> = told(&answered(&timeline, &catalog)).iter().map(|line| line.ends_with(" break")).collect();
    assert_eq!(marked, [false, false, false, true, false, false]);
    // A question that begins after the first period shows no break.
    let asked = |from: &str| Request { from: Some(at(from)), ..by_week() };
    let marks = |from: &str| pieces(&catalog, &asked(from)).expect("a timeline").pieces[0].follows_break;
    assert!(marks("2026-02-08T23:00:00Z") && !marks("2026-02-15T23:00:00Z"));
}

#[test]
fn exclusions_of_either_version_have_their_column_and_are_null_where_a_version_has_none() {
    let with = |metric: String, channel: &str| {
        let line =
            format!("  - id: by_{channel}\n    where: channel = '{channel}'\n    reason: R.\n    approved_by: o\n");
        metric.replace("  - id: unidentified", &format!("{line}    expires: 2027-12-31\n  - id: unidentified"))
    };
    let catalog = project(&[with(wide(), "phone"), with(narrow(""), "chat")]);
    let timeline = pieces(&catalog, &by_week()).expect("a timeline");
    let answer = answered(&timeline, &catalog);
    let column = |name: &str| (0..3).map(|row| answer.cell(row, name).clone()).collect::<Vec<_>>();
    let zero = Value::Number("0".parse().expect("a number"));
    assert_eq!(column("excluded_by_phone"), [zero.clone(), zero.clone(), Value::Null]);
    assert_eq!(column("excluded_by_chat"), [Value::Null, Value::Null, zero.clone()]);
    assert_eq!(column("excluded_unidentified_customer"), [zero.clone(), zero.clone(), zero]);
}

fn entry(version: &str, from: &str, to: &str) -> Entry {
    let catalog = project(&[wide()]);
    let fingerprints = catalog.fingerprints(FCR, Version::parse("1.0.0").expect("a version")).expect("a meaning");
    Entry {
        id: FCR.to_owned(),
        version: Version::parse(version).expect("a version"),
        state: Status::Retired,
        on: day(to),
        from: day(from),
        to: Some(day(to)),
        fingerprints,
        algorithm: ALGORITHM.to_owned(),
        seal: String::new(),
        line: 0,
    }
}

#[test]
fn a_minor_version_answers_for_those_whose_file_it_took_over() {
    let minor = wide()
        .replace("version: 1.0.0", "version: 1.2.0")
        .replace("effective_from: 2026-01-01\neffective_to: 2026-02-04", "effective_from: 2026-02-04");
    let catalog = project(&[minor]);
    let mut lock = Lock::default();
    lock.set(entry("1.0.0", "2026-01-01", "2026-01-20"));
    lock.set(entry("1.1.0", "2026-01-20", "2026-02-04"));
    let timeline = timeline((&catalog, &lock), (FCR, None), &by_week()).expect("a timeline");
    assert_eq!(timeline.pieces[0].days, Force { from: day("2026-01-01"), to: None });
    assert!(timeline.unanswered.is_empty());
    assert_eq!(told(&answered(&timeline, &catalog)).len(), 3);
}

#[test]
fn a_retired_version_without_a_file_leaves_its_periods_unanswered_and_that_is_said() {
    let catalog = project(&[narrow("")]);
    let mut lock = Lock::default();
    lock.set(entry("1.0.0", "2026-01-01", "2026-02-04"));
    let found = timeline((&catalog, &lock), (FCR, None), &by_week()).expect("a timeline");
    let days = Force { from: day("2026-01-01"), to: Some(day("2026-02-04")) };
    assert_eq!(found.unanswered, [(Version::parse("1.0.0").expect("a version"), days)]);
    assert_eq!(told(&answered(&found, &catalog)), ["2026-02-08 2.0.0 2/2"]);
}

#[test]
fn what_has_no_single_answer_through_time_is_told() {
    let untold = |metrics: &[String], request: &Request| match pieces(&project(metrics), request) {
        Ok(found) => panic!("{} pieces", found.pieces.len()),
        Err(untold) => untold.to_string(),
    };
    let both = [wide(), narrow("")];
    assert_eq!(
        untold(&both, &Request { grain: Grain::All, ..by_week() }),
        "a single period over everything has no version in force; name a grain"
    );
    let open = wide().replace("effective_to: 2026-02-04\n", "");
    assert_eq!(
        untold(&[open, narrow("")], &by_week()),
        "the days of force do not tile: 1.0.0 from 2026-01-01 on, 2.0.0 from 2026-02-04 on"
    );
    let other_unit = narrow("").replace("unit: share", "unit: percentage_points");
    assert_eq!(
        untold(&[wide(), other_unit], &by_week()),
        "1.0.0 counts in `share` and 2.0.0 in `percentage_points`; one series cannot hold both"
    );
    let undimensioned = wide().replace("dimensions: [channel]", "dimensions: [actor]");
    let by_channel = Request { by: vec!["channel".to_owned()], ..by_week() };
    assert_eq!(untold(&[undimensioned, narrow("")], &by_channel), "version 1.0.0 has no dimension `channel`");
    let early = Request { to: Some(at("2025-12-01T00:00:00Z")), ..by_week() };
    assert_eq!(untold(&both, &early), "no version is in force in the range");
    let draft = [METRIC.to_owned()];
    assert_eq!(untold(&draft, &by_week()), "no version of `first_contact_resolution` was ever released");
}
