use super::*;
use crate::plan::{Clock, Derived, Reversed};

const COLUMNS: &str = "id text, at instant, closed instant, kind text";
const ROWS: [&str; 3] = [
    "1|2026-05-01T09:00:00Z|2026-05-01T09:00:10Z|in",
    "2|2026-05-02T09:00:00Z|2026-05-02T09:00:30Z|out",
    "3|2026-05-03T09:00:00Z|-|in",
];

fn lasts() -> Fact {
    let (from, to) = (instant_of("at"), instant_of("closed"));
    let clock = Clock { from, to, counting: None, reversed: Reversed::Zero };
    Fact { name: "lasts".to_owned(), rule: Rule::Clocked(clock) }
}

/// Whether `lasts` is less than twenty seconds.
fn is_short() -> Expression {
    compare(Comparison::Less, Expression::column("lasts", Type::Duration), any_length("20s"))
}

fn derived(name: &str, value: Expression) -> Derived {
    Derived { name: name.to_owned(), value }
}

#[test]
fn a_fact_sees_the_facts_before_it() {
    let case = case(COLUMNS, &ROWS).steps(|steps| {
        steps.facts = vec![lasts(), Fact { name: "short".to_owned(), rule: Rule::Derived(is_short()) }];
    });
    assert_eq!(case.facts(), "1=true 2=false 3=");
    let reversed = case.steps(|steps| steps.facts.reverse());
    assert_eq!(reversed.error(), InterpretError::UnknownColumn { name: "lasts".to_owned() });
}

#[test]
fn a_population_may_read_facts() {
    let case = case(COLUMNS, &ROWS).steps(|steps| {
        steps.facts = vec![lasts()];
        steps.filter.predicate = Some(is_short());
    });
    assert_eq!(case.ledger(), "outside=1 unknown=1 counted=1");
}

#[test]
fn a_fact_may_be_a_dimension_also_of_unknown_rows() {
    let case = case(COLUMNS, &ROWS).by(Grain::All, &["lasts"]).steps(|steps| {
        steps.facts = vec![lasts()];
        let is_not_two = Expression::Not(Box::new(is("id", "2")));
        let unknown = Expression::Literal(Value::Null, Type::Boolean);
        steps.filter.predicate = Some(Expression::And(vec![is_not_two, unknown]));
    });
    let mut case = case;
    case.plan.dimensions.push(Dimension { name: "lasts".to_owned(), ty: Type::Duration });
    assert_eq!(case.shown(&["lasts", "value", "unknown"]), ["10|0|1", "|0|1"]);
}

#[test]
fn a_derived_column_can_filter_date_group_and_match() {
    let mut case = case(COLUMNS, &ROWS).by(Grain::Day, &["done"]).steps(|steps| {
        steps.scan.derived = vec![
            derived("done", Expression::Not(Box::new(is_null("closed", Type::Instant)))),
            derived("later", Expression::shift("at", length("1d"))),
        ];
        steps.filter.predicate = Some(Expression::column("done", Type::Boolean));
        steps.filter.placement = anchored("later", Reach::Own);
    });
    case.plan.dimensions = vec![Dimension { name: "done".to_owned(), ty: Type::Boolean }];
    assert_eq!(
        case.shown(&["period_start", "done", "value"]),
        ["2026-05-02T00:00:00Z|true|1", "2026-05-03T00:00:00Z|true|1"]
    );
}

#[test]
fn a_derived_column_of_events_can_match_and_be_summed_up() {
    let case =
        case(COLUMNS, &ROWS).relating(window("0s", "9d"), Summary::Max(instant_of("end"))).relate_step(|relate| {
            let column = |name: &str| (name.to_owned(), name.to_owned());
            relate.same = vec![column("kind")];
            relate.events.derived =
                vec![derived("end", Expression::Coalesce(vec![instant_of("closed"), instant_of("at")]))];
            relate.event_at = "end".to_owned();
        });
    // Only contacts 1 and 3 are of one kind.
    assert_eq!(case.facts(), "1=2026-05-03T09:00:00Z 2= 3=");
}

#[test]
fn the_row_that_stands_for_its_key_is_what_columns_are_derived_of() {
    let rows = ["1|2026-05-01T09:00:00Z|-|in", "1|2026-05-02T09:00:00Z|-|out"];
    let mut case = case(COLUMNS, &rows).by(Grain::All, &["copy"]).steps(|steps| {
        steps.scan.dedupe = Dedupe::Latest;
        steps.scan.derived = vec![derived("copy", Expression::column("kind", Type::Text))];
    });
    case.plan.dimensions = vec![Dimension { name: "copy".to_owned(), ty: Type::Text }];
    assert_eq!(case.shown(&["copy", "value"]), ["out|1"]);
}
