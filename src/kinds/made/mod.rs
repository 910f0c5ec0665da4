//! What the kinds over other metrics read their operands with, and what they give back.
//!
//! Knows metrics by name only, through [`Metrics`].

mod reach;

pub(super) use reach::reach_over;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::plan::{Body, Calendar, Combination, Component, Dimension, Formula, Plan, Publish};
use crate::text::{Span, Spanned, Texts};
use crate::value::{Date, Grain, Number};
use crate::yaml::Node;

/// Finds other metrics; reports what is unknown or goes in circles.
pub trait Metrics {
    /// Returns the plan of the metric called `name`, which is written at `span`.
    fn plan(&mut self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Arc<Plan>>;

    /// Returns what the metric called `name` aims at; `None` where there is none.
    fn aim(&self, name: &str) -> Option<Aim>;
}

/// What a metric aims at.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim {
    /// Which way is good.
    pub better: Better,
    /// Its targets, as they are written.
    pub targets: Vec<AimedAt>,
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// More.
    Higher,
    /// Less.
    Lower,
    /// Neither.
    Neither,
}

/// A target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AimedAt {
    /// The first day it is in force.
    pub from: Date,
    /// The bound.
    pub bound: Number,
    /// The side of the bound on which the value should lie.
    pub side: Better,
}

/// What a kind over other metrics reads its operand with.
pub struct Assembly<'a> {
    /// The texts behind the nodes.
    pub texts: &'a Texts,
    /// Where mistakes go.
    pub diagnostics: &'a mut Diagnostics,
    /// The other metrics.
    pub metrics: &'a mut dyn Metrics,
    /// How the metric cuts its periods.
    pub calendar: &'a Calendar,
    /// The grains the metric may be reported at, as they are written.
    pub grains: &'a [Spanned<Grain>],
}

/// What a kind over other metrics lowers to.
pub struct Made {
    /// How the number comes about.
    pub body: Body,
    /// What it may be split by.
    pub dimensions: Vec<Dimension>,
}

impl Made {
    /// Returns a body of several metrics, which may be split by what all of them may be.
    pub(super) fn of(body: Body) -> Self {
        let parts = body.parts();
        let (first, rest) = parts.split_first().map_or((&[][..], &[][..]), |(first, rest)| (&first.dimensions, rest));
        let shared = |dimension: &&Dimension| rest.iter().all(|part| part.dimensions.contains(dimension));
        let dimensions = first.iter().filter(shared).cloned().collect();
        Self { body, dimensions }
    }
}

impl Assembly<'_> {
    /// Returns the plan of the metric named at `node`.
    pub(super) fn plan(&mut self, node: &Node) -> Option<Arc<Plan>> {
        self.metrics.plan(node.as_text()?, node.span, self.diagnostics)
    }

    /// Reports a mistake.
    pub(super) fn refuse<T>(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) -> Option<T> {
        self.diagnostics.push(Diagnostic::error(codes::INVALID_VALUE, span, message).help(help));
        None
    }

    /// Demands that `plan`, named at `node`, is reported by `grain`, written at `at`.
    pub(super) fn reported_by(&mut self, plan: &Plan, grain: Grain, at: Span) -> Option<()> {
        if plan.grains.contains(&grain) {
            return Some(());
        }
        let message = format!("`{}` is not reported by {grain}", plan.metric);
        let list = plan.grains.iter().map(|grain| format!("`{grain}`")).collect::<Vec<_>>().join(", ");
        let diagnostic = Diagnostic::error(codes::UNKNOWN_VALUE, at, message);
        self.diagnostics.push(diagnostic.help(format!("its grains are {list}")));
        None
    }
}

/// Returns the plan as part of another metric: nothing is withheld inside.
pub(super) fn component(mut plan: Arc<Plan>) -> Component {
    if plan.publish != Publish::default() {
        Arc::make_mut(&mut plan).publish = Publish::default();
    }
    let zero_when_absent = matches!(&plan.body, Body::Measured(pipeline) if pipeline.measure.is_zero_when_empty());
    Component { plan, zero_when_absent }
}

/// Returns arithmetic with its components sorted by name, so that `a / b` and a rewritten `1 / (b / a)` list them alike.
pub(super) fn combination(plans: Vec<Arc<Plan>>, draft: Formula) -> Combination {
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by(|a, b| plans[*a].metric.cmp(&plans[*b].metric));
    let place = |old: usize| order.iter().position(|index| *index == old).expect("the order holds every index");
    let formula = draft.renumbered(&place);
    let components = order.iter().map(|index| component(Arc::clone(&plans[*index]))).collect();
    Combination { components, formula }
}
