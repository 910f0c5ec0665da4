//! A metric from the start of a longer period on.

use super::made::{Assembly, Made, reach_over};
use super::{GRAIN, Kind, Lower};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::Reach;
use crate::shape::{Field, Record, Shape};
use crate::value::Grain;
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "to_date",
        Shape::Record(&TO_DATE),
        "Another metric from the start of the longer period to the end of each period within it.",
    ),
    lower: Lower::Metrics(lower),
};

static TO_DATE: Record = Record {
    name: "to date",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric."),
        Field::required("within", GRAIN, "The longer period; the grains reported are shorter, and lie within it."),
    ],
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let metric = node.get("metric")?;
    let within: Grain = node.get("within")?.as_text()?.parse().ok()?;
    let plan = assembly.plan(metric)?;
    for grain in assembly.grains {
        let (message, help) = if grain.value >= within {
            (format!("a {} is not shorter than a {within}", grain.value), "report by shorter grains".to_owned())
        } else if !assembly.calendar.nests(grain.value, within) {
            let message = format!("a {} does not lie within one {within}", grain.value);
            (message, format!("report by grains that a {within} is made of"))
        } else {
            assembly.reported_by(&plan, grain.value, grain.span)?;
            continue;
        };
        assembly.diagnostics.push(Diagnostic::error(codes::PERIOD_STRADDLES, grain.span, message).help(help));
        return None;
    }
    let plan = reach_over(plan, Reach::ToDate(within), metric, assembly)?;
    Some(Made { body: plan.body, dimensions: plan.dimensions })
}
