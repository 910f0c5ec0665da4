//! How far the periods of a metric reach, changed in all the rows it is made of.

use std::sync::Arc;

use super::Assembly;
use crate::plan::{Body, Placement, Plan, Reach};
use crate::yaml::Node;

/// Why the periods of a metric cannot reach further.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Obstacle {
    /// The metric of this name shows the state at an instant.
    AtInstant(String),
    /// The metric of this name measures time within each period.
    WithinPeriods(String),
    /// The periods of the metric of this name reach beyond themselves already.
    Reaching(String),
    /// The first metric averages the second over shorter periods.
    Averaging(String, String),
}

/// Returns the plan named at `node` with the periods of each of its measured parts as far as `reach`; reports why they cannot
/// reach so far.
pub(in crate::kinds) fn reach_over(
    plan: Arc<Plan>,
    reach: Reach,
    node: &Node,
    assembly: &mut Assembly<'_>,
) -> Option<Plan> {
    let mut plan = Arc::unwrap_or_clone(plan);
    let Err(obstacle) = extend(&mut plan, reach) else { return Some(plan) };
    let (message, help) = match obstacle {
        Obstacle::AtInstant(name) => (
            format!("`{name}` is the state at an instant, so its periods cannot be joined or shifted"),
            "name a metric of rows with an anchor; of a state over time take an `unweighted_mean`".to_owned(),
        ),
        Obstacle::WithinPeriods(name) => (
            format!("`{name}` measures time within each period, so its periods cannot be joined or shifted"),
            "name a metric of rows with an anchor; a longer grain measures a longer period".to_owned(),
        ),
        Obstacle::Reaching(name) => (
            format!("the periods of `{name}` reach beyond themselves already"),
            "name the metric that it is made of".to_owned(),
        ),
        Obstacle::Averaging(name, averaged) => (
            format!("`{name}` is a mean over shorter periods, which joined or shifted periods would change"),
            format!("name the metric that is averaged: `{averaged}`"),
        ),
    };
    assembly.refuse(node.span, message, help)
}

fn extend(plan: &mut Plan, wanted: Reach) -> Result<(), Obstacle> {
    let name = plan.metric.clone();
    match &mut plan.body {
        Body::Measured(pipeline) => match &mut pipeline.filter.placement {
            Placement::Anchor { reach, .. } if *reach == Reach::Own => {
                *reach = wanted;
                Ok(())
            }
            Placement::Anchor { .. } => Err(Obstacle::Reaching(name)),
            Placement::Snapshot(_) => Err(Obstacle::AtInstant(name)),
            Placement::Spread => Err(Obstacle::WithinPeriods(name)),
        },
        Body::Averaged(average) => Err(Obstacle::Averaging(name, average.component.metric.clone())),
        body => body.parts_mut().into_iter().try_for_each(|part| extend(part, wanted)),
    }
}
