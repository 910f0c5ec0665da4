//! The best and the worst case, where values are not known.

use super::Context;
use super::population::Population;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Expression;
use crate::plan::{Bounds, Measure};
use crate::text::Span;
use crate::value::{Number, Type};
use crate::yaml::Node;

/// Returns the bounds over the rows that are not `bounded`; each comes with the place of its policy.
pub(super) fn lower(
    node: &Node,
    bounded: Vec<(Expression, Span)>,
    measure: &Measure,
    population: &Population<'_>,
    context: &mut Context<'_>,
) -> Option<Bounds> {
    let (_, policy) = bounded.first()?;
    let interval = node.get("confidence").and_then(|confidence| confidence.get("interval"));
    if let Some(interval) = interval.filter(|interval| interval.as_text() == Some("wilson")) {
        let message = "a result has one `low` and one `high`: the worst and the best case, or an interval";
        context.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, *policy, message)
                .also(interval.span, "the interval is asked for here")
                .help("write `interval: none`, or another policy than `bounds`"),
        );
        return None;
    }
    let Some((low, high)) = range(measure, population) else {
        let message = "nothing says how small and how large what is not known can be";
        context.diagnostics.push(Diagnostic::error(codes::INVALID_VALUE, *policy, message).help(
            "`bounds` is for a share, for a balance, and for the mean of a column with a declared `range`; use `drop`",
        ));
        return None;
    };
    let mut parts: Vec<Expression> = bounded.into_iter().map(|(when, _)| when).collect();
    let when = if parts.len() == 1 { parts.remove(0) } else { Expression::Or(parts) };
    Some(Bounds { when, low, high })
}

/// Returns the smallest and the largest operand of a measure.
pub(super) fn range(measure: &Measure, population: &Population<'_>) -> Option<(Number, Number)> {
    match measure {
        Measure::Share(_) => Some((Number::integer(0), Number::integer(1))),
        Measure::Balance(..) => Some((Number::integer(-1), Number::integer(1))),
        Measure::Mean(Expression::Column(column)) => {
            let (low, high) = population.scope.names.get(&column.name)?.range?;
            let Type::Number(scale) = column.ty else { return None };
            Some((low.rescale(scale)?, high.rescale(scale)?))
        }
        _ => None,
    }
}
