//! Standards on their own: what is wrong with a rule whether or not a metric uses it yet.

use super::population::scope_of;
use crate::definition::{Standard, StandardKind};
use crate::diagnostic::{Diagnostics, codes};
use crate::expression::{Scope, compile_condition};
use crate::resolve::Registry;
use crate::text::Texts;
use crate::value::{Duration, Instant, Number, Type, Value};
use crate::yaml::Node;

/// Reports the mistakes in every standard's conditions, for each source it can be used on.
///
/// A name that no source has is not reported: it may be a fact of the metrics that use the standard.
pub fn check(registry: &Registry, texts: &Texts, diagnostics: &mut Diagnostics) {
    for standard in registry.standards.values() {
        for file in standard.on.iter().filter_map(|on| registry.sources.get(&on.value)) {
            let scope = with_examples(scope_of(file), standard);
            let mut found = Diagnostics::new();
            for condition in conditions(standard) {
                compile_condition(condition, &scope, texts, &mut found);
            }
            for diagnostic in found.into_sorted() {
                // The value of a parameter is made up here, so nothing can be said about it.
                let of_parameter = texts.slice(diagnostic.span()).starts_with(':');
                let may_be_a_fact = diagnostic.code == codes::UNKNOWN_COLUMN;
                if !of_parameter && !may_be_a_fact && !diagnostics.has_error_at(diagnostic.span()) {
                    diagnostics.push(diagnostic);
                }
            }
        }
    }
}

fn conditions(standard: &Standard) -> Vec<&Node> {
    match &standard.kind {
        StandardKind::Exclusion { when, .. } | StandardKind::Resolution { when } => vec![when],
        StandardKind::Treatment { variants, .. } => {
            variants.iter().flat_map(|variant| [&variant.counts_when, &variant.succeeds_when]).collect()
        }
        StandardKind::Calendar { .. } | StandardKind::Targets { .. } => Vec::new(),
    }
}

/// Gives each parameter some value of its type: only the type matters here.
fn with_examples(mut scope: Scope, standard: &Standard) -> Scope {
    if let StandardKind::Treatment { parameters, .. } = &standard.kind {
        scope.parameters = parameters.iter().map(|(name, ty)| (name.clone(), (example(*ty), *ty))).collect();
    }
    scope
}

fn example(ty: Type) -> Value {
    match ty {
        Type::Duration => Value::Duration(Duration::ZERO),
        Type::Instant => Value::Instant(Instant::from_micros(0)),
        Type::Number(scale) => Value::Number(Number::new(0, scale)),
        _ => Value::text(""),
    }
}
