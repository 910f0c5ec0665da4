//! What is computed from the rows of a cell.

use serde::Serialize;

use crate::expression::Expression;
use crate::value::{Number, Type};

/// The best and the worst case of a cell, where the values of some rows are not known.
///
/// Rows that [`Missing`] leaves, and for which `when` is TRUE, are [`Fate::Missing`](super::Fate) too. `low` and `high` of the cell are the
/// value that it would have if each of these rows had had the operand `low`, and `high`. They stand beside a share (whose
/// operands are 0 and 1), a balance (-1 and 1) and a mean (what the column can hold). Null over no rows at all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bounds {
    /// Which rows are not known.
    pub when: Expression,
    /// The operand in the case that makes the value smallest.
    pub low: Number,
    /// The operand in the case that makes the value largest.
    pub high: Number,
}

/// What is computed from the counted rows of a cell.
///
/// `numerator / denominator` is the value of a share, ratio, mean, balance or top share; for the others the value is the numerator and
/// the denominator is null. `n` is the number of rows the value rests on: the counted rows with a non-null operand.
/// The sums of a ratio or mean are 0, not null, without any non-null value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Measure {
    /// Rows for which the predicate is TRUE, over all counted rows. The predicate is never UNKNOWN on counted rows:
    /// a [`Missing`] step has taken those.
    Share(Expression),
    /// Sum over sum. A row counts towards `n` always; null operands add nothing.
    Ratio(Expression, Expression),
    /// Number of counted rows.
    Count,
    /// Number of distinct non-null values.
    Distinct(Expression),
    /// Sum of the non-null values; 0 over counted rows without any, and over no rows.
    Sum(Expression),
    /// Sum of the non-null values over their number.
    Mean(Expression),
    /// Smallest non-null value.
    Min(Expression),
    /// Largest non-null value.
    Max(Expression),
    /// An exact quantile of the non-null values; null without one.
    Quantile(Quantile),
    /// Rows for which the first condition is TRUE less rows for which the second is, over all counted rows. Neither is
    /// ever UNKNOWN on counted rows, and never are both TRUE.
    Balance(Expression, Expression),
    /// Rows that have one of the so many most frequent values, over rows that have any (which is also `n`).
    TopShare(Expression, u32),
}

/// The value below which a part of all values lies.
///
/// With `m` values in ascending order from `v(0)`: *continuous* is the linear interpolation at the position
/// `at * (m - 1)`, a float (durations in seconds); *discrete* is the value at `ceil(at * m) - 1`, at least `v(0)`, in its own
/// type. Positions are computed exactly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quantile {
    /// What is ordered: numbers, durations or instants; discrete also days.
    pub of: Expression,
    /// The part, from 0 to 1.
    pub at: Number,
    /// Whether a value between two is interpolated.
    pub method: QuantileMethod,
}

/// What stands for a value that lies between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum QuantileMethod {
    /// Their linear interpolation.
    Continuous,
    /// The first that has at least the part at or below it.
    Discrete,
}

impl Measure {
    /// Returns the operand, if the measure has exactly one.
    pub fn operand(&self) -> Option<&Expression> {
        match self {
            Measure::Count | Measure::Ratio(..) | Measure::Balance(..) => None,
            Measure::Quantile(quantile) => Some(&quantile.of),
            Measure::TopShare(expression, _)
            | Measure::Share(expression)
            | Measure::Distinct(expression)
            | Measure::Sum(expression)
            | Measure::Mean(expression)
            | Measure::Min(expression)
            | Measure::Max(expression) => Some(expression),
        }
    }

    /// Returns all operands.
    pub fn operands(&self) -> Vec<&Expression> {
        match self {
            Measure::Ratio(first, second) | Measure::Balance(first, second) => vec![first, second],
            other => other.operand().into_iter().collect(),
        }
    }

    /// Tells whether the value is `numerator / denominator`.
    pub fn is_quotient(&self) -> bool {
        matches!(
            self,
            Measure::Share(_) | Measure::Ratio(..) | Measure::Mean(_) | Measure::Balance(..) | Measure::TopShare(..)
        )
    }

    /// Returns the type of the numerator column.
    pub fn numerator_type(&self) -> Type {
        match self {
            Measure::Share(_)
            | Measure::Count
            | Measure::Distinct(_)
            | Measure::Balance(..)
            | Measure::TopShare(..) => Type::Number(0),
            Measure::Quantile(quantile) => match quantile.method {
                QuantileMethod::Continuous => Type::Real,
                QuantileMethod::Discrete => quantile.of.ty(),
            },
            Measure::Ratio(expression, _)
            | Measure::Sum(expression)
            | Measure::Mean(expression)
            | Measure::Min(expression)
            | Measure::Max(expression) => expression.ty(),
        }
    }

    /// Returns the type of the denominator column.
    pub fn denominator_type(&self) -> Type {
        match self {
            Measure::Ratio(_, expression) => expression.ty(),
            _ => Type::Number(0),
        }
    }

    /// Returns the type of the value column: a quotient is real (durations in seconds), the rest is exact.
    pub fn value_type(&self) -> Type {
        if self.is_quotient() { Type::Real } else { self.numerator_type() }
    }

    /// Tells whether a period without any row has the value 0 rather than none.
    pub fn is_zero_when_empty(&self) -> bool {
        matches!(self, Measure::Count | Measure::Distinct(_) | Measure::Sum(_))
    }
}
