//! Which columns of a row and of another source must be equal.

use super::Row;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Scope;
use crate::lower::Context;
use crate::resolve::unknown;
use crate::text::Spanned;
use crate::value::Type;
use crate::yaml::{Node, NodeKind};

/// Reads `same` as pairs of the row's and the other side's column; `other` is the other side's scope.
pub(super) fn lower(
    node: &Node,
    row: &Row<'_>,
    other: &Scope,
    context: &mut Context<'_>,
) -> Option<Vec<(String, String)>> {
    let mut known = Some(Vec::new());
    for (own, theirs) in pairs(node.get("same")?) {
        let left = type_of(&own, row.scope(), context);
        // One name stands for both columns of a list: a mistake in it is one mistake.
        let same_mistake = left.is_none() && own.span == theirs.span;
        let right = if same_mistake { None } else { type_of(&theirs, other, context) };
        match (left, right) {
            (Some(a), Some(b)) if a == b => known.iter_mut().for_each(|known| {
                known.push((own.value.clone(), theirs.value.clone()));
            }),
            (Some(a), Some(b)) => {
                let message = format!("`{}` is {a}, `{}` is {b}: they are never equal", own.value, theirs.value);
                context.diagnostics.push(
                    Diagnostic::error(codes::TYPE_MISMATCH, theirs.span, message).help("match columns of one type"),
                );
                known = None;
            }
            _ => known = None,
        }
    }
    known
}

fn pairs(same: &Node) -> Vec<(Spanned<String>, Spanned<String>)> {
    let text = |node: &Node| Some(Spanned::new(node.as_text()?.to_owned(), node.span));
    match &same.kind {
        NodeKind::Sequence(items) => items.iter().filter_map(text).map(|name| (name.clone(), name)).collect(),
        _ => same.entries().iter().filter_map(|entry| Some((entry.named(), text(&entry.value)?))).collect(),
    }
}

fn type_of(name: &Spanned<String>, scope: &Scope, context: &mut Context<'_>) -> Option<Type> {
    let found = scope.names.get(&name.value).map(|found| found.ty);
    // What stands for a fact that has failed has been reported there.
    if found.is_none() && !scope.absent.contains_key(&name.value) {
        let kind = match scope.owner.strip_prefix("source ") {
            Some(source) => format!("column of {source} called"),
            None => "column called".to_owned(),
        };
        unknown(&kind, name, scope.names.keys(), context.diagnostics);
    }
    found
}
