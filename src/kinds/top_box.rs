//! The share of answers at the top of a scale.

use super::scale::Scale;
use super::{Kind, Lower, Operands, number};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Comparison, Expression};
use crate::plan::Measure;
use crate::shape::{Field, Record, Shape};
use crate::value::{Type, Value};
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required("top_box", Shape::Record(&TOP_BOX), "Share of the answers from one value of a scale up."),
    lower: Lower::Rows(lower),
};

static TOP_BOX: Record = Record {
    name: "top box",
    fields: &[
        Field::required("of", Shape::Identifier, "A whole-number column with a declared `range`."),
        Field::required("from", Shape::Integer, "The lowest value that counts for; above the lowest of the scale."),
    ],
};

fn lower(node: &Node, operands: &mut Operands<'_>) -> Option<Measure> {
    let (of, from) = (node.get("of")?, node.get("from")?);
    Scale::of(of, operands)?;
    let bound = number(from, operands.diagnostics)?;
    let (column, name) = operands.scope.names.get_key_value(of.as_text()?)?;
    let (low, high) = name.range?;
    if bound <= low || bound > high {
        let message = format!("from {bound} up lies all or nothing of `{column}`, which goes from {low} to {high}");
        let diagnostic = Diagnostic::error(codes::SCALE_GAP, from.span, message);
        let diagnostic = match name.declared {
            Some(declared) => diagnostic.also(declared, "its range"),
            None => diagnostic,
        };
        operands.diagnostics.push(diagnostic.help("write a value above the lowest, up to the highest of the scale"));
        return None;
    }
    let column = Box::new(Expression::column(column, Type::Number(0)));
    let bound = Box::new(Expression::Literal(Value::Number(bound), Type::Number(0)));
    Some(Measure::Share(Expression::Compare(Comparison::GreaterOrEqual, column, bound)))
}
