//! What happens to rows about which something is not known.
//!
//! Every nullable column that the measure reads, directly or through a fact, and every nullable dimension needs a
//! policy, unless the population or an exclusion has already made it known.

use std::collections::BTreeSet;

use super::population::Population;
use super::{Context, listed};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::expression::{Expression, known_when_not_true, known_when_true};
use crate::plan::{Dimension, Exclusion, Measure, Missing, Relate};
use crate::text::Span;
use crate::value::{Type, Value};
use crate::yaml::Node;

/// The parts of a pipeline that decide what is known.
pub(super) struct Draft<'a> {
    pub(super) population: &'a Population<'a>,
    pub(super) relate: &'a [Relate],
    pub(super) exclude: &'a [Exclusion],
    pub(super) dimensions: &'a [Dimension],
}

/// Returns the rows to leave out, and the measure with failures put in.
pub(super) fn lower(
    node: &Node,
    draft: &Draft<'_>,
    measure: Measure,
    context: &mut Context<'_>,
) -> (Vec<Missing>, Measure) {
    let policies = Policies::read(node);
    let known = draft.known();
    let span = node.get("measure").map_or(node.span, |measure| measure.span);
    let mut missing = Vec::new();
    let mut used = BTreeSet::new();
    let mut measure = measure;
    for column in draft.open_columns(&measure, &known) {
        used.insert(column.name.clone());
        let is_null = Expression::IsNull(Box::new(Expression::column(&column.name, column.ty)));
        match (policies.of(&column.name), column.role) {
            (Some(("drop", _)), _) => missing.push(Missing { when: is_null }),
            (Some(("as_its_own_value", _)), Role::Dimension) => {}
            (Some(("as_failure", _)), Role::Measured) if matches!(measure, Measure::Share(_)) => {
                measure = failing_when(is_null, measure);
            }
            (Some((policy, at)), role) => context.diagnostics.push(unfit(policy, at, &column.name, role)),
            // A misspelt policy is reported once, where it stands.
            (None, _) if policies.written.iter().any(|(name, ..)| draft.meant(name) == Some(&column.name)) => {}
            (None, Role::Measured) => context.diagnostics.push(absent(&column.name, Role::Measured, span, draft)),
            (None, Role::Dimension) => {
                let span = listed(node, "dimensions", &column.name).unwrap_or(span);
                context.diagnostics.push(absent(&column.name, Role::Dimension, span, draft));
            }
        }
    }
    policies.report_unused(&used, draft, context);
    if let Measure::Share(condition) = &measure
        && holds_null(condition)
    {
        missing.push(Missing { when: Expression::IsNull(Box::new(condition.clone())) });
    }
    (missing, measure)
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
        let mut known: BTreeSet<String> = BTreeSet::from([filter.anchor.clone()]);
        known.extend(filter.predicate.iter().flat_map(known_when_true).map(str::to_owned));
        known.extend(self.exclude.iter().flat_map(|e| known_when_not_true(&e.when)).map(str::to_owned));
        known
    }

    /// Returns the columns that may be null where the measure or a dimension reads them, each once.
    fn open_columns(&self, measure: &Measure, known: &BTreeSet<String>) -> Vec<Open> {
        let operands: Vec<&Expression> = match measure {
            Measure::Ratio(numerator, denominator) => vec![numerator, denominator],
            other => other.operand().into_iter().collect(),
        };
        let mut open: Vec<Open> = Vec::new();
        let mut note = |name: &str, role: Role| {
            let Some(found) = self.population.scope.names.get(name) else { return };
            if found.nullable && !known.contains(name) && !open.iter().any(|other| other.name == name) {
                open.push(Open { name: name.to_owned(), ty: found.ty, role });
            }
        };
        for name in operands.iter().flat_map(|operand| operand.columns()) {
            if let Some(relate) = self.relate.iter().find(|relate| relate.name == name) {
                relate.same.iter().for_each(|(row, _)| note(row, Role::Measured));
                note(&relate.anchor, Role::Measured);
            }
            // A null that the expression itself answers needs no policy.
            if operands.iter().any(|operand| reads_null(operand, name)) {
                note(name, Role::Measured);
            }
        }
        for dimension in self.dimensions {
            note(&dimension.name, Role::Dimension);
        }
        open
    }
}

/// Tells whether a null of the column can reach the value: it stands outside `is null` and `coalesce`.
fn reads_null(expression: &Expression, name: &str) -> bool {
    match expression {
        Expression::Column(column) => column.name == name,
        Expression::IsNull(_) => false,
        Expression::Coalesce(operands) => operands.last().is_some_and(|last| reads_null(last, name)),
        Expression::Literal(..) => false,
        Expression::Compare(_, a, b) | Expression::Arithmetic(_, a, b) => reads_null(a, name) || reads_null(b, name),
        Expression::Elapsed { from, to } => reads_null(from, name) || reads_null(to, name),
        Expression::And(parts) | Expression::Or(parts) => parts.iter().any(|part| reads_null(part, name)),
        Expression::Not(inner) | Expression::In(inner, _) | Expression::Rescale(inner, _) => reads_null(inner, name),
        Expression::Case { arms, otherwise } => {
            reads_null(otherwise, name)
                || arms.iter().any(|(when, then)| reads_null(when, name) || reads_null(then, name))
        }
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

fn absent(name: &str, role: Role, span: Span, draft: &Draft<'_>) -> Diagnostic {
    let (message, help) = match role {
        Role::Measured => (
            format!("the measure reads `{name}`, which can be null"),
            format!("add `missing: {{{name}: drop}}` (leave such rows out and count them), or `as_failure` in a share"),
        ),
        Role::Dimension => (
            format!("the dimension `{name}` can be null"),
            format!("add `missing: {{{name}: as_its_own_value}}`, or `drop`"),
        ),
    };
    let diagnostic = Diagnostic::error(codes::MISSING_POLICY_ABSENT, span, message);
    match draft.population.scope.names.get(name).and_then(|name| name.declared) {
        Some(declared) => diagnostic.also(declared, "declared nullable here"),
        None => diagnostic,
    }
    .help(help)
}

fn unfit(policy: &str, at: Span, name: &str, role: Role) -> Diagnostic {
    let help = match (policy, role) {
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
                Some((entry.key.value.clone(), policy, entry.key.span, entry.value.span))
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
                None => "the source has no such column",
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
