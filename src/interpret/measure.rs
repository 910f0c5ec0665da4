//! Numbers from counted rows: one tally per cell.
//!
//! Knows no period, no dimension and no state.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::InterpretError;
use super::error::overflow;
use super::logic::{Term, Truth};
use super::relate::keep;
use super::rows::{Layout, Member, Row};
use super::total::Total;
use crate::plan::Measure;
use crate::value::Value;

/// A measure bound to a row's columns and facts.
#[derive(Debug)]
pub(super) struct Gauge<'a> {
    measure: &'a Measure,
    operands: Vec<Term>,
}

/// What the rows of a cell have added up to.
#[derive(Debug)]
pub(super) enum Tally {
    /// TRUE rows, rows with a known predicate, rows.
    Share { hits: u64, known: u64, rows: u64 },
    /// Both sums, rows.
    Ratio { top: Total, bottom: Total, rows: u64 },
    /// Rows.
    Count(u64),
    /// Distinct values, rows with a value.
    Distinct { values: HashSet<Member>, known: u64 },
    /// The sum.
    Sum(Total),
    /// The sum to be divided by its number of values.
    Mean(Total),
    /// The smallest (`Less`) or largest (`Greater`) value, rows with a value.
    Extreme { side: Ordering, best: Value, known: u64 },
}

/// The number columns of a cell before anything is withheld.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers {
    pub(super) numerator: Value,
    pub(super) denominator: Value,
    pub(super) value: Value,
    /// Rows (of an average: periods) the value rests on; `None` in a combination.
    pub(super) n: Option<u64>,
    /// Successes and trials, for the interval of a share.
    pub(super) share: Option<(u64, u64)>,
}

impl<'a> Gauge<'a> {
    /// Binds the operands of `measure` to their places in `layout`.
    pub(super) fn bind(measure: &'a Measure, layout: &Layout) -> Result<Self, InterpretError> {
        let operands = match measure {
            Measure::Ratio(top, bottom) => vec![top, bottom],
            _ => measure.operand().into_iter().collect(),
        };
        let operands = operands.into_iter().map(|operand| Term::bind(operand, layout));
        Ok(Self { measure, operands: operands.collect::<Result<_, _>>()? })
    }

    /// Returns the tally of no rows.
    pub(super) fn start(&self) -> Tally {
        let extreme = |side| Tally::Extreme { side, best: Value::Null, known: 0 };
        match self.measure {
            Measure::Share(_) => Tally::Share { hits: 0, known: 0, rows: 0 },
            Measure::Ratio(top, bottom) => {
                Tally::Ratio { top: Total::of(top.ty()), bottom: Total::of(bottom.ty()), rows: 0 }
            }
            Measure::Count => Tally::Count(0),
            Measure::Distinct(_) => Tally::Distinct { values: HashSet::new(), known: 0 },
            Measure::Sum(operand) => Tally::Sum(Total::of(operand.ty())),
            Measure::Mean(operand) => Tally::Mean(Total::of(operand.ty())),
            Measure::Min(_) => extreme(Ordering::Less),
            Measure::Max(_) => extreme(Ordering::Greater),
        }
    }

    /// Adds a counted row to the tally.
    pub(super) fn add(&self, tally: &mut Tally, row: Row<'_>) -> Result<(), InterpretError> {
        match tally {
            Tally::Share { hits, known, rows } => {
                let truth = self.operands[0].truth(row)?;
                *hits += u64::from(truth == Truth::True);
                *known += u64::from(truth != Truth::Unknown);
                *rows += 1;
            }
            Tally::Ratio { top, bottom, rows } => {
                top.add(self.operands[0].value(row)?.as_ref())?;
                bottom.add(self.operands[1].value(row)?.as_ref())?;
                *rows += 1;
            }
            Tally::Count(rows) => *rows += 1,
            Tally::Distinct { values, known } => {
                let value = self.operands[0].value(row)?;
                if !value.is_null() {
                    *known += 1;
                    values.insert(Member(value.into_owned()));
                }
            }
            Tally::Sum(total) | Tally::Mean(total) => total.add(self.operands[0].value(row)?.as_ref())?,
            Tally::Extreme { side, best, known } => {
                let value = self.operands[0].value(row)?;
                *known += u64::from(!value.is_null());
                keep(best, value.as_ref(), *side)?;
            }
        }
        Ok(())
    }
}

impl Tally {
    /// Returns the numbers of the cell.
    pub(super) fn finish(self) -> Result<Numbers, InterpretError> {
        Ok(match self {
            Tally::Share { hits, known, rows } => {
                Numbers { share: Some((hits, rows)), ..Numbers::quotient(integer(hits)?, integer(rows)?, known) }
            }
            Tally::Ratio { top, bottom, rows } => Numbers::quotient(top.sum()?, bottom.sum()?, rows),
            Tally::Count(rows) => Numbers::exact(integer(rows)?, rows),
            Tally::Distinct { values, known } => Numbers::exact(integer(values.len() as u64)?, known),
            Tally::Sum(total) => Numbers::exact(total.sum()?, total.values),
            Tally::Mean(total) => Numbers::quotient(total.sum()?, integer(total.values)?, total.values),
            Tally::Extreme { best, known, .. } => Numbers::exact(best, known),
        })
    }
}

impl Numbers {
    fn quotient(numerator: Value, denominator: Value, n: u64) -> Self {
        let value = match (numerator.as_real(), denominator.as_real()) {
            (Some(top), Some(bottom)) if bottom != 0.0 => Value::Real(top / bottom),
            _ => Value::Null,
        };
        Self { numerator, denominator, value, n: Some(n), share: None }
    }

    fn exact(value: Value, n: u64) -> Self {
        Self { numerator: value.clone(), denominator: Value::Null, value, n: Some(n), share: None }
    }
}

/// Returns a count as a value.
pub(super) fn integer(count: u64) -> Result<Value, InterpretError> {
    i64::try_from(count).map(Value::integer).map_err(|_| overflow("a count"))
}
