//! Whether one condition says the same as another, more, or less: decided by every kind of row there can be.
//!
//! Exact where the conditions compare columns with constants and with each other: between two neighbouring constants all
//! values behave alike, so a few of each stretch stand for all. Everything else that is not equal by its form stays
//! undecided, and is never called safe.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::expression::{Expression, Moment};
use crate::interpret::Condition;
use crate::plan::{Slot, Use};
use crate::value::{Date, Duration, Instant, Number, Type, Value};

/// Most rows that are tried.
pub(super) const MOST: usize = 100_000;

/// What a condition is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// Both say the same of every row.
    Equal,
    /// The new one is TRUE wherever the old one is, and elsewhere too.
    Wider,
    /// The new one is TRUE only where the old one is, and not everywhere.
    Narrower,
    /// Each is TRUE of rows of which the other is not; or only the lines of the ledger differ.
    Different,
    /// It could not be decided.
    Unknown,
}

impl Relation {
    /// Returns what several conditions are to those that stood in their places, of which some are this and some are `other`.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Relation::Equal, other) | (other, Relation::Equal) => other,
            (one, other) if one == other => one,
            (Relation::Unknown, _) | (_, Relation::Unknown) => Relation::Unknown,
            _ => Relation::Different,
        }
    }
}

/// What a column can hold.
#[derive(Debug, Clone, Copy)]
pub struct Domain<'a> {
    /// The only texts, where they are enumerated.
    pub values: Option<&'a [String]>,
    /// Whether it can be null.
    pub nullable: bool,
}

impl<'a> Domain<'a> {
    /// Returns what a column of a slot's source can hold; a fact can hold anything.
    pub fn of(catalog: &'a Catalog, slot: &Slot, name: &str) -> Self {
        let file = catalog.registry.sources.get(&slot.source);
        match file.and_then(|file| file.source.column(name)) {
            Some(column) => Domain { values: column.values.as_deref(), nullable: column.nullable },
            // The moments are always known.
            None => Domain { values: None, nullable: !name.starts_with(':') },
        }
    }
}

/// Decides what `new` is to `old`; `domain` tells what the column or fact of a name can hold.
pub fn relation<'d>(
    (old, new): (&Expression, &Expression),
    use_: Use,
    domain: &dyn Fn(&str) -> Domain<'d>,
) -> Relation {
    if old.canonical() == new.canonical() {
        return Relation::Equal;
    }
    if old.ty() != Type::Boolean || new.ty() != Type::Boolean {
        return Relation::Unknown;
    }
    decide((&flat(old), &flat(new)), use_, domain).unwrap_or(Relation::Unknown)
}

/// Makes columns of everything that is given from outside: the row beside an event, and the moments.
pub(super) fn flat(expression: &Expression) -> Expression {
    let mut flat = expression.clone();
    flatten(&mut flat);
    flat
}

fn flatten(expression: &mut Expression) {
    match expression {
        Expression::Outer(column) => *expression = Expression::column(format!("row.{}", column.name), column.ty),
        Expression::Moment(moment) => {
            let name = match moment {
                Moment::AsOf => ":as_of",
                Moment::PeriodStart => ":period_start",
                Moment::PeriodEnd => ":period_end",
            };
            *expression = Expression::column(name, Type::Instant);
        }
        other => other.children_mut().into_iter().for_each(flatten),
    }
}

fn decide<'d>(
    (old, new): (&Expression, &Expression),
    use_: Use,
    domain: &dyn Fn(&str) -> Domain<'d>,
) -> Option<Relation> {
    let mut variables = Variables::default();
    variables.collect(old)?;
    variables.collect(new)?;
    let domains = variables.domains(domain)?;
    let rows: usize = domains.iter().try_fold(1_usize, |rows, values| rows.checked_mul(values.len()))?;
    if rows > MOST {
        return None;
    }
    let bound = Condition::bind(&[old, new], &variables.names()).ok()?;
    let [old, new] = bound.as_slice() else { return None };
    let (mut wider, mut narrower, mut differs) = (false, false, false);
    for row in 0..rows {
        let values = pick(&domains, row);
        let (before, after) = (old.value(&values).ok()?, new.value(&values).ok()?);
        let (was, is) = (before == Value::Boolean(true), after == Value::Boolean(true));
        wider |= is && !was;
        narrower |= was && !is;
        differs |= before != after;
    }
    Some(match (wider, narrower) {
        (true, false) => Relation::Wider,
        (false, true) => Relation::Narrower,
        (true, true) => Relation::Different,
        // Where FALSE turned UNKNOWN, rows change their line in the ledger.
        (false, false) if differs && use_ == Use::Value => Relation::Different,
        (false, false) => Relation::Equal,
    })
}

/// Returns the row of this number: one value of each domain.
fn pick(domains: &[Vec<Value>], mut row: usize) -> Vec<Value> {
    let mut values = Vec::with_capacity(domains.len());
    for domain in domains {
        values.push(domain[row % domain.len()].clone());
        row /= domain.len();
    }
    values
}

/// The columns of two conditions, and the constants that matter to them.
#[derive(Default)]
pub(super) struct Variables<'e> {
    types: BTreeMap<&'e str, Type>,
    constants: Vec<&'e Value>,
}

impl<'e> Variables<'e> {
    /// Collects what a condition reads; `None` where it computes with values.
    pub(super) fn collect(&mut self, expression: &'e Expression) -> Option<()> {
        match expression {
            Expression::Column(column) => {
                self.types.insert(&column.name, column.ty);
            }
            Expression::Literal(value, _) => self.constants.push(value),
            Expression::Compare(comparison, left, right) => {
                // Texts have no neighbours, so only their equality can be tried.
                let is_order = !matches!(
                    comparison,
                    crate::expression::Comparison::Equal | crate::expression::Comparison::NotEqual
                );
                if is_order && left.ty() == Type::Text {
                    return None;
                }
                self.collect(left)?;
                self.collect(right)?;
            }
            Expression::In(operand, values) => {
                self.constants.extend(values);
                self.collect(operand)?;
            }
            Expression::And(operands) | Expression::Or(operands) => {
                operands.iter().try_for_each(|operand| self.collect(operand))?;
            }
            Expression::Not(operand) | Expression::IsNull(operand) => self.collect(operand)?,
            Expression::Coalesce(operands) if expression.ty() == Type::Boolean => {
                operands.iter().try_for_each(|operand| self.collect(operand))?;
            }
            Expression::Rescale(operand, _) if matches!(**operand, Expression::Literal(..)) => self.collect(operand)?,
            _ => return None,
        }
        Some(())
    }

    /// Returns the names of the columns, in their order.
    pub(super) fn names(&self) -> Vec<&'e str> {
        self.types.keys().copied().collect()
    }

    /// Returns the values to be tried for each column, in the order of their names.
    pub(super) fn domains<'d>(&self, domain: &dyn Fn(&str) -> Domain<'d>) -> Option<Vec<Vec<Value>>> {
        self.types.iter().map(|(name, ty)| self.domain(*ty, domain(name))).collect()
    }

    fn domain(&self, ty: Type, domain: Domain<'_>) -> Option<Vec<Value>> {
        let alike = self.types.values().filter(|other| **other == ty).count() as i64;
        let mut values = match ty {
            Type::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
            Type::Text => match domain.values {
                Some(values) => values.iter().map(|text| Value::text(text)).collect(),
                None => self.texts(alike),
            },
            Type::Real => return None,
            _ => self.ordered(ty, alike)?,
        };
        if domain.nullable {
            values.push(Value::Null);
        }
        Some(values)
    }

    fn texts(&self, others: i64) -> Vec<Value> {
        let mut known: Vec<&Value> =
            self.constants.iter().filter(|value| matches!(value, Value::Text(_))).copied().collect();
        known.sort_by(|one, other| one.order(other));
        known.dedup();
        let mut values: Vec<Value> = known.into_iter().cloned().collect();
        values.extend((0..others).map(|number| Value::text(&format!("\u{1}{number}"))));
        values
    }

    /// Around each constant, as many neighbours as there are columns that could differ among themselves there.
    fn ordered(&self, ty: Type, alike: i64) -> Option<Vec<Value>> {
        let mut positions: Vec<i128> = self.constants.iter().filter_map(|value| position(value, ty)).collect();
        if positions.is_empty() {
            positions.push(0);
        }
        let around: Vec<i128> =
            positions.iter().flat_map(|at| (-alike..=alike).map(move |step| at + i128::from(step))).collect();
        let mut all = around;
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|at| value(at, ty)).collect()
    }
}

/// Returns where a value stands among those of its type, counted in the smallest steps.
fn position(value: &Value, ty: Type) -> Option<i128> {
    match (value, ty) {
        (Value::Number(number), Type::Number(scale)) => number.rescale(scale).map(Number::mantissa),
        (Value::Duration(length), Type::Duration) => Some(i128::from(length.micros())),
        (Value::Instant(instant), Type::Instant) => Some(i128::from(instant.micros())),
        (Value::Date(date), Type::Date) => Some(i128::from(date.days())),
        _ => None,
    }
}

fn value(position: i128, ty: Type) -> Option<Value> {
    let small = i64::try_from(position).ok();
    Some(match ty {
        Type::Number(scale) => Value::Number(Number::new(position, scale)),
        Type::Duration => Value::Duration(Duration::from_micros(small?)),
        Type::Instant => Value::Instant(Instant::from_micros(small?)),
        Type::Date => Value::Date(Date::from_days(small?)?),
        _ => return None,
    })
}

#[cfg(test)]
#[path = "tests/prove.rs"]
mod tests;
