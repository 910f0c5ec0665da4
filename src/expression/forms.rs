//! Forms that are no operators: `is null`, lists, ranges, `coalesce`, `case`.

use sqlparser::ast::{self, Expr, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::check::Checker;
use super::typed::{Typed, rescaled};
use super::{Comparison, Expression};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::Span;
use crate::value::{Type, Value};

impl Checker<'_> {
    pub(super) fn is_null(&mut self, operand: &Expr) -> Option<Expression> {
        Some(Expression::IsNull(Box::new(self.check(operand)?.expression)))
    }

    pub(super) fn in_list(&mut self, operand: &Expr, list: &[Expr], negated: bool, span: Span) -> Option<Typed> {
        let mut operand = self.check(operand)?;
        let mut values = Vec::new();
        let mut failed = false;
        for element in list {
            match self.list_value(&operand, element) {
                Some(value) => values.push(value),
                None => failed = true,
            }
        }
        if failed {
            return None;
        }
        let scale = values.iter().filter_map(|value| match value {
            Value::Number(number) => Some(number.scale()),
            _ => None,
        });
        if let (Type::Number(own), Some(scale)) = (operand.ty(), scale.max()) {
            let scale = own.max(scale);
            operand = rescaled(operand, scale);
            values = values.into_iter().map(|value| to_scale(value, scale)).collect();
        }
        let inside = Expression::In(Box::new(operand.expression), values);
        Some(Typed::plain(if negated { Expression::Not(Box::new(inside)) } else { inside }, span))
    }

    fn list_value(&mut self, operand: &Typed, element: &Expr) -> Option<Value> {
        let element = self.check(element)?;
        let span = element.span;
        if element.is_null_literal() {
            let diagnostic =
                Diagnostic::error(codes::TYPE_MISMATCH, span, "null is never in a list").help("write `or x is null`");
            return self.report(diagnostic);
        }
        let (_, element) = self.unify(operand.clone(), element)?;
        match element.expression {
            Expression::Literal(value, _) => Some(value),
            _ => {
                let diagnostic = Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, "a list holds constants")
                    .help("compare with `=` instead");
                self.report(diagnostic)
            }
        }
    }

    pub(super) fn between(&mut self, operand: &Expr, low: &Expr, high: &Expr) -> Option<Expression> {
        let operand = self.check(operand)?;
        let low = self.check(low)?;
        let high = self.check(high)?;
        let above = self.compare(Comparison::GreaterOrEqual, operand.clone(), low)?;
        let below = self.compare(Comparison::LessOrEqual, operand, high)?;
        Some(Expression::And(vec![above, below]))
    }

    pub(super) fn function(&mut self, function: &ast::Function, span: Span) -> Option<Typed> {
        let name = function.name.to_string();
        let FunctionArguments::List(list) = &function.args else { return self.no_function(&name, span) };
        let arguments: Vec<&Expr> = list
            .args
            .iter()
            .filter_map(|argument| match argument {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
                _ => None,
            })
            .collect();
        let plain = function.over.is_none() && function.filter.is_none() && list.clauses.is_empty();
        let combine = match name.to_ascii_lowercase().as_str() {
            "coalesce" => Expression::Coalesce as fn(Vec<Expression>) -> Expression,
            "least" => |operands| extreme(Comparison::LessOrEqual, operands),
            "greatest" => |operands| extreme(Comparison::GreaterOrEqual, operands),
            _ => return self.no_function(&name, span),
        };
        if !plain || arguments.len() != list.args.len() || arguments.len() < 2 {
            return self.no_function(&name, span);
        }
        let operands = arguments.into_iter().map(|argument| self.check(argument)).collect::<Option<Vec<_>>>()?;
        let operands = self.one_type(operands)?;
        Some(Typed::plain(combine(operands), span))
    }

    fn no_function(&mut self, name: &str, span: Span) -> Option<Typed> {
        let diagnostic =
            Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, format!("the function `{name}` cannot stand here"))
                .help("the functions are `coalesce(a, b)`, `least(a, b)` and `greatest(a, b)`; sums and counts belong to `measure` and `facts`");
        self.report(diagnostic)
    }

    pub(super) fn case(&mut self, conditions: &[ast::CaseWhen], otherwise: Option<&Expr>, span: Span) -> Option<Typed> {
        let Some(otherwise) = otherwise else {
            let diagnostic = Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, "`case` has no `else`")
                .help("say what holds otherwise: `else 0`, or `else null`");
            return self.report(diagnostic);
        };
        let mut tests = Vec::new();
        let mut results = Vec::new();
        for arm in conditions {
            tests.push(self.condition(&arm.condition)?);
            results.push(self.check(&arm.result)?);
        }
        results.push(self.check(otherwise)?);
        let mut results = self.one_type(results)?;
        let otherwise = Box::new(results.pop().expect("the else result was pushed"));
        Some(Typed::plain(Expression::Case { arms: tests.into_iter().zip(results).collect(), otherwise }, span))
    }

    /// Brings all operands to the type and scale of the first that is not null.
    pub(super) fn one_type(&mut self, operands: Vec<Typed>) -> Option<Vec<Expression>> {
        let model = operands.iter().find(|operand| !operand.is_null_literal())?.clone();
        let mut scale = 0;
        let mut unified = Vec::new();
        for operand in operands {
            let operand = if operand.is_null_literal() {
                Typed::plain(Expression::Literal(Value::Null, model.ty()), operand.span)
            } else {
                self.unify(model.clone(), operand)?.1
            };
            if let Type::Number(own) = operand.ty() {
                scale = scale.max(own);
            }
            unified.push(operand);
        }
        let numeric = matches!(model.ty(), Type::Number(_));
        let finish = |operand: Typed| if numeric { rescaled(operand, scale) } else { operand };
        Some(unified.into_iter().map(|operand| finish(operand).expression).collect())
    }
}

/// Writes the smallest or largest operand as a choice; null where one is null.
fn extreme(wins: Comparison, operands: Vec<Expression>) -> Expression {
    let null = |ty| Expression::Literal(Value::Null, ty);
    let better = |a: &Expression, b: &Expression| Expression::Compare(wins, Box::new(a.clone()), Box::new(b.clone()));
    let two = |a: Expression, b: Expression| {
        let arms = vec![(better(&a, &b), a.clone()), (better(&b, &a), b)];
        Expression::Case { arms, otherwise: Box::new(null(a.ty())) }
    };
    operands.into_iter().reduce(two).expect("a function has at least two operands")
}

fn to_scale(value: Value, scale: u8) -> Value {
    match value {
        Value::Number(number) => Value::Number(number.rescale(scale).unwrap_or(number)),
        other => other,
    }
}
