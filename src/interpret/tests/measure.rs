use super::*;

const COLUMNS: &str = "id text, at instant, channel text, cost number2, items number0, wait duration";
const ROWS: [&str; 4] = [
    "1|2026-05-01T09:00:00Z|mail|1.50|2|20s",
    "2|2026-05-01T10:00:00Z|chat|2.25|1|250ms",
    "3|2026-05-01T11:00:00Z|mail|-|0|-",
    "4|2026-05-01T12:00:00Z|-|-0.75|-|1m",
];
const NUMBERS: [&str; 5] = ["numerator", "denominator", "value", "n", "state"];

fn measured(measure: Measure) -> Vec<String> {
    case(COLUMNS, &ROWS).measuring(measure).shown(&NUMBERS)
}

fn cost() -> Expression {
    Expression::column("cost", Type::Number(2))
}

fn items() -> Expression {
    Expression::column("items", Type::Number(0))
}

fn wait() -> Expression {
    Expression::column("wait", Type::Duration)
}

fn nothing(ty: Type) -> Expression {
    Expression::Literal(Value::Null, ty)
}

#[test]
fn a_share_counts_true_over_all() {
    // Rows 1 and 3 are mail; row 4 is UNKNOWN, which no lowered plan leaves in.
    assert_eq!(measured(Measure::Share(is("channel", "mail"))), ["2|4|0.5|3|final"]);
}

#[test]
fn a_ratio_skips_nulls_on_each_side() {
    // (1.50 + 2.25 - 0.75) / (2 + 1 + 0)
    assert_eq!(measured(Measure::Ratio(cost(), items())), ["3.00|3|1|4|final"]);
}

#[test]
fn a_zero_denominator_is_undefined_never_zero() {
    let zero = Expression::Literal(Value::integer(0), Type::Number(0));
    assert_eq!(measured(Measure::Ratio(cost(), zero)), ["3.00|0||4|undefined"]);
    assert_eq!(measured(Measure::Ratio(cost(), nothing(Type::Number(0)))), ["3.00|0||4|undefined"]);
}

#[test]
fn a_mean_divides_by_the_values_there_are() {
    // 3.00 / 3
    assert_eq!(measured(Measure::Mean(cost())), ["3.00|3|1|3|final"]);
    assert_eq!(measured(Measure::Mean(nothing(Type::Number(2)))), ["0.00|0||0|undefined"]);
}

#[test]
fn a_mean_of_durations_is_in_seconds() {
    // (20 + 0.25 + 60) / 3 = 26.75
    assert_eq!(measured(Measure::Mean(wait())), ["80.25|3|26.75|3|final"]);
}

#[test]
fn a_count_is_its_own_value() {
    assert_eq!(measured(Measure::Count), ["4||4|4|final"]);
}

#[test]
fn a_distinct_count_leaves_null_out() {
    assert_eq!(measured(Measure::Distinct(Expression::column("channel", Type::Text))), ["2||2|3|final"]);
}

#[test]
fn a_sum_is_exact_and_zero_without_values() {
    assert_eq!(measured(Measure::Sum(cost())), ["3.00||3.00|3|final"]);
    assert_eq!(measured(Measure::Sum(wait())), ["80.25||80.25|3|final"]);
    assert_eq!(measured(Measure::Sum(nothing(Type::Number(2)))), ["0.00||0.00|0|final"]);
}

#[test]
fn extremes_skip_nulls_and_are_undefined_without_values() {
    assert_eq!(measured(Measure::Min(cost())), ["-0.75||-0.75|3|final"]);
    assert_eq!(measured(Measure::Max(wait())), ["60||60|3|final"]);
    assert_eq!(measured(Measure::Max(nothing(Type::Duration))), ["|||0|undefined"]);
}

#[test]
fn over_no_rows_counts_and_sums_are_zero_and_the_rest_is_undefined() {
    let empty = |measure| case(COLUMNS, &[]).measuring(measure).shown(&NUMBERS);
    assert_eq!(empty(Measure::Count), ["0||0|0|final"]);
    assert_eq!(empty(Measure::Distinct(cost())), ["0||0|0|final"]);
    assert_eq!(empty(Measure::Sum(cost())), ["0.00||0.00|0|final"]);
    assert_eq!(empty(Measure::Share(is("channel", "mail"))), ["0|0||0|undefined"]);
    assert_eq!(empty(Measure::Ratio(cost(), items())), ["0.00|0||0|undefined"]);
    assert_eq!(empty(Measure::Mean(cost())), ["0.00|0||0|undefined"]);
    assert_eq!(empty(Measure::Min(cost())), ["|||0|undefined"]);
}

#[test]
fn sums_beyond_64_bits_are_exact() {
    let mut huge = case(COLUMNS, &ROWS[..2]).measuring(Measure::Sum(cost()));
    for row in &mut huge.tables.get_mut("contacts").expect("written above").rows {
        row[3] = Value::Number(Number::new(9_000_000_000_000_000_001, 2));
    }
    assert_eq!(huge.shown(&["value"]), ["180000000000000000.02"]);
}

#[test]
fn a_sum_of_durations_beyond_what_a_duration_holds_is_an_error() {
    let mut huge = case(COLUMNS, &ROWS[..2]).measuring(Measure::Sum(wait()));
    for row in &mut huge.tables.get_mut("contacts").expect("written above").rows {
        row[5] = Value::Duration(Duration::from_micros(i64::MAX));
    }
    assert_eq!(huge.error(), InterpretError::Overflow { what: "a sum of durations" });
}

#[test]
fn columns_are_those_of_the_contract() {
    let case = case(COLUMNS, &ROWS).by(Grain::Day, &["channel"]);
    let result = cells(&case.plan, &case.tables, &case.request).expect("an answer");
    assert_eq!(result.fields, crate::plan::contract(&case.plan, &case.request));
    assert!(result.rows.iter().all(|row| row.len() == result.fields.len()));
    assert_eq!(case.shown(&["metric", "version", "period_start", "period_end", "grain", "channel", "value"])[0], {
        "m|1.0.0|2026-05-01T00:00:00Z|2026-05-02T00:00:00Z|day|chat|1"
    });
}

#[test]
fn a_balance_is_the_difference_of_two_shares_of_all_and_knows_a_row_where_both_are_known() {
    // Rows 1 and 3 are mail, row 2 is chat, the channel of row 4 is unknown: (2 - 1) / 4.
    assert_eq!(measured(Measure::Balance(is("channel", "mail"), is("channel", "chat"))), ["1|4|0.25|3|final"]);
    assert_eq!(measured(Measure::Balance(is("channel", "chat"), is("channel", "mail"))), ["-1|4|-0.25|3|final"]);
    // Whether row 4 is the second is known, and its channel is not.
    assert_eq!(measured(Measure::Balance(is("channel", "mail"), is("id", "2"))), ["1|4|0.25|3|final"]);
}
