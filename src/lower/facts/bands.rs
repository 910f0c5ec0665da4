//! A quantity cut into named bands.

use super::Row;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Comparison, Expression};
use crate::lower::Context;
use crate::plan::{Fact, Rule};
use crate::value::{Duration, Number, Type, Value};
use crate::yaml::{Entry, Node};

pub(super) fn lower(entry: &Entry, row: &Row<'_>, _: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = entry.value.get("bands")?;
    let of = row.expression(node.get("of")?, context)?;
    let edges = edges(node.get("edges")?, &of, context)?;
    let labels = labels(&entry.value)?;
    if labels.len() != edges.len() + 1 {
        let message = format!("{} edges make {} bands, not {}", edges.len(), edges.len() + 1, labels.len());
        let span = node.get("labels").map_or(node.span, |labels| labels.span);
        context
            .diagnostics
            .push(Diagnostic::error(codes::INVALID_VALUE, span, message).help("give each band one label, from below"));
        return None;
    }
    let below = match node.get("edge_in")?.as_text()? {
        "band_above" => Comparison::Less,
        _ => Comparison::LessOrEqual,
    };
    let known = !row.may_be_null(&of);
    Some(Rule::Derived(choice((&of, known), edges, &labels, below)))
}

/// Writes the bands as a choice; what is not known is in no band.
fn choice((of, known): (&Expression, bool), edges: Vec<Value>, labels: &[String], below: Comparison) -> Expression {
    let text = |label: &String| Expression::Literal(Value::text(label), Type::Text);
    let literal = |edge: Value| Box::new(Expression::Literal(edge, of.ty()));
    let compare = |edge| Expression::Compare(below, Box::new(of.clone()), literal(edge));
    let mut arms: Vec<(Expression, Expression)> =
        edges.into_iter().zip(labels).map(|(edge, label)| (compare(edge), text(label))).collect();
    let last = labels.last().map_or(Expression::Literal(Value::Null, Type::Text), text);
    if known {
        return Expression::Case { arms, otherwise: Box::new(last) };
    }
    let is_known = Expression::Not(Box::new(Expression::IsNull(Box::new(of.clone()))));
    arms.push((is_known, last));
    Expression::Case { arms, otherwise: Box::new(Expression::Literal(Value::Null, Type::Text)) }
}

fn edges(node: &Node, of: &Expression, context: &mut Context<'_>) -> Option<Vec<Value>> {
    let mut edges: Vec<Value> = Vec::new();
    for item in node.items() {
        let edge = edge(item, of.ty());
        let rises =
            |edge: &Value| edges.last().is_none_or(|last| last.compare(edge).is_some_and(|order| order.is_lt()));
        match edge.filter(rises) {
            Some(edge) => edges.push(edge),
            None => {
                let message = format!("this is no edge of {} above the one before", of.ty());
                context.diagnostics.push(
                    Diagnostic::error(codes::INVALID_VALUE, item.span, message)
                        .help("write numbers, or durations such as `90d`, in rising order; a number has no more digits after its point than what is cut"),
                );
                return None;
            }
        }
    }
    Some(edges)
}

fn edge(node: &Node, ty: Type) -> Option<Value> {
    match ty {
        Type::Number(scale) => {
            let number: Number = node.number_text()?.parse().ok()?;
            number.rescale(scale).map(Value::Number)
        }
        Type::Real => node.number_text()?.parse::<Number>().ok().map(|number| Value::Real(number.to_f64())),
        Type::Duration => node.as_text()?.parse::<Duration>().ok().map(Value::Duration),
        _ => None,
    }
}

/// Returns the labels of a fact's bands, if it has bands.
pub(super) fn labels(fact: &Node) -> Option<Vec<String>> {
    let labels = fact.get("bands")?.get("labels")?;
    Some(labels.items().iter().filter_map(|label| label.as_text().map(str::to_owned)).collect())
}
