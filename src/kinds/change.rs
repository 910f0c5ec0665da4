//! A metric against itself some periods before.

use std::sync::Arc;

use super::made::{Assembly, Made, combination, reach_over};
use super::{Kind, Lower, whole};
use crate::plan::{Body, Formula, Reach};
use crate::shape::{Field, Record, Shape};
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "change",
        Shape::Record(&CHANGE),
        "Another metric against its value some periods before; before the first, a count is 0 and a share unknown.",
    ),
    lower: Lower::Metrics(lower),
};

static CHANGE: Record = Record {
    name: "change",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric."),
        Field::required("from", Shape::Choice(&["previous_period"]), "What it is compared with."),
        Field::optional("periods", Shape::Integer, "1", "How many periods before; at least 1."),
        Field::required(
            "as",
            Shape::Choice(&["difference", "ratio"]),
            "`difference`: now less before; `ratio`: that over before, so 0.1 is a tenth more and 0 no change.",
        ),
    ],
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let metric = node.get("metric")?;
    let relative = node.get("as")?.as_text()? == "ratio";
    let periods = if node.get("periods").is_some() { whole(node, "periods", 1, assembly.diagnostics)? } else { 1 };
    let now = assembly.plan(metric)?;
    for grain in assembly.grains {
        assembly.reported_by(&now, grain.value, grain.span)?;
    }
    let mut before = reach_over(Arc::clone(&now), Reach::Before(periods), metric, assembly)?;
    before.metric = format!("{}@before_{periods}", now.metric);
    let (current, earlier) = (Formula::Component(0), Formula::Component(1));
    let difference = Formula::Subtract(Box::new(current), Box::new(earlier.clone()));
    let formula = if relative { Formula::Divide(Box::new(difference), Box::new(earlier)) } else { difference };
    Some(Made::of(Body::Combined(combination(vec![now, Arc::new(before)], formula))))
}
