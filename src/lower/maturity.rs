//! What is waited for before a row counts, and how far back the data must reach.

use super::Context;
use super::facts::{windows_ahead, windows_behind};
use super::population::{Population, instant_name};
use crate::definition::{Fields, SourceFile};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, compile_condition};
use crate::plan::{Awaits, Fact, Mature, MaturityPolicy};
use crate::text::Span;
use crate::value::Instant;
use crate::yaml::{Node, NodeKind};

const WAIT: &str = "add `maturity: wait` (leave such rows out), `provisional` (count and mark them) or `ignore`";

/// Says what rows wait for; without facts (one has failed) only what the definition itself says is looked at.
pub(super) fn lower(
    node: &Node,
    population: &Population<'_>,
    facts: Option<&[Fact]>,
    context: &mut Context<'_>,
) -> Vec<Mature> {
    let mut mature = match node.get("maturity").filter(|written| is_declared(written)) {
        Some(written) => declared(written, population, context).into_iter().collect(),
        None => facts.map_or(Vec::new(), |facts| ahead(node, facts, context)),
    };
    mature.extend(facts.map_or(Vec::new(), |facts| behind(node, facts, context)));
    // Of two reasons to doubt a row the one that leaves it out decides.
    mature.sort_by_key(|mature| mature.policy != MaturityPolicy::Wait);
    mature
}

/// Tells whether the definition itself says what is waited for, rather than its facts.
fn is_declared(written: &Node) -> bool {
    ["after", "closes_after", "open_when"].iter().any(|key| written.get(key).is_some())
}

/// Returns what is waited for because facts look ahead.
fn ahead(node: &Node, facts: &[Fact], context: &mut Context<'_>) -> Vec<Mature> {
    let waits = windows_ahead(facts);
    let written = node.get("maturity");
    let policy = match written.map(|written| (&written.kind, written)) {
        Some((NodeKind::Mapping(_), written)) => written.get("policy"),
        Some((_, written)) => Some(written),
        None => None,
    };
    let Some(policy) = policy else {
        if let Some((fact, _)) = waits.first() {
            let message = format!("`{fact}` looks ahead, and nothing says what happens until its window has closed");
            let help = if written.is_some() { "add `policy: wait`, `provisional` or `ignore`" } else { WAIT };
            context
                .diagnostics
                .push(Diagnostic::error(codes::MATURITY_ABSENT, place_of(node, fact), message).help(help));
        }
        return Vec::new();
    };
    // A variant says `ignore` to take back what its base waits for, so it needs nothing to wait for.
    let Some(mature) = policy_of(policy) else { return Vec::new() };
    if waits.is_empty() {
        context.diagnostics.push(
            Diagnostic::error(codes::UNUSED_POLICY, policy.span, "nothing has to be waited for")
                .help("remove `maturity`, or say what is waited for: `{policy: wait, after: ..., closes_after: 7d}`"),
        );
    }
    let mut awaited: Vec<Awaits> = Vec::new();
    for (_, awaits) in waits {
        if !awaited.iter().any(|other| other.outlasts(&awaits)) {
            awaited.retain(|other| !awaits.outlasts(other));
            awaited.push(awaits);
        }
    }
    awaited.into_iter().map(|awaits| Mature { awaits, policy: mature }).collect()
}

/// Returns where a fact is written.
fn place_of(node: &Node, fact: &str) -> Span {
    node.get("facts").map_or(node.span, |facts| {
        facts.entries().iter().find(|entry| entry.key.value == fact).map_or(facts.span, |entry| entry.key.span)
    })
}

/// Returns what the definition itself waits for: a length of time, or an outcome.
fn declared(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Option<Mature> {
    let policy = demand(node, "policy", "`wait`, `provisional` or `ignore`", context);
    let awaits = match (node.get("open_when"), node.get("after").or(node.get("closes_after"))) {
        (Some(open), None) => compile_condition(open, &population.scope, context.texts, context.diagnostics)
            .map(|open| Awaits::Settled { open }),
        (Some(open), Some(length)) => {
            context.diagnostics.push(
                Diagnostic::error(
                    codes::INVALID_VALUE,
                    length.span,
                    "a row waits for time, or for its outcome, not for both",
                )
                .also(open.span, "the outcome is open here")
                .help(
                    "keep `open_when`, or `after` and `closes_after`; the condition may compare instants with `as_of`",
                ),
            );
            None
        }
        (None, _) => closed(node, population, context),
    };
    Some(Mature { awaits: awaits?, policy: policy_of(policy?)? })
}

fn closed(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Option<Awaits> {
    demand(node, "after", "the row's instant that is waited from", context)?;
    demand(node, "closes_after", "how long is waited, such as `7d`", context)?;
    let mut fields = Fields::new(node, context.texts, context.diagnostics);
    let (anchor, closes_after) = (fields.text("after")?, fields.duration("closes_after")?);
    instant_name(&anchor, &population.scope, context)?;
    Some(Awaits::Closed { closes: Expression::shift(&anchor.value, closes_after.value) })
}

fn demand<'a>(node: &'a Node, key: &str, what: &str, context: &mut Context<'_>) -> Option<&'a Node> {
    let found = node.get(key);
    if found.is_none() {
        let span = node.entries().first().map_or(node.span, |entry| entry.key.span);
        context.diagnostics.push(
            Diagnostic::error(codes::MISSING_KEY, span, format!("`maturity` lacks the key `{key}`"))
                .help(format!("add `{key}:` with {what}")),
        );
    }
    found
}

/// Returns what must lie within the data because facts look back over a source that has a beginning.
fn behind(node: &Node, facts: &[Fact], context: &mut Context<'_>) -> Vec<Mature> {
    let registry = context.registry;
    let mut first: Option<(&str, &SourceFile, Instant)> = None;
    let mut covered: Vec<Awaits> = Vec::new();
    for (fact, opens, source) in windows_behind(facts) {
        let file = registry.sources.get(source);
        let Some((file, since)) = file.and_then(|file| Some((file, file.source.observed_from?))) else { continue };
        first.get_or_insert((fact, file, since));
        let awaits = Awaits::Covered { opens: opens.clone(), since };
        if !covered.contains(&awaits) {
            covered.push(awaits);
        }
    }
    let written = node.get("maturity").and_then(|maturity| maturity.get("look_back"));
    match (written, first) {
        (None, Some((fact, file, since))) => {
            let message =
                format!("`{fact}` looks back to where data may be absent, and nothing says what happens then");
            context.diagnostics.push(
                Diagnostic::error(codes::MATURITY_ABSENT, place_of(node, fact), message)
                    .also(file.span, format!("this is complete only from {since}"))
                    .help("add `maturity: {look_back: wait}` (leave such rows out), `provisional` (count and mark them) or `ignore`"),
            );
            Vec::new()
        }
        (Some(written), first) => {
            let Some(policy) = policy_of(written) else { return Vec::new() };
            if first.is_none() {
                context.diagnostics.push(
                    Diagnostic::error(
                        codes::UNUSED_POLICY,
                        written.span,
                        "nothing looks back over data with a beginning",
                    )
                    .help("remove `look_back`, or say in the source from when its data is complete: `observed_from`"),
                );
            }
            covered.into_iter().map(|awaits| Mature { awaits, policy }).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Returns the policy; `None` where rows are counted as if their windows had closed.
fn policy_of(node: &Node) -> Option<MaturityPolicy> {
    match node.as_text()? {
        "wait" => Some(MaturityPolicy::Wait),
        "provisional" => Some(MaturityPolicy::Provisional),
        _ => None,
    }
}
