//! A text in a condition that nothing holds against the values there are.

use std::collections::BTreeMap;

use crate::expression::Expression;
use crate::rules::columns::{Declared, column, holds_currencies};
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Value;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let catalog = subject.new.catalog;
    // What a part compares is told where the part is defined.
    for meant in subject.readings().filter(|meant| meant.pipeline().is_some()) {
        let mut compared: BTreeMap<(String, String), String> = BTreeMap::new();
        meant.plan.each_expression(&mut |slot, expression| {
            expression.walk(&mut |inner| {
                if let Some((name, text)) = comparison(inner) {
                    compared.entry((slot.source.clone(), name.to_owned())).or_insert(text);
                }
            });
        });
        for ((source, name), text) in compared {
            let declared = column(catalog, &source, &name).filter(|column| column.is_text() && !column.is_listed());
            let Some(declared) = declared.filter(|_| !holds_currencies(catalog, &source, &name)) else { continue };
            add(rule, (&meant, &declared), (&source, &text), findings);
        }
    }
}

fn add(
    rule: &'static Rule,
    (meant, declared): (&crate::rules::Meant<'_>, &Declared<'_>),
    (source, text): (&str, &str),
    findings: &mut Findings,
) {
    let name = declared.name();
    let message =
        format!("`{name}` of `{source}` is compared with `{text}`, and no list tells whether there is such a value");
    let key = format!("{source}|{name}");
    let finding = findings.add(rule, About::metric(meant.metric), declared.span(), (&key, message));
    finding.also(meant.head(), "compares it");
}

/// Returns the column and the text that a comparison holds against each other.
fn comparison(expression: &Expression) -> Option<(&str, String)> {
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    match expression {
        Expression::Compare(_, left, right) => match (left.as_ref(), right.as_ref()) {
            (Expression::Column(column), Expression::Literal(value, _))
            | (Expression::Literal(value, _), Expression::Column(column)) => Some((&column.name, text(value)?)),
            _ => None,
        },
        Expression::In(operand, values) => match operand.as_ref() {
            Expression::Column(column) => Some((&column.name, text(values.first()?)?)),
            _ => None,
        },
        _ => None,
    }
}
