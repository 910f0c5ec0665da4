//! The mean of a metric's values over shorter periods, each period weighing the same.
//!
//! An average of ratios is seldom what is meant, so it has to be asked for by this name and with a reason.

use super::{Kind, Lower, Metrics, Operands};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Average, Body, Publish};
use crate::shape::{Field, Moves, Record, Shape};
use crate::value::Grain;
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "unweighted_mean",
        Shape::Record(&UNWEIGHTED_MEAN),
        "Mean of a metric's values over shorter periods, whatever each period holds.",
    ),
    lower: Lower::Metrics(lower),
};

static UNWEIGHTED_MEAN: Record = Record {
    name: "unweighted mean",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric whose values are averaged."),
        Field::required(
            "each",
            Shape::Choice(&["hour", "day", "week", "month", "quarter", "year"]),
            "Length of the shorter periods.",
        ),
        Field::required("because", Shape::Text, "Why each period weighs the same.").moving(Moves::Governance),
    ],
};

fn lower(node: &Node, operands: &mut Operands<'_>, metrics: &mut dyn Metrics) -> Option<Body> {
    let name = node.get("metric")?;
    let each_node = node.get("each")?;
    let each: Grain = each_node.as_text()?.parse().ok()?;
    let mut component = metrics.plan(name.as_text()?, name.span, operands.diagnostics)?;
    if !component.grains.contains(&each) {
        let message = format!("`{}` is not reported by {each}", component.metric);
        let list = component.grains.iter().map(|grain| format!("`{grain}`")).collect::<Vec<_>>().join(", ");
        operands.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_VALUE, each_node.span, message).help(format!("its grains are {list}")),
        );
        return None;
    }
    component.publish = Publish::default();
    Some(Body::Averaged(Average { component: Box::new(component), each }))
}
