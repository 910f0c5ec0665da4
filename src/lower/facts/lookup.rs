//! Facts looked up in the one row of another source that belongs to the row.

use super::{Row, same};
use crate::definition::{Fields, SourceFile};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::compile;
use crate::lower::Context;
use crate::lower::population::{instant_column, scan_of, scope_of};
use crate::plan::{Fact, Join, Rule, Version};
use crate::value::Type;
use crate::yaml::{Entry, Node};

pub(super) fn lower(entry: &Entry, row: &Row<'_>, _: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = &entry.value;
    let registry = context.registry;
    let source = Fields::new(node, context.texts, context.diagnostics).text("lookup")?;
    let file = registry.source(&source, context.diagnostics)?;
    let scope = scope_of(file);
    let same = same::lower(node, row, &scope, context);
    let value = compile(node.get("value")?, &scope, context.texts, context.diagnostics);
    let version = match node.get("in_force") {
        Some(inner) => Some(version(inner, file, row, context)?),
        None => None,
    };
    let same = same?;
    if version.is_none() {
        identifies(&same, file, node, context)?;
    }
    Some(Rule::Joined(Join { other: scan_of(file), same, version, value: value? }))
}

/// Without versions the match columns must identify one row, or rows would multiply.
fn identifies(same: &[(String, String)], file: &SourceFile, node: &Node, context: &mut Context<'_>) -> Option<()> {
    let matched: Vec<&String> = same.iter().map(|(_, other)| other).collect();
    let covers = |key: &Vec<String>| key.iter().all(|name| matched.contains(&name));
    if covers(&file.source.key) || file.source.unique.iter().any(covers) {
        return Some(());
    }
    let span = node.get("same").map_or(node.span, |same| same.span);
    let message = format!("several rows of `{}` can match", file.source.name);
    context.diagnostics.push(
        Diagnostic::error(codes::FAN_OUT, span, message)
            .also(file.span, format!("its primary key is `{}`", file.source.key.join(", ")))
            .help("match its key or columns it declares under `unique`, say which version is `in_force`, or take the fact from events (`first`, `last`, `sum`)"),
    );
    None
}

fn version(node: &Node, file: &SourceFile, row: &Row<'_>, context: &mut Context<'_>) -> Option<Version> {
    let at = row.typed(node.get("at")?, Type::Instant, context)?;
    let fields = Fields::new(node, context.texts, context.diagnostics);
    let (from, until) = (fields.text("from")?, fields.text("until"));
    instant_column(&from, file, context)?;
    if let Some(until) = &until {
        instant_column(until, file, context)?;
    }
    Some(Version { at, from: from.value, until: until.map(|until| until.value) })
}
