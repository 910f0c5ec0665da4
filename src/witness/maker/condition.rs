//! Conditions made true or false, and expressions given a value, by setting the cells they read.

use super::{DEEPEST, Maker, Named, Sight, after};
use crate::expression::{Arithmetic, Comparison, Expression};
use crate::value::{Date, Duration, Number, Type, Value};
use crate::witness::ground::Holds;
use crate::witness::material::{DAY, SECOND};
use crate::witness::stock::plain;

impl Maker<'_> {
    /// Makes a condition likely to be TRUE, or not to be.
    pub(in crate::witness) fn hold(&mut self, condition: &Expression, wanted: bool, sight: Sight<'_>) {
        if self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        match condition {
            Expression::And(parts) => self.join(parts, wanted, sight),
            Expression::Or(parts) => self.part(parts, wanted, sight),
            Expression::Not(inner) => self.hold(inner, !wanted, sight),
            Expression::IsNull(inner) => match wanted {
                true => self.put(inner, Value::Null, sight),
                false => self.fill(inner, sight),
            },
            Expression::Compare(comparison, left, right) => self.compare(*comparison, (left, right), wanted, sight),
            Expression::In(operand, values) => self.member(operand, values, wanted, sight),
            Expression::Coalesce(parts) => {
                if let Some(first) = parts.first() {
                    self.hold(first, wanted, sight);
                }
            }
            Expression::Case { arms, otherwise } => self.branch(
                arms,
                otherwise,
                |maker, value| {
                    maker.hold(value, wanted, sight);
                },
                sight,
            ),
            other => self.put(other, Value::Boolean(wanted), sight),
        }
        self.depth -= 1;
    }

    /// Makes all parts of a conjunction hold, or one of them not.
    fn join(&mut self, parts: &[Expression], wanted: bool, sight: Sight<'_>) {
        if wanted {
            parts.iter().for_each(|part| self.hold(part, true, sight));
        } else if let Some(part) = self.dice.pick(parts) {
            self.hold(part, false, sight);
        }
    }

    /// Makes one part of a disjunction hold, or none of them.
    fn part(&mut self, parts: &[Expression], wanted: bool, sight: Sight<'_>) {
        if !wanted {
            parts.iter().for_each(|part| self.hold(part, false, sight));
        } else if let Some(part) = self.dice.pick(parts) {
            self.hold(part, true, sight);
        }
    }

    fn member(&mut self, operand: &Expression, values: &[Value], wanted: bool, sight: Sight<'_>) {
        if wanted {
            if let Some(value) = self.dice.pick(values) {
                self.put(operand, value.clone(), sight);
            }
            return;
        }
        for _ in 0..4 {
            self.fill(operand, sight);
            if self.value(operand, sight).is_none_or(|value| !values.contains(&value)) {
                return;
            }
        }
    }

    fn compare(
        &mut self,
        comparison: Comparison,
        (left, right): (&Expression, &Expression),
        wanted: bool,
        sight: Sight<'_>,
    ) {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let fitting: Vec<_> = [Less, Equal, Greater].into_iter().filter(|o| comparison.holds(*o) == wanted).collect();
        let Some(order) = self.dice.pick(&fitting).copied() else { return };
        let is_fixed = |side: &Expression| side.columns().is_empty() && side.outer_columns().is_empty();
        // The side that can move is set against the other.
        let (moved, other, order) = match (is_fixed(left), self.dice.once_in(3) && !is_fixed(right)) {
            (true, _) | (_, true) => (right, left, order.reverse()),
            _ => (left, right, order),
        };
        if self.value(other, sight).is_none_or(|value| value.is_null()) && !is_fixed(other) {
            self.fill(other, sight);
        }
        let Some(base) = self.value(other, sight).filter(|base| !base.is_null()) else {
            return self.fill(moved, sight);
        };
        match order {
            Equal => self.put(moved, base, sight),
            Less => self.step(moved, (&base, -1), sight),
            Greater => self.step(moved, (&base, 1), sight),
        }
    }

    /// Sets an expression a little below or above a value.
    fn step(&mut self, moved: &Expression, (base, sign): (&Value, i64), sight: Sight<'_>) {
        let steps = [SECOND, SECOND, 3_600 * SECOND, DAY];
        let step = sign * self.dice.pick(&steps).unwrap_or(&SECOND);
        let value = match base {
            Value::Number(number) => Value::Number(Number::new(number.mantissa() + i128::from(sign), number.scale())),
            Value::Duration(length) => Value::Duration(Duration::from_micros(length.micros().saturating_add(step))),
            Value::Instant(at) => Value::Instant(after(*at, step)),
            Value::Date(day) => Date::from_days(day.days() + sign).map_or(Value::Null, Value::Date),
            Value::Boolean(truth) => Value::Boolean(!truth),
            _ => return self.fill(moved, sight),
        };
        self.put(moved, value, sight);
    }

    /// Gives an expression some value that is not null.
    pub(in crate::witness) fn fill(&mut self, expression: &Expression, sight: Sight<'_>) {
        let origin = match expression {
            Expression::Column(column) => match self.resolve(&column.name, sight) {
                Some(Named::Cell { spot, .. }) => Some((spot.scan.source.clone(), column.name.clone())),
                _ => None,
            },
            _ => None,
        };
        let (source, column) = origin.unwrap_or_default();
        for _ in 0..4 {
            let value = self.stock.value((&source, &column), expression.ty(), self.dice);
            let value = value.or_else(|| self.any(expression.ty())).filter(|value| !value.is_null());
            if let Some(value) = value {
                return self.put(expression, value, sight);
            }
        }
    }

    pub(super) fn any(&mut self, ty: Type) -> Option<Value> {
        self.dice.pick(&plain(ty, &Holds::anything(), false)).cloned()
    }

    /// Follows one branch of a case: its condition is made to hold, then its value is dealt with.
    fn branch(
        &mut self,
        arms: &[(Expression, Expression)],
        otherwise: &Expression,
        mut deal: impl FnMut(&mut Self, &Expression),
        sight: Sight<'_>,
    ) {
        let chosen = self.dice.below(arms.len() + 1);
        for (when, _) in &arms[..chosen.min(arms.len())] {
            self.hold(when, false, sight);
        }
        match arms.get(chosen) {
            Some((when, then)) => {
                self.hold(when, true, sight);
                deal(self, then);
            }
            None => deal(self, otherwise),
        }
    }

    /// Gives an expression a value, as far as its cells can be set.
    pub(in crate::witness) fn put(&mut self, expression: &Expression, value: Value, sight: Sight<'_>) {
        if self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        match expression {
            Expression::Column(column) => self.name(&column.name, value, sight),
            Expression::Outer(column) => {
                if let Some(outside) = sight.outside() {
                    self.name(&column.name, value, outside);
                }
            }
            Expression::Coalesce(parts) if value.is_null() => {
                parts.iter().for_each(|part| self.put(part, Value::Null, sight));
            }
            Expression::Coalesce(parts) => {
                if let Some(first) = parts.first() {
                    self.put(first, value, sight);
                }
            }
            Expression::Case { arms, otherwise } => self.branch(
                arms,
                otherwise,
                |maker, then| {
                    maker.put(then, value.clone(), sight);
                },
                sight,
            ),
            Expression::Literal(..) | Expression::Moment(_) => {}
            Expression::Shift { .. }
            | Expression::Elapsed { .. }
            | Expression::Rescale(..)
            | Expression::Arithmetic(..) => self.solve(expression, value, sight),
            condition => self.hold(condition, value == Value::Boolean(true), sight),
        }
        self.depth -= 1;
    }

    /// Gives a computed expression a value by way of one of its operands.
    fn solve(&mut self, expression: &Expression, value: Value, sight: Sight<'_>) {
        match (expression, value) {
            (Expression::Shift { at, by }, Value::Instant(wanted)) => {
                if let Some(Value::Duration(by)) = self.value(by, sight) {
                    self.put(at, Value::Instant(after(wanted, by.micros().saturating_neg())), sight);
                }
            }
            (Expression::Elapsed { from, to }, Value::Duration(length)) => {
                if let Some(from) = self.instant(from, sight) {
                    self.put(to, Value::Instant(after(from, length.micros())), sight);
                } else if let Some(to) = self.instant(to, sight) {
                    self.put(from, Value::Instant(after(to, length.micros().saturating_neg())), sight);
                }
            }
            (Expression::Shift { at: operand, .. } | Expression::Elapsed { to: operand, .. }, Value::Null) => {
                self.put(operand, Value::Null, sight);
            }
            (Expression::Rescale(inner, _), Value::Number(number)) => {
                if let Type::Number(scale) = inner.ty()
                    && let Some(number) = number.rescale(scale)
                {
                    self.put(inner, Value::Number(number), sight);
                }
            }
            (Expression::Rescale(inner, _), Value::Null) => self.put(inner, Value::Null, sight),
            (Expression::Arithmetic(operator, left, right), value) => {
                let other = self.value(right, sight);
                if let Some(value) = other.and_then(|other| without(*operator, &value, &other)) {
                    self.put(left, value, sight);
                }
            }
            _ => {}
        }
    }

    pub(super) fn name(&mut self, name: &str, value: Value, sight: Sight<'_>) {
        match self.resolve(name, sight) {
            Some(Named::Cell { spot, column }) => self.set(spot, column, value),
            Some(Named::Derived { derived, sight }) => self.put(&derived.value, value, sight),
            Some(Named::Fact { fact, sight }) => self.give(fact, value, sight),
            None => {}
        }
    }
}

/// Returns what the left operand must be for the result to be `value`.
fn without(operator: Arithmetic, value: &Value, right: &Value) -> Option<Value> {
    match (operator, value, right) {
        (Arithmetic::Add, Value::Number(value), Value::Number(right)) => value.checked_sub(*right).map(Value::Number),
        (Arithmetic::Subtract, Value::Number(value), Value::Number(right)) => {
            value.checked_add(*right).map(Value::Number)
        }
        (Arithmetic::Add, Value::Duration(value), Value::Duration(right)) => {
            Some(Value::Duration(Duration::from_micros(value.micros().saturating_sub(right.micros()))))
        }
        (Arithmetic::Subtract, Value::Duration(value), Value::Duration(right)) => {
            Some(Value::Duration(Duration::from_micros(value.micros().saturating_add(right.micros()))))
        }
        _ => None,
    }
}
