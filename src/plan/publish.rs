//! What is withheld or added when a number is shown.

use serde::Serialize;

use crate::value::Number;

/// What is withheld or added when a number is shown. All `None` publishes as computed.
///
/// The rows that are fewer than a minimum are the result's `n`; where that is null nothing is withheld. What is
/// withheld depends on `n` alone, also where the stronger state `undefined` names the cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Publish {
    /// Two-sided Wilson score interval of a share.
    pub interval: Option<Wilson>,
    /// Fewer rows than this: state `insufficient`, value and interval withheld.
    pub min_n: Option<u64>,
    /// Fewer rows than this, but more than none: state `suppressed`, every number of the cell withheld.
    pub min_cell: Option<u64>,
}

/// A Wilson score interval without continuity correction, of the numerator in the denominator. Null over no rows and
/// for what is no share; its low end is exactly 0 where the numerator is 0, its high end exactly 1 where it is all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wilson {
    /// Confidence level, as `0.95`.
    pub level: Number,
    /// The standard normal quantile of `(1 + level) / 2`.
    #[serde(skip)]
    pub z: f64,
}
