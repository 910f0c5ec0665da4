use super::*;

const COLUMNS: &str = "id text, customer text, at instant, due instant, kind text, score number0";

/// Contacts of customer A at 09:00, 10:00 and 11:00, and of B at 10:00.
const CONTACTS: [&str; 4] = [
    "1|A|2026-05-01T09:00:00Z|2026-05-01T09:30:00Z|in|1",
    "2|A|2026-05-01T10:00:00Z|-|in|2",
    "3|A|2026-05-01T11:00:00Z|2026-05-01T12:30:00Z|out|3",
    "4|B|2026-05-01T10:00:00Z|2026-05-01T12:30:00Z|in|4",
];

/// Sales of A at 10:30 and 11:30, and of B at 11:00, with their prices.
fn sales() -> Table {
    table(
        "id text, customer text, at instant, price number0",
        &["x|A|2026-05-01T10:30:00Z|10", "y|A|2026-05-01T11:30:00Z|20", "z|B|2026-05-01T11:00:00Z|3"],
    )
}

/// Relates contacts to the sales within the four hours after them.
fn selling(summary: Summary, credit: Credit) -> Case {
    let case = case(COLUMNS, &CONTACTS).with("sales", sales()).relating(window("0s", "4h"), summary);
    case.relate_step(|relate| {
        relate.events = scan_of("sales", &sales());
        relate.credit = credit;
    })
}

fn price() -> Expression {
    Expression::column("price", Type::Number(0))
}

#[test]
fn an_event_counts_for_every_row_or_for_the_first_or_last_of_them() {
    let sum = |credit| selling(Summary::Sum(price()), credit).facts();
    // x comes after contacts 1 and 2, y after all three.
    assert_eq!(sum(Credit::Every), "1=30 2=30 3=20 4=3");
    assert_eq!(sum(Credit::First), "1=30 2= 3= 4=3");
    assert_eq!(sum(Credit::Last), "1= 2=10 3=20 4=3");
    assert_eq!(selling(Summary::Count, Credit::Last).facts(), "1=0 2=1 3=1 4=1");
    assert_eq!(selling(Summary::Exists, Credit::First).facts(), "1=true 2=false 3=false 4=true");
}

#[test]
fn rows_outside_the_population_are_credited_with_nothing_and_rows_of_other_periods_are() {
    let mut case = selling(Summary::Count, Credit::Last).steps(|steps| {
        steps.filter.predicate = Some(is("kind", "in"));
    });
    // Without contact 3 its sale counts for contact 2.
    assert_eq!(case.facts(), "1=0 2=2 4=1");
    // Contact 2 is of another period and keeps its sales all the same.
    case.request.to = Some(instant("2026-05-01T10:00:00Z"));
    assert_eq!(case.facts(), "1=0");
}

#[test]
fn a_row_without_an_anchor_is_credited_with_nothing() {
    let case =
        selling(Summary::Count, Credit::Last).steps(|steps| steps.filter.placement = anchored("due", Reach::Own));
    // Contact 2 belongs to no period, so x counts for contact 1.
    assert_eq!(case.facts(), "1=1 3=1 4=1");
}

#[test]
fn credit_needs_a_population_without_facts() {
    let case = selling(Summary::Exists, Credit::First);
    let case = case.steps(|steps| steps.filter.predicate = Some(fact(Type::Boolean)));
    assert!(matches!(case.error(), InterpretError::Contradiction { .. }));
}

#[test]
fn a_predicate_may_compare_the_event_with_the_row() {
    let contacts = case(COLUMNS, &CONTACTS).relating(window("-9h", "9h"), Summary::Count);
    let higher =
        compare(Comparison::Greater, Expression::column("score", Type::Number(0)), outer("score", Type::Number(0)));
    let case = contacts.relate_step(|relate| relate.predicate = Some(higher));
    assert_eq!(case.facts(), "1=2 2=1 3=0 4=0");
}

#[test]
fn a_window_may_end_at_an_instant_of_the_row_and_with_a_null_nothing_is_known() {
    let case = selling(Summary::Count, Credit::Every).relate_step(|relate| {
        relate.window.to = Some(Bound { at: instant_of("due"), inclusive: true });
    });
    // No sale until 09:30; no end; y until 12:30; z until 12:30.
    assert_eq!(case.facts(), "1=0 2= 3=1 4=1");
}

#[test]
fn a_window_and_its_anchor_may_be_facts() {
    let case = selling(Summary::Count, Credit::Every).relate_step(|relate| {
        relate.anchor = "hour_later".to_owned();
        relate.window.from = Some(Bound { at: Expression::shift("hour_later", Duration::ZERO), inclusive: true });
        relate.window.to = None;
    });
    let case = case.steps(|steps| {
        let rule = Rule::Derived(Expression::shift("at", length("1h")));
        steps.facts.insert(0, Fact { name: "hour_later".to_owned(), rule });
    });
    // From 10:00, 11:00, 12:00 and (B) 11:00 on.
    assert_eq!(case.facts(), "1=2 2=1 3=0 4=1");
}

#[test]
fn every_is_true_of_all_and_null_of_none() {
    let dear = compare(Comparison::Greater, price(), Expression::Literal(Value::integer(15), Type::Number(0)));
    assert_eq!(selling(Summary::Every(dear), Credit::Last).facts(), "1= 2=false 3=true 4=false");
    let unknown = Expression::Literal(Value::Null, Type::Boolean);
    assert_eq!(selling(Summary::Every(unknown), Credit::Last).facts(), "1= 2=false 3=false 4=false");
}

#[test]
fn a_mean_is_a_float_that_measures_take() {
    let mean = selling(Summary::Mean(price()), Credit::Every);
    assert_eq!(mean.facts(), "1=15 2=15 3=20 4=3");
    let of_means = |measure: fn(Expression) -> Measure| {
        mean.clone().measuring(measure(fact(Type::Real))).shown(&["numerator", "denominator", "value", "n"])
    };
    assert_eq!(of_means(Measure::Sum), ["53||53|4"]);
    assert_eq!(of_means(Measure::Mean), ["53|4|13.25|4"]);
    assert_eq!(of_means(Measure::Min), ["3||3|4"]);
    assert_eq!(of_means(Measure::Distinct), ["3||3|4"]);
}
