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

impl Plan {
    /// Shows every expression of the plan to `visit`, in a fixed order.
    pub fn each_expression(&self, visit: &mut dyn FnMut(&Slot, &Expression)) {
        reading::plan(self, "", visit);
    }

    /// Shows every expression of the plan to `visit`, to be changed, in the same order.
    pub fn visit_expressions(&mut self, visit: &mut dyn FnMut(&Slot, &mut Expression)) {
        changing::plan(self, "", visit);
    }

    /// Returns every expression with its place, in the same order.
    pub fn expressions(&self) -> Vec<(Slot, Expression)> {
        let mut found = Vec::new();
        self.each_expression(&mut |slot, expression| found.push((slot.clone(), expression.clone())));
        found
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
}

/// The place that the expressions of one table have in common.
struct At<'a> {
    path: &'a str,
    source: &'a str,
    is_over_event: bool,
}

impl At<'_> {
    fn slot(&self, name: &str, use_: Use) -> Slot {
        let (path, source) = (format!("{}{name}", self.path), self.source.to_owned());
        Slot { path, source, is_over_event: self.is_over_event, use_ }
    }
}

/// The walk over the expressions of a plan, written once: to read them where they are, and to change them.
macro_rules! walk {
    ($module:ident, $parts:ident, $iter:ident, $spans:ident $(, $mutable:ident)?) => {
        mod $module {
            use super::*;

            /// Who is shown each expression.
            type Visit<'a> = dyn FnMut(&Slot, &$($mutable)? Expression) + 'a;

            pub(super) fn plan(plan: &$($mutable)? Plan, path: &str, visit: &mut Visit<'_>) {
                if let Body::Measured(pipeline) = &$($mutable)? plan.body {
                    visit_pipeline(pipeline, path, visit);
                }
                for (index, part) in plan.body.$parts().into_iter().enumerate() {
                    self::plan(part, &format!("{path}parts.{index}."), visit);
                }
            }

            fn visit_pipeline(pipeline: &$($mutable)? Pipeline, path: &str, visit: &mut Visit<'_>) {
                let source = pipeline.scan.source.clone();
                let at = At { path, source: &source, is_over_event: false };
                visit_scan(&$($mutable)? pipeline.scan, &format!("{path}scan."), visit);
                if let Some(predicate) = &$($mutable)? pipeline.filter.predicate {
                    // UNKNOWN has a line of its own in the ledger.
                    visit(&at.slot("filter", Use::Value), predicate);
                }
                for fact in &$($mutable)? pipeline.facts {
                    visit_fact(fact, &at, visit);
                }
                for exclusion in &$($mutable)? pipeline.exclude {
                    visit(&at.slot(&format!("exclude.{}", exclusion.id), Use::OnlyTrue), &$($mutable)? exclusion.when);
                }
                for (index, missing) in pipeline.missing.$iter().enumerate() {
                    visit(&at.slot(&format!("missing.{index}"), Use::OnlyTrue), &$($mutable)? missing.when);
                }
                for (index, mature) in pipeline.mature.$iter().enumerate() {
                    let (name, use_, expression) = match &$($mutable)? mature.awaits {
                        Awaits::Closed { closes } => ("closes", Use::Value, closes),
                        Awaits::Covered { opens, .. } => ("opens", Use::Value, opens),
                        Awaits::Settled { open } => ("open", Use::OnlyTrue, open),
                    };
                    visit(&at.slot(&format!("mature.{index}.{name}"), use_), expression);
                }
                visit_measure(&$($mutable)? pipeline.measure, &at, visit);
                if let Some(bounds) = &$($mutable)? pipeline.bounds {
                    visit(&at.slot("bounds", Use::OnlyTrue), &$($mutable)? bounds.when);
                }
            }

            fn visit_scan(scan: &$($mutable)? Scan, path: &str, visit: &mut Visit<'_>) {
                let source = scan.source.clone();
                let at = At { path, source: &source, is_over_event: true };
                for derived in &$($mutable)? scan.derived {
                    visit(&at.slot(&format!("derived.{}", derived.name), Use::Value), &$($mutable)? derived.value);
                }
            }

            fn visit_measure(measure: &$($mutable)? Measure, at: &At<'_>, visit: &mut Visit<'_>) {
                match measure {
                    Measure::Count => {}
                    Measure::Ratio(first, second) => {
                        visit(&at.slot("measure.0", Use::Value), first);
                        visit(&at.slot("measure.1", Use::Value), second);
                    }
                    // Counted rows are never UNKNOWN here.
                    Measure::Balance(first, second) => {
                        visit(&at.slot("measure.0", Use::OnlyTrue), first);
                        visit(&at.slot("measure.1", Use::OnlyTrue), second);
                    }
                    Measure::Share(operand) => visit(&at.slot("measure", Use::OnlyTrue), operand),
                    Measure::Quantile(quantile) => visit(&at.slot("measure", Use::Value), &$($mutable)? quantile.of),
                    Measure::Distinct(operand)
                    | Measure::Sum(operand)
                    | Measure::Mean(operand)
                    | Measure::Min(operand)
                    | Measure::Max(operand)
                    | Measure::TopShare(operand, _) => visit(&at.slot("measure", Use::Value), operand),
                }
            }

            fn visit_fact(fact: &$($mutable)? Fact, at: &At<'_>, visit: &mut Visit<'_>) {
                let path = format!("{}facts.{}.", at.path, fact.name);
                let own = At { path: &path, source: at.source, is_over_event: false };
                match &$($mutable)? fact.rule {
                    Rule::Derived(value) => visit(&own.slot("value", Use::Value), value),
                    Rule::Joined(join) => {
                        visit_scan(&$($mutable)? join.other, &path, visit);
                        if let Some(version) = &$($mutable)? join.version {
                            visit(&own.slot("at", Use::Value), &$($mutable)? version.at);
                        }
                        let other = At { path: &path, source: &join.other.source, is_over_event: true };
                        visit(&other.slot("value", Use::Value), &$($mutable)? join.value);
                    }
                    Rule::Related(relate) => visit_relate(relate, &own, visit),
                    Rule::Clocked(clock) => visit_clock(clock, &own, visit),
                    Rule::Advanced(advance) => visit_advance(advance, &own, visit),
                }
            }

            fn visit_relate(relate: &$($mutable)? Relate, own: &At<'_>, visit: &mut Visit<'_>) {
                visit_scan(&$($mutable)? relate.events, own.path, visit);
                let events = At { path: own.path, source: &relate.events.source, is_over_event: true };
                if let Some(predicate) = &$($mutable)? relate.predicate {
                    visit(&events.slot("predicate", Use::OnlyTrue), predicate);
                }
                let window = &$($mutable)? relate.window;
                for (name, bound) in [("from", &$($mutable)? window.from), ("to", &$($mutable)? window.to)] {
                    if let Some(bound) = bound {
                        visit(&own.slot(name, Use::Value), &$($mutable)? bound.at);
                    }
                }
                match &$($mutable)? relate.summary {
                    Summary::Exists | Summary::Count => {}
                    Summary::Every(condition) => visit(&events.slot("value", Use::OnlyTrue), condition),
                    Summary::First(value)
                    | Summary::Last(value)
                    | Summary::Sum(value)
                    | Summary::Mean(value)
                    | Summary::Min(value)
                    | Summary::Max(value) => visit(&events.slot("value", Use::Value), value),
                }
            }

            fn visit_clock(clock: &$($mutable)? Clock, own: &At<'_>, visit: &mut Visit<'_>) {
                visit(&own.slot("from", Use::Value), &$($mutable)? clock.from);
                visit(&own.slot("to", Use::Value), &$($mutable)? clock.to);
                let spans = clock.counting.$iter().flat_map(Times::$spans);
                for (index, spans) in spans.enumerate() {
                    visit_spans(spans, &format!("{}spans.{index}.", own.path), visit);
                }
            }

            fn visit_spans(spans: &$($mutable)? Spans, path: &str, visit: &mut Visit<'_>) {
                visit_scan(&$($mutable)? spans.events, path, visit);
                let at = At { path, source: &spans.events.source, is_over_event: true };
                for (name, condition) in [("chain", &$($mutable)? spans.chain), ("counts", &$($mutable)? spans.counts)] {
                    if let Some(condition) = condition {
                        visit(&at.slot(name, Use::OnlyTrue), condition);
                    }
                }
            }

            fn visit_advance(advance: &$($mutable)? Advance, own: &At<'_>, visit: &mut Visit<'_>) {
                visit(&own.slot("from", Use::Value), &$($mutable)? advance.from);
                if let Distance::BusinessTime { length, .. } = &$($mutable)? advance.by {
                    visit(&own.slot("length", Use::Value), length);
                }
            }
        }
    };
}

walk!(reading, parts, iter, spans);
walk!(changing, parts_mut, iter_mut, spans_mut, mut);
