//! The mean of a metric's values over shorter periods, each period weighing the same.
//!
//! An average of ratios is seldom what is meant, so it has to be asked for by this name and with a reason.

use super::made::{Assembly, Made, component};
use super::{GRAIN, Kind, Lower};
use crate::plan::{Average, Body};
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
        Field::required("each", GRAIN, "Length of the shorter periods."),
        Field::required("because", Shape::Text, "Why each period weighs the same.").moving(Moves::Governance),
    ],
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let each_node = node.get("each")?;
    let each: Grain = each_node.as_text()?.parse().ok()?;
    let plan = assembly.plan(node.get("metric")?)?;
    assembly.reported_by(&plan, each, each_node.span)?;
    Some(Made::of(Body::Averaged(Average { component: component(plan).plan, each })))
}
