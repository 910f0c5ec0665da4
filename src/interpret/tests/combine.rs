use super::*;
use crate::plan::{Average, Combination, Component, Formula};

const COLUMNS: &str = "id text, at instant, channel text, cost number0";
/// Costs of 10 and 20 by mail on 1 May, 60 by chat on 3 May, and nothing known by mail on 4 May.
const ROWS: [&str; 4] = [
    "1|2026-05-01T09:00:00Z|mail|10",
    "2|2026-05-01T10:00:00Z|mail|20",
    "3|2026-05-03T09:00:00Z|chat|60",
    "4|2026-05-04T09:00:00Z|mail|-",
];

fn cost() -> Expression {
    Expression::column("cost", Type::Number(0))
}

fn only(channel: &str, measure: Measure) -> Plan {
    let base = case(COLUMNS, &ROWS).measuring(measure);
    base.steps(|steps| steps.filter.predicate = Some(is("channel", channel))).plan
}

fn combining(components: Vec<Component>, formula: Formula) -> Case {
    let mut case = case(COLUMNS, &ROWS).by(Grain::Day, &[]);
    case.plan.body = Body::Combined(Combination { components, formula });
    case
}

fn averaging(component: Plan, each: Grain) -> Case {
    let mut case = case(COLUMNS, &ROWS);
    case.plan.body = Body::Averaged(Average { component: component.into(), each });
    case
}

fn mail_and_chat() -> Vec<Component> {
    vec![
        Component { plan: only("mail", Measure::Count).into(), zero_when_absent: true },
        Component { plan: only("chat", Measure::Mean(cost())).into(), zero_when_absent: false },
    ]
}

fn part(index: usize) -> Box<Formula> {
    Box::new(Formula::Component(index))
}

const NUMBERS: [&str; 8] = ["period_start", "numerator", "denominator", "value", "n", "low", "unknown", "state"];

#[test]
fn every_cell_of_any_component_appears_and_absence_is_zero_or_null() {
    let sum = combining(mail_and_chat(), Formula::Add(part(0), part(1)));
    assert_eq!(
        sum.shown(&NUMBERS),
        [
            "2026-05-01T00:00:00Z|||||||undefined",
            "2026-05-03T00:00:00Z|60||60||||final",
            "2026-05-04T00:00:00Z|||||||undefined",
        ]
    );
}

#[test]
fn an_outermost_quotient_shows_its_operands_and_zero_below_it_is_null() {
    let quotient = combining(mail_and_chat(), Formula::Divide(part(1), part(0)));
    assert_eq!(
        quotient.shown(&["numerator", "denominator", "value", "state"]),
        ["|2||undefined", "60|0||undefined", "|1||undefined"]
    );
    let eight = || Box::new(Formula::Constant("8".parse().expect("a number")));
    let of_constant = combining(mail_and_chat(), Formula::Divide(part(0), eight()));
    assert_eq!(of_constant.shown(&["numerator", "denominator", "value"]), ["2|8|0.25", "0|8|0", "1|8|0.125"]);
}

#[test]
fn products_and_differences_are_computed_and_null_propagates() {
    let half = || Box::new(Formula::Constant("0.5".parse().expect("a number")));
    let formula = Formula::Subtract(Box::new(Formula::Multiply(part(1), half())), half());
    assert_eq!(combining(mail_and_chat(), formula).shown(&["value"]), ["", "29.5", ""]);
}

#[test]
fn components_meet_on_dimensions_too_and_null_meets_null() {
    let rows = ["1|2026-05-01T09:00:00Z|mail|10", "2|2026-05-01T09:00:00Z|-|20"];
    let both = case(COLUMNS, &rows);
    let count = Component { plan: both.plan.clone().into(), zero_when_absent: true };
    let sum = Component { plan: both.clone().measuring(Measure::Sum(cost())).plan.into(), zero_when_absent: true };
    let mut case = both.by(Grain::All, &["channel"]);
    case.plan.body =
        Body::Combined(Combination { components: vec![count, sum], formula: Formula::Add(part(0), part(1)) });
    assert_eq!(case.shown(&["channel", "value"]), ["mail|11", "|21"]);
}

#[test]
fn a_combination_over_no_rows_has_its_one_cell() {
    let mut case = combining(mail_and_chat(), Formula::Component(0)).by(Grain::All, &[]);
    case.tables.get_mut("contacts").expect("written above").rows.clear();
    assert_eq!(case.shown(&["value", "state"]), ["0|final"]);
}

#[test]
fn a_combination_is_provisional_where_a_component_is() {
    let case = combining(mail_and_chat(), Formula::Component(0)).known_at("2026-05-03T12:00:00Z");
    assert_eq!(case.shown(&["value", "state"]), ["2|final", "0|provisional"]);
}

#[test]
fn a_result_beyond_a_float_is_an_error() {
    let huge = || Box::new(Formula::Constant(Number::new(i128::MAX, 0)));
    let mut formula = *huge();
    for _ in 0..9 {
        formula = Formula::Multiply(Box::new(formula), huge());
    }
    assert_eq!(combining(mail_and_chat(), formula).error(), InterpretError::Overflow { what: "a combination" });
}

#[test]
fn an_average_weighs_every_period_the_same() {
    // Daily means are 15 and 60, and none on 4 May: (15 + 60) / 2, where the mean over rows is 30.
    let daily = averaging(case(COLUMNS, &ROWS).measuring(Measure::Mean(cost())).plan, Grain::Day);
    assert_eq!(daily.shown(&NUMBERS), ["|75|2|37.5|2|||final"]);
    let weekly = daily.by(Grain::Week, &[]);
    assert_eq!(
        weekly.shown(&["period_start", "period_end", "value", "n", "state"]),
        [
            "2026-04-27T00:00:00Z|2026-05-04T00:00:00Z|37.5|2|final",
            "2026-05-04T00:00:00Z|2026-05-11T00:00:00Z||0|undefined",
        ]
    );
}

#[test]
fn an_average_by_dimension_keeps_each_groups_periods_apart() {
    let daily = averaging(case(COLUMNS, &ROWS).measuring(Measure::Mean(cost())).plan, Grain::Day);
    assert_eq!(daily.by(Grain::Month, &["channel"]).shown(&["channel", "value", "n"]), ["chat|60|1", "mail|15|1"]);
}

#[test]
fn an_average_over_a_running_period_is_provisional() {
    let daily = averaging(case(COLUMNS, &ROWS[..2]).plan, Grain::Day).known_at("2026-05-02T00:00:00Z");
    assert_eq!(daily.clone().by(Grain::Month, &[]).shown(&["value", "state"]), ["2|provisional"]);
    assert_eq!(daily.clone().by(Grain::Day, &[]).shown(&["value", "state"]), ["2|final"]);
    // Without an end of its own, the whole is as settled as the days in it.
    assert_eq!(daily.clone().shown(&["value", "state"]), ["2|final"]);
    assert_eq!(daily.known_at("2026-05-01T23:00:00Z").shown(&["value", "state"]), ["2|provisional"]);
}

#[test]
fn an_average_over_no_rows_is_one_undefined_cell() {
    let mut empty = averaging(case(COLUMNS, &ROWS).plan, Grain::Day);
    empty.tables.get_mut("contacts").expect("written above").rows.clear();
    assert_eq!(empty.shown(&["numerator", "denominator", "value", "n", "state"]), ["0|0||0|undefined"]);
    assert!(empty.by(Grain::Month, &[]).shown(&["value"]).is_empty());
}

#[test]
fn an_average_over_weeks_has_no_month() {
    let weekly = averaging(case(COLUMNS, &ROWS).plan, Grain::Week).by(Grain::Month, &[]);
    assert!(matches!(weekly.error(), InterpretError::Contradiction { .. }));
}

#[test]
fn only_measured_plans_have_a_ledger() {
    assert_eq!(averaging(case(COLUMNS, &ROWS).plan, Grain::Day).ledger(), "");
    let combined = combining(mail_and_chat(), Formula::Component(0));
    let table = ledger(&combined.plan, &combined.tables, &combined.request).expect("empty");
    assert_eq!((table.fields, table.rows), (crate::plan::result::ledger_contract(), Vec::new()));
}

#[test]
fn a_constant_may_change_over_time_and_is_that_of_the_periods_start() {
    let number = |text: &str| text.parse::<Number>().expect(text);
    let steps = Formula::Stepwise(vec![
        (instant("2026-05-03T00:00:00Z"), number("0.5")),
        (instant("2026-05-03T00:00:00.000001Z"), number("0.8")),
    ]);
    let case = combining(mail_and_chat(), steps);
    // Before the first there is none; the second begins just after 3 May does.
    assert_eq!(case.shown(&["value", "state"]), ["|undefined", "0.5|final", "0.8|final"]);
    assert_eq!(case.clone().by(Grain::All, &[]).shown(&["value"]), ["0.8"]);
    assert_eq!(case.by(Grain::All, &[]).known_at("2026-05-03T00:00:00Z").shown(&["value"]), ["0.5"]);
}

#[test]
fn an_average_over_weeks_has_a_year_of_weeks() {
    let mut case = averaging(case(COLUMNS, &ROWS).plan, Grain::Week).by(Grain::Year, &[]);
    let begins = crate::plan::YearBegins::Nearest;
    case.plan.calendar.year = Year::OfWeeks { first: 1, begins, pattern: [4, 4, 5] };
    // Three contacts in the week of 27 April, one in that of 4 May.
    assert_eq!(case.shown(&["period_start", "value", "n"]), ["2025-12-29T00:00:00Z|2|2"]);
}
