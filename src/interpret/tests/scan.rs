use super::*;

const COLUMNS: &str = "id text, at instant, version number0, channel text";

fn versions(rows: &[&str], dedupe: Dedupe) -> Case {
    case(COLUMNS, rows).by(Grain::All, &["channel"]).steps(|steps| {
        steps.scan.order = vec!["at".to_owned(), "version".to_owned(), "id".to_owned()];
        steps.scan.dedupe = dedupe;
    })
}

const TWO_VERSIONS: [&str; 3] =
    ["1|2026-05-01T09:00:00Z|1|mail", "2|2026-05-01T10:00:00Z|1|chat", "1|2026-05-01T11:00:00Z|2|phone"];

#[test]
fn the_latest_version_stands_for_its_key() {
    let case = versions(&TWO_VERSIONS, Dedupe::Latest);
    assert_eq!(case.shown(&["channel", "n"]), ["chat|1", "phone|1"]);
    assert_eq!(case.ledger(), "duplicate=1 counted=2");
}

#[test]
fn the_first_version_stands_for_its_key() {
    let case = versions(&TWO_VERSIONS, Dedupe::First);
    assert_eq!(case.shown(&["channel", "n"]), ["chat|1", "mail|1"]);
}

#[test]
fn the_latest_version_is_the_latest_known_by_as_of() {
    let case = versions(&TWO_VERSIONS, Dedupe::Latest).known_at("2026-05-01T10:59:59Z");
    assert_eq!(case.shown(&["channel", "n"]), ["chat|1", "mail|1"]);
    assert_eq!(case.ledger(), "after_as_of=1 counted=2");
}

#[test]
fn a_row_at_the_very_as_of_has_been_observed() {
    let rows = ["1|2026-05-01T09:00:00Z|1|mail", "2|2026-05-01T09:00:00.000001Z|1|mail"];
    let case = versions(&rows, Dedupe::Unique).known_at("2026-05-01T09:00:00Z");
    assert_eq!(case.ledger(), "after_as_of=1 counted=1");
}

#[test]
fn a_tie_breaker_decides_between_equal_instants_and_null_comes_last() {
    let rows = ["1|2026-05-01T09:00:00Z|2|phone", "1|2026-05-01T09:00:00Z|1|mail"];
    assert_eq!(versions(&rows, Dedupe::Latest).shown(&["channel"]), ["phone"]);
    assert_eq!(versions(&rows, Dedupe::First).shown(&["channel"]), ["mail"]);
    let rows = ["1|2026-05-01T09:00:00Z|-|phone", "1|2026-05-01T09:00:00Z|1|mail"];
    assert_eq!(versions(&rows, Dedupe::Latest).shown(&["channel"]), ["phone"]);
}

#[test]
fn versions_alike_in_all_that_is_read_may_tie() {
    let rows = ["1|2026-05-01T09:00:00Z|1|mail", "1|2026-05-01T09:00:00Z|1|mail"];
    assert_eq!(versions(&rows, Dedupe::Latest).ledger(), "duplicate=1 counted=1");
}

#[test]
fn versions_that_tie_and_differ_are_an_error_unless_a_third_stands_for_both() {
    let mut rows = vec!["1|2026-05-01T09:00:00Z|1|mail", "1|2026-05-01T09:00:00Z|1|chat"];
    let name = "contacts".to_owned();
    let tie = InterpretError::AmbiguousDuplicate { name, first: 1, second: 2 };
    assert_eq!(versions(&rows, Dedupe::Latest).error(), tie);
    rows.push("1|2026-05-01T10:00:00Z|1|phone");
    assert_eq!(versions(&rows, Dedupe::Latest).shown(&["channel"]), ["phone"]);
    assert_eq!(versions(&rows, Dedupe::First).error(), tie);
}

#[test]
fn a_broken_promise_of_uniqueness_is_an_error() {
    let error = versions(&TWO_VERSIONS, Dedupe::Unique).error();
    assert_eq!(error, InterpretError::DuplicateKey { name: "contacts".to_owned(), first: 1, second: 3 });
}

#[test]
fn a_row_without_key_or_date_is_an_error() {
    let null =
        |column: &str| InterpretError::NullIdentity { name: "contacts".to_owned(), column: column.to_owned(), row: 1 };
    assert_eq!(versions(&["-|2026-05-01T09:00:00Z|1|mail"], Dedupe::Unique).error(), null("id"));
    assert_eq!(versions(&["1|-|1|mail"], Dedupe::Unique).error(), null("at"));
}

#[test]
fn what_a_table_lacks_is_named() {
    let mut lacking = versions(&TWO_VERSIONS, Dedupe::Latest);
    lacking.tables.get_mut("contacts").expect("written above").fields[3].name = "medium".to_owned();
    let (name, column) = ("contacts".to_owned(), "channel".to_owned());
    assert_eq!(lacking.error(), InterpretError::MissingColumn { name: name.clone(), column });
    lacking.tables.clear();
    assert_eq!(lacking.error(), InterpretError::MissingTable { name });
}

#[test]
fn a_row_of_too_few_cells_is_an_error_not_a_panic() {
    let mut case = versions(&TWO_VERSIONS, Dedupe::Latest);
    case.tables.get_mut("contacts").expect("written above").rows[1].pop();
    let name = "contacts".to_owned();
    assert_eq!(case.error(), InterpretError::Ragged { name, row: 2, cells: 3, columns: 4 });
}

#[test]
fn a_column_the_scan_does_not_carry_is_an_error() {
    let case = versions(&TWO_VERSIONS, Dedupe::Latest);
    let case = case.steps(|steps| steps.scan.columns.retain(|column| column.name != "channel"));
    assert_eq!(case.error(), InterpretError::UnknownColumn { name: "channel".to_owned() });
}
