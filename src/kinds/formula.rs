//! Arithmetic over other metrics of the same period and dimensions.

use std::sync::Arc;

use sqlparser::ast::{BinaryOperator, Expr, Value as SqlValue};

use super::made::{Assembly, Made, combination};
use super::{Kind, Lower};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Written;
use crate::plan::{Body, Formula, Measure, Plan};
use crate::shape::{Field, Shape};
use crate::value::Number;
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required("formula", Shape::Formula, "Arithmetic over other metrics, by name."),
    lower: Lower::Metrics(lower),
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let written = Written::new(node, assembly.texts);
    let syntax = written.parse(assembly.diagnostics)?;
    let mut reader = Reader { written, assembly, plans: Vec::new() };
    let draft = reader.read(&syntax)?;
    let plans = reader.plans;
    if plans.is_empty() {
        assembly.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_REFERENCE, node.span, "the formula names no metric")
                .help("write arithmetic of metrics, such as `solved_tickets / opened_tickets`"),
        );
        return None;
    }
    Some(Made::of(Body::Combined(combination(plans, draft))))
}

fn counts_distinct(plan: &Plan) -> bool {
    matches!(&plan.body, Body::Measured(pipeline) if matches!(pipeline.measure, Measure::Distinct(_)))
}

struct Reader<'a, 'b> {
    written: Written<'a>,
    assembly: &'a mut Assembly<'b>,
    plans: Vec<Arc<Plan>>,
}

impl Reader<'_, '_> {
    fn read(&mut self, syntax: &Expr) -> Option<Formula> {
        match syntax {
            Expr::Nested(inner) => self.read(inner),
            Expr::Identifier(name) => self.metric(&name.value, syntax),
            Expr::CompoundIdentifier(parts) => {
                let name = parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(".");
                self.metric(&name, syntax)
            }
            Expr::Value(value) => self.constant(&value.value, syntax),
            Expr::BinaryOp { left, op, right } => {
                let left_formula = self.read(left);
                let right_formula = self.read(right);
                let (left_formula, right_formula) = (Box::new(left_formula?), Box::new(right_formula?));
                match op {
                    BinaryOperator::Plus => {
                        self.addable((left, &left_formula), (right, &right_formula))?;
                        Some(Formula::Add(left_formula, right_formula))
                    }
                    BinaryOperator::Minus => Some(Formula::Subtract(left_formula, right_formula)),
                    BinaryOperator::Multiply => Some(Formula::Multiply(left_formula, right_formula)),
                    BinaryOperator::Divide => Some(Formula::Divide(left_formula, right_formula)),
                    _ => self.refuse(syntax),
                }
            }
            _ => self.refuse(syntax),
        }
    }

    /// Metrics are added only where the sum is that of the rows of both.
    fn addable(&mut self, left: (&Expr, &Formula), right: (&Expr, &Formula)) -> Option<()> {
        if left.1.is_constant() || right.1.is_constant() {
            return Some(());
        }
        let additive = |formula: &Formula| formula.additive(&|index| self.plans[index].additive()).over_dimensions;
        let Some((syntax, formula)) = [left, right].into_iter().find(|(_, formula)| !additive(formula)) else {
            return Some(());
        };
        let span = self.written.span_of(syntax);
        let message = format!("`{}` cannot be added to another metric", self.assembly.texts.slice(span));
        let help = match formula {
            Formula::Component(index) if counts_distinct(&self.plans[*index]) => {
                "count the distinct values over all the rows at once, in a metric of its own"
            }
            _ => {
                "add counts or sums and divide afterwards, such as `(solved_calls + solved_chats) / (calls + chats)`; \
                 weigh unlike metrics in a `scorecard`"
            }
        };
        self.assembly.diagnostics.push(Diagnostic::error(codes::NOT_ADDITIVE, span, message).help(help));
        None
    }

    fn metric(&mut self, name: &str, syntax: &Expr) -> Option<Formula> {
        if let Some(index) = self.plans.iter().position(|plan| plan.metric == name) {
            return Some(Formula::Component(index));
        }
        let span = self.written.span_of(syntax);
        let plan = self.assembly.metrics.plan(name, span, self.assembly.diagnostics)?;
        self.plans.push(plan);
        Some(Formula::Component(self.plans.len() - 1))
    }

    fn constant(&mut self, value: &SqlValue, syntax: &Expr) -> Option<Formula> {
        match value {
            SqlValue::Number(text, _) => match text.parse::<Number>() {
                Ok(number) => Some(Formula::Constant(number)),
                Err(_) => self.refuse(syntax),
            },
            _ => self.refuse(syntax),
        }
    }

    fn refuse(&mut self, syntax: &Expr) -> Option<Formula> {
        let span = self.written.span_of(syntax);
        self.assembly.diagnostics.push(
            Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, "this cannot stand in a formula")
                .help("a formula has metrics, numbers, `+ - * /` and parentheses"),
        );
        None
    }
}
