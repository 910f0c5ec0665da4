//! One expression over values given by name, without a plan around it.

use super::InterpretError;
use super::logic::{Names, Term};
use super::placing::Moments;
use super::rows::{Layout, Row};
use crate::expression::Expression;
use crate::value::{Instant, Value};

/// An expression that is bound to named values in a fixed order.
#[derive(Debug)]
pub struct Condition {
    term: Term,
}

impl Condition {
    /// Binds expressions without moments and without a row beside the row; each is returned in its place.
    ///
    /// # Errors
    /// When one names something that is not among `names`.
    pub fn bind(expressions: &[&Expression], names: &[&str]) -> Result<Vec<Self>, InterpretError> {
        let mut layout = Layout::default();
        names.iter().enumerate().for_each(|(index, name)| layout.add_cell(name, index));
        let moments = Moments::at(Instant::from_micros(0));
        let names = Names::of(&layout, &moments);
        expressions.iter().map(|expression| Ok(Self { term: names.bind(expression)? })).collect()
    }

    /// Returns its value where the names have these values.
    ///
    /// # Errors
    /// When a number leaves its range.
    pub fn value(&self, values: &[Value]) -> Result<Value, InterpretError> {
        self.term.value(Row::new(values, &[])).map(|value| value.into_owned())
    }
}
