//! One column of a file: from the raw cells of a row to a value, by the declared policies.
//!
//! Counts what it had to do. Knows no other row.

use std::borrow::Cow;

use crate::source::{Given, InvalidPolicy, Source, SourceColumn};
use crate::value::{Type, Value};

use super::grammar::{Domain, Failure, Frame, Grammar};
use super::header::Meant;
use super::moment::Clock;
use super::note::{Counts, Event};
use super::problem::{Problem, shown};
use super::repeated::Repeated;
use super::scalar;

const INVALID_HELP: &str =
    "mend the text, declare it among the column's null tokens, or let invalid texts be read as null";
const NULL_HELP: &str = "mend the row, or declare the column nullable";

/// The cells of one row, and the values of the columns already read from them.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowSoFar<'r> {
    pub(super) cells: &'r [Option<String>],
    pub(super) values: &'r [Value],
    pub(super) clock: Option<&'r Clock>,
}

/// A column ready to be read, row by row.
#[derive(Debug)]
pub(super) struct ColumnReader<'a> {
    column: &'a SourceColumn,
    fields: Vec<usize>,
    only_if: Meant<'a>,
    required: Option<&'static str>,
    grammar: Grammar<'a>,
    domain: Domain<'a>,
    lowest: Option<Value>,
    highest: Option<Value>,
    predecessor: Option<usize>,
    repeated: Repeated,
    counts: Counts,
}

impl<'a> ColumnReader<'a> {
    /// Prepares the column that lies in these `fields` of each row and has a value where `only_if` is met; a
    /// contradiction in its declaration is a problem.
    pub(super) fn new(
        source: &'a Source,
        column: &'a SourceColumn,
        fields: Vec<usize>,
        only_if: Meant<'a>,
    ) -> Result<Self, Problem> {
        let wrong = |message: String| Problem::of_file(message).in_column(&column.name);
        Ok(Self {
            column,
            fields,
            only_if,
            required: why_required(source, column),
            grammar: Grammar::of_file(column).map_err(wrong)?,
            domain: Domain::of(column),
            lowest: bound(column, column.reading.at_least).map_err(wrong)?,
            highest: bound(column, column.reading.at_most).map_err(wrong)?,
            predecessor: predecessor(source, column).map_err(wrong)?,
            repeated: Repeated::default(),
            counts: Counts::default(),
        })
    }

    /// Returns the column's name.
    pub(super) fn name(&self) -> &'a str {
        &self.column.name
    }

    /// Returns what happened in the rows so far.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Reads the column's value in one row.
    pub(super) fn read(&mut self, row: RowSoFar<'_>) -> Result<Value, Problem> {
        let Some(text) = self.raw(row.cells) else { return self.null(None) };
        let problem = |message: String, help: &str| {
            Problem::of_file(message).in_column(&self.column.name).with_text(&text).with_help(help)
        };
        match self.value(&text, row) {
            Ok((value, events)) => {
                events.into_iter().for_each(|event| self.counts.add(event));
                Ok(match value {
                    Value::Text(text) => Value::Text(self.repeated.kept(text)),
                    other => other,
                })
            }
            Err(Failure::Refused { message, help }) => Err(problem(message, help)),
            Err(Failure::Invalid(message)) => match self.column.reading.invalid {
                InvalidPolicy::Refuse => Err(problem(message, INVALID_HELP)),
                InvalidPolicy::Null => {
                    let text = text.into_owned();
                    self.counts.add(Event::Nulled);
                    self.null(Some(&text))
                }
            },
        }
    }

    /// Returns the column's text; `None` where it is null.
    fn raw<'r>(&'r self, cells: &'r [Option<String>]) -> Option<Cow<'r, str>> {
        let reading = &self.column.reading;
        let written = if self.only_if.has(cells) { self.written(cells) } else { None };
        let meant = written.map(|raw| {
            let named = reading.texts.iter().find(|(text, _)| *text == raw).map(|(_, meant)| meant);
            named.or(reading.others.as_ref()).map_or(raw, |meant| Cow::Borrowed(meant.as_str()))
        });
        meant.or(reading.if_null.as_deref().map(Cow::Borrowed))
    }

    /// Returns the joined raw text; `None` where any part of it is null.
    fn written<'r>(&'r self, cells: &'r [Option<String>]) -> Option<Cow<'r, str>> {
        match &self.column.reading.given {
            Some(Given::Text(text)) => return Some(Cow::Borrowed(text.as_str())),
            Some(Given::Nothing) => return None,
            None => {}
        }
        let part = |field: &usize| {
            let text = cells.get(*field)?.as_deref()?;
            let null = text.is_empty() || self.column.reading.null_tokens.iter().any(|token| token == text);
            (!null).then_some(text)
        };
        if let [field] = self.fields.as_slice() {
            return part(field).map(Cow::Borrowed);
        }
        let parts: Vec<&str> = self.fields.iter().map(part).collect::<Option<_>>()?;
        Some(Cow::Owned(parts.join(" ")))
    }

    fn null(&self, invalid: Option<&str>) -> Result<Value, Problem> {
        let Some(reason) = self.required else { return Ok(Value::Null) };
        let problem = match invalid {
            Some(text) => Problem::of_file(format!("`{}` is invalid and would be null, but {reason}", shown(text)))
                .with_text(text),
            None => Problem::of_file(format!("the value is null, but {reason}")),
        };
        Err(problem.in_column(&self.column.name).with_help(NULL_HELP))
    }

    fn value(&self, text: &str, row: RowSoFar<'_>) -> Result<(Value, Vec<Event>), Failure> {
        let not_before = match self.predecessor.and_then(|index| row.values.get(index)) {
            Some(Value::Instant(instant)) => Some(*instant),
            _ => None,
        };
        let (value, mut events) = self.grammar.value(text, Frame { clock: row.clock, not_before })?;
        let value = self.clamped(&value).map_or(value, |bound| {
            events.push(Event::Clamped);
            bound
        });
        self.domain.admit(&value)?;
        Ok((value, events))
    }

    /// Returns the bound that `value` lies beyond.
    fn clamped(&self, value: &Value) -> Option<Value> {
        let below = self.lowest.as_ref().filter(|bound| value.compare(bound).is_some_and(|order| order.is_lt()));
        let above = || self.highest.as_ref().filter(|bound| value.compare(bound).is_some_and(|order| order.is_gt()));
        below.or_else(above).cloned()
    }
}

/// Says why a column of the source must not be null; `None` where it may.
pub(super) fn why_required(source: &Source, column: &SourceColumn) -> Option<&'static str> {
    if source.key.contains(&column.name) {
        Some("the column is part of the key")
    } else if source.order.first() == Some(&column.name) {
        Some("the column dates the row")
    } else if !column.nullable {
        Some("the column is not nullable")
    } else {
        None
    }
}

/// Returns a bound in raw units as a value of the column.
pub(super) fn bound(column: &SourceColumn, bound: Option<crate::value::Number>) -> Result<Option<Value>, String> {
    let Some(bound) = bound else { return Ok(None) };
    let value = match column.ty {
        Type::Number(scale) => bound.rescale(scale).map(Value::Number),
        Type::Duration => scalar::length_of(bound, column.reading.duration_unit).map(Value::Duration),
        _ => None,
    };
    value.map(Some).ok_or_else(|| format!("the bound {bound} is no value of type `{}`", column.ty))
}

/// Returns the index of the column whose instant must not be undercut.
fn predecessor(source: &Source, column: &SourceColumn) -> Result<Option<usize>, String> {
    let Some(name) = &column.reading.next_day_if_before else { return Ok(None) };
    if source.clock.is_none() {
        return Err("moving a time to the next calendar day needs the source's zone".to_owned());
    }
    let before = source.columns.iter().take_while(|other| other.name != column.name);
    let found = before.enumerate().find(|(_, other)| other.name == *name && other.ty == Type::Instant);
    let (index, _) = found.ok_or_else(|| format!("`{}` is no instant column declared before this one", shown(name)))?;
    Ok(Some(index))
}
