//! The conditions that facts set for other rows, with their places.

use crate::expression::Expression;
use crate::plan::{Rule, Times};
use crate::rules::Meant;
use crate::text::Span;
use crate::yaml::Node;

/// A condition over the rows of another source.
pub(super) struct OverEvents<'a> {
    /// The fact.
    pub(super) fact: &'a str,
    /// The source.
    pub(super) source: &'a str,
    /// The condition.
    pub(super) expression: &'a Expression,
    /// Where it is written.
    pub(super) span: Span,
}

/// Returns the conditions that the facts of a reading set for events and spans.
pub(super) fn of_facts<'a>(meant: &Meant<'a>) -> Vec<OverEvents<'a>> {
    let Some(pipeline) = meant.pipeline() else { return Vec::new() };
    let mut found = Vec::new();
    for fact in &pipeline.facts {
        match &fact.rule {
            Rule::Related(relate) => found.extend(relate.predicate.as_ref().map(|expression| OverEvents {
                fact: &fact.name,
                source: &relate.events.source,
                expression,
                span: meant.place(&["facts", &fact.name, "where"]),
            })),
            Rule::Clocked(clock) => {
                let spans = clock.counting.iter().flat_map(Times::spans);
                let written = of_spans(meant, &fact.name);
                let counted = spans.filter_map(|spans| Some((spans, spans.counts.as_ref()?)));
                found.extend(counted.zip(written).map(|((spans, expression), span)| OverEvents {
                    fact: &fact.name,
                    source: &spans.events.source,
                    expression,
                    span,
                }));
            }
            Rule::Derived(_) | Rule::Joined(_) | Rule::Advanced(_) => {}
        }
    }
    found
}

/// Returns the places of the conditions under `spans`, in the order in which the plan has them.
fn of_spans(meant: &Meant<'_>, fact: &str) -> Vec<Span> {
    fn collect(node: &Node, found: &mut Vec<Span>) {
        if node.get("spans").is_some() {
            found.extend(node.get("where").map(|condition| condition.span));
            return;
        }
        node.items()
            .iter()
            .chain(node.entries().iter().map(|entry| &entry.value))
            .for_each(|inner| collect(inner, found));
    }
    let clock = meant.reading.node.get("facts").and_then(|facts| facts.get(fact)?.get("clock"));
    let mut found = Vec::new();
    for key in ["during", "except"] {
        clock.and_then(|clock| clock.get(key)).into_iter().for_each(|sets| collect(sets, &mut found));
    }
    found
}
