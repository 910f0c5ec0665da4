//! Comparison of a result's columns with the declared fields.
//!
//! Says which columns are absent, surplus or out of order. Knows no engine.

use crate::engine::EngineError;
use crate::table::Field;

/// Accepts `actual` only if it is exactly the names of `fields`, in order.
pub(super) fn check<'a>(
    engine: &'static str,
    actual: impl IntoIterator<Item = &'a str>,
    fields: &[Field],
) -> Result<(), EngineError> {
    let actual: Vec<&str> = actual.into_iter().collect();
    let declared: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    if actual == declared {
        return Ok(());
    }
    let absent = listed(declared.iter().filter(|name| !actual.contains(name)));
    let surplus = listed(actual.iter().filter(|name| !declared.contains(name)));
    let what = match (absent.is_empty(), surplus.is_empty()) {
        (false, true) => format!("absent: {absent}"),
        (true, false) => format!("surplus: {surplus}"),
        (false, false) => format!("absent: {absent}; surplus: {surplus}"),
        (true, true) => format!("the order is {} where {} is declared", listed(&actual), listed(&declared)),
    };
    Err(EngineError::Mismatch { engine, what })
}

/// Returns the error for a cell that is not of its field's type; `row` counts from 0.
pub(super) fn mismatch(engine: &'static str, row: usize, field: &Field, found: &str) -> EngineError {
    let what = format!("row {}, column `{}`: {found} where `{}` is declared", row + 1, field.name, field.ty);
    EngineError::Mismatch { engine, what }
}

fn listed<'a>(names: impl IntoIterator<Item = &'a &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Type;

    fn complaint(actual: &[&str]) -> String {
        let fields = [Field::new("n", Type::Number(0)), Field::new("value", Type::Real)];
        check("sqlite", actual.iter().copied(), &fields).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_the_declared_columns_in_order_pass() {
        assert_eq!(complaint(&["n", "value"]), "");
        assert!(complaint(&["n"]).ends_with("absent: `value`"));
        assert!(complaint(&["n", "value", "x"]).ends_with("surplus: `x`"));
        assert!(complaint(&["N", "value"]).ends_with("absent: `n`; surplus: `N`"));
        assert!(complaint(&["value", "n"]).ends_with("the order is `value`, `n` where `n`, `value` is declared"));
        assert!(complaint(&["n", "value", "n"]).contains("the order is `n`, `value`, `n`"));
    }
}
