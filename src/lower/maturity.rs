//! What is waited for before a row counts.

use super::Context;
use super::population::{Population, instant_column};
use crate::definition::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Mature, MaturityPolicy, Relate};
use crate::value::Duration;
use crate::yaml::{Node, NodeKind};

pub(super) fn lower(
    node: &Node,
    population: &Population<'_>,
    relate: &Option<Vec<Relate>>,
    context: &mut Context<'_>,
) -> Option<Mature> {
    let relate = relate.as_deref()?;
    let waits = forward_windows(relate);
    let Some(written) = node.get("maturity") else {
        if let Some((fact, _, closes_after)) = waits.first() {
            let span = node.get("facts").map_or(node.span, |facts| {
                facts.entries().iter().find(|entry| entry.key.value == **fact).map_or(facts.span, |e| e.key.span)
            });
            let message = format!("`{fact}` looks {closes_after} ahead, and nothing says what happens until then");
            context.diagnostics.push(
                Diagnostic::error(codes::MATURITY_ABSENT, span, message).help(
                    "add `maturity: wait` (leave such rows out), `provisional` (count and mark them) or `ignore`",
                ),
            );
        }
        return None;
    };
    if matches!(written.kind, NodeKind::Mapping(_)) {
        return declared(written, population, context);
    }
    let policy = policy_of(written);
    // A variant says `ignore` to take back what its base waits for, so it needs nothing to wait for.
    policy?;
    let Some((_, anchor, _)) = waits.first() else {
        context.diagnostics.push(
            Diagnostic::error(codes::UNUSED_POLICY, written.span, "nothing has to be waited for")
                .help("remove `maturity`, or say what is waited for: `{policy: wait, after: ..., closes_after: 7d}`"),
        );
        return None;
    };
    if waits.iter().any(|(_, other, _)| other != anchor) {
        context.diagnostics.push(
            Diagnostic::error(codes::MATURITY_ABSENT, written.span, "the facts look ahead from different instants")
                .help("say what is waited for: `maturity: {policy: wait, after: ..., closes_after: 7d}`"),
        );
        return None;
    }
    let closes_after = waits.iter().map(|(_, _, closes_after)| *closes_after).max()?;
    Some(Mature { anchor: (*anchor).to_owned(), closes_after, policy: policy? })
}

/// Returns fact, anchor and end of every window that ends a while after its anchor.
fn forward_windows(relate: &[Relate]) -> Vec<(&str, &str, Duration)> {
    relate
        .iter()
        .filter_map(|relate| {
            let end = relate.window.to.filter(|bound| bound.offset > Duration::ZERO)?;
            Some((relate.name.as_str(), relate.anchor.as_str(), end.offset))
        })
        .collect()
}

fn declared(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Option<Mature> {
    let policy = policy_of(node.get("policy")?)?;
    let mut fields = Fields::new(node, context.texts, context.diagnostics);
    let (anchor, closes_after) = (fields.text("after")?, fields.duration("closes_after")?);
    instant_column(&anchor, population.file, context)?;
    Some(Mature { anchor: anchor.value, closes_after: closes_after.value, policy })
}

/// Returns the policy; `None` where rows are counted as if their windows had closed.
fn policy_of(node: &Node) -> Option<MaturityPolicy> {
    match node.as_text()? {
        "wait" => Some(MaturityPolicy::Wait),
        "provisional" => Some(MaturityPolicy::Provisional),
        _ => None,
    }
}
