//! Every expression of a plan with the place it stands at.
//!
//! Knows what an expression decides there, not what it says.

use super::{
    Advance, Awaits, Body, Clock, Distance, Fact, Measure, Pipeline, Plan, Relate, Rule, Scan, Spans, Summary, Times,
};
use crate::expression::Expression;

/// Where an expression stands in a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The way to it, as `facts.later_contact.predicate`; parts of a composite are numbered.
    pub path: String,
    /// The source whose columns it reads; of the population's also facts.
    pub source: String,
    /// Whether it is over an event or another row that is looked up, and names the population's row as `row.name`.
    pub is_over_event: bool,
    /// What is done with its value.
    pub use_: Use,
}

/// What is done with the value of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A condition of which only TRUE matters: FALSE and UNKNOWN do the same.
    OnlyTrue,
    /// Every value matters.
    Value,
}

/// Who is shown each expression.
type Visit<'a> = dyn FnMut(&Slot, &mut Expression) + 'a;

impl Plan {
    /// Shows every expression of the plan to `visit`, in a fixed order.
    pub fn visit_expressions(&mut self, visit: &mut Visit<'_>) {
        self.visit_below("", visit);
    }

    /// Returns every expression with its place, in the same order.
    pub fn expressions(&self) -> Vec<(Slot, Expression)> {
        self.clone().into_clauses().0
    }

    /// Returns every expression with its place, and what is left without them.
    fn into_clauses(mut self) -> (Vec<(Slot, Expression)>, Plan) {
        let mut found = Vec::new();
        self.visit_expressions(&mut |slot, expression| {
            found.push((slot.clone(), std::mem::replace(expression, Expression::And(Vec::new()))));
        });
        (found, self)
    }

    /// Returns all that the plan says beside its expressions, and without what follows from them: which columns are read.
    pub fn skeleton(&self) -> String {
        self.clone().into_parts().1
    }

    /// Returns every expression with its place, and the [`skeleton`](Plan::skeleton).
    pub fn into_parts(self) -> (Vec<(Slot, Expression)>, String) {
        let (clauses, mut plan) = self.into_clauses();
        plan.forget_columns();
        let Plan { calendar, grains, dimensions, body, publish, .. } = plan;
        let said = serde_json::to_string(&(calendar, grains, dimensions, body, publish));
        (clauses, said.expect("texts and numbers"))
    }

    fn forget_columns(&mut self) {
        if let Body::Measured(pipeline) = &mut self.body {
            pipeline.scans_mut().into_iter().for_each(|scan| scan.columns.clear());
        }
        self.body.parts_mut().into_iter().for_each(Plan::forget_columns);
    }

    fn visit_below(&mut self, path: &str, visit: &mut Visit<'_>) {
        if let Body::Measured(pipeline) = &mut self.body {
            pipeline.visit(path, visit);
        }
        for (index, part) in self.body.parts_mut().into_iter().enumerate() {
            part.visit_below(&format!("{path}parts.{index}."), visit);
        }
    }
}

/// The place that the expressions of one table have in common.
struct At<'a> {
    path: &'a str,
    source: &'a str,
    is_over_event: bool,
}

impl At<'_> {
    fn show(&self, name: &str, use_: Use, expression: &mut Expression, visit: &mut Visit<'_>) {
        let (path, source) = (format!("{}{name}", self.path), self.source.to_owned());
        visit(&Slot { path, source, is_over_event: self.is_over_event, use_ }, expression);
    }
}

impl Pipeline {
    fn visit(&mut self, path: &str, visit: &mut Visit<'_>) {
        let source = self.scan.source.clone();
        let at = At { path, source: &source, is_over_event: false };
        visit_scan(&mut self.scan, &format!("{path}scan."), visit);
        if let Some(predicate) = &mut self.filter.predicate {
            // UNKNOWN has a line of its own in the ledger.
            at.show("filter", Use::Value, predicate, visit);
        }
        for fact in &mut self.facts {
            visit_fact(fact, &at, visit);
        }
        for exclusion in &mut self.exclude {
            at.show(&format!("exclude.{}", exclusion.id), Use::OnlyTrue, &mut exclusion.when, visit);
        }
        for (index, missing) in self.missing.iter_mut().enumerate() {
            at.show(&format!("missing.{index}"), Use::OnlyTrue, &mut missing.when, visit);
        }
        for (index, mature) in self.mature.iter_mut().enumerate() {
            let (name, use_, expression) = match &mut mature.awaits {
                Awaits::Closed { closes } => ("closes", Use::Value, closes),
                Awaits::Covered { opens, .. } => ("opens", Use::Value, opens),
                Awaits::Settled { open } => ("open", Use::OnlyTrue, open),
            };
            at.show(&format!("mature.{index}.{name}"), use_, expression, visit);
        }
        visit_measure(&mut self.measure, &at, visit);
        if let Some(bounds) = &mut self.bounds {
            at.show("bounds", Use::OnlyTrue, &mut bounds.when, visit);
        }
    }
}

fn visit_scan(scan: &mut Scan, path: &str, visit: &mut Visit<'_>) {
    let source = scan.source.clone();
    let at = At { path, source: &source, is_over_event: true };
    for derived in &mut scan.derived {
        at.show(&format!("derived.{}", derived.name), Use::Value, &mut derived.value, visit);
    }
}

fn visit_measure(measure: &mut Measure, at: &At<'_>, visit: &mut Visit<'_>) {
    match measure {
        Measure::Count => {}
        Measure::Ratio(first, second) => {
            at.show("measure.0", Use::Value, first, visit);
            at.show("measure.1", Use::Value, second, visit);
        }
        // Counted rows are never UNKNOWN here.
        Measure::Balance(first, second) => {
            at.show("measure.0", Use::OnlyTrue, first, visit);
            at.show("measure.1", Use::OnlyTrue, second, visit);
        }
        Measure::Share(operand) => at.show("measure", Use::OnlyTrue, operand, visit),
        Measure::Quantile(quantile) => at.show("measure", Use::Value, &mut quantile.of, visit),
        Measure::Distinct(operand)
        | Measure::Sum(operand)
        | Measure::Mean(operand)
        | Measure::Min(operand)
        | Measure::Max(operand)
        | Measure::TopShare(operand, _) => at.show("measure", Use::Value, operand, visit),
    }
}

fn visit_fact(fact: &mut Fact, at: &At<'_>, visit: &mut Visit<'_>) {
    let path = format!("{}facts.{}.", at.path, fact.name);
    let own = At { path: &path, source: at.source, is_over_event: false };
    match &mut fact.rule {
        Rule::Derived(value) => own.show("value", Use::Value, value, visit),
        Rule::Joined(join) => {
            visit_scan(&mut join.other, &path, visit);
            if let Some(version) = &mut join.version {
                own.show("at", Use::Value, &mut version.at, visit);
            }
            let other = At { path: &path, source: &join.other.source, is_over_event: true };
            other.show("value", Use::Value, &mut join.value, visit);
        }
        Rule::Related(relate) => visit_relate(relate, &own, visit),
        Rule::Clocked(clock) => visit_clock(clock, &own, visit),
        Rule::Advanced(advance) => visit_advance(advance, &own, visit),
    }
}

fn visit_relate(relate: &mut Relate, own: &At<'_>, visit: &mut Visit<'_>) {
    visit_scan(&mut relate.events, own.path, visit);
    let events = At { path: own.path, source: &relate.events.source, is_over_event: true };
    if let Some(predicate) = &mut relate.predicate {
        events.show("predicate", Use::OnlyTrue, predicate, visit);
    }
    let window = &mut relate.window;
    for (name, bound) in [("from", &mut window.from), ("to", &mut window.to)] {
        if let Some(bound) = bound {
            own.show(name, Use::Value, &mut bound.at, visit);
        }
    }
    match &mut relate.summary {
        Summary::Exists | Summary::Count => {}
        Summary::Every(condition) => events.show("value", Use::OnlyTrue, condition, visit),
        Summary::First(value)
        | Summary::Last(value)
        | Summary::Sum(value)
        | Summary::Mean(value)
        | Summary::Min(value)
        | Summary::Max(value) => events.show("value", Use::Value, value, visit),
    }
}

fn visit_clock(clock: &mut Clock, own: &At<'_>, visit: &mut Visit<'_>) {
    own.show("from", Use::Value, &mut clock.from, visit);
    own.show("to", Use::Value, &mut clock.to, visit);
    let spans = clock.counting.iter_mut().flat_map(Times::spans_mut);
    for (index, spans) in spans.enumerate() {
        visit_spans(spans, &format!("{}spans.{index}.", own.path), visit);
    }
}

fn visit_spans(spans: &mut Spans, path: &str, visit: &mut Visit<'_>) {
    visit_scan(&mut spans.events, path, visit);
    let at = At { path, source: &spans.events.source, is_over_event: true };
    for (name, condition) in [("chain", &mut spans.chain), ("counts", &mut spans.counts)] {
        if let Some(condition) = condition {
            at.show(name, Use::OnlyTrue, condition, visit);
        }
    }
}

fn visit_advance(advance: &mut Advance, own: &At<'_>, visit: &mut Visit<'_>) {
    own.show("from", Use::Value, &mut advance.from, visit);
    if let Distance::BusinessTime { length, .. } = &mut advance.by {
        own.show("length", Use::Value, length, visit);
    }
}
