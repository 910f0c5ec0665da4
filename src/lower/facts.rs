//! Facts about a row from other rows.

use super::Context;
use super::population::{Population, instant_column, scan_of, scope_of};
use crate::definition::{Fields, SourceFile};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, Name, Scope, compile, compile_condition};
use crate::plan::{Bound, Relate, Summary, Window};
use crate::resolve::unknown;
use crate::text::Spanned;
use crate::value::{Duration, Type};
use crate::yaml::{Entry, Node, NodeKind};

const SUMMARIES: [&str; 7] = ["exists", "count", "first", "last", "sum", "min", "max"];

/// Lowers all facts and adds their names to the population's; `None` when one of them has no meaning.
pub(super) fn lower(node: &Node, population: &mut Population<'_>, context: &mut Context<'_>) -> Option<Vec<Relate>> {
    let Some(facts) = node.get("facts") else { return Some(Vec::new()) };
    let mut relates = Vec::new();
    let mut failed = false;
    for entry in facts.entries() {
        match fact(entry, population, context) {
            Some(relate) => {
                let nullable = !matches!(relate.summary, Summary::Exists | Summary::Count);
                let declared = Some(entry.key.span);
                let name = Name { nullable, declared, ..Name::of(relate.ty()) };
                population.scope.names.insert(relate.name.clone(), name);
                relates.push(relate);
            }
            None => {
                failed = true;
                population.scope.absent.insert(entry.key.value.clone(), None);
            }
        }
    }
    (!failed).then_some(relates)
}

fn fact(entry: &Entry, population: &Population<'_>, context: &mut Context<'_>) -> Option<Relate> {
    let node = &entry.value;
    if population.scope.names.contains_key(&entry.key.value) {
        let message = format!("`{}` is the name of a column already", entry.key.value);
        context.diagnostics.push(
            Diagnostic::error(codes::DUPLICATE_NAME, entry.key.span, message).help("give the fact a name of its own"),
        );
        return None;
    }
    let (summary, source) = summary_key(entry, context)?;
    let registry = context.registry;
    let file = registry.source(&source, context.diagnostics)?;
    let scope = scope_of(file);
    let same = same(node, population.file, file, context);
    let anchor = Fields::new(node, context.texts, context.diagnostics).inside("window")?.text("anchor")?;
    instant_column(&anchor, population.file, context)?;
    let at = Fields::new(node, context.texts, context.diagnostics).text("at");
    if let Some(at) = &at {
        instant_column(at, file, context)?;
    }
    let event_at = at.map_or_else(|| file.source.order[0].clone(), |at| at.value);
    let predicate = match node.get("where") {
        Some(condition) => Some(compile_condition(condition, &scope, context.texts, context.diagnostics)?),
        None => None,
    };
    let summary = summary_of(&summary, node, &scope, context)?;
    let mut window = window(node, context)?;
    let own = file.source.name == population.file.source.name;
    window.same_instant_later_in_order = same_instant(node, &window, own, context)?;
    Some(Relate {
        name: entry.key.value.clone(),
        events: scan_of(file),
        same: same?,
        predicate,
        anchor: anchor.value,
        event_at,
        window,
        summary,
    })
}

fn summary_key(entry: &Entry, context: &mut Context<'_>) -> Option<(String, Spanned<String>)> {
    let present: Vec<&Entry> =
        entry.value.entries().iter().filter(|inner| SUMMARIES.contains(&inner.key.value.as_str())).collect();
    if let [only] = present.as_slice() {
        let source = Spanned::new(only.value.as_text()?.to_owned(), only.value.span);
        return Some((only.key.value.clone(), source));
    }
    let list = SUMMARIES.map(|word| format!("`{word}`")).join(", ");
    let message = format!("the fact `{}` has {} summaries", entry.key.value, present.len());
    context.diagnostics.push(
        Diagnostic::error(codes::MISSING_KEY, entry.key.span, message)
            .help(format!("give exactly one of {list}, each with the events' source")),
    );
    None
}

fn summary_of(word: &str, node: &Node, scope: &Scope, context: &mut Context<'_>) -> Option<Summary> {
    let value = node.get("value");
    let plain = match word {
        "exists" => Some(Summary::Exists),
        "count" => Some(Summary::Count),
        _ => None,
    };
    if let Some(summary) = plain {
        if let Some(value) = value {
            context.diagnostics.push(
                Diagnostic::error(codes::UNKNOWN_KEY, value.span, format!("`{word}` takes no `value`"))
                    .help("remove `value`, or summarise by `sum`, `min`, `max`, `first` or `last`"),
            );
            return None;
        }
        return Some(summary);
    }
    let Some(value) = value else {
        let message = format!("`{word}` needs a `value`");
        let span = node.get(word).map_or(node.span, |source| source.span);
        context.diagnostics.push(
            Diagnostic::error(codes::MISSING_KEY, span, message)
                .help("add `value:` with what is taken from each event"),
        );
        return None;
    };
    let expression = compile(value, scope, context.texts, context.diagnostics)?;
    match word {
        "first" => Some(Summary::First(expression)),
        "last" => Some(Summary::Last(expression)),
        "sum" => quantity(expression, value, context).map(Summary::Sum),
        "min" => ordered(expression, value, context).map(Summary::Min),
        _ => ordered(expression, value, context).map(Summary::Max),
    }
}

fn quantity(expression: Expression, node: &Node, context: &mut Context<'_>) -> Option<Expression> {
    let fits = matches!(expression.ty(), Type::Number(_) | Type::Duration);
    demand(fits, expression, node, context)
}

fn ordered(expression: Expression, node: &Node, context: &mut Context<'_>) -> Option<Expression> {
    let fits = matches!(expression.ty(), Type::Number(_) | Type::Duration | Type::Instant | Type::Date);
    demand(fits, expression, node, context)
}

fn demand(fits: bool, expression: Expression, node: &Node, context: &mut Context<'_>) -> Option<Expression> {
    if fits {
        return Some(expression);
    }
    let message = format!("{} cannot be summarised like this", expression.ty());
    context.diagnostics.push(
        Diagnostic::error(codes::TYPE_MISMATCH, node.span, message)
            .help("sums need numbers or durations; smallest and largest need something with an order"),
    );
    None
}

fn same(
    node: &Node,
    rows: &SourceFile,
    events: &SourceFile,
    context: &mut Context<'_>,
) -> Option<Vec<(String, String)>> {
    let same = node.get("same")?;
    let pairs: Vec<(Spanned<String>, Spanned<String>)> = match &same.kind {
        NodeKind::Sequence(items) => items
            .iter()
            .filter_map(|item| Some(Spanned::new(item.as_text()?.to_owned(), item.span)))
            .map(|name| (name.clone(), name))
            .collect(),
        _ => same
            .entries()
            .iter()
            .filter_map(|entry| {
                let event = Spanned::new(entry.value.as_text()?.to_owned(), entry.value.span);
                Some((entry.key.clone(), event))
            })
            .collect(),
    };
    let mut known = Some(Vec::new());
    for (row, event) in pairs {
        let left = column_type(&row, rows, context);
        // One name stands for both columns of a list: a mistake in it is one mistake.
        let same_mistake = left.is_none() && row.span == event.span;
        let right = if same_mistake { None } else { column_type(&event, events, context) };
        match (left, right) {
            (Some(a), Some(b)) if a == b => {
                if let Some(known) = &mut known {
                    known.push((row.value, event.value));
                }
            }
            (Some(a), Some(b)) => {
                let message = format!("`{}` is {a}, `{}` is {b}: they are never equal", row.value, event.value);
                context.diagnostics.push(
                    Diagnostic::error(codes::TYPE_MISMATCH, event.span, message).help("match columns of one type"),
                );
                known = None;
            }
            _ => known = None,
        }
    }
    known
}

fn column_type(name: &Spanned<String>, file: &SourceFile, context: &mut Context<'_>) -> Option<Type> {
    let found = file.source.column(&name.value).map(|column| column.ty);
    if found.is_none() {
        let columns: Vec<String> = file.source.columns.iter().map(|column| column.name.clone()).collect();
        let kind = format!("column of `{}` called", file.source.name);
        unknown(&kind, name, columns.iter(), context.diagnostics);
    }
    found
}

fn window(node: &Node, context: &mut Context<'_>) -> Option<Window> {
    let inner = node.get("window")?;
    let [start, end] = inner.get("ends")?.items() else { return None };
    let bound = |key: &str, end: &Node| -> Option<Option<Bound>> {
        let text = inner.get(key)?.as_text()?;
        if text == "unbounded" {
            return Some(None);
        }
        let offset: Duration = text.parse().ok()?;
        Some(Some(Bound { offset, inclusive: end.as_text()? == "inclusive" }))
    };
    let (from, to) = (bound("from", start)?, bound("to", end)?);
    if let (Some(from), Some(to)) = (from, to) {
        let both = from.inclusive && to.inclusive;
        if from.offset > to.offset || (from.offset == to.offset && !both) {
            context.diagnostics.push(
                Diagnostic::error(codes::WINDOW_REVERSED, inner.span, "the window holds no instant")
                    .help("`from` lies before `to`; a window of one instant includes both ends"),
            );
            return None;
        }
    }
    Some(Window { from, to, same_instant_later_in_order: false })
}

/// Where an event may happen at the row's own instant and both are of one source, the definition must say whether it
/// has to come later in the total order.
fn same_instant(node: &Node, window: &Window, own: bool, context: &mut Context<'_>) -> Option<bool> {
    let reaches = |bound: &Option<Bound>, outside: fn(Duration) -> bool| match bound {
        None => true,
        Some(bound) if bound.offset == Duration::ZERO => bound.inclusive,
        Some(bound) => !outside(bound.offset),
    };
    let includes_anchor = reaches(&window.from, |offset| offset > Duration::ZERO)
        && reaches(&window.to, |offset| offset < Duration::ZERO);
    let said = node.get("same_instant");
    match (own && includes_anchor, said) {
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
