//! What matching events say about a row: one value from a list of events.
//!
//! Knows no window and no match columns.

use std::cmp::Ordering;

use super::InterpretError;
use super::error::mismatch;
use super::logic::{Names, Term, Truth};
use super::rows::Row;
use super::scan::Scanned;
use super::total::Total;
use crate::plan::Summary;
use crate::value::Value;

/// A summary bound to the events' columns.
#[derive(Debug)]
pub(super) enum Gist {
    /// Whether there is any.
    Exists,
    /// How many there are.
    Count,
    /// Whether the condition is TRUE of all.
    Every(Term),
    /// The value of the first (`Less`) or last (`Greater`) in the total order.
    Edge(Ordering, Term),
    /// The sum; the total is that of no events.
    Sum(Total, Term),
    /// The sum divided by the number of values.
    Mean(Total, Term),
    /// The smallest (`Less`) or largest (`Greater`) value.
    Extreme(Ordering, Term),
}

impl Gist {
    /// Binds what is taken from each event.
    pub(super) fn bind(summary: &Summary, names: &Names<'_>) -> Result<Self, InterpretError> {
        Ok(match summary {
            Summary::Exists => Gist::Exists,
            Summary::Count => Gist::Count,
            Summary::Every(condition) => Gist::Every(names.bind(condition)?),
            Summary::First(expression) => Gist::Edge(Ordering::Less, names.bind(expression)?),
            Summary::Last(expression) => Gist::Edge(Ordering::Greater, names.bind(expression)?),
            Summary::Sum(expression) => Gist::Sum(Total::of(expression.ty()), names.bind(expression)?),
            Summary::Mean(expression) => Gist::Mean(Total::of(expression.ty()), names.bind(expression)?),
            Summary::Min(expression) => Gist::Extreme(Ordering::Less, names.bind(expression)?),
            Summary::Max(expression) => Gist::Extreme(Ordering::Greater, names.bind(expression)?),
        })
    }

    /// Tells what `count` events say, where their number is enough.
    pub(super) fn of_count(&self, count: usize) -> Result<Option<Value>, InterpretError> {
        match self {
            Gist::Exists => Ok(Some(Value::Boolean(count > 0))),
            Gist::Count => {
                i64::try_from(count).map(|count| Some(Value::integer(count))).map_err(|_| mismatch("a count"))
            }
            _ => Ok(None),
        }
    }

    /// Tells what these events of `all` say about `row`.
    pub(super) fn of(
        &self,
        matching: impl Iterator<Item = usize>,
        all: &Scanned<'_>,
        row: Row<'_>,
    ) -> Result<Value, InterpretError> {
        match self {
            Gist::Exists | Gist::Count => Ok(self.of_count(matching.count())?.unwrap_or(Value::Null)),
            Gist::Every(condition) => {
                let mut every = Value::Null;
                for event in matching {
                    if condition.truth(all.row(event).seen_from(&row))? != Truth::True {
                        return Ok(Value::Boolean(false));
                    }
                    every = Value::Boolean(true);
                }
                Ok(every)
            }
            Gist::Edge(side, term) => {
                let edge = matching.reduce(|best, event| if all.in_order(event, best) == *side { event } else { best });
                let value = |event| Ok(term.value(all.row(event).seen_from(&row))?.into_owned());
                edge.map_or(Ok(Value::Null), value)
            }
            Gist::Sum(nothing, term) | Gist::Mean(nothing, term) => {
                let mut total = nothing.clone();
                for event in matching {
                    total.add(term.value(all.row(event).seen_from(&row))?.as_ref())?;
                }
                match self {
                    Gist::Mean(..) => total.mean(),
                    _ if total.values == 0 => Ok(Value::Null),
                    _ => total.sum(),
                }
            }
            Gist::Extreme(side, term) => {
                let mut best = Value::Null;
                for event in matching {
                    keep(&mut best, term.value(all.row(event).seen_from(&row))?.as_ref(), *side)?;
                }
                Ok(best)
            }
        }
    }
}

/// Replaces `best` by `value` where that is smaller (`Less`) or larger (`Greater`); null is neither.
pub(super) fn keep(best: &mut Value, value: &Value, side: Ordering) -> Result<(), InterpretError> {
    if value.is_null() {
        return Ok(());
    }
    if best.is_null() || value.compare(best).ok_or_else(|| mismatch("a smallest or largest value"))? == side {
        *best = value.clone();
    }
    Ok(())
}
