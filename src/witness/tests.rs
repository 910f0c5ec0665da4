//! Claims about witnesses of edits of the starter project, without its cases unless they are named.

use super::*;
use crate::catalog::build;
use crate::diagnostic::Diagnostics;
use crate::interpret;
use crate::load::{Loaded, LoadedFile};
use crate::table::Table;
use crate::text::Texts;
use crate::value::{Duration, Value};
use crate::verify::{How, verify};

const METRIC: &str = include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../templates/starter/definitions/etalon.yaml");
const CASE: &str = include_str!(
    "../../templates/starter/definitions/metrics/first_contact_resolution/cases/repeat_within_a_week.yaml"
);
const NAME: &str = "first_contact_resolution";

/// An edit: a text that is replaced, and what it becomes.
type Edit = (&'static str, &'static str);

/// The project with edits made, and further files.
struct Project {
    loaded: Loaded,
    catalog: Catalog,
}

fn project(edits: &[Edit], further: &[&str]) -> Project {
    let mut texts = Texts::new();
    let mut files = Vec::new();
    for (index, original) in [METRIC, SOURCE, STANDARD, PROJECT].iter().chain(further).enumerate() {
        let text = edits.iter().fold((*original).to_owned(), |text, (old, new)| text.replace(old, new));
        files.push(LoadedFile { id: texts.add(format!("{index}.yaml"), text), path: None, project: None });
    }
    for (old, _) in edits {
        let is_there = [METRIC, SOURCE, STANDARD, PROJECT].iter().any(|text| text.contains(old));
        assert!(is_there, "{old}");
    }
    let loaded = Loaded { texts, files, ..Loaded::default() };
    let mut diagnostics = Diagnostics::new();
    let catalog = build(&loaded, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{:?}", diagnostics.into_sorted());
    Project { loaded, catalog }
}

fn searched(before: &[Edit], after: &[Edit], with_seeds: bool) -> Search {
    let (old, new) = (project(before, &[CASE]), project(after, &[CASE]));
    let seeds = if with_seeds { seeds(&old.catalog, &old.loaded.texts, NAME) } else { Vec::new() };
    let side = |project: &Project| project.catalog.plans[NAME].clone();
    search((&old.catalog, &side(&old)), (&new.catalog, &side(&new)), &seeds, Effort::default())
}

fn witness(before: &[Edit], after: &[Edit]) -> Witness {
    match searched(before, after, false) {
        Search::Found(witness) => *witness,
        other => panic!("{other:?}"),
    }
}

fn contacts(witness: &Witness) -> &Table {
    &witness.tables["contacts"]
}

/// Returns numerator and denominator of each cell.
fn numbers(answer: &Result<Answer, String>) -> Vec<String> {
    let cells = &answer.as_ref().expect("an answer").cells;
    let cell = |row, name: &str| cells.cell(row, name).to_string();
    (0..cells.rows.len()).map(|row| cell(row, "numerator") + "/" + &cell(row, "denominator")).collect()
}

#[test]
fn a_longer_window_is_witnessed_by_a_customer_who_comes_back_between_both_ends() {
    let witness = witness(&[], &[("to: 7d", "to: 14d")]);
    let table = contacts(&witness);
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.cell(0, "customer_id"), table.cell(1, "customer_id"));
    let mut days: Vec<Duration> = Vec::new();
    for (one, other) in [(0, 1), (1, 0)] {
        let (Value::Instant(one), Value::Instant(other)) =
            (table.cell(one, "closed_at"), table.cell(other, "closed_at"))
        else {
            panic!("{table:?}")
        };
        days.push(other.since(*one));
    }
    let apart = days.iter().max().expect("two");
    assert!("7d".parse::<Duration>().expect("7d") < *apart && *apart <= "14d".parse().expect("14d"), "{apart}");
    assert!(
        witness.sentence.ends_with("resolved before, not resolved now (`later_contact` is false before and true now)"),
        "{}",
        witness.sentence
    );
    assert_eq!(witness.grade, Grade::Value);
}

#[test]
fn sides_that_change_places_have_the_mirrored_sentence() {
    let there = witness(&[], &[("to: 7d", "to: 14d")]).sentence;
    let back = witness(&[("to: 7d", "to: 14d")], &[]).sentence;
    assert!(there.contains(": resolved before, not resolved now"), "{there}");
    assert!(back.contains(": not resolved before, resolved now"), "{back}");
}

#[test]
fn an_exclusion_that_is_gone_is_witnessed_by_one_row_that_it_took() {
    let witness = witness(&[], &[("  - use: bot_contacts\n", "")]);
    assert_eq!(contacts(&witness).rows.len(), 1);
    assert_eq!(contacts(&witness).cell(0, "actor"), &Value::text("bot"));
    let expected = "actor `bot`: left out by `bot_contacts` before, resolved now";
    assert!(witness.sentence.ends_with(expected), "{}", witness.sentence);
    assert_eq!((numbers(&witness.old), numbers(&witness.new)), (vec!["0/0".into()], vec!["1/1".into()]));
}

#[test]
fn a_window_that_no_longer_has_to_close_is_witnessed_before_it_has() {
    let witness = witness(&[], &[("maturity: wait", "maturity: ignore")]);
    let table = contacts(&witness);
    let Value::Instant(closed) = table.cell(0, "closed_at") else { panic!("{table:?}") };
    assert!(witness.request.as_of.since(*closed) < "7d".parse().expect("7d"));
    let expected =
        format!("; as known on {}: not counted yet before, resolved now", words::moment(witness.request.as_of));
    assert!(witness.sentence.ends_with(&expected), "{}", witness.sentence);
}

#[test]
fn another_first_day_of_the_week_is_witnessed_by_the_weeks_of_one_row() {
    let week: Edit = ("grains: [day, week, month]}", "grains: [day, week, month], week_starts: sunday}");
    let witness = witness(&[], &[week]);
    assert_eq!((witness.request.grain, contacts(&witness).rows.len()), (Grain::Week, 1));
    assert!(witness.sentence.contains(" in the week from "), "{}", witness.sentence);
}

#[test]
fn fewer_rows_that_suffice_are_witnessed_by_as_many() {
    let level: Edit = ("level: 0.95}", "level: 0.95, min_n: 3}");
    let witness = witness(&[level], &[("level: 0.95}", "level: 0.95, min_n: 2}")]);
    let counted = contacts(&witness).rows.len();
    assert_eq!(counted, 2, "{:?}", witness.tables);
    assert!(witness.sentence.contains("withheld as insufficient before"), "{}", witness.sentence);
}

#[test]
fn another_confidence_level_shows_in_the_interval_alone() {
    let witness = witness(&[], &[("level: 0.95", "level: 0.90")]);
    assert_eq!((witness.grade, contacts(&witness).rows.len()), (Grade::Shown, 1));
    assert!(witness.sentence.starts_with("over this one row: "), "{}", witness.sentence);
}

#[test]
fn rows_that_only_one_side_takes_are_a_witness_too() {
    let witness = witness(&[], &[("duplicates: refuse", "duplicates: keep_latest")]);
    assert!(witness.old.is_err() && witness.new.is_ok());
    assert_eq!((contacts(&witness).rows.len(), witness.allowed_by), (2, AllowedBy::New));
    assert!(witness.sentence.contains(": no answer before, "), "{}", witness.sentence);
}

#[test]
fn what_no_table_of_values_shows_is_told_as_such() {
    let reason = |edit: Edit| match searched(&[], &[edit], true) {
        Search::Unanswerable(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason(("[unknown]", "[unknown, none]")).contains("raw text"));
    let split = reason(("dimensions: [channel]", "dimensions: [channel, actor]"));
    assert!(split.ends_with("only the new side can be split by `actor`"), "{split}");
    let grain = reason(("grains: [day, week, month]", "grains: [week, month]"));
    assert!(grain.ends_with("only the old side can be asked by day"), "{grain}");
    assert!(matches!(searched(&[], &[("to: 7d", "to: 168h")], true), Search::Same));
}

#[test]
fn a_change_that_no_row_can_feel_is_equal_up_to_the_rows_that_were_tried() {
    // The source lists human and bot, and the column is never null.
    let found = searched(&[], &[("where: actor = 'human'", "where: actor <> 'bot'")], true);
    assert!(matches!(found, Search::EqualUpTo { rows: 8, asked } if asked > 100), "{found:?}");
}

#[test]
fn the_answers_of_a_witness_are_those_of_both_plans_over_its_tables() {
    let edit: Edit = ("ends: [exclusive, inclusive]", "ends: [exclusive, exclusive]");
    let (old, new) = (project(&[], &[]), project(&[edit], &[]));
    let witness = witness(&[], &[edit]);
    for (project, answer) in [(&old, &witness.old), (&new, &witness.new)] {
        let cells = interpret::cells(&project.catalog.plans[NAME], &witness.tables, &witness.request);
        assert_eq!(cells.as_ref().ok(), answer.as_ref().ok().map(|answer| &answer.cells));
    }
    assert_ne!(numbers(&witness.old), numbers(&witness.new));
}

#[test]
fn a_search_ends_in_the_same_place_every_time() {
    let edit = [("to: 7d", "to: 5d")];
    let (one, other) = (witness(&[], &edit), witness(&[], &edit));
    assert_eq!((one.tables, one.request, one.sentence), (other.tables, other.request, other.sentence));
}

#[test]
fn a_witness_written_as_a_case_holds_for_the_new_side() {
    let edit: Edit = ("to: 7d", "to: 14d");
    for with_seeds in [false, true] {
        let Search::Found(witness) = searched(&[], &[edit], with_seeds) else { panic!("no witness") };
        let new = project(&[edit], &[]);
        let case = witness.as_case(&new.catalog, NAME, "back_after_nine_days").expect("the new side answers");
        let proven = project(&[edit], &[&case]);
        let mut diagnostics = Diagnostics::new();
        let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
        let verification = verify(&proven.catalog, &proven.loaded.texts, how, &mut diagnostics);
        assert!(diagnostics.into_sorted().is_empty(), "{case}");
        assert_eq!((verification.verdicts.len(), verification.failed()), (1, 0), "{case}");
    }
}
