use super::*;
use crate::plan::{Join, Version};

const COLUMNS: &str = "id text, at instant, agent text";

/// Teams by agent; the first of A is closed by the second, which is corrected at the same start.
fn teams() -> Table {
    table(
        "id text, at instant, agent text, since instant, until instant, team text",
        &[
            "1|2026-01-01T00:00:00Z|A|2026-01-01T00:00:00Z|2026-03-01T00:00:00Z|red",
            "2|2026-03-01T00:00:00Z|A|2026-03-01T00:00:00Z|-|blue",
            "3|2026-03-02T00:00:00Z|A|2026-03-01T00:00:00Z|-|green",
            "4|2026-01-01T00:00:00Z|B|2026-02-01T00:00:00Z|2026-02-10T00:00:00Z|red",
            "5|2026-01-01T00:00:00Z|C|-|-|red",
            "6|2026-01-01T00:00:00Z|-|2026-01-01T00:00:00Z|-|red",
        ],
    )
}

fn joining(rows: &[&str], version: Option<Version>) -> Case {
    let rule = Rule::Joined(Join {
        other: scan_of("teams", &teams()),
        same: vec![("agent".to_owned(), "agent".to_owned())],
        version,
        value: Expression::column("team", Type::Text),
    });
    case(COLUMNS, rows).with("teams", teams()).knowing(rule)
}

fn version(until: Option<&str>) -> Option<Version> {
    Some(Version { at: instant_of("at"), from: "since".to_owned(), until: until.map(str::to_owned) })
}

#[test]
fn the_one_row_with_equal_columns_is_taken_and_none_is_null() {
    let case = joining(&["1|2026-05-01T00:00:00Z|B", "2|2026-05-01T00:00:00Z|X", "3|2026-05-01T00:00:00Z|-"], None);
    assert_eq!(case.facts(), "1=red 2= 3=");
}

#[test]
fn several_rows_are_an_error_never_a_multiplication() {
    let name = "teams".to_owned();
    let error = joining(&["1|2026-05-01T00:00:00Z|A"], None).steps(|steps| {
        steps.measure = Measure::Max(fact(Type::Text));
    });
    assert_eq!(error.error(), InterpretError::SeveralMatches { name, first: 1, second: 2 });
}

#[test]
fn the_version_in_force_is_the_last_that_has_begun_and_not_ended() {
    let rows = [
        "1|2025-12-31T23:59:59Z|A",
        "2|2026-01-01T00:00:00Z|A",
        "3|2026-02-28T23:59:59.999999Z|A",
        "4|2026-03-01T00:00:00Z|A",
        "5|2026-02-09T00:00:00Z|B",
        "6|2026-02-10T00:00:00Z|B",
        "7|2026-02-10T00:00:00Z|C",
    ];
    // Versions 2 and 3 begin together; 3 comes later in the total order.
    assert_eq!(joining(&rows, version(Some("until"))).facts(), "1= 2=red 3=red 4=green 5=red 6= 7=");
    // Without an end a version holds until the next.
    assert_eq!(joining(&rows, version(None)).facts(), "1= 2=red 3=red 4=green 5=red 6=red 7=");
}

#[test]
fn a_version_that_was_not_known_yet_is_not_in_force() {
    let case = joining(&["1|2026-03-01T00:00:00Z|A"], version(None));
    assert_eq!(case.known_at("2026-03-01T12:00:00Z").facts(), "1=blue");
}

#[test]
fn a_null_instant_has_no_version() {
    let case = joining(&["1|2026-03-01T00:00:00Z|A"], version(None)).steps(|steps| {
        let Rule::Joined(join) = &mut steps.facts[0].rule else { panic!("a join") };
        let nothing = Expression::Literal(Value::Null, Type::Instant);
        join.version = Some(Version { at: nothing, from: "since".to_owned(), until: None });
    });
    assert_eq!(case.facts(), "1=");
}
