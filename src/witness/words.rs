//! Names, instants and numbers as a sentence shows them.

use jiff::tz::TimeZone;

use super::material::YEAR;
use crate::expression::Expression;
use crate::plan::{Body, Plan};
use crate::table::Table;
use crate::value::{Duration, Instant, Type, Value};

/// Returns what one row of a source is called: `contact` of `contacts`, `ticket status` of `ticket_statuses`.
pub(super) fn singular(source: &str) -> String {
    let words = source.replace('_', " ");
    let cut = |end: &str, by: &str| words.strip_suffix(end).map(|stem| format!("{stem}{by}"));
    let short = ["sses", "uses", "xes", "ches", "shes"].iter().any(|end| words.ends_with(end));
    let one = match short {
        true => cut("es", ""),
        false => cut("ies", "y").or_else(|| cut("s", "").filter(|stem| !stem.ends_with('s'))),
    };
    one.unwrap_or(words)
}

/// Returns a name as words: `later contact` of `later_contact`.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// Returns an instant in UTC as `2 March 09:00`; seconds and less, and another year than [`YEAR`], only where there are any.
pub(super) fn moment(at: Instant) -> String {
    let local = at.in_zone(&TimeZone::UTC);
    let month = local.strftime("%B").to_string();
    let year = if local.year() == YEAR { String::new() } else { format!(" {}", local.year()) };
    let mut text = format!("{} {month}{year} {:02}:{:02}", local.day(), local.hour(), local.minute());
    let micros = at.micros().rem_euclid(1_000_000);
    if local.second() != 0 || micros != 0 {
        text.push_str(&format!(":{:02}", local.second()));
    }
    if micros != 0 {
        text.push_str(format!(".{micros:06}").trim_end_matches('0'));
    }
    text
}

/// Returns a value as a sentence shows it.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Instant(at) => moment(*at),
        Value::Duration(length) => length.to_string(),
        Value::Text(text) => format!("`{text}`"),
        Value::Real(real) => rounded(*real),
        other => other.to_string(),
    }
}

/// Returns a float with at most six digits after the point.
fn rounded(real: f64) -> String {
    let text = format!("{real:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Returns a number of a measure whose operand has a type: floats over durations are in seconds.
pub(super) fn measured(value: &Value, operand: Option<Type>) -> String {
    match (value, operand) {
        (Value::Real(seconds), Some(Type::Duration)) => {
            Duration::from_micros((seconds * 1e6).round() as i64).to_string()
        }
        _ => shown(value),
    }
}

/// Returns the number of a row of cells: `1/2` where it is a quotient of whole numbers.
pub(super) fn number(plan: &Plan, cells: &Table, row: usize) -> String {
    let cell = |name: &str| cells.cell(row, name);
    let operand = match &plan.body {
        Body::Measured(pipeline) => pipeline.measure.operand().map(Expression::ty),
        _ => None,
    };
    let value = cell("value");
    match (cell("numerator"), cell("denominator"), value) {
        (_, _, Value::Null) => "no value".to_owned(),
        (Value::Number(top), Value::Number(bottom), Value::Real(_)) if top.scale() == 0 && bottom.scale() == 0 => {
            format!("{top}/{bottom}")
        }
        _ => measured(value, operand),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_of_a_source_has_a_name() {
        for (many, one) in [
            ("contacts", "contact"),
            ("replies", "reply"),
            ("ticket_statuses", "ticket status"),
            ("cases", "case"),
            ("nps_surveys", "nps survey"),
            ("contact_handling", "contact handling"),
        ] {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn seconds_are_shown_only_where_there_are_any() {
        let at = |text: &str| moment(Instant::parse(text).expect(text));
        assert_eq!(at("2026-03-02T09:00:00Z"), "2 March 09:00");
        assert_eq!(at("2025-03-02T09:00:00Z"), "2 March 2025 09:00");
        assert_eq!(at("2026-03-02T09:00:01Z"), "2 March 09:00:01");
        assert_eq!(at("2026-03-02T09:00:00.5Z"), "2 March 09:00:00.5");
    }
}
