//! The window of a fact from events.

use super::distance::{self, Reach};
use super::{Row, hours};
use crate::definition::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Expression;
use crate::lower::Context;
use crate::plan::{Advance, Awaits, Bound, Distance, Fact, Rule, Window};
use crate::text::Spanned;
use crate::value::{Duration, Type, Value};
use crate::yaml::{Entry, Node};

/// Returns the anchor and the window; ends on other clocks become facts in `hidden`.
pub(super) fn lower(
    entry: &Entry,
    row: &Row<'_>,
    own: bool,
    hidden: &mut Vec<Fact>,
    context: &mut Context<'_>,
) -> Option<(String, Window)> {
    let node = &entry.value;
    let inner = node.get("window")?;
    let anchor = Fields::new(inner, context.texts, context.diagnostics).text("anchor")?;
    let at = instant_name(&anchor, row, context)?;
    let calendar = match inner.get("calendar") {
        Some(named) => Some(hours::named(named, None, context)?),
        None => None,
    };
    let [start, end] = inner.get("ends")?.items() else { return None };
    let mut bound = |key: &str, end: &Node, part: &str| -> Option<Option<Bound>> {
        let written = inner.get(key)?;
        if written.as_text()? == "unbounded" {
            return Some(None);
        }
        let inclusive = end.as_text()? == "inclusive";
        let calendar = (calendar.clone(), inner);
        match distance::lower(written, calendar, inclusive, row, context)? {
            Reach::Elapsed(offset) => Some(Some(Bound { at: Expression::shift(&anchor.value, offset), inclusive })),
            Reach::Clock(by) => {
                // Days are whole: the instant is the midnight around them, and excludes the next day's first instant.
                let days = matches!(by, Distance::CalendarDays { .. } | Distance::BusinessDays { .. });
                let name = row.hidden(&entry.key.value, part);
                hidden.push(Fact { name: name.clone(), rule: Rule::Advanced(Advance { from: at.clone(), by }) });
                let inclusive = if days { key == "from" } else { inclusive };
                Some(Some(Bound { at: Expression::column(name, Type::Instant), inclusive }))
            }
        }
    };
    let (from, to) = (bound("from", start, "opens"), bound("to", end, "closes"));
    let (from, to) = (from?, to?);
    let mut window = Window { from, to, same_instant_later_in_order: false };
    refuse_reversed(inner, &window, &anchor.value, context)?;
    let holds_anchor = own && holds_anchor(&window, &anchor.value, hidden);
    window.same_instant_later_in_order = same_instant(node, holds_anchor, context)?;
    Some((anchor.value, window))
}

/// Returns an instant of the row by name; reports what it is otherwise.
fn instant_name(name: &Spanned<String>, row: &Row<'_>, context: &mut Context<'_>) -> Option<Expression> {
    let scope = row.scope();
    match scope.names.get(&name.value) {
        Some(found) if found.ty == Type::Instant => Some(Expression::column(&name.value, Type::Instant)),
        Some(found) => {
            let message = format!("`{}` is {}, not an instant", name.value, found.ty);
            context.diagnostics.push(
                Diagnostic::error(codes::TYPE_MISMATCH, name.span, message)
                    .help("name a column or fact of type instant"),
            );
            None
        }
        None => {
            if !scope.absent.contains_key(&name.value) {
                let kind = format!("column of {} called", scope.owner.trim_start_matches("source "));
                crate::resolve::unknown(&kind, name, scope.names.keys(), context.diagnostics);
            }
            None
        }
    }
}

fn refuse_reversed(node: &Node, window: &Window, anchor: &str, context: &mut Context<'_>) -> Option<()> {
    let (Some(from), Some(to)) = (&window.from, &window.to) else { return Some(()) };
    let (Some(first), Some(last)) = (from.offset(anchor), to.offset(anchor)) else { return Some(()) };
    let both = from.inclusive && to.inclusive;
    if first < last || (first == last && both) {
        return Some(());
    }
    context.diagnostics.push(
        Diagnostic::error(codes::WINDOW_REVERSED, node.span, "the window holds no instant")
            .help("`from` lies before `to`; a window of one instant includes both ends"),
    );
    None
}

/// Tells whether the window holds the instant it is measured from; `facts` has its ends on other clocks.
fn holds_anchor(window: &Window, anchor: &str, facts: &[Fact]) -> bool {
    let reaches = |bound: &Option<Bound>, elapsed: fn(Duration) -> bool, lies_behind: bool| {
        bound.as_ref().is_none_or(|bound| match bound.offset(anchor) {
            Some(Duration::ZERO) => bound.inclusive,
            Some(offset) => elapsed(offset),
            None => is_behind(&bound.at, facts) == lies_behind,
        })
    };
    reaches(&window.from, |offset| offset < Duration::ZERO, true)
        && reaches(&window.to, |offset| offset > Duration::ZERO, false)
}

/// Where an event may happen at the row's own instant and both are of one source, the definition must say whether it
/// has to come later in the total order.
fn same_instant(node: &Node, holds_anchor: bool, context: &mut Context<'_>) -> Option<bool> {
    let said = node.get("same_instant");
    match (holds_anchor, said) {
        (true, Some(word)) => Some(word.as_text() == Some("later_in_order")),
        (false, None) => Some(false),
        (true, None) => {
            let span = node.get("window").map_or(node.span, |window| window.span);
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, span, "the window includes the row's own instant")
                    .help("add `same_instant: later_in_order` (of two rows at one instant the later in the source's order follows the other) or `same_instant: counts`"),
            );
            None
        }
        (false, Some(word)) => {
            context.diagnostics.push(
                Diagnostic::error(codes::UNUSED_POLICY, word.span, "`same_instant` has no effect here")
                    .help("it applies where the window includes `0s` and the events are of the population's source"),
            );
            None
        }
    }
}

/// Returns what a row waits for because the window of a fact ends after the row's instant, with the fact's name.
pub(super) fn ahead(facts: &[Fact]) -> Vec<(&str, Awaits)> {
    facts
        .iter()
        .filter_map(|fact| {
            let Rule::Related(relate) = &fact.rule else { return None };
            let end = relate.window.to.as_ref()?;
            let looks_ahead = match end.offset(&relate.anchor) {
                Some(offset) => offset > Duration::ZERO,
                None => !is_behind(&end.at, facts),
            };
            looks_ahead.then(|| (fact.name.as_str(), Awaits::Closed { closes: end.at.clone() }))
        })
        .collect()
}

/// Returns where windows begin that reach back before the row's instant, with the fact's name and its events' source.
///
/// One without a beginning is not among them: no data reaches back far enough.
pub(super) fn behind(facts: &[Fact]) -> Vec<(&str, &Expression, &str)> {
    facts
        .iter()
        .filter_map(|fact| {
            let Rule::Related(relate) = &fact.rule else { return None };
            let start = relate.window.from.as_ref()?;
            let looks_back = match start.offset(&relate.anchor) {
                Some(offset) => offset < Duration::ZERO,
                None => is_behind(&start.at, facts),
            };
            looks_back.then_some((fact.name.as_str(), &start.at, relate.events.source.as_str()))
        })
        .collect()
}

/// Tells whether an end on another clock lies before the instant it is measured from.
fn is_behind(end: &Expression, facts: &[Fact]) -> bool {
    let Expression::Column(column) = end else { return false };
    let rule = facts.iter().find(|fact| fact.name == column.name).map(|fact| &fact.rule);
    let Some(Rule::Advanced(advance)) = rule else { return false };
    match &advance.by {
        Distance::CalendarDays { days, .. } | Distance::BusinessDays { days, .. } => *days < 0,
        Distance::BusinessTime { length: Expression::Literal(Value::Duration(length), _), .. } => {
            *length <= Duration::ZERO
        }
        Distance::BusinessTime { .. } => false,
    }
}
