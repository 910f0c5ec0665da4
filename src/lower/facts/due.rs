//! Instants at a distance: when something is due.

use super::Row;
use super::distance::{self, Reach};
use super::hours::{self, Chosen};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Expression;
use crate::lower::Context;
use crate::plan::{Advance, Distance, Fact, Rule};
use crate::value::{Type, Value};
use crate::yaml::{Entry, Node};

pub(super) fn lower(entry: &Entry, row: &Row<'_>, hidden: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = entry.value.get("due")?;
    let from = row.typed(node.get("from")?, Type::Instant, context)?;
    let after = node.get("after")?;
    let within = hours::chosen(node, row, context)?;
    if after.as_text().is_some_and(distance::is_distance) {
        return written(entry, (from, after), (within, node), row, hidden, context);
    }
    let length = row.typed(after, Type::Duration, context)?;
    Some(hours::choose(within, (&entry.key.value, row), hidden, |hours| match hours {
        Some(hours) => {
            let by = Distance::BusinessTime { length: length.clone(), hours };
            Rule::Advanced(Advance { from: from.clone(), by })
        }
        None => Rule::Derived(shift(&from, length.clone())),
    }))
}

/// A distance that is written out.
fn written(
    entry: &Entry,
    (from, after): (Expression, &Node),
    (within, node): (Option<Chosen>, &Node),
    row: &Row<'_>,
    hidden: &mut Vec<Fact>,
    context: &mut Context<'_>,
) -> Option<Rule> {
    let elapsed = after.as_text().is_some_and(|text| !text.contains(' '));
    if let (true, Some(within)) = (elapsed, node.get("within")) {
        context.diagnostics.push(
            Diagnostic::error(codes::UNUSED_POLICY, within.span, "elapsed time knows no calendar")
                .also(after.span, "this is elapsed time")
                .help("write the distance as `8h business_time`, or remove the calendar"),
        );
        return None;
    }
    let mut failed = false;
    let rule = hours::choose(within, (&entry.key.value, row), hidden, |hours| {
        match distance::lower(after, (hours, node), true, row, context) {
            Some(Reach::Clock(by)) => Rule::Advanced(Advance { from: from.clone(), by }),
            Some(Reach::Elapsed(length)) => {
                Rule::Derived(shift(&from, Expression::Literal(Value::Duration(length), Type::Duration)))
            }
            None => {
                failed = true;
                Rule::Derived(from.clone())
            }
        }
    });
    (!failed).then_some(rule)
}

fn shift(at: &Expression, by: Expression) -> Expression {
    Expression::Shift { at: Box::new(at.clone()), by: Box::new(by) }
}
