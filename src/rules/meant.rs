//! A reading of a metric with its meaning, and where its clauses are written.
//!
//! Brings together what the definition says and what it was lowered to; judges neither.

use crate::definition::{Metric, Reading};
use crate::expression::Expression;
use crate::plan::{Body, Clock, Pipeline, Plan, Rule, Spans, Times};
use crate::resolve::full_name;
use crate::text::Span;
use crate::yaml::Node;

/// A reading of a metric's version, with its meaning.
#[derive(Clone, Copy)]
pub struct Meant<'a> {
    /// The version.
    pub metric: &'a Metric,
    /// The reading.
    pub reading: &'a Reading,
    /// Its meaning.
    pub plan: &'a Plan,
}

impl<'a> Meant<'a> {
    /// Returns the name of the metric, with the variant after a dot.
    pub fn name(&self) -> String {
        full_name(&self.metric.id.value, self.reading.name())
    }

    /// Tells whether it is the metric itself, no variant.
    pub fn is_base(&self) -> bool {
        self.reading.variant.is_none()
    }

    /// Returns the steps over rows, where the definition itself says them; one that is made of another metric repeats its.
    pub fn pipeline(&self) -> Option<&'a Pipeline> {
        match &self.plan.body {
            Body::Measured(pipeline) if self.reading.node.get("population").is_some() => Some(pipeline),
            _ => None,
        }
    }

    /// Returns the exclusions that the definition lists, in their order.
    pub fn exclusions(&self) -> Vec<Excluded<'a>> {
        let (Some(pipeline), Some(list)) = (self.pipeline(), self.reading.node.get("exclusions")) else {
            return Vec::new();
        };
        let name = |item: &Node| item.get("use").or(item.get("id")).unwrap_or(item).span;
        // A treatment adds one behind those that are listed.
        let listed = pipeline.exclude.iter().zip(list.items());
        listed.map(|(found, item)| Excluded { id: &found.id, when: &found.when, span: name(item) }).collect()
    }

    /// Returns the conditions that the facts set for events and spans.
    pub fn conditions(&self) -> Vec<OverEvents<'a>> {
        let Some(pipeline) = self.pipeline() else { return Vec::new() };
        let mut found = Vec::new();
        for fact in &pipeline.facts {
            match &fact.rule {
                Rule::Related(relate) => found.extend(relate.predicate.as_ref().map(|expression| OverEvents {
                    fact: &fact.name,
                    slot: format!("facts.{}.predicate", fact.name),
                    source: &relate.events.source,
                    expression,
                    span: self.place(&["facts", &fact.name, "where"]),
                })),
                Rule::Clocked(clock) => found.extend(self.of_clock(&fact.name, clock)),
                Rule::Derived(_) | Rule::Joined(_) | Rule::Advanced(_) => {}
            }
        }
        found
    }

    fn of_clock(&self, fact: &'a str, clock: &'a Clock) -> Vec<OverEvents<'a>> {
        let written = self.reading.node.get("facts").and_then(|facts| facts.get(fact)?.get("clock"));
        let mut places = Vec::new();
        for key in ["during", "except"] {
            written.and_then(|written| written.get(key)).into_iter().for_each(|sets| of_spans(sets, &mut places));
        }
        let spans = clock.counting.iter().flat_map(Times::spans).enumerate();
        let counted = spans.filter_map(|(index, spans)| Some((index, spans, spans.counts.as_ref()?)));
        let pairs = counted.zip(places);
        let one = |((index, spans, expression), span): ((usize, &'a Spans, &'a Expression), Span)| OverEvents {
            fact,
            slot: format!("facts.{fact}.spans.{index}.counts"),
            source: &spans.events.source,
            expression,
            span,
        };
        pairs.map(one).collect()
    }

    /// Returns the place of what it says at the end of `keys`; of the nearest key above that it has, else of its name.
    pub fn place(&self, keys: &[&str]) -> Span {
        let (mut node, mut span) = (self.reading.node.as_ref(), self.head());
        for key in keys {
            let Some(inner) = node.get(key) else { break };
            (node, span) = (inner, inner.span);
        }
        span
    }

    /// Returns what tells a finding at `span` from others of its kind: a variant's name where the place is the variant's own.
    pub fn key(&self, span: Span, what: &str) -> String {
        let whole = self.reading.node.span;
        let is_inside = whole.text == span.text && whole.start <= span.start && span.end <= whole.end;
        format!("{}|{what}", self.reading.name().filter(|_| is_inside).unwrap_or_default())
    }

    /// Returns the place of its name.
    pub fn head(&self) -> Span {
        self.reading.variant.as_ref().map_or(self.metric.id.span, |variant| variant.span)
    }
}

/// An exclusion of a reading.
pub struct Excluded<'a> {
    /// Its line in the ledger.
    pub id: &'a str,
    /// Leaves a row out when TRUE.
    pub when: &'a Expression,
    /// Where it is named.
    pub span: Span,
}

/// A condition that a fact sets for the rows of another source.
pub struct OverEvents<'a> {
    /// The fact.
    pub fact: &'a str,
    /// The place in the plan, as a [`Slot`](crate::plan::Slot) names it.
    pub slot: String,
    /// The source.
    pub source: &'a str,
    /// The condition.
    pub expression: &'a Expression,
    /// Where it is written.
    pub span: Span,
}

/// Collects the places of the conditions under `spans`, in the order in which the plan has them.
fn of_spans(node: &Node, found: &mut Vec<Span>) {
    if node.get("spans").is_some() {
        found.extend(node.get("where").map(|condition| condition.span));
        return;
    }
    node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)).for_each(|inner| of_spans(inner, found));
}
