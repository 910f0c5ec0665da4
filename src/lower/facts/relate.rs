//! Facts from the events around a row.

use super::{Row, same, window};
use crate::definition::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Expression, Scope, compile, compile_condition, demand_one_currency};
use crate::lower::Context;
use crate::lower::population::{instant_column, scan_of, scope_of};
use crate::plan::{Credit, Fact, Relate, Rule, Summary};
use crate::text::Spanned;
use crate::value::Type;
use crate::yaml::{Entry, Node};

const SUMMARIES: [&str; 9] = ["exists", "every", "count", "first", "last", "sum", "mean", "min", "max"];

/// Lowers a fact from events; adds the facts that its window needs to `hidden`.
pub(super) fn lower(entry: &Entry, row: &Row<'_>, hidden: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = &entry.value;
    let (summary, source) = summary_key(entry, context)?;
    let registry = context.registry;
    let file = registry.source(&source, context.diagnostics)?;
    let scope = row.beside(scope_of(file));
    let same = same::lower(node, row, &scope, context);
    let fields = Fields::new(node, context.texts, context.diagnostics);
    let (at, credit) = (fields.text("at"), fields.words("credit"));
    if let Some(at) = &at {
        instant_column(at, file, context)?;
    }
    let event_at = at.map_or_else(|| file.source.order[0].clone(), |at| at.value);
    let predicate = match node.get("where") {
        Some(condition) => Some(compile_condition(condition, &scope, context.texts, context.diagnostics)?),
        None => None,
    };
    let summary = summary_of(&summary, node, &scope, context)?;
    let own = file.source.name == row.population.file.source.name;
    let (anchor, window) = window::lower(entry, row, own, hidden, context)?;
    Some(Rule::Related(Box::new(Relate {
        events: scan_of(file),
        same: same?,
        predicate,
        anchor,
        event_at,
        window,
        credit: match credit.as_str() {
            "first_row" => Credit::First,
            "last_row" => Credit::Last,
            _ => Credit::Every,
        },
        summary,
    })))
}

fn summary_key(entry: &Entry, context: &mut Context<'_>) -> Option<(String, Spanned<String>)> {
    let present: Vec<&Entry> =
        entry.value.entries().iter().filter(|inner| SUMMARIES.contains(&inner.key.value.as_str())).collect();
    if let [only] = present.as_slice() {
        let source = Spanned::new(only.value.as_text()?.to_owned(), only.value.span);
        return Some((only.name(), source));
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
        "every" => demand(expression.ty() == Type::Boolean, expression, value, context).map(Summary::Every),
        "mean" => quantity(expression, value, scope, context).map(Summary::Mean),
        "first" => Some(Summary::First(expression)),
        "last" => Some(Summary::Last(expression)),
        "sum" => quantity(expression, value, scope, context).map(Summary::Sum),
        "min" => ordered(expression, value, scope, context).map(Summary::Min),
        _ => ordered(expression, value, scope, context).map(Summary::Max),
    }
}

fn quantity(expression: Expression, node: &Node, scope: &Scope, context: &mut Context<'_>) -> Option<Expression> {
    demand_one_currency(&expression, node, scope, context.diagnostics)?;
    let fits = matches!(expression.ty(), Type::Number(_) | Type::Duration);
    demand(fits, expression, node, context)
}

fn ordered(expression: Expression, node: &Node, scope: &Scope, context: &mut Context<'_>) -> Option<Expression> {
    demand_one_currency(&expression, node, scope, context.diagnostics)?;
    let fits = matches!(expression.ty(), Type::Number(_) | Type::Duration | Type::Instant | Type::Date);
    demand(fits, expression, node, context)
}

fn demand(fits: bool, expression: Expression, node: &Node, context: &mut Context<'_>) -> Option<Expression> {
    if fits {
        return Some(expression);
    }
    let message = format!("{} cannot be summarised like this", expression.ty());
    context.diagnostics.push(Diagnostic::error(codes::TYPE_MISMATCH, node.span, message).help(
        "sums and means need numbers or durations, smallest and largest something with an order, `every` a condition",
    ));
    None
}
