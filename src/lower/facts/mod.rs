//! Facts about a row: each form in a file of its own.
//!
//! A fact may use the columns of its row and the facts above it.

mod bands;
mod clock;
mod convert;
mod derived;
mod distance;
mod due;
mod hours;
mod lookup;
mod relate;
mod same;
mod target;
mod window;

use std::sync::Arc;

use super::Context;
use super::nulls::null_by_itself;
use super::population::Population;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, Name, Scope, compile, may_be_null};
use crate::plan::{Awaits, Fact, Rule};
use crate::value::Type;
use crate::yaml::{Entry, Node};

/// How a form of fact lowers: the rule, and facts that it needs before it.
type Lower = fn(&Entry, &Row<'_>, &mut Vec<Fact>, &mut Context<'_>) -> Option<Rule>;

/// The forms of a fact by the key that tells them; what has none of the keys is taken from events.
const FORMS: [(&str, Lower); 7] = [
    ("bands", bands::lower),
    ("clock", clock::lower),
    ("convert", convert::lower),
    ("due", due::lower),
    ("is", derived::lower),
    ("lookup", lookup::lower),
    ("target", target::lower),
];

/// What a fact is about.
pub(super) struct Row<'a> {
    /// The population, with the facts so far among its names.
    population: &'a Population<'a>,
}

impl Row<'_> {
    fn scope(&self) -> &Scope {
        &self.population.scope
    }

    /// Returns the scope of an expression over an event beside the row.
    fn beside(&self, event: Scope) -> Scope {
        Scope { row: Some(Box::new(self.scope().clone())), ..event }
    }

    /// Compiles an expression over the row.
    fn expression(&self, node: &Node, context: &mut Context<'_>) -> Option<Expression> {
        compile(node, self.scope(), context.texts, context.diagnostics)
    }

    /// Compiles an expression over the row that must have this type.
    fn typed(&self, node: &Node, ty: Type, context: &mut Context<'_>) -> Option<Expression> {
        let expression = self.expression(node, context)?;
        if expression.ty() == ty {
            return Some(expression);
        }
        let message = format!("this is {}, not {ty}", expression.ty());
        context.diagnostics.push(
            Diagnostic::error(codes::TYPE_MISMATCH, node.span, message).help(format!("name something of type {ty}")),
        );
        None
    }

    /// Tells whether a value over the row can be null.
    fn may_be_null(&self, expression: &Expression) -> bool {
        may_be_null(expression, &|name| self.scope().names.get(name).is_some_and(|name| name.nullable))
    }

    /// Returns a name for a fact that a rule needs beside its own, as `first_reply_closes`.
    fn hidden(&self, fact: &str, part: &str) -> String {
        let mut name = format!("{fact}_{part}");
        while self.scope().names.contains_key(&name) {
            name.push('_');
        }
        name
    }
}

/// Lowers all facts and adds their names to the population's; `None` when one of them has no meaning.
pub(super) fn lower(node: &Node, population: &mut Population<'_>, context: &mut Context<'_>) -> Option<Vec<Fact>> {
    let Some(written) = node.get("facts") else { return Some(Vec::new()) };
    let mut facts = Vec::new();
    let mut failed = false;
    for entry in written.entries() {
        match found(entry, population, context) {
            Some((hidden, rule, name)) => {
                facts.extend(hidden);
                Arc::make_mut(&mut population.scope.names).insert(entry.name(), name);
                facts.push(Fact { name: entry.name(), rule });
            }
            None => {
                failed = true;
                population.scope.absent.insert(entry.name(), None);
            }
        }
    }
    (!failed).then_some(facts)
}

fn found(entry: &Entry, population: &Population<'_>, context: &mut Context<'_>) -> Option<(Vec<Fact>, Rule, Name)> {
    let taken = &population.scope;
    if taken.names.contains_key(entry.key.value.as_str()) || taken.terms.contains_key(entry.key.value.as_str()) {
        let message = format!("`{}` has a meaning already", entry.key.value);
        context.diagnostics.push(
            Diagnostic::error(codes::DUPLICATE_NAME, entry.key.span, message)
                .help("columns, facts and terms share their names: give the fact a name of its own"),
        );
        return None;
    }
    let row = Row { population };
    let form =
        FORMS.iter().find(|(key, _)| entry.value.get(key).is_some()).map_or(relate::lower as Lower, |form| form.1);
    let mut hidden = Vec::new();
    let rule = form(entry, &row, &mut hidden, context)?;
    let name = name_of(entry, &rule, &hidden, &row);
    Some((hidden, rule, name))
}

/// Returns what is known of a fact's values.
fn name_of(entry: &Entry, rule: &Rule, hidden: &[Fact], row: &Row<'_>) -> Name {
    let nullable = null_by_itself(rule, &|name| can_be_null(name, hidden, row));
    let converted = entry.value.get("convert").is_some();
    let currency_in = match rule {
        Rule::Derived(expression) if !converted => row.scope().currency_of(expression),
        _ => None,
    };
    let known = match rule {
        Rule::Derived(Expression::Column(column)) => row.scope().names.get(&column.name).cloned(),
        _ => None,
    };
    let plain = known.unwrap_or_else(|| Name::of(rule.ty()));
    let unit =
        entry.value.get("unit").and_then(Node::as_text).map(str::to_owned).or(unit_of(entry)).or(plain.unit.clone());
    let values = bands::labels(&entry.value).map(Arc::from).or(plain.values.clone());
    Name { nullable, unit, currency_in, values, declared: Some(entry.key.span), ..plain }
}

/// Tells whether something of the row, or a fact that a rule needs beside its own, can be null.
fn can_be_null(name: &str, hidden: &[Fact], row: &Row<'_>) -> bool {
    match hidden.iter().find(|fact| fact.name == name) {
        Some(fact) => null_by_itself(&fact.rule, &|name| can_be_null(name, hidden, row)),
        None => row.scope().names.get(name).is_some_and(|name| name.nullable),
    }
}

/// Returns the unit that the form of a fact gives it.
fn unit_of(entry: &Entry) -> Option<String> {
    entry.value.get("convert")?.get("into")?.as_text().map(str::to_owned)
}

/// Returns where windows of facts begin that reach back before the row's instant, with the fact and the events' source.
pub(super) fn windows_behind(facts: &[Fact]) -> Vec<(&str, &Expression, &str)> {
    window::behind(facts)
}

/// Returns what rows wait for because a fact looks ahead, with the fact's name.
pub(super) fn windows_ahead(facts: &[Fact]) -> Vec<(&str, Awaits)> {
    window::ahead(facts)
}
