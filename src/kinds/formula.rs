//! Arithmetic over other metrics of the same period and dimensions.

use sqlparser::ast::{BinaryOperator, Expr, Value as SqlValue};

use super::{Kind, Lower, Metrics, Operands};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Written;
use crate::plan::{Body, Combination, Component, Formula, Plan, Publish};
use crate::shape::{Field, Shape};
use crate::value::Number;
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required("formula", Shape::Formula, "Arithmetic over other metrics, by name."),
    lower: Lower::Metrics(lower),
};

fn lower(node: &Node, operands: &mut Operands<'_>, metrics: &mut dyn Metrics) -> Option<Body> {
    let written = Written::new(node, operands.texts);
    let syntax = written.parse(operands.diagnostics)?;
    let mut reader = Reader { written, operands, metrics, plans: Vec::new() };
    let draft = reader.read(&syntax)?;
    let plans = reader.plans;
    if plans.is_empty() {
        operands.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_REFERENCE, node.span, "the formula names no metric")
                .help("write arithmetic of metrics, such as `solved_tickets / opened_tickets`"),
        );
        return None;
    }
    Some(Body::Combined(in_name_order(plans, draft)))
}

/// Sorts the components by name, so that `a / b` and a rewritten `1 / (b / a)` list them alike.
fn in_name_order(plans: Vec<Plan>, draft: Formula) -> Combination {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by(|a, b| plans[*a].metric.cmp(&plans[*b].metric));
    let place = |old: usize| order.iter().position(|index| *index == old).expect("the order holds every index");
    let formula = draft.renumbered(&place);
    let components = order.iter().map(|index| component(plans[*index].clone())).collect();
    Combination { components, formula }
}

fn component(mut plan: Plan) -> Component {
    plan.publish = Publish::default();
    let zero_when_absent = matches!(&plan.body, Body::Measured(pipeline) if pipeline.measure.is_zero_when_empty());
    Component { plan, zero_when_absent }
}

struct Reader<'a, 'b> {
    written: Written<'a>,
    operands: &'a mut Operands<'b>,
    metrics: &'a mut dyn Metrics,
    plans: Vec<Plan>,
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
                let (left, right) = (Box::new(left_formula?), Box::new(right_formula?));
                match op {
                    BinaryOperator::Plus => Some(Formula::Add(left, right)),
                    BinaryOperator::Minus => Some(Formula::Subtract(left, right)),
                    BinaryOperator::Multiply => Some(Formula::Multiply(left, right)),
                    BinaryOperator::Divide => Some(Formula::Divide(left, right)),
                    _ => self.refuse(syntax),
                }
            }
            _ => self.refuse(syntax),
        }
    }

    fn metric(&mut self, name: &str, syntax: &Expr) -> Option<Formula> {
        if let Some(index) = self.plans.iter().position(|plan| plan.metric == name) {
            return Some(Formula::Component(index));
        }
        let span = self.written.span_of(syntax);
        let plan = self.metrics.plan(name, span, self.operands.diagnostics)?;
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
        self.operands.diagnostics.push(
            Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, "this cannot stand in a formula")
                .help("a formula has metrics, numbers, `+ - * /` and parentheses"),
        );
        None
    }
}
