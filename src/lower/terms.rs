//! The terms `resolved` and `succeeds`, from the resolution and the treatment a metric declares.

use super::Context;
use super::exclusions::used;
use super::population::Population;
use crate::definition::{Fields, Standard, StandardKind, TreatmentVariant};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::expression::{Expression, Scope, compile_condition};
use crate::plan::Exclusion;
use crate::resolve::unknown;
use crate::value::{Duration, Instant, Number, Type, Value};
use crate::yaml::Node;

const RESOLUTION: &str = "add `resolution: {resolved_when: ...}`, or `resolution: {use: <standard>}`";
const TREATMENT: &str = "add `treatment: {use: <standard>, variant: <reading>}`";

/// Defines the terms; returns the exclusion of the rows that a treatment does not count.
pub(super) fn lower(node: &Node, population: &mut Population<'_>, context: &mut Context<'_>) -> Option<Exclusion> {
    let resolution = node.get("resolution");
    match resolution.and_then(|resolution| resolution_of(resolution, population, context)) {
        Some(resolved) => drop(population.scope.terms.insert("resolved".to_owned(), resolved)),
        None => absent("resolved", resolution.is_none().then_some(RESOLUTION), population),
    }
    let treatment = node.get("treatment");
    let Some((id, counts, succeeds)) = treatment.and_then(|treatment| treatment_of(treatment, population, context))
    else {
        absent("succeeds", treatment.is_none().then_some(TREATMENT), population);
        return None;
    };
    population.scope.terms.insert("succeeds".to_owned(), succeeds);
    // What is UNKNOWN is not counted either, so the complement is "not TRUE" rather than NOT.
    let counted = Expression::Coalesce(vec![counts, Expression::Literal(Value::Boolean(false), Type::Boolean)]);
    Some(Exclusion { id, when: Expression::Not(Box::new(counted)) })
}

/// Notes a term without a meaning; a column may bear its name all the same.
fn absent(term: &str, remedy: Option<&'static str>, population: &mut Population<'_>) {
    if !population.scope.names.contains_key(term) {
        population.scope.absent.insert(term.to_owned(), remedy);
    }
}

fn resolution_of(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Option<Expression> {
    let condition = match Fields::new(node, context.texts, context.diagnostics).text("use") {
        Some(name) => match &used(&name, "resolution", population, context)?.kind {
            StandardKind::Resolution { when } => when,
            _ => return None,
        },
        None => node.get("resolved_when")?,
    };
    compile_condition(condition, &population.scope, context.texts, context.diagnostics)
}

fn treatment_of(
    node: &Node,
    population: &Population<'_>,
    context: &mut Context<'_>,
) -> Option<(String, Expression, Expression)> {
    let fields = Fields::new(node, context.texts, context.diagnostics);
    let (name, variant) = (fields.text("use")?, fields.text("variant")?);
    let standard = used(&name, "treatment", population, context)?;
    let StandardKind::Treatment { parameters, variants } = &standard.kind else { return None };
    let Some(chosen) = variants.iter().find(|known| known.name == variant.value) else {
        let known: Vec<String> = variants.iter().map(|known| known.name.clone()).collect();
        unknown("reading", &variant, known.iter(), context.diagnostics);
        return None;
    };
    let scope = with_parameters(node, standard, parameters, population, context)?;
    let TreatmentVariant { counts_when, succeeds_when, .. } = chosen;
    let counts = compile_condition(counts_when, &scope, context.texts, context.diagnostics);
    let succeeds = compile_condition(succeeds_when, &scope, context.texts, context.diagnostics);
    Some((name.value, counts?, succeeds?))
}

fn with_parameters(
    node: &Node,
    standard: &Standard,
    parameters: &[(String, Type)],
    population: &Population<'_>,
    context: &mut Context<'_>,
) -> Option<Scope> {
    let mut scope = population.scope.clone();
    let given = node.get("with").map_or(&[][..], Node::entries);
    let mut complete = true;
    let known: Vec<String> = parameters.iter().map(|(name, _)| name.clone()).collect();
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    let misspelt: Vec<&str> = given
        .iter()
        .filter(|entry| known.iter().all(|name| *name != entry.key.value))
        .filter_map(|entry| nearest(&entry.key.value, &names))
        .collect();
    for entry in given {
        if known.iter().all(|name| *name != entry.key.value) {
            unknown("parameter", &entry.named(), known.iter(), context.diagnostics);
            complete = false;
        }
    }
    for (name, ty) in parameters {
        let Some(entry) = given.iter().find(|entry| entry.key.value == *name) else {
            complete = false;
            // A misspelt name is reported once, where it stands.
            if misspelt.contains(&name.as_str()) {
                continue;
            }
            let span = node.get("with").or(node.get("use")).map_or(node.span, |place| place.span);
            let message = format!("`{}` needs a value for `{name}`", standard.name.value);
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, span, message)
                    .also(standard.name.span, "the standard declares the parameter")
                    .help(format!("add `{name}` under `with`: {}", example(*ty))),
            );
            continue;
        };
        match parameter_value(&entry.value, *ty) {
            Some(value) => {
                let ty = match &value {
                    Value::Number(number) => Type::Number(number.scale()),
                    _ => *ty,
                };
                scope.parameters.insert(name.clone(), (value, ty));
            }
            None => {
                let message = format!("`{name}` is no {ty}");
                context.diagnostics.push(
                    Diagnostic::error(codes::INVALID_VALUE, entry.value.span, message)
                        .help(format!("write {}", example(*ty))),
                );
                complete = false;
            }
        }
    }
    complete.then_some(scope)
}

fn parameter_value(node: &Node, ty: Type) -> Option<Value> {
    match (node.number_text(), ty) {
        (Some(raw), Type::Number(scale)) => {
            let number: Number = raw.parse().ok()?;
            (scale > 0 || number.scale() == 0).then_some(Value::Number(number))
        }
        (_, Type::Duration) => node.as_text()?.parse::<Duration>().ok().map(Value::Duration),
        (_, Type::Instant) => Instant::parse(node.as_text()?).map(Value::Instant),
        (_, Type::Text) => node.as_text().map(Value::text),
        _ => None,
    }
}

fn example(ty: Type) -> &'static str {
    match ty {
        Type::Duration => "a duration such as `20s`",
        Type::Instant => "an instant such as `2026-01-31T09:00:00Z`",
        Type::Number(0) => "a whole number",
        Type::Number(_) => "a number",
        _ => "a text",
    }
}
