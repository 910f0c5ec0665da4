//! Times that are promised, from a table of targets.

use super::Row;
use crate::definition::{Fields, StandardKind, TargetRow};
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::expression::Expression;
use crate::lower::Context;
use crate::plan::{Fact, Rule};
use crate::resolve::unknown;
use crate::text::Spanned;
use crate::value::{Type, Value};
use crate::yaml::{Entry, Node};

pub(super) fn lower(entry: &Entry, row: &Row<'_>, _: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = entry.value.get("target")?;
    let fields = Fields::new(node, context.texts, context.diagnostics);
    let (name, column) = (fields.text("use")?, fields.text("column")?);
    let registry = context.registry;
    let standard = registry.standard(&name, context.diagnostics)?;
    let StandardKind::Targets { keys, columns, rows } = &standard.kind else {
        let message = format!("`{}` holds no targets, it is of kind {}", name.value, standard.kind.name());
        context.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_REFERENCE, name.span, message)
                .also(standard.name.span, "defined here")
                .help("name a standard of kind targets"),
        );
        return None;
    };
    let Some(index) = columns.iter().position(|known| *known == column.value) else {
        unknown("column of targets called", &column, columns.iter(), context.diagnostics);
        return None;
    };
    let values = keys_of_row(node.get("by")?, keys, row, context)?;
    refuse_impossible(&name, (keys, &values), rows, row, context)?;
    let arms = rows.iter().map(|target| {
        let then = target.values[index].map_or(Value::Null, Value::Duration);
        (condition(&values, &target.keys), Expression::Literal(then, Type::Duration))
    });
    let otherwise = Box::new(Expression::Literal(Value::Null, Type::Duration));
    Some(Rule::Derived(Expression::Case { arms: arms.collect(), otherwise }))
}

/// Refuses a row of the table for a text that the row's column can never hold: it would never be reached.
fn refuse_impossible(
    name: &Spanned<String>,
    (keys, values): (&[String], &[Expression]),
    rows: &[TargetRow],
    row: &Row<'_>,
    context: &mut Context<'_>,
) -> Option<()> {
    for (index, value) in values.iter().enumerate() {
        let Expression::Column(column) = value else { continue };
        let Some(found) = row.scope().names.get(&column.name) else { continue };
        let Some(listed) = &found.values else { continue };
        let Some(text) = rows.iter().filter_map(|row| row.keys[index].as_ref()).find(|text| !listed.contains(text))
        else {
            continue;
        };
        let known: Vec<&str> = listed.iter().map(String::as_str).collect();
        let message = format!(
            "`{}` promises something where `{}` is `{text}`, which `{}` never is",
            name.value, keys[index], column.name
        );
        let diagnostic = Diagnostic::error(codes::UNKNOWN_VALUE, name.span, message);
        let diagnostic = match found.declared {
            Some(declared) => diagnostic.also(declared, "its values are listed here"),
            None => diagnostic,
        };
        context.diagnostics.push(match nearest(text, &known) {
            Some(near) => diagnostic.help(format!("did the table mean `{near}`?")),
            None => diagnostic.help("take the row out of the table, or list the value"),
        });
        return None;
    }
    Some(())
}

/// Returns the row's value for each key of the table.
fn keys_of_row(by: &Node, keys: &[String], row: &Row<'_>, context: &mut Context<'_>) -> Option<Vec<Expression>> {
    if let Some(entry) = by.entries().iter().find(|entry| keys.iter().all(|key| *key != entry.key.value)) {
        unknown("key of the targets called", &entry.named(), keys.iter(), context.diagnostics);
        return None;
    }
    let mut values = Vec::new();
    for key in keys {
        let Some(node) = by.get(key) else {
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, by.span, format!("the targets need a `{key}`"))
                    .help(format!("add `{key}:` with the row's column or fact")),
            );
            return None;
        };
        values.push(row.typed(node, Type::Text, context)?);
    }
    Some(values)
}

/// Writes that the row has these keys; an absent key fits any.
fn condition(values: &[Expression], keys: &[Option<String>]) -> Expression {
    let equal = |value: &Expression, key: &String| value.clone().is_text(key);
    let mut parts: Vec<Expression> =
        values.iter().zip(keys).filter_map(|(value, key)| Some(equal(value, key.as_ref()?))).collect();
    match parts.len() {
        0 => Expression::Literal(Value::Boolean(true), Type::Boolean),
        1 => parts.remove(0),
        _ => Expression::And(parts),
    }
}
