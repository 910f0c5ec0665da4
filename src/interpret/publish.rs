//! What is shown of a cell: interval or bounds, minimum n, small-cell suppression, state.
//!
//! Knows no row, and not how the numbers came about.

use super::InterpretError;
use super::measure::{Numbers, integer};
use super::period::Period;
use crate::plan::Publish;
use crate::plan::result::STATES;
use crate::value::{Instant, Value};

/// A cell as it was computed.
#[derive(Debug)]
pub(super) struct Draft {
    /// Its period; `None` with grain `all`.
    pub(super) period: Option<Period>,
    /// Its dimensions' values, in the order of the request.
    pub(super) dimensions: Vec<Value>,
    /// Its numbers.
    pub(super) numbers: Numbers,
    /// Excluded rows per exclusion, then unknown, missing and immature rows.
    pub(super) counts: Vec<Value>,
    /// Whether something it rests on can still change.
    pub(super) is_open: bool,
}

/// A cell as it is shown.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) period: Option<Period>,
    pub(super) dimensions: Vec<Value>,
    pub(super) numbers: Numbers,
    pub(super) low: Value,
    pub(super) high: Value,
    pub(super) counts: Vec<Value>,
    pub(super) state: State,
}

/// The state of a cell, strongest first, as [`STATES`] names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Undefined,
    Suppressed,
    Insufficient,
    Provisional,
    Final,
}

impl State {
    /// Returns the name in results.
    pub(super) fn name(self) -> &'static str {
        STATES[self as usize]
    }
}

impl Cell {
    /// Returns `n` as a cell of the result.
    pub(super) fn n(&self) -> Result<Value, InterpretError> {
        self.numbers.n.map_or(Ok(Value::Null), integer)
    }

    fn withhold_value(&mut self) {
        self.numbers.value = Value::Null;
        self.low = Value::Null;
        self.high = Value::Null;
    }

    fn withhold_everything(&mut self) {
        self.withhold_value();
        self.numbers = Numbers::rowless(Value::Null, Value::Null, Value::Null);
        self.counts.fill(Value::Null);
    }
}

/// Decides what is shown of a cell.
pub(super) fn publish(draft: Draft, publish: &Publish, as_of: Instant) -> Cell {
    let Draft { period, dimensions, numbers, counts, is_open } = draft;
    let is_running = period.is_some_and(|period| period.end > as_of);
    let is_small = publish.min_cell.zip(numbers.n).is_some_and(|(least, n)| n > 0 && n < least);
    let is_few = publish.min_n.zip(numbers.n).is_some_and(|(least, n)| n < least);
    let state = if numbers.value.is_null() {
        State::Undefined
    } else if is_small {
        State::Suppressed
    } else if is_few {
        State::Insufficient
    } else if is_open || is_running {
        State::Provisional
    } else {
        State::Final
    };
    let (low, high) = numbers.bounds.clone().unwrap_or_else(|| wilson(publish, numbers.share));
    let mut cell = Cell { period, dimensions, numbers, low, high, counts, state };
    // What is withheld depends on the rows alone: a small cell stays small where its value happens to be undefined.
    if is_small {
        cell.withhold_everything();
    } else if is_few {
        cell.withhold_value();
    }
    cell
}

fn wilson(publish: &Publish, share: Option<(u64, u64)>) -> (Value, Value) {
    let interval = publish.interval.as_ref().zip(share).and_then(|(wilson, share)| interval(wilson.z, share));
    interval.map_or((Value::Null, Value::Null), |(low, high)| (Value::Real(low), Value::Real(high)))
}

/// Returns the Wilson score interval of `hits` out of `trials`; `None` without trials.
fn interval(z: f64, (hits, trials): (u64, u64)) -> Option<(f64, f64)> {
    if trials == 0 {
        return None;
    }
    let n = trials as f64;
    let share = hits as f64 / n;
    let spread = z * z / n;
    let middle = (share + spread / 2.0) / (1.0 + spread);
    let reach = z / (1.0 + spread) * (share * (1.0 - share) / n + spread / (4.0 * n)).sqrt();
    // At the ends the interval touches 0 and 1 exactly; floats would miss them by a hair.
    let low = if hits == 0 { 0.0 } else { middle - reach };
    let high = if hits == trials { 1.0 } else { middle + reach };
    Some((low, high))
}

#[cfg(test)]
#[path = "tests/publish.rs"]
mod tests;
