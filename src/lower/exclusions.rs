//! Rows left out, in order.

use super::Context;
use super::population::Population;
use crate::definition::{Fields, Standard, StandardKind};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::compile_condition;
use crate::plan::Exclusion;
use crate::text::{Span, Spanned};
use crate::yaml::Node;

pub(super) fn lower(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Vec<Exclusion> {
    let Some(list) = node.get("exclusions") else { return Vec::new() };
    let mut exclusions: Vec<(Exclusion, Span)> = Vec::new();
    for item in list.items() {
        let Some((exclusion, span)) = one(item, population, context) else { continue };
        if let Some((_, first)) = exclusions.iter().find(|(other, _)| other.id == exclusion.id) {
            let message = format!("the ledger has a line `{}` already", exclusion.id);
            context.diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_NAME, span, message)
                    .also(*first, "first used here")
                    .help("give each exclusion an id of its own"),
            );
            continue;
        }
        exclusions.push((exclusion, span));
    }
    exclusions.into_iter().map(|(exclusion, _)| exclusion).collect()
}

fn one(item: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Option<(Exclusion, Span)> {
    let mut fields = Fields::new(item, context.texts, context.diagnostics);
    if let Some(name) = fields.text("use") {
        let standard = used(&name, "exclusion", population, context)?;
        let StandardKind::Exclusion { when, .. } = &standard.kind else { return None };
        let when = compile_condition(when, &population.scope, context.texts, context.diagnostics)?;
        // The line of the ledger has the standard's name, whichever version is meant.
        return Some((Exclusion { id: standard.name.value.clone(), when }, name.span));
    }
    let id = fields.text("id")?;
    fields.date("expires");
    let when = compile_condition(item.get("where")?, &population.scope, context.texts, context.diagnostics)?;
    Some((Exclusion { id: id.value, when }, id.span))
}

/// Returns the standard called `name`; reports one of another kind, or one for other sources.
pub(super) fn used<'a>(
    name: &Spanned<String>,
    kind: &str,
    population: &Population<'_>,
    context: &mut Context<'a>,
) -> Option<&'a Standard> {
    let registry = context.registry;
    let standard = registry.standard(name, context.diagnostics)?;
    if standard.kind.name() != kind {
        let message = format!("`{}` is a standard of kind {}, not {kind}", name.value, standard.kind.name());
        context.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_REFERENCE, name.span, message)
                .also(standard.name.span, "defined here")
                .help(format!("use a standard of kind {kind}")),
        );
        return None;
    }
    let source = &population.file.source.name;
    if standard.on.iter().any(|on| on.value == *source) {
        return Some(standard);
    }
    let message = format!("`{}` cannot be used on source `{source}`", name.value);
    let on = standard.on.iter().map(|on| on.value.as_str()).collect::<Vec<_>>().join(", ");
    context.diagnostics.push(
        Diagnostic::error(codes::UNKNOWN_REFERENCE, name.span, message)
            .also(standard.name.span, format!("it is made for: {on}"))
            .help("add the source under the standard's `on`, if its rule holds there"),
    );
    None
}
