//! The unit must be one in which the value is shown as what it is.

use super::Context;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Body, Measure};
use crate::value::Type;
use crate::yaml::Node;

/// Reports a unit in which every report of the value would be wrong.
pub(super) fn check(node: &Node, body: &Body, context: &mut Context<'_>) {
    let (Body::Measured(pipeline), Some(unit)) = (body, node.get("unit")) else { return };
    let Some(name) = unit.as_text() else { return };
    let measure = &pipeline.measure;
    let is_length = measure.numerator_type() == Type::Duration && !matches!(measure, Measure::Ratio(..));
    let (message, help) = if is_length && name != "seconds" {
        (format!("the value is a length of time, and not in `{name}`"), "lengths of time are in `seconds`")
    } else if name == "net_points" && !matches!(measure, Measure::Balance(..)) {
        ("`net_points` are a hundred times a balance, and this is none".to_owned(), "write the unit of the measure")
    } else {
        return;
    };
    context.diagnostics.push(Diagnostic::error(codes::UNIT_MISMATCH, unit.span, message).help(help));
}
