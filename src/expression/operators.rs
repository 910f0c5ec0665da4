//! Operators between parts of an expression: logic, comparison, arithmetic.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};

use super::check::Checker;
use super::typed::Typed;
use super::{Arithmetic, Comparison, Expression};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::Span;
use crate::value::{Duration, Number, Type, Value};

impl Checker<'_> {
    pub(super) fn binary(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, span: Span) -> Option<Typed> {
        let comparison = match op {
            BinaryOperator::And | BinaryOperator::Or => return self.logical(left, op, right, span),
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            BinaryOperator::Plus => return self.arithmetic(Arithmetic::Add, left, right, span),
            BinaryOperator::Minus => return self.arithmetic(Arithmetic::Subtract, left, right, span),
            BinaryOperator::Multiply => return self.arithmetic(Arithmetic::Multiply, left, right, span),
            other => {
                let diagnostic = Diagnostic::error(
                    codes::UNSUPPORTED_EXPRESSION,
                    span,
                    format!("`{other}` cannot stand in an expression"),
                )
                .help(
                    "division belongs to the measure: `ratio: {of: ..., to: ...}` says what a zero denominator means",
                );
                return self.report(diagnostic);
            }
        };
        let left = self.check(left);
        let right = self.check(right);
        Some(Typed::plain(self.compare(comparison, left?, right?)?, span))
    }

    pub(super) fn compare(&mut self, comparison: Comparison, left: Typed, right: Typed) -> Option<Expression> {
        for side in [&left, &right] {
            if side.is_null_literal() {
                let diagnostic =
                    Diagnostic::error(codes::TYPE_MISMATCH, side.span, "nothing is equal to null, not even null")
                        .help("write `is null` or `is not null`");
                return self.report(diagnostic);
            }
        }
        let (left, right) = self.unify(left, right)?;
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if ordered && matches!(left.ty(), Type::Text | Type::Boolean) {
            let message = format!("{} has no order", left.ty());
            let diagnostic = Diagnostic::error(codes::TYPE_MISMATCH, left.span, message)
                .help("compare with `=`, `<>` or `in`; how texts sort differs between engines");
            return self.report(diagnostic);
        }
        Some(Expression::Compare(comparison, Box::new(left.expression), Box::new(right.expression)))
    }

    fn logical(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr, span: Span) -> Option<Typed> {
        let left = self.condition(left);
        let right = self.condition(right);
        let (left, right) = (left?, right?);
        let expression = match op {
            BinaryOperator::And => Expression::And(flatten(left, right, |e| match e {
                Expression::And(parts) => Ok(parts),
                other => Err(other),
            })),
            _ => Expression::Or(flatten(left, right, |e| match e {
                Expression::Or(parts) => Ok(parts),
                other => Err(other),
            })),
        };
        Some(Typed::plain(expression, span))
    }

    pub(super) fn condition(&mut self, syntax: &Expr) -> Option<Expression> {
        let typed = self.check(syntax)?;
        if typed.ty() == Type::Boolean {
            return Some(typed.expression);
        }
        let message = format!("a condition is needed, this is {}", typed.ty());
        let diagnostic = Diagnostic::error(codes::TYPE_MISMATCH, typed.span, message)
            .help("compare it with something, such as `contacts = 1`");
        self.report(diagnostic)
    }

    pub(super) fn unary(&mut self, op: &UnaryOperator, operand: &Expr, span: Span) -> Option<Typed> {
        match op {
            UnaryOperator::Not => Some(Typed::plain(Expression::Not(Box::new(self.condition(operand)?)), span)),
            UnaryOperator::Plus => self.check(operand),
            UnaryOperator::Minus => {
                let typed = self.check(operand)?;
                let Expression::Literal(Value::Number(number), ty) = &typed.expression else {
                    let zero = match typed.ty() {
                        Type::Number(scale) => Expression::Literal(Value::Number(Number::new(0, scale)), typed.ty()),
                        _ => return self.unsupported_minus(span),
                    };
                    let difference =
                        Expression::Arithmetic(Arithmetic::Subtract, Box::new(zero), Box::new(typed.expression));
                    return Some(Typed::plain(difference, span));
                };
                let negated = Number::new(-number.mantissa(), number.scale());
                Some(Typed::plain(Expression::Literal(Value::Number(negated), *ty), span))
            }
            _ => self.unsupported_minus(span),
        }
    }

    fn unsupported_minus(&mut self, span: Span) -> Option<Typed> {
        let message = "this sign cannot stand here";
        self.report(Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, message).help("`-` stands before numbers"))
    }

    fn arithmetic(&mut self, op: Arithmetic, left: &Expr, right: &Expr, span: Span) -> Option<Typed> {
        let left = self.check(left);
        let right = self.check(right);
        let (left, right) = (left?, right?);
        if op == Arithmetic::Subtract && left.ty() == Type::Instant && right.ty() == Type::Instant {
            let elapsed = Expression::Elapsed { from: Box::new(right.expression), to: Box::new(left.expression) };
            return Some(Typed::plain(elapsed, span));
        }
        if op != Arithmetic::Multiply && left.ty() == Type::Instant && left.literal().is_none() {
            return self.shift(op, left, right, span);
        }
        let numbers = matches!((left.ty(), right.ty()), (Type::Number(_), Type::Number(_)));
        if op == Arithmetic::Multiply && numbers {
            return self.product(left, right, span);
        }
        // What a column can hold bounds comparisons with it, not what is added to it.
        let (left, right) = (Typed { range: None, ..left }, Typed { range: None, ..right });
        let unit = left.unit.clone().or(right.unit.clone());
        let currency = left.currency.clone().or(right.currency.clone());
        let (left, right) = self.unify(left, right)?;
        if op == Arithmetic::Multiply || !matches!(left.ty(), Type::Number(_) | Type::Duration) {
            let message = format!("`{}` does not work on {} and {}", op.symbol(), left.ty(), right.ty());
            let diagnostic = Diagnostic::error(codes::TYPE_MISMATCH, span, message)
                .help("arithmetic works on numbers and on durations; `instant - instant` is a duration");
            return self.report(diagnostic);
        }
        let expression = Expression::Arithmetic(op, Box::new(left.expression), Box::new(right.expression));
        Some(Typed { unit, currency, ..Typed::plain(expression, span) })
    }

    /// `instant + duration`, or `instant - duration`.
    fn shift(&mut self, op: Arithmetic, at: Typed, by: Typed, span: Span) -> Option<Typed> {
        let zero = Typed::plain(Expression::Literal(Value::Duration(Duration::ZERO), Type::Duration), span);
        let (by, zero) = self.unify(by, zero)?;
        let by = match (op, by.expression) {
            (Arithmetic::Subtract, Expression::Literal(Value::Duration(length), ty)) => {
                let turned = Duration::from_micros(length.micros().saturating_neg());
                Expression::Literal(Value::Duration(turned), ty)
            }
            (Arithmetic::Subtract, length) => {
                Expression::Arithmetic(Arithmetic::Subtract, Box::new(zero.expression), Box::new(length))
            }
            (_, length) => length,
        };
        Some(Typed::plain(Expression::Shift { at: Box::new(at.expression), by: Box::new(by) }, span))
    }

    fn product(&mut self, left: Typed, right: Typed, span: Span) -> Option<Typed> {
        let expression =
            Expression::Arithmetic(Arithmetic::Multiply, Box::new(left.expression), Box::new(right.expression));
        match expression.ty() {
            Type::Number(scale) if scale <= crate::value::MAX_SCALE => {
                let (unit, currency) = (left.unit.or(right.unit), left.currency.or(right.currency));
                Some(Typed { unit, currency, ..Typed::plain(expression, span) })
            }
            _ => {
                let message = "the product has more than 18 digits after the point";
                self.report(Diagnostic::error(codes::TYPE_MISMATCH, span, message).help("declare smaller scales"))
            }
        }
    }
}

/// Joins two operands of an associative operator into one flat list.
fn flatten(
    left: Expression,
    right: Expression,
    parts: impl Fn(Expression) -> Result<Vec<Expression>, Expression>,
) -> Vec<Expression> {
    let mut flat = Vec::new();
    for side in [left, right] {
        match parts(side) {
            Ok(inner) => flat.extend(inner),
            Err(single) => flat.push(single),
        }
    }
    flat
}
