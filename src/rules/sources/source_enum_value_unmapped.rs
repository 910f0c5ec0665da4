//! A column can hold a text that no condition of a metric knows, although its conditions name others.

use crate::diff::{Edit, Kind};
use crate::expression::Expression;
use crate::plan::Plan;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Value;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let Some(diff) = subject.diff else { return };
    for edit in diff.shared.iter().filter(|edit| edit.kind == Kind::Added) {
        let [first, column, values, value] = edit.path.steps() else { continue };
        if first != "columns" || values != "values" {
            continue;
        }
        for metric in subject.metrics() {
            let plans = metric.readings.iter().filter_map(|reading| subject.plan(metric, reading));
            let mut naming = plans.filter(|plan| names_texts(plan, edit, column));
            let Some(node) = naming.next().and(edit.new.as_ref()) else { continue };
            let id = &metric.id.value;
            let message =
                format!("`{column}` can be `{value}` now, and the conditions of `{id}` name other texts only");
            findings.add(rule, About::metric(metric), node.span, (&format!("{column}|{value}"), message));
        }
    }
}

/// Tells whether a plan compares the edited column with texts, the new one not among them.
fn names_texts(plan: &Plan, edit: &Edit, column: &str) -> bool {
    let new = edit.path.steps().last().map(|text| Value::text(text));
    let (mut named, mut known) = (false, false);
    plan.canonical().visit_expressions(&mut |slot, expression| {
        if slot.source != edit.object.name {
            return;
        }
        expression.walk(&mut |part| {
            let Expression::In(operand, values) = part else { return };
            if matches!(operand.as_ref(), Expression::Column(read) if read.name == column) {
                named = true;
                known |= new.as_ref().is_some_and(|new| values.contains(new));
            }
        });
    });
    named && !known
}
