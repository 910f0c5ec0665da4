use super::*;
use crate::plan::{Awaits, Exclusion, Mature, MaturityPolicy, Missing};

const COLUMNS: &str = "id text, at instant, closed instant, kind text, score number0";
const MAY: [&str; 4] = [
    "1|2026-05-01T09:00:00Z|2026-05-01T09:00:00Z|in|5",
    "2|2026-05-02T09:00:00Z|2026-05-02T09:00:00Z|out|5",
    "3|2026-05-03T09:00:00Z|2026-05-03T09:00:00Z|-|5",
    "4|2026-05-04T09:00:00Z|-|in|-",
];

fn may() -> Case {
    case(COLUMNS, &MAY).steps(|steps| steps.filter.placement = anchored("closed", Reach::Own))
}

fn incoming(case: Case) -> Case {
    case.steps(|steps| steps.filter.predicate = Some(is("kind", "in")))
}

fn without(id: &str, when: Expression) -> Exclusion {
    Exclusion { id: id.to_owned(), when }
}

#[test]
fn unknown_is_counted_apart_from_false() {
    let case = incoming(may());
    assert_eq!(case.ledger(), "outside=1 unknown=1 undated=1 counted=1");
    assert_eq!(case.shown(&["value", "unknown"]), ["1|1"]);
}

#[test]
fn the_range_is_half_open_and_the_rest_is_of_another_period() {
    let mut case = may();
    case.request.from = Some(instant("2026-05-02T09:00:00Z"));
    case.request.to = Some(instant("2026-05-03T09:00:00Z"));
    assert_eq!(case.ledger(), "undated=1 other_period=2 counted=1");
    assert_eq!(case.shown(&["value"]), ["1"]);
}

#[test]
fn an_unknown_row_makes_a_cell_of_its_own_period() {
    let case = incoming(may()).by(Grain::Day, &[]);
    assert_eq!(
        case.shown(&["period_start", "value", "unknown"]),
        ["2026-05-01T00:00:00Z|1|0", "2026-05-03T00:00:00Z|0|1"]
    );
}

#[test]
fn an_unknown_row_outside_the_range_or_undated_is_in_the_ledger_and_in_no_cell() {
    let mut case = incoming(may()).by(Grain::Day, &[]);
    case.request.to = Some(instant("2026-05-03T00:00:00Z"));
    assert_eq!(case.ledger(), "outside=1 unknown=1 undated=1 counted=1");
    assert_eq!(case.shown(&["period_start", "value", "unknown"]), ["2026-05-01T00:00:00Z|1|0"]);
    let undated = case.steps(|steps| steps.filter.predicate = Some(is_unknown()));
    assert_eq!(undated.ledger(), "unknown=4");
    assert_eq!(undated.shown(&["period_start", "unknown"]), ["2026-05-01T00:00:00Z|1", "2026-05-02T00:00:00Z|1"]);
    assert_eq!(undated.by(Grain::All, &[]).shown(&["unknown"]), ["2"]);
}

fn is_unknown() -> Expression {
    Expression::Literal(Value::Null, Type::Boolean)
}

#[test]
fn an_exclusion_is_charged_to_the_first_that_is_true() {
    let at_work = case(COLUMNS, &MAY).steps(|steps| {
        steps.exclude = vec![
            without("nameless", is_null("kind", Type::Text)),
            without("incoming", is("kind", "in")),
            without("everything", Expression::IsNull(Box::new(is_unknown()))),
        ];
    });
    assert_eq!(at_work.ledger(), "excluded_nameless=1 excluded_incoming=2 excluded_everything=1");
    let columns = ["excluded_nameless", "excluded_incoming", "excluded_everything", "value"];
    assert_eq!(at_work.shown(&columns), ["1|2|1|0"]);
}

#[test]
fn an_unknown_exclusion_leaves_the_row_in() {
    let case = case(COLUMNS, &MAY).steps(|steps| steps.exclude = vec![without("incoming", is("kind", "in"))]);
    assert_eq!(case.ledger(), "excluded_incoming=2 counted=2");
}

#[test]
fn an_excluded_row_is_not_missing_and_a_missing_row_not_immature() {
    let case = case(COLUMNS, &MAY).known_at("2026-05-05T00:00:00Z").steps(|steps| {
        steps.exclude = vec![without("nameless", is_null("kind", Type::Text))];
        steps.missing =
            vec![Missing { when: is_null("score", Type::Number(0)) }, Missing { when: is_null("kind", Type::Text) }];
        steps.mature = vec![after("at", "3d", MaturityPolicy::Wait)];
    });
    // Row 3 has no kind, row 4 no score, row 2 closes on 5 May 09:00.
    assert_eq!(case.ledger(), "excluded_nameless=1 missing=1 immature=1 counted=1");
    assert_eq!(case.shown(&["value", "excluded_nameless", "missing", "immature", "state"]), ["1|1|1|1|final"]);
}

fn after(anchor: &str, closes_after: &str, policy: MaturityPolicy) -> Mature {
    Mature { awaits: Awaits::Closed { closes: Expression::shift(anchor, length(closes_after)) }, policy }
}

#[test]
fn a_window_that_closes_at_the_very_as_of_is_mature() {
    let waiting = |as_of| {
        let first = case(COLUMNS, &MAY[..1]).known_at(as_of);
        first.steps(|steps| steps.mature = vec![after("at", "7d", MaturityPolicy::Wait)]).ledger()
    };
    assert_eq!(waiting("2026-05-08T09:00:00Z"), "counted=1");
    assert_eq!(waiting("2026-05-08T08:59:59.999999Z"), "immature=1");
}

#[test]
fn a_window_that_has_not_opened_has_not_closed() {
    let case = case(COLUMNS, &MAY).steps(|steps| {
        steps.mature = vec![after("closed", "0s", MaturityPolicy::Wait)];
    });
    assert_eq!(case.ledger(), "immature=1 counted=3");
}

#[test]
fn a_provisional_policy_counts_open_rows_twice_and_says_so() {
    let case = case(COLUMNS, &MAY[..2]).known_at("2026-05-08T09:00:00Z");
    let case = case.steps(|steps| steps.mature = vec![after("at", "7d", MaturityPolicy::Provisional)]);
    assert_eq!(case.ledger(), "counted=2");
    assert_eq!(case.shown(&["value", "immature", "state"]), ["2|1|provisional"]);
}

#[test]
fn grain_all_without_dimensions_has_one_cell_over_no_rows() {
    let empty = case(COLUMNS, &[]);
    assert_eq!(empty.shown(&["period_start", "grain", "value", "n", "unknown", "state"]), ["|all|0|0|0|final"]);
    assert_eq!(empty.ledger(), "");
    assert!(empty.clone().by(Grain::Day, &[]).shown(&["value"]).is_empty());
    assert!(empty.by(Grain::All, &["kind"]).shown(&["value"]).is_empty());
}

#[test]
fn a_ledger_names_every_fate_in_order() {
    let case = case(COLUMNS, &[]).steps(|steps| steps.exclude = vec![without("x", is("kind", "in"))]);
    let ledger = ledger(&case.plan, &case.tables, &case.request).expect("adds up");
    let names: Vec<_> = ledger.rows.iter().map(|row| row[0].to_string()).collect();
    let expected = "after_as_of duplicate outside unknown undated other_period excluded_x missing immature counted";
    assert_eq!(names.join(" "), expected);
}

#[test]
fn cells_are_sorted_by_period_then_dimensions_with_nulls_last() {
    let rows = [
        "1|2026-05-02T09:00:00Z|-|b|-",
        "2|2026-05-02T09:00:00Z|-|-|-",
        "3|2026-05-02T09:00:00Z|-|a|-",
        "4|2026-05-01T09:00:00Z|-|-|-",
        "5|2026-05-02T10:00:00Z|-|a|-",
    ];
    let case = case(COLUMNS, &rows).by(Grain::Day, &["kind"]);
    assert_eq!(
        case.shown(&["period_start", "kind", "value"]),
        ["2026-05-01T00:00:00Z||1", "2026-05-02T00:00:00Z|a|2", "2026-05-02T00:00:00Z|b|1", "2026-05-02T00:00:00Z||1",]
    );
}

#[test]
fn a_column_that_is_no_dimension_is_refused() {
    let mut case = case(COLUMNS, &MAY).by(Grain::All, &["kind"]);
    case.plan.dimensions.clear();
    let (metric, name) = ("m".to_owned(), "kind".to_owned());
    assert_eq!(case.error(), InterpretError::UnknownDimension { metric, name });
}

fn covered_since(since: &str, policy: MaturityPolicy) -> Mature {
    let opens = Expression::shift("at", length("-1d"));
    Mature { awaits: Awaits::Covered { opens, since: instant(since) }, policy }
}

fn settled(open: Expression, policy: MaturityPolicy) -> Mature {
    Mature { awaits: Awaits::Settled { open }, policy }
}

#[test]
fn a_look_back_must_not_begin_before_the_data() {
    let covered = |since| {
        case(COLUMNS, &MAY).steps(|steps| {
            steps.mature = vec![covered_since(since, MaturityPolicy::Wait)];
        })
    };
    // Row 3 looks back to 2 May 09:00.
    assert_eq!(covered("2026-05-02T09:00:00Z").ledger(), "immature=2 counted=2");
    assert_eq!(covered("2026-05-02T09:00:00.000001Z").ledger(), "immature=3 counted=1");
}

#[test]
fn an_outcome_stands_unless_it_is_known_to_be_open() {
    let case = case(COLUMNS, &MAY).steps(|steps| steps.mature = vec![settled(is("kind", "in"), MaturityPolicy::Wait)]);
    assert_eq!(case.ledger(), "immature=2 counted=2");
}

#[test]
fn a_row_that_is_counted_provisionally_must_still_pass_what_comes_after() {
    let case = case(COLUMNS, &MAY).steps(|steps| {
        steps.mature = vec![
            settled(is("kind", "in"), MaturityPolicy::Provisional),
            covered_since("2026-05-01T00:00:00Z", MaturityPolicy::Wait),
        ];
    });
    // Row 1 is open and looks back too far; row 4 is open only.
    assert_eq!(case.ledger(), "immature=1 counted=3");
    assert_eq!(case.shown(&["value", "immature", "state"]), ["3|2|provisional"]);
}
