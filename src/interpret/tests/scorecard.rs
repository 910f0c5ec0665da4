use super::*;
use crate::plan::{Absent, Component, Scorecard, Weighed};

const COLUMNS: &str = "id text, at instant, cost number0";
/// Costs of 10 and 20 on 1 May, and nothing known on 2 May.
const ROWS: [&str; 3] = ["1|2026-05-01T09:00:00Z|10", "2|2026-05-01T10:00:00Z|20", "3|2026-05-02T09:00:00Z|-"];
const NUMBERS: [&str; 5] = ["numerator", "denominator", "value", "n", "state"];

fn weighed(measure: Measure, worst: &str, best: &str, weight: &str) -> Weighed {
    let number = |text: &str| text.parse::<Number>().expect(text);
    let plan = case(COLUMNS, &ROWS).measuring(measure).plan;
    let component = Component { plan: plan.into(), zero_when_absent: false };
    Weighed { component, worst: number(worst), best: number(best), weight: number(weight) }
}

fn mean() -> Measure {
    Measure::Mean(Expression::column("cost", Type::Number(0)))
}

fn scoring(parts: Vec<Weighed>, absent: Absent) -> Case {
    let mut case = case(COLUMNS, &ROWS).by(Grain::Day, &[]);
    case.plan.body = Body::Scored(Scorecard { parts, absent });
    case
}

fn parts() -> Vec<Weighed> {
    // Days have 2 and 1 contacts, of 4 at best; their mean cost is 15, of 20 at worst and 0 at best, and unknown.
    vec![weighed(Measure::Count, "0", "4", "0.75"), weighed(mean(), "20", "0", "0.25")]
}

#[test]
fn a_score_is_the_weighted_sum_of_what_components_reach() {
    // 0.75 * 0.5 + 0.25 * (15 - 20) / (0 - 20) = 0.375 + 0.0625; then 0.75 * 0.25 over the weight that is left.
    assert_eq!(
        scoring(parts(), Absent::Renormalise).shown(&NUMBERS),
        ["0.4375|1|0.4375||final", "0.1875|0.75|0.25||final"]
    );
}

#[test]
fn an_absent_component_scores_zero_or_voids_the_score() {
    assert_eq!(scoring(parts(), Absent::Zero).shown(&NUMBERS)[1], "0.1875|1|0.1875||final");
    assert_eq!(scoring(parts(), Absent::Void).shown(&NUMBERS), ["0.4375|1|0.4375||final", "||||undefined"]);
}

#[test]
fn what_lies_beyond_the_worst_or_the_best_scores_zero_or_one() {
    let one = |worst, best| scoring(vec![weighed(Measure::Count, worst, best, "1")], Absent::Void).shown(&["value"]);
    assert_eq!(one("0", "1.5"), ["1", "0.6666666666666666"]);
    assert_eq!(one("1", "2"), ["1", "0"]);
    assert_eq!(one("1.5", "1"), ["0", "1"]);
}

#[test]
fn without_any_component_a_score_is_undefined_or_zero() {
    let unknown = || vec![weighed(mean(), "20", "0", "1")];
    assert_eq!(scoring(unknown(), Absent::Renormalise).shown(&NUMBERS)[1], "0||||undefined");
    assert_eq!(scoring(unknown(), Absent::Zero).shown(&NUMBERS)[1], "0|1|0||final");
}

#[test]
fn a_score_is_provisional_where_a_component_is() {
    let case = scoring(parts(), Absent::Zero).known_at("2026-05-02T12:00:00Z");
    assert_eq!(case.shown(&["value", "state"]), ["0.4375|final", "0.1875|provisional"]);
}

#[test]
fn bounds_of_a_score_that_are_one_point_are_a_contradiction() {
    let case = scoring(vec![weighed(Measure::Count, "1", "1", "1")], Absent::Zero);
    assert!(matches!(case.error(), InterpretError::Contradiction { .. }));
}
