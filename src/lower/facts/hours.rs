//! The business hours that a fact names.

use super::Row;
use crate::definition::StandardKind;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Expression;
use crate::lower::Context;
use crate::plan::{Fact, Hours, Rule};
use crate::text::Spanned;
use crate::value::{Type, Value};
use crate::yaml::Node;

/// Returns the hours of the calendar named at `node`; `changes` is where the policy for several schedules stands.
pub(super) fn named(node: &Node, changes: Option<&Node>, context: &mut Context<'_>) -> Option<Hours> {
    let name = Spanned::new(node.as_text()?.to_owned(), node.span);
    let registry = context.registry;
    let standard = registry.standard(&name, context.diagnostics)?;
    let StandardKind::Calendar { hours } = &standard.kind else {
        let message = format!("`{}` is no calendar, but of kind {}", name.value, standard.kind.name());
        context.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_REFERENCE, name.span, message)
                .also(standard.name.span, "defined here")
                .help("name a standard of kind calendar"),
        );
        return None;
    };
    let mut hours = hours.clone();
    match changes.and_then(Node::as_text) {
        Some("latest") => {
            let latest = hours.schedules.pop();
            hours.schedules = latest.into_iter().collect();
            hours.schedules.iter_mut().for_each(|schedule| schedule.from = None);
        }
        Some(_) => {}
        None if hours.schedules.len() > 1 => {
            let message = format!("the hours of `{}` have changed over time", name.value);
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, node.span, message)
                    .also(standard.name.span, "it has several schedules")
                    .help("add `calendar_changes: as_they_were` (each day by the hours of its time) or `latest`"),
            );
            return None;
        }
        None => {}
    }
    Some(hours)
}

/// Refuses hours that are never open: no business time would ever pass.
pub(super) fn with_openings(hours: Hours, node: &Node, context: &mut Context<'_>) -> Option<Hours> {
    if hours.schedules.last().is_some_and(|last| last.weekly.iter().any(|day| !day.is_empty())) {
        return Some(hours);
    }
    context.diagnostics.push(
        Diagnostic::error(codes::INVALID_VALUE, node.span, "the calendar is never open, so no business time passes")
            .help("give the calendar weekly hours"),
    );
    None
}

/// A calendar for the row: one for all, or chosen by a value of the row.
pub(super) enum Chosen {
    /// One for all rows.
    One(Hours),
    /// By the first condition that holds, then what holds otherwise.
    By(Vec<(Expression, Hours)>, Option<Hours>),
}

/// Reads `within` of a clock or due date.
pub(super) fn chosen(node: &Node, row: &Row<'_>, context: &mut Context<'_>) -> Option<Option<Chosen>> {
    let Some(within) = node.get("within") else { return Some(None) };
    let changes = node.get("calendar_changes");
    if within.as_text().is_some() {
        return Some(Some(Chosen::One(named(within, changes, context)?)));
    }
    let by = row.typed(within.get("by")?, Type::Text, context)?;
    let mut choices = Vec::new();
    for entry in within.get("calendars")?.entries() {
        choices.push((by.clone().is_text(&entry.key.value), named(&entry.value, changes, context)?));
    }
    let otherwise = match within.get("otherwise") {
        Some(calendar) => Some(named(calendar, changes, context)?),
        None => None,
    };
    Some(Some(Chosen::By(choices, otherwise)))
}

/// Makes a rule for each calendar and chooses between them by the row; `make` gets the calendar of each.
pub(super) fn choose(
    chosen: Option<Chosen>,
    (fact, row): (&str, &Row<'_>),
    hidden: &mut Vec<Fact>,
    mut make: impl FnMut(Option<Hours>) -> Rule,
) -> Rule {
    let (choices, otherwise) = match chosen {
        None => return make(None),
        Some(Chosen::One(hours)) => return make(Some(hours)),
        Some(Chosen::By(choices, otherwise)) => (choices, otherwise),
    };
    let mut named = |part: &str, hours: Hours| {
        let rule = make(Some(hours));
        let name = row.hidden(fact, part);
        let value = Expression::column(&name, rule.ty());
        hidden.push(Fact { name, rule });
        value
    };
    let arms: Vec<(Expression, Expression)> = choices
        .into_iter()
        .enumerate()
        .map(|(index, (when, hours))| (when, named(&format!("calendar_{}", index + 1), hours)))
        .collect();
    let otherwise = match otherwise {
        Some(hours) => named("otherwise", hours),
        None => Expression::Literal(Value::Null, arms.first().map_or(Type::Duration, |(_, then)| then.ty())),
    };
    Rule::Derived(Expression::Case { arms, otherwise: Box::new(otherwise) })
}
