//! Lengths of time on a clock.

use super::{Row, hours, same};
use crate::definition::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::compile_condition;
use crate::lower::Context;
use crate::lower::population::{instant_column, scan_of, scope_of};
use crate::plan::{Clock, Fact, Reversed, Rule, SpanEnd, Spans, Times};
use crate::value::Type;
use crate::yaml::{Entry, Node};

pub(super) fn lower(entry: &Entry, row: &Row<'_>, hidden: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = entry.value.get("clock")?;
    let from = row.typed(node.get("from")?, Type::Instant, context);
    let to = row.typed(node.get("to")?, Type::Instant, context);
    let within = hours::chosen(node, row, context)?;
    let during = sets(node, "during", row, context)?;
    let except = sets(node, "except", row, context)?;
    let (from, to) = (from?, to?);
    let reversed = match node.get("stop_before_start")?.as_text()? {
        "zero" => Reversed::Zero,
        "negative" => Reversed::Negative,
        _ => Reversed::Unknown,
    };
    let make = |hours| {
        let counting = counting(hours, &during, &except);
        Rule::Clocked(Clock { from: from.clone(), to: to.clone(), counting, reversed })
    };
    Some(hours::choose(within, (&entry.key.value, row), hidden, make))
}

/// Puts the parts together: within the hours, during all sets, except in any.
fn counting(hours: Option<crate::plan::Hours>, during: &[Times], except: &[Times]) -> Option<Times> {
    let mut all: Vec<Times> = hours.into_iter().map(Times::Open).chain(during.iter().cloned()).collect();
    all.extend(one_of(except.to_vec(), Times::Any).map(|any| Times::Not(Box::new(any))));
    one_of(all, Times::All)
}

/// Returns the set that several make, or the only one.
fn one_of(mut sets: Vec<Times>, join: fn(Vec<Times>) -> Times) -> Option<Times> {
    match sets.len() {
        0 => None,
        1 => sets.pop(),
        _ => Some(join(sets)),
    }
}

fn sets(node: &Node, key: &str, row: &Row<'_>, context: &mut Context<'_>) -> Option<Vec<Times>> {
    let items = node.get(key).map_or(&[][..], Node::items);
    let changes = node.get("calendar_changes");
    let sets: Vec<Option<Times>> = items.iter().map(|item| set(item, changes, row, context)).collect();
    sets.into_iter().collect()
}

fn set(node: &Node, changes: Option<&Node>, row: &Row<'_>, context: &mut Context<'_>) -> Option<Times> {
    if let Some(any) = node.get("any") {
        let parts: Vec<Option<Times>> = any.items().iter().map(|item| set(item, changes, row, context)).collect();
        return one_of(parts.into_iter().collect::<Option<_>>()?, Times::Any);
    }
    if let Some(calendar) = node.get("open") {
        return hours::named(calendar, changes, context).map(Times::Open);
    }
    spans(node, row, context).map(|spans| Times::Spans(Box::new(spans)))
}

fn spans(node: &Node, row: &Row<'_>, context: &mut Context<'_>) -> Option<Spans> {
    let fields = Fields::new(node, context.texts, context.diagnostics);
    let (source, start, end) = (fields.text("spans")?, fields.text("starts")?, fields.text("ends")?);
    let registry = context.registry;
    let file = registry.source(&source, context.diagnostics)?;
    let scope = row.beside(scope_of(file));
    let same = same::lower(node, row, &scope, context);
    let condition = |key: &str, context: &mut Context<'_>| match node.get(key) {
        Some(condition) => compile_condition(condition, &scope, context.texts, context.diagnostics).map(Some),
        None => Some(None),
    };
    let (chain, counts) = (condition("chain", context), condition("where", context));
    instant_column(&start, file, context)?;
    let end = if end.value == "next_event" {
        SpanEnd::NextEvent
    } else {
        instant_column(&end, file, context)?;
        SpanEnd::Column(end.value)
    };
    if let (SpanEnd::Column(_), Some(chain)) = (&end, node.get("chain")) {
        context.diagnostics.push(
            Diagnostic::error(codes::UNUSED_POLICY, chain.span, "`chain` has no effect: each span has its own end")
                .help("remove it, or write its condition under `where`"),
        );
    }
    Some(Spans { events: scan_of(file), same: same?, chain: chain?, counts: counts?, start: start.value, end })
}
