//! What happens to rows about which something is not known.
//!
//! Every nullable column that the measure reads, directly or through a fact, and every nullable dimension needs a
//! policy, unless the population or an exclusion has already made it known.

use std::collections::BTreeSet;

use super::nulls::{Nulls, reads_null};
use super::population::Population;
use super::{Context, bounds, listed};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::expression::{Expression, known_when_not_true, known_when_true};
use crate::plan::{Bounds, Dimension, Exclusion, Fact, Measure, Missing, Rule};
use crate::text::Span;
use crate::value::{Type, Value};
use crate::yaml::Node;

/// The parts of a pipeline that decide what is known.
pub(super) struct Draft<'a> {
    pub(super) population: &'a Population<'a>,
    pub(super) facts: &'a [Fact],
    pub(super) exclude: &'a [Exclusion],
    pub(super) dimensions: &'a [Dimension],
}

/// What follows from what is not known.
pub(super) struct Unknown {
    /// The rows to leave out.
    pub(super) missing: Vec<Missing>,
    /// The rows whose best and worst case is reported.
    pub(super) bounds: Option<Bounds>,
    /// The measure with failures put in.
    pub(super) measure: Measure,
}

pub(super) fn lower(node: &Node, draft: &Draft<'_>, measure: Measure, context: &mut Context<'_>) -> Unknown {
    let policies = Policies::read(node);
    let span = node.get("measure").map_or(node.span, |measure| measure.span);
    let mut missing = Vec::new();
    let mut bounded = Vec::new();
    let mut used = BTreeSet::new();
    let mut measure = measure;
    for column in draft.open_columns(&measure, &policies) {
        used.insert(column.name.clone());
        let is_null = Expression::IsNull(Box::new(Expression::column(&column.name, column.ty)));
        match (policies.of(&column.name), column.role) {
            (Some(("drop", _)), _) => missing.push(Missing { when: is_null }),
            (Some(("as_its_own_value", _)), Role::Dimension) => {}
            (Some(("as_failure", _)), Role::Measured) if matches!(measure, Measure::Share(_)) => {
                measure = failing_when(is_null, measure);
            }
            (Some(("bounds", at)), Role::Measured) => bounded.push((is_null, at)),
            (Some((policy, at)), role) => context.diagnostics.push(unfit(policy, at, &column.name, role)),
            // A misspelt policy is reported once, where it stands.
            (None, _) if policies.written.iter().any(|(name, ..)| draft.meant(name) == Some(&column.name)) => {}
            (None, Role::Measured) => context.diagnostics.push(absent(&column.name, Some(&measure), span, draft)),
            (None, Role::Dimension) => {
                let span = listed(node, "dimensions", &column.name).unwrap_or(span);
                context.diagnostics.push(absent(&column.name, None, span, draft));
            }
        }
    }
    policies.report_unused(&used, draft, context);
    let bounds = bounds::lower(node, bounded, &measure, draft.population, context);
    if let Measure::Share(condition) = &measure
        && holds_null(condition)
    {
        missing.push(Missing { when: Expression::IsNull(Box::new(condition.clone())) });
    }
    Unknown { missing, bounds, measure }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Measured,
    Dimension,
}

struct Open {
    name: String,
    ty: Type,
    role: Role,
}

impl Draft<'_> {
    /// Returns the column that a misspelt name resembles.
    fn meant(&self, name: &str) -> Option<&str> {
        let names = &self.population.scope.names;
        let known: Vec<&str> = names.keys().map(String::as_str).collect();
        if names.contains_key(name) { None } else { nearest(name, &known) }
    }

    /// Returns the columns that are known on every row that reaches the measure.
    fn known(&self) -> BTreeSet<String> {
        let filter = &self.population.filter;
        let mut known: BTreeSet<String> = filter.placement.anchor().map(str::to_owned).into_iter().collect();
        known.extend(filter.predicate.iter().flat_map(known_when_true).map(str::to_owned));
        known.extend(self.exclude.iter().flat_map(|e| known_when_not_true(&e.when)).map(str::to_owned));
        known
    }

    /// Returns what may be null where the measure or a dimension reads it, each once.
    fn open_columns(&self, measure: &Measure, policies: &Policies) -> Vec<Open> {
        let scope = &self.population.scope;
        let derived = &self.population.scan.derived;
        let nulls = Nulls { scope, derived, facts: self.facts, known: self.known() };
        let mut search = Search { nulls, policies, open: Vec::new() };
        let operands = measure.operands();
        for name in operands.iter().flat_map(|operand| operand.columns()) {
            // A null that the expression itself answers needs no policy.
            if operands.iter().any(|operand| reads_null(operand, name)) {
                search.note(name, Role::Measured);
            }
        }
        for dimension in self.dimensions {
            search.note(&dimension.name, Role::Dimension);
        }
        search.open
    }
}

/// The search for what may be null.
struct Search<'a> {
    nulls: Nulls<'a>,
    policies: &'a Policies,
    open: Vec<Open>,
}

impl Search<'_> {
    /// Notes a name that may be null, and before it the columns that it depends on and that have a say of their own.
    fn note(&mut self, name: &str, role: Role) {
        if !self.nulls.of(name) {
            return;
        }
        let found = self.nulls.scope.names.get(name).filter(|found| found.nullable).map(|found| found.ty);
        let of_events = matches!(self.nulls.fact(name).map(|fact| &fact.rule), Some(Rule::Related(_)));
        let demanded = found.is_none() || (of_events && role == Role::Measured);
        for input in self.nulls.inputs(name) {
            if demanded || self.policies.of(input).is_some() {
                self.note(input, role);
            }
        }
        if let Some(ty) = found.filter(|_| self.nulls.of(name)) {
            self.open.push(Open { name: name.to_owned(), ty, role });
        }
        // Whatever the policy is, the rows that are left know it.
        self.nulls.known.insert(name.to_owned());
    }
}

fn holds_null(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| found |= matches!(part, Expression::Literal(Value::Null, _)));
    found
}

fn failing_when(is_null: Expression, measure: Measure) -> Measure {
    let Measure::Share(condition) = measure else { return measure };
    let failure = Expression::Literal(Value::Boolean(false), Type::Boolean);
    Measure::Share(Expression::Case { arms: vec![(is_null, failure)], otherwise: Box::new(condition) })
}

fn absent(name: &str, measure: Option<&Measure>, span: Span, draft: &Draft<'_>) -> Diagnostic {
    let message = match measure {
        Some(_) => format!("the measure reads `{name}`, which can be null"),
        None => format!("the dimension `{name}` can be null"),
    };
    let drop = format!("add `missing: {{{name}: drop}}` (leave such rows out and count them)");
    let help = match measure {
        None => format!("add `missing: {{{name}: as_its_own_value}}`, or `drop`"),
        Some(Measure::Share(_)) => {
            format!("{drop}, `as_failure` (count them as failed) or `bounds` (report the worst and the best case)")
        }
        Some(other) if bounds::range(other, draft.population).is_some() => {
            format!("{drop}, or `bounds` (report the worst and the best case)")
        }
        Some(_) => drop,
    };
    let diagnostic = Diagnostic::error(codes::MISSING_POLICY_ABSENT, span, message);
    let is_fact = draft.facts.iter().any(|fact| fact.name == name);
    match draft.population.scope.names.get(name).and_then(|name| name.declared) {
        Some(declared) => diagnostic.also(declared, if is_fact { "defined here" } else { "declared nullable here" }),
        None => diagnostic,
    }
    .help(help)
}

fn unfit(policy: &str, at: Span, name: &str, role: Role) -> Diagnostic {
    let help = match (policy, role) {
        ("bounds", _) => "`bounds` is for what the measure reads; use `as_its_own_value` or `drop`",
        ("as_failure", _) => "`as_failure` is for shares; use `drop`",
        (_, Role::Measured) => "`as_its_own_value` is for dimensions; use `drop`, or `as_failure` in a share",
        (_, Role::Dimension) => "use `as_its_own_value` or `drop`",
    };
    Diagnostic::error(codes::INVALID_VALUE, at, format!("`{policy}` does not work for `{name}`")).help(help)
}

/// The policies as written, with their places.
struct Policies {
    written: Vec<(String, String, Span, Span)>,
}

impl Policies {
    fn read(node: &Node) -> Self {
        let entries = node.get("missing").map_or(&[][..], Node::entries);
        let written = entries
            .iter()
            .filter_map(|entry| {
                let policy = entry.value.as_text()?.to_owned();
                Some((entry.name(), policy, entry.key.span, entry.value.span))
            })
            .collect();
        Self { written }
    }

    fn of(&self, name: &str) -> Option<(&str, Span)> {
        self.written.iter().find(|(column, ..)| column == name).map(|(_, policy, _, at)| (policy.as_str(), *at))
    }

    /// Reports policies without effect: they would suggest a null where there is none.
    fn report_unused(&self, used: &BTreeSet<String>, draft: &Draft<'_>, context: &mut Context<'_>) {
        for (name, _, key, _) in self.written.iter().filter(|(name, ..)| !used.contains(name)) {
            let meant = draft.meant(name);
            let why = match draft.population.scope.names.get(name) {
                None => "there is no such column or fact",
                Some(found) if !found.nullable => "it is never null",
                Some(_) => "nothing that can be null there is read",
            };
            context.diagnostics.push(
                Diagnostic::error(codes::UNUSED_POLICY, *key, format!("the policy for `{name}` has no effect: {why}"))
                    .help(meant.map_or("remove it".to_owned(), |meant| format!("did you mean `{meant}`?"))),
            );
        }
    }
}
