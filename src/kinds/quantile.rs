//! The value below which a part of all values lies.

use super::{Kind, Lower, Operands, number};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Expression;
use crate::plan::{Measure, Quantile, QuantileMethod};
use crate::shape::{Field, Record, Shape};
use crate::value::{Number, Type};
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required("quantile", Shape::Record(&QUANTILE), "Exact quantile; null is left out."),
    lower: Lower::Rows(lower),
};

static QUANTILE: Record = Record {
    name: "quantile",
    fields: &[
        Field::required("of", Shape::Expression, "What is put in order."),
        Field::required("at", Shape::Decimal, "The part below, from 0 to 1: 0.5 is the median."),
        Field::required(
            "method",
            Shape::Choice(&["continuous", "discrete"]),
            "`continuous` interpolates between two values; `discrete` takes the first with that part at or below it.",
        ),
    ],
};

fn lower(node: &Node, operands: &mut Operands<'_>) -> Option<Measure> {
    let of_node = node.get("of")?;
    let of = operands.expression(of_node);
    let at = part(node.get("at")?, operands);
    let method = match node.get("method")?.as_text()? {
        "continuous" => QuantileMethod::Continuous,
        _ => QuantileMethod::Discrete,
    };
    let of = orderable(of?, method, of_node, operands)?;
    Some(Measure::Quantile(Quantile { of, at: at?, method }))
}

fn part(node: &Node, operands: &mut Operands<'_>) -> Option<Number> {
    let at = number(node, operands.diagnostics)?;
    if Number::ZERO <= at && at <= Number::integer(1) {
        return Some(at);
    }
    operands.diagnostics.push(
        Diagnostic::error(codes::INVALID_VALUE, node.span, format!("a part of all values cannot be {at}"))
            .help("write a number from 0 to 1: `0.9` for the 90th percentile"),
    );
    None
}

fn orderable(of: Expression, method: QuantileMethod, node: &Node, operands: &mut Operands<'_>) -> Option<Expression> {
    let whole = method == QuantileMethod::Discrete;
    let help = match of.ty() {
        Type::Number(_) | Type::Duration => return Some(of),
        Type::Instant | Type::Date if whole => return Some(of),
        Type::Instant | Type::Date => "write `method: discrete`: nothing is interpolated between days or instants",
        _ => "put a number, a duration, an instant or a day in order",
    };
    let message = format!("a {} quantile cannot be of type {}", method_name(method), of.ty());
    operands.diagnostics.push(Diagnostic::error(codes::TYPE_MISMATCH, node.span, message).help(help));
    None
}

fn method_name(method: QuantileMethod) -> &'static str {
    match method {
        QuantileMethod::Continuous => "continuous",
        QuantileMethod::Discrete => "discrete",
    }
}
