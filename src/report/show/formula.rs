//! The formula of a metric in words, from its plan.

use super::sentence::{condition, name, value};
use crate::plan::{
    Absent, Body, Component, Formula, Measure, Pipeline, Placement, Plan, QuantileMethod, Reach, Scorecard,
};
use crate::report::words::listed;

/// Says how the number comes about.
pub(super) fn formula(plan: &Plan) -> String {
    match &plan.body {
        Body::Measured(pipeline) => measured(pipeline),
        Body::Combined(combination) => arithmetic(&combination.formula, &combination.components),
        Body::Averaged(average) => {
            format!(
                "the values of {} for each {}, added up ÷ number of {}s with a value",
                average.component.metric, average.each, average.each
            )
        }
        Body::Scored(scorecard) => scored(scorecard),
    }
}

fn measured(pipeline: &Pipeline) -> String {
    let rows = counted(pipeline);
    match &pipeline.measure {
        Measure::Share(share) => format!("{rows} where {} ÷ all {rows}", condition(share)),
        Measure::Ratio(above, below) => format!("sum of {} ÷ sum of {}, over {rows}", value(above), value(below)),
        Measure::Count => format!("number of {rows}"),
        Measure::Distinct(of) => format!("number of different values of {} among {rows}", value(of)),
        Measure::Sum(of) => format!("sum of {} over {rows}", value(of)),
        Measure::Mean(of) => format!("sum of {} ÷ number of {rows} that have it", value(of)),
        Measure::Min(of) => format!("smallest {} among {rows}", value(of)),
        Measure::Max(of) => format!("largest {} among {rows}", value(of)),
        Measure::Quantile(quantile) => {
            let method = match quantile.method {
                QuantileMethod::Continuous => "interpolated between neighbours",
                QuantileMethod::Discrete => "a value that occurs",
            };
            format!("the {}, quantile {} ({method}), over {rows}", value(&quantile.of), quantile.at)
        }
        Measure::Balance(plus, minus) => {
            format!("({rows} where {} - {rows} where {}) ÷ all {rows}", condition(plus), condition(minus))
        }
        Measure::TopShare(of, top) => {
            format!("{rows} with one of the {top} most frequent values of {} ÷ {rows} with any", value(of))
        }
    }
}

/// Names the rows that are counted, and when.
fn counted(pipeline: &Pipeline) -> String {
    match &pipeline.filter.placement {
        Placement::Anchor { reach: Reach::Own, .. } => "counted rows".to_owned(),
        Placement::Anchor { reach: Reach::Trailing(periods), .. } => {
            format!("rows counted in the last {periods} periods")
        }
        Placement::Anchor { reach: Reach::ToDate(grain), .. } => format!("rows counted since the start of the {grain}"),
        Placement::Anchor { reach: Reach::Before(1), .. } => "rows counted in the period before".to_owned(),
        Placement::Anchor { reach: Reach::Before(periods), .. } => format!("rows counted {periods} periods before"),
        Placement::Snapshot(_) => "rows counted at the instant".to_owned(),
        Placement::Spread => "counted rows in the period".to_owned(),
    }
}

fn arithmetic(formula: &Formula, components: &[Component]) -> String {
    let inner = |formula: &Formula| match formula {
        Formula::Component(_) | Formula::Constant(_) | Formula::Stepwise(_) => arithmetic(formula, components),
        _ => format!("({})", arithmetic(formula, components)),
    };
    match formula {
        Formula::Component(index) => components[*index].plan.metric.clone(),
        Formula::Constant(number) => number.to_string(),
        Formula::Add(left, right) => format!("{} + {}", inner(left), inner(right)),
        Formula::Subtract(left, right) => format!("{} - {}", inner(left), inner(right)),
        Formula::Multiply(left, right) => format!("{} x {}", inner(left), inner(right)),
        Formula::Divide(left, right) => format!("{} ÷ {}", inner(left), inner(right)),
        Formula::Stepwise(steps) => {
            let steps: Vec<String> = steps.iter().map(|(from, number)| format!("{number} from {from}")).collect();
            format!("({})", steps.join(", "))
        }
    }
}

fn scored(scorecard: &Scorecard) -> String {
    let parts: Vec<String> = scorecard
        .parts
        .iter()
        .map(|part| {
            let (worst, best) = (part.worst.to_string(), part.best.to_string());
            format!("{} x {} (0 at {worst}, 1 at {best})", part.weight, part.component.plan.metric)
        })
        .collect();
    let absent = match scorecard.absent {
        Absent::Renormalise => "a component without a value is left out, and the other weights are scaled up",
        Absent::Zero => "a component without a value scores 0",
        Absent::Void => "without the value of any component there is no score",
    };
    format!("{}; {absent}", listed(&parts, "plus"))
}

/// Says who the rows are: the population's condition.
pub(super) fn population(pipeline: &Pipeline) -> String {
    let placed = match &pipeline.filter.placement {
        Placement::Anchor { column, .. } => format!("each in the period of its {}", name(column)),
        Placement::Snapshot(edge) => {
            let edge = match edge {
                crate::plan::Edge::Start => "start",
                crate::plan::Edge::End => "end",
            };
            format!("as they stood at the {edge} of each period")
        }
        Placement::Spread => "in every period".to_owned(),
    };
    let condition = pipeline
        .filter
        .predicate
        .as_ref()
        .map(|predicate| format!(", where {}", condition(predicate)))
        .unwrap_or_default();
    format!(
        "rows of {}, one per {}, {placed}{condition}",
        name(&pipeline.scan.source),
        listed(&pipeline.scan.key, "and")
    )
}
