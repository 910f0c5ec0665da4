//! Numbers from counted rows: one tally per cell.
//!
//! Knows no period, no dimension and no state.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::InterpretError;
use super::error::overflow;
use super::gist::keep;
use super::logic::{Names, Term, Truth};
use super::quantile::quantile;
use super::rows::{Member, Row};
use super::total::Total;
use crate::plan::{Bounds, Measure, Quantile};
use crate::value::{Number, Value};

/// A measure bound to a row's columns and facts.
#[derive(Debug)]
pub(super) struct Gauge<'a> {
    measure: &'a Measure,
    operands: Vec<Term>,
}

/// What the rows of a cell have added up to.
#[derive(Debug)]
pub(super) enum Tally<'a> {
    /// TRUE rows, rows with a known predicate, rows.
    Share { hits: u64, known: u64, rows: u64 },
    /// Rows for, rows against, rows of which both is known, rows.
    Balance { pro: u64, con: u64, known: u64, rows: u64 },
    /// Both sums, rows.
    Ratio { top: Total, bottom: Total, rows: u64 },
    /// Rows.
    Count(u64),
    /// Distinct values, rows with a value.
    Distinct { values: HashSet<Member>, known: u64 },
    /// How many rows have each value, and how many values are on top.
    Top { rows: HashMap<Member, u64>, most: u32 },
    /// The sum.
    Sum(Total),
    /// The sum to be divided by its number of values.
    Mean(Total),
    /// The smallest (`Less`) or largest (`Greater`) value, rows with a value.
    Extreme { side: Ordering, best: Value, known: u64 },
    /// All values that are not null.
    Quantile { of: &'a Quantile, values: Vec<Value> },
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
    /// The worst and the best case, where values are not known.
    pub(super) bounds: Option<(Value, Value)>,
}

impl<'a> Gauge<'a> {
    /// Binds the operands of `measure` to their places.
    pub(super) fn bind(measure: &'a Measure, names: &Names<'_>) -> Result<Self, InterpretError> {
        let operands = measure.operands().into_iter().map(|operand| names.bind(operand));
        Ok(Self { measure, operands: operands.collect::<Result<_, _>>()? })
    }

    /// Returns the tally of no rows.
    pub(super) fn start(&self) -> Tally<'a> {
        let extreme = |side| Tally::Extreme { side, best: Value::Null, known: 0 };
        match self.measure {
            Measure::Share(_) => Tally::Share { hits: 0, known: 0, rows: 0 },
            Measure::Balance(..) => Tally::Balance { pro: 0, con: 0, known: 0, rows: 0 },
            Measure::Ratio(top, bottom) => {
                Tally::Ratio { top: Total::of(top.ty()), bottom: Total::of(bottom.ty()), rows: 0 }
            }
            Measure::Count => Tally::Count(0),
            Measure::Distinct(_) => Tally::Distinct { values: HashSet::new(), known: 0 },
            Measure::TopShare(_, most) => Tally::Top { rows: HashMap::new(), most: *most },
            Measure::Sum(operand) => Tally::Sum(Total::of(operand.ty())),
            Measure::Mean(operand) => Tally::Mean(Total::of(operand.ty())),
            Measure::Min(_) => extreme(Ordering::Less),
            Measure::Max(_) => extreme(Ordering::Greater),
            Measure::Quantile(of) => Tally::Quantile { of, values: Vec::new() },
        }
    }

    /// Adds a counted row to the tally.
    pub(super) fn add(&self, tally: &mut Tally<'_>, row: Row<'_>) -> Result<(), InterpretError> {
        match tally {
            Tally::Share { hits, known, rows } => {
                let truth = self.operands[0].truth(row)?;
                *hits += u64::from(truth == Truth::True);
                *known += u64::from(truth != Truth::Unknown);
                *rows += 1;
            }
            Tally::Balance { pro, con, known, rows } => {
                let (first, second) = (self.operands[0].truth(row)?, self.operands[1].truth(row)?);
                *pro += u64::from(first == Truth::True);
                *con += u64::from(second == Truth::True);
                *known += u64::from(first != Truth::Unknown && second != Truth::Unknown);
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
            Tally::Top { rows, .. } => {
                let value = self.operands[0].value(row)?;
                if !value.is_null() {
                    *rows.entry(Member(value.into_owned())).or_default() += 1;
                }
            }
            Tally::Sum(total) | Tally::Mean(total) => total.add(self.operands[0].value(row)?.as_ref())?,
            Tally::Extreme { side, best, known } => {
                let value = self.operands[0].value(row)?;
                *known += u64::from(!value.is_null());
                keep(best, value.as_ref(), *side)?;
            }
            Tally::Quantile { values, .. } => {
                let value = self.operands[0].value(row)?;
                if !value.is_null() {
                    values.push(value.into_owned());
                }
            }
        }
        Ok(())
    }
}

impl Tally<'_> {
    /// Returns the numbers of the cell.
    pub(super) fn finish(self) -> Result<Numbers, InterpretError> {
        Ok(match self {
            Tally::Share { hits, known, rows } => {
                Numbers { share: Some((hits, rows)), ..Numbers::quotient(integer(hits)?, integer(rows)?, known) }
            }
            Tally::Balance { pro, con, known, rows } => {
                let difference = i128::from(pro) - i128::from(con);
                Numbers::quotient(Value::Number(Number::new(difference, 0)), integer(rows)?, known)
            }
            Tally::Ratio { top, bottom, rows } => Numbers::quotient(top.sum()?, bottom.sum()?, rows),
            Tally::Count(rows) => Numbers::exact(integer(rows)?, rows),
            Tally::Distinct { values, known } => Numbers::exact(integer(values.len() as u64)?, known),
            Tally::Top { rows, most } => {
                let known = rows.values().sum();
                let mut frequencies: Vec<u64> = rows.into_values().collect();
                frequencies.sort_unstable_by(|a, b| b.cmp(a));
                let on_top = frequencies.iter().take(usize::try_from(most).unwrap_or(usize::MAX)).sum();
                Numbers::quotient(integer(on_top)?, integer(known)?, known)
            }
            Tally::Sum(total) => Numbers::exact(total.sum()?, total.values),
            Tally::Mean(total) => Numbers::quotient(total.sum()?, integer(total.values)?, total.values),
            Tally::Extreme { best, known, .. } => Numbers::exact(best, known),
            Tally::Quantile { of, values } => {
                let known = values.len() as u64;
                Numbers::exact(quantile(of, values)?, known)
            }
        })
    }

    /// Returns the value of the cell if it had `unknown` more rows with the operand `bounds.low`, and `bounds.high`.
    pub(super) fn between(&self, unknown: u64, bounds: &Bounds) -> Result<(Value, Value), InterpretError> {
        let case = |operand| self.with(unknown, operand);
        Ok((case(bounds.low)?, case(bounds.high)?))
    }

    /// Returns the value of the cell if it had `more` rows with the same operand.
    fn with(&self, more: u64, operand: Number) -> Result<Value, InterpretError> {
        let (sum, rows) = match self {
            Tally::Share { hits, rows, .. } => (i128::from(*hits), *rows),
            Tally::Balance { pro, con, rows, .. } => (i128::from(*pro) - i128::from(*con), *rows),
            Tally::Mean(total) => return total.mean_with(more, operand),
            _ => {
                let what = "bounds stand beside a share, a balance or a mean only".to_owned();
                return Err(InterpretError::Contradiction { what });
            }
        };
        let rows = rows.checked_add(more).ok_or_else(|| overflow("a count"))?;
        let added = operand.checked_mul(Number::new(i128::from(more), 0));
        let sum = added.and_then(|added| added.checked_add(Number::new(sum, 0))).ok_or_else(|| overflow("a bound"))?;
        Ok(if rows == 0 { Value::Null } else { Value::Real(sum.to_f64() / rows as f64) })
    }
}

impl Numbers {
    fn quotient(numerator: Value, denominator: Value, n: u64) -> Self {
        let value = match (numerator.as_real(), denominator.as_real()) {
            (Some(top), Some(bottom)) if bottom != 0.0 => Value::Real(top / bottom),
            _ => Value::Null,
        };
        Self { numerator, denominator, value, n: Some(n), share: None, bounds: None }
    }

    fn exact(value: Value, n: u64) -> Self {
        Self { numerator: value.clone(), denominator: Value::Null, value, n: Some(n), share: None, bounds: None }
    }

    /// Returns numbers that no rows stand behind.
    pub(super) fn rowless(numerator: Value, denominator: Value, value: Value) -> Self {
        Self { numerator, denominator, value, n: None, share: None, bounds: None }
    }
}

/// Returns a count as a value.
pub(super) fn integer(count: u64) -> Result<Value, InterpretError> {
    i64::try_from(count).map(Value::integer).map_err(|_| overflow("a count"))
}
