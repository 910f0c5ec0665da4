//! When two results are the same: exactly for counts, decimals, texts and instants, within 1e-9 relative for floats.
//!
//! Knows nothing of where the two tables come from.

use crate::table::Table;
use crate::value::Value;

/// Largest relative difference of floats that counts as equal.
const RELATIVE: f64 = 1e-9;
/// Largest absolute difference of floats that counts as equal, for values around zero.
const ABSOLUTE: f64 = 1e-12;

/// Tells whether two cells are the same.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Real(_), _) | (_, Value::Real(_)) => match (left.as_real(), right.as_real()) {
            (Some(a), Some(b)) => close(a, b),
            _ => false,
        },
        _ => left.compare(right).is_some_and(std::cmp::Ordering::is_eq),
    }
}

fn close(a: f64, b: f64) -> bool {
    let difference = (a - b).abs();
    difference <= ABSOLUTE || difference <= RELATIVE * a.abs().max(b.abs())
}

/// Where two tables of the same columns differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The numbers of rows differ.
    Rows {
        /// Rows of the left table.
        left: usize,
        /// Rows of the right table.
        right: usize,
    },
    /// A cell differs.
    Cell {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
    },
}

/// Returns every difference between two tables of the same columns, rows compared in order.
pub fn differences(left: &Table, right: &Table) -> Vec<Difference> {
    let mut found = Vec::new();
    if left.rows.len() != right.rows.len() {
        found.push(Difference::Rows { left: left.rows.len(), right: right.rows.len() });
    }
    for (row, (a, b)) in left.rows.iter().zip(&right.rows).enumerate() {
        let cells = a.iter().zip(b).enumerate().filter(|(_, (a, b))| !same(a, b));
        found.extend(cells.map(|(column, _)| Difference::Cell { row, column }));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    #[test]
    fn null_is_the_same_only_as_null() {
        assert!(same(&Value::Null, &Value::Null));
        assert!(!same(&Value::Null, &Value::integer(0)));
    }

    #[test]
    fn floats_may_differ_in_the_tenth_digit_and_counts_not_at_all() {
        assert!(same(&Value::Real(0.333_333_333_3), &Value::Real(1.0 / 3.0)));
        assert!(!same(&Value::Real(0.333_333), &Value::Real(1.0 / 3.0)));
        assert!(!same(&Value::integer(1_000_000_001), &Value::integer(1_000_000_000)));
        assert!(same(&Value::Number(Number::new(150, 2)), &Value::Number(Number::new(15, 1))));
    }
}
