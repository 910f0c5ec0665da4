//! The cells that a plan gives over some rows, found by their place, with their numbers exact.
//!
//! Knows one version at a time.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Fraction;
use crate::interpret;
use crate::plan::{Body, Measure, Plan, Request};
use crate::table::Table;
use crate::value::{Instant, Value};

/// Where a cell stands: its period, and the values of the dimensions that were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Start and end; `None` where all periods are one.
    pub period: Option<(Instant, Instant)>,
    /// The values, in the order of the question.
    pub dimensions: Vec<Value>,
}

impl Eq for Place {}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    /// Orders places as the rows of a result: by period, then by the dimensions, nulls last.
    fn cmp(&self, other: &Self) -> Ordering {
        let by_value = self.dimensions.iter().zip(&other.dimensions).map(|(own, theirs)| own.order(theirs));
        let dimensions = by_value.fold(Ordering::Equal, Ordering::then);
        self.period.cmp(&other.period).then(dimensions).then(self.dimensions.len().cmp(&other.dimensions.len()))
    }
}

/// What a version says of one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The value.
    pub value: Value,
    /// What stands above the line, or the value itself.
    pub numerator: Value,
    /// What stands below the line; null where the value is no quotient.
    pub denominator: Value,
    /// The rows that the value rests on.
    pub n: Value,
    /// Rows left out, by column of the result: `excluded_bots`, `unknown`, `missing`, `immature`.
    pub left_out: Vec<(String, Value)>,
    /// The state: `final`, `provisional`, `insufficient`, `suppressed` or `undefined`.
    pub state: String,
}

/// The cells of one plan over one set of rows.
#[derive(Debug)]
pub(crate) struct Cells {
    /// The result as it was computed.
    pub(crate) table: Table,
    places: BTreeMap<Place, usize>,
    /// Whether the value is the numerator over the denominator.
    is_quotient: bool,
    /// Whether a cell without rows has the value 0.
    is_zero_when_empty: bool,
}

/// Which number of a cell is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The value.
    Value,
    /// What stands above the line.
    Numerator,
    /// What stands below the line.
    Denominator,
}

impl Cells {
    /// Computes the cells by the interpreter, or tells why there are none.
    pub(crate) fn compute(plan: &Plan, tables: &interpret::Tables, request: &Request) -> Result<Self, String> {
        let table = interpret::cells(plan, tables, request).map_err(|error| error.to_string())?;
        let place = |row: usize| Place {
            period: match (table.cell(row, "period_start"), table.cell(row, "period_end")) {
                (Value::Instant(start), Value::Instant(end)) => Some((*start, *end)),
                _ => None,
            },
            dimensions: request.by.iter().map(|name| table.cell(row, name).clone()).collect(),
        };
        let places = (0..table.rows.len()).map(|row| (place(row), row)).collect();
        let measure = match &plan.body {
            Body::Measured(pipeline) => Some(&pipeline.measure),
            _ => None,
        };
        let is_quotient = measure.is_some_and(Measure::is_quotient);
        let is_zero_when_empty = measure.is_some_and(Measure::is_zero_when_empty);
        Ok(Self { places, is_quotient, is_zero_when_empty, table })
    }

    /// Returns the places of all cells, in the order of results.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.keys()
    }

    /// Returns the row of the result that a place has.
    pub(crate) fn row(&self, place: &Place) -> Option<usize> {
        self.places.get(place).copied()
    }

    /// Returns what is said of a place; `None` where there is no such cell.
    pub(crate) fn shown(&self, place: &Place) -> Option<Shown> {
        let row = self.row(place)?;
        let cell = |name: &str| self.table.cell(row, name).clone();
        let names = self.table.fields.iter().map(|field| field.name.as_str());
        let is_left_out =
            |name: &&str| name.starts_with("excluded_") || ["unknown", "missing", "immature"].contains(name);
        Some(Shown {
            value: cell("value"),
            numerator: cell("numerator"),
            denominator: cell("denominator"),
            n: cell("n"),
            left_out: names.filter(is_left_out).map(|name| (name.to_owned(), cell(name))).collect(),
            state: cell("state").to_string(),
        })
    }

    /// Returns a number of a place exactly, or the word for why there is none.
    pub(crate) fn number(&self, place: &Place, part: Part) -> Result<Fraction, String> {
        let Some(row) = self.row(place) else {
            // No rows add up to nothing; a ratio of nothing is nothing.
            let is_zero = if part == Part::Value { self.is_zero_when_empty } else { self.is_quotient };
            return if is_zero { Ok(Fraction::ZERO) } else { Err("without rows".to_owned()) };
        };
        let cell = |name: &str| self.table.cell(row, name);
        let exact = |name: &str| fraction(cell(name)).ok_or_else(|| cell("state").to_string());
        match part {
            Part::Numerator => exact("numerator"),
            Part::Denominator => exact("denominator"),
            Part::Value if self.is_quotient && !cell("value").is_null() => {
                let quotient = exact("numerator")?.over(exact("denominator")?);
                quotient.or_else(|| fraction(cell("value"))).ok_or_else(|| "too large to be exact".to_owned())
            }
            Part::Value => exact("value"),
        }
    }
}

impl Shown {
    /// Returns the rows left out of the cell under a name; `None` where the version knows no such reason.
    pub fn left_out(&self, name: &str) -> Option<&Value> {
        self.left_out.iter().find(|(known, _)| known == name).map(|(_, rows)| rows)
    }
}

/// Returns a quantity exactly: of a length of time and of a moment the seconds.
fn fraction(value: &Value) -> Option<Fraction> {
    const MICROS: i128 = 1_000_000;
    match value {
        Value::Number(number) => Fraction::decimal(*number),
        Value::Duration(duration) => Fraction::new(i128::from(duration.micros()), MICROS),
        Value::Instant(instant) => Fraction::new(i128::from(instant.micros()), MICROS),
        Value::Date(date) => Some(Fraction::integer(i128::from(date.days()) * 86_400)),
        Value::Real(real) => Fraction::real(*real),
        Value::Null | Value::Boolean(_) | Value::Text(_) => None,
    }
}
