//! Values and their types: what a cell of a table can hold.
//!
//! Numbers are exact decimals, instants are microseconds on the UTC line, durations are microseconds.
//! `Real` occurs only as the quotient of a measure, never in a row. Knows no YAML, no SQL and no engine.

mod duration;
mod grain;
mod instant;
mod number;
mod version;
mod wire;

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

pub use duration::Duration;
pub use grain::{Grain, Weekday};
pub use instant::{Date, Instant};
pub use number::{MAX_SCALE, Number};
pub use version::Version;

/// The type of a column or expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Type {
    /// True or false.
    Boolean,
    /// A string.
    Text,
    /// An exact decimal with this many digits after the point; 0 for integers.
    Number(u8),
    /// A length of time, kept in microseconds, shown in seconds.
    Duration,
    /// A point on the UTC line.
    Instant,
    /// A calendar day without a zone.
    Date,
    /// A binary float: only quotients and interval bounds have it.
    Real,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Boolean => f.write_str("boolean"),
            Type::Text => f.write_str("text"),
            Type::Number(0) => f.write_str("integer"),
            Type::Number(scale) => write!(f, "decimal({scale})"),
            Type::Duration => f.write_str("duration"),
            Type::Instant => f.write_str("instant"),
            Type::Date => f.write_str("date"),
            Type::Real => f.write_str("real"),
        }
    }
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's NULL: not known, or not yet.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A string.
    Text(Arc<str>),
    /// An exact decimal.
    Number(Number),
    /// A length of time.
    Duration(Duration),
    /// A point in time.
    Instant(Instant),
    /// A calendar day.
    Date(Date),
    /// A binary float.
    Real(f64),
}

impl Value {
    /// Returns a text value.
    pub fn text(text: &str) -> Self {
        Value::Text(Arc::from(text))
    }

    /// Returns an integer value.
    pub fn integer(integer: i64) -> Self {
        Value::Number(Number::integer(integer))
    }

    /// Tells whether this is [`Value::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Returns the value as a binary float, durations in seconds; `None` for what is no quantity.
    pub fn as_real(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(number.to_f64()),
            Value::Duration(duration) => Some(duration.as_seconds()),
            Value::Real(real) => Some(*real),
            _ => None,
        }
    }

    /// Orders two values of one type; `None` when either is null or the types differ.
    pub fn compare(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(b)),
            (Value::Text(a), Value::Text(b)) => Some(a.as_bytes().cmp(b.as_bytes())),
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            (Value::Instant(a), Value::Instant(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::Real(a), Value::Real(b)) => Some(a.total_cmp(b)),
            _ => None,
        }
    }

    /// Orders values totally, nulls last: the order of result rows.
    pub fn order(&self, other: &Value) -> Ordering {
        match (self.is_null(), other.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => self.compare(other).unwrap_or(Ordering::Equal),
        }
    }
}

impl fmt::Display for Value {
    /// Writes the value as a table cell: null as nothing, durations in seconds, instants in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Boolean(boolean) => write!(f, "{boolean}"),
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => write!(f, "{number}"),
            Value::Duration(duration) => write!(f, "{}", duration.seconds()),
            Value::Instant(instant) => write!(f, "{instant}"),
            Value::Date(date) => write!(f, "{date}"),
            Value::Real(real) => write!(f, "{real}"),
        }
    }
}
