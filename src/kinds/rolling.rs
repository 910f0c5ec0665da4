//! A metric over each period and those before it.

use super::made::{Assembly, Made, reach_over};
use super::{GRAIN, Kind, Lower, whole};
use crate::plan::Reach;
use crate::shape::{Field, Record, Shape};
use crate::value::Grain;
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "rolling",
        Shape::Record(&ROLLING),
        "Another metric over each period and those before it, computed anew from the rows of all of them.",
    ),
    lower: Lower::Metrics(lower),
};

static ROLLING: Record = Record {
    name: "rolling",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric."),
        Field::required("periods", Shape::Integer, "How many periods, with the one reported; at least 2."),
        Field::required("of", GRAIN, "Length of the periods; the only grain that can be reported."),
    ],
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let (metric, of) = (node.get("metric")?, node.get("of")?);
    let grain: Grain = of.as_text()?.parse().ok()?;
    let periods = whole(node, "periods", 2, assembly.diagnostics);
    let plan = assembly.plan(metric)?;
    assembly.reported_by(&plan, grain, of.span)?;
    let other = assembly.grains.iter().find(|reported| reported.value != grain).cloned();
    if let Some(other) = other {
        let message = format!("what rolls over {grain}s cannot be reported by {}", other.value);
        assembly.refuse::<()>(other.span, message, format!("write `grains: [{grain}]`"))?;
    }
    let plan = reach_over(plan, Reach::Trailing(periods?), metric, assembly)?;
    Some(Made { body: plan.body, dimensions: plan.dimensions })
}
