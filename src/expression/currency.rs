//! Amounts of money whose currency differs by row: they are no quantity until they are converted.

use super::{Expression, Scope};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::yaml::Node;

/// Refuses an expression as a quantity where its value holds an amount in a currency of its own.
pub fn demand_one_currency(
    expression: &Expression,
    node: &Node,
    scope: &Scope,
    diagnostics: &mut Diagnostics,
) -> Option<()> {
    let Some(name) = scope.in_own_currency(expression) else { return Some(()) };
    let message = format!("the amounts of `{name}` are in different currencies");
    let diagnostic = Diagnostic::error(codes::UNIT_MISMATCH, node.span, message)
        .help("convert them first, by a fact: `convert: {amount: ..., into: EUR, ...}`");
    diagnostics.push(match scope.names.get(name).and_then(|name| name.declared) {
        Some(declared) => diagnostic.also(declared, "the currency stands in another column"),
        None => diagnostic,
    });
    None
}
