//! The spellings that a column's values have, and the values it admits.
//!
//! Joins type, pattern, clock and domain of one column. Knows no row and no layout.

use std::collections::HashSet;

use crate::source::{DurationUnit, SourceColumn};
use crate::value::{Instant, Number, Type, Value};

use super::moment::{Clock, Moment, Pattern, finer_than_a_microsecond};
use super::note::Event;
use super::problem::shown;
use super::scalar;

/// The most enumerated values a message lists.
const LISTED_VALUES: usize = 12;

/// Why a text gives no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// It is no value of the column; the column's `invalid` policy decides what follows.
    Invalid(String),
    /// It must not be read, whatever that policy says.
    Refused {
        /// The fact.
        message: String,
        /// The remedy.
        help: &'static str,
    },
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Invalid(message)
    }
}

/// How the texts of one column are read.
#[derive(Debug, Clone)]
pub(super) enum Grammar<'a> {
    /// Truth values.
    Boolean,
    /// Texts, as they are.
    Text,
    /// Decimals with this many digits after the point.
    Number(u8),
    /// Durations; plain numbers count this unit.
    Duration(DurationUnit),
    /// Calendar days, ISO or by pattern.
    Date(Option<Pattern<'a>>),
    /// Instants, ISO or by pattern.
    Instant(Option<Pattern<'a>>),
}

/// What instants are measured against.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Frame<'a> {
    /// The clock of naive texts.
    pub(super) clock: Option<&'a Clock>,
    /// An instant that must not be undercut; earlier ones move to the next day.
    pub(super) not_before: Option<Instant>,
}

impl<'a> Grammar<'a> {
    /// Returns the grammar of a column's raw texts in files.
    pub(super) fn of_file(column: &'a SourceColumn) -> Result<Self, String> {
        let reading = &column.reading;
        let pattern = || reading.format.as_deref().map(|format| Pattern::new(format, reading.century)).transpose();
        Ok(match column.ty {
            Type::Duration => Grammar::Duration(reading.duration_unit),
            Type::Date => Grammar::Date(pattern()?),
            Type::Instant => Grammar::Instant(pattern()?),
            _ => Self::of_fixture(column)?,
        })
    }

    /// Returns the grammar of a column's cells in fixtures.
    pub(super) fn of_fixture(column: &SourceColumn) -> Result<Self, String> {
        Ok(match column.ty {
            Type::Boolean => Grammar::Boolean,
            Type::Text => Grammar::Text,
            Type::Number(scale) => Grammar::Number(scale),
            Type::Duration => Grammar::Duration(DurationUnit::Seconds),
            Type::Date => Grammar::Date(None),
            Type::Instant => Grammar::Instant(None),
            Type::Real => return Err("a source's column cannot be of type `real`".to_owned()),
        })
    }

    /// Reads one text, not empty; texts are taken as they are, blanks around other values do not count.
    pub(super) fn value(&self, text: &str, frame: Frame<'_>) -> Result<(Value, Vec<Event>), Failure> {
        let trimmed = text.trim_matches([' ', '\t']);
        let value = match self {
            Grammar::Text => Value::text(text),
            Grammar::Boolean => scalar::boolean(trimmed)?,
            Grammar::Number(scale) => Value::Number(scalar::number(trimmed, *scale)?),
            Grammar::Duration(unit) => Value::Duration(scalar::duration(trimmed, *unit)?),
            Grammar::Date(None) => Value::Date(scalar::date(trimmed)?),
            Grammar::Date(Some(pattern)) => Value::Date(pattern.date(trimmed)?),
            Grammar::Instant(pattern) => return instant(pattern.as_ref(), trimmed, frame),
        };
        Ok((value, Vec::new()))
    }
}

fn instant(pattern: Option<&Pattern<'_>>, text: &str, frame: Frame<'_>) -> Result<(Value, Vec<Event>), Failure> {
    let (moment, finer) = match pattern {
        Some(pattern) => pattern.moment(text)?,
        None => {
            let wrong = || format!("`{}` is not an instant such as `2026-05-01T09:00:00Z`", shown(text));
            (Moment::iso(text).ok_or_else(wrong)?, finer_than_a_microsecond(text))
        }
    };
    let (instant, mut events) = moment.settle(frame.clock, frame.not_before)?;
    if finer {
        events.push(Event::Truncated);
    }
    Ok((Value::Instant(instant), events))
}

/// The values a column admits.
#[derive(Debug)]
pub(super) struct Domain<'a> {
    values: Option<(&'a [String], HashSet<&'a str>)>,
    range: Option<(Number, Number)>,
}

impl<'a> Domain<'a> {
    /// Returns the domain that `values` and `range` of the column declare; a duration's range is in seconds.
    pub(super) fn of(column: &'a SourceColumn) -> Self {
        let values = column.values.as_deref().map(|values| (values, values.iter().map(String::as_str).collect()));
        Self { values, range: column.range }
    }

    /// Tells why `value` does not belong to the column.
    pub(super) fn admit(&self, value: &Value) -> Result<(), String> {
        if let Some((listed, values)) = &self.values {
            let text = value.to_string();
            if !values.contains(text.as_str()) {
                return Err(format!("`{}` is not among the declared values: {}", shown(&text), list(listed)));
            }
        }
        let number = match value {
            Value::Number(number) => *number,
            Value::Duration(duration) => duration.seconds(),
            _ => return Ok(()),
        };
        match self.range {
            Some((low, high)) if number < low || number > high => {
                Err(format!("`{number}` is not between {low} and {high}"))
            }
            _ => Ok(()),
        }
    }
}

fn list(values: &[String]) -> String {
    let mut shown: Vec<String> = values.iter().take(LISTED_VALUES).map(|value| shown(value)).collect();
    if values.len() > LISTED_VALUES {
        shown.push(format!("and {} more", values.len() - LISTED_VALUES));
    }
    shown.join(", ")
}
