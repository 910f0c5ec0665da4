//! When two scalars of a file say the same, however they are written.

use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use crate::shape::Shape;
use crate::value::{Duration, Number};
use crate::yaml::Node;

/// Tells whether two values that have no parts say the same.
pub(super) fn scalars(shape: &Shape, old: &Node, new: &Node) -> bool {
    let (old, new) = (flat(old), flat(new));
    old == new
        || match shape {
            Shape::Duration | Shape::WindowEnd => equal_in(&old, &new, |text| text.parse::<Duration>().ok()),
            Shape::Decimal | Shape::Integer => equal_in(&old, &new, |text| text.parse::<Number>().ok()),
            Shape::Expression | Shape::Formula | Shape::Requirement => equal_in(&old, &new, syntax),
            Shape::Table => table(&old) == table(&new),
            _ => false,
        }
}

fn equal_in<T: PartialEq>(old: &str, new: &str, read: impl Fn(&str) -> Option<T>) -> bool {
    matches!((read(old), read(new)), (Some(old), Some(new)) if old == new)
}

/// Returns all of a value as text; blanks count once, since files are wrapped and indented anew.
fn flat(node: &Node) -> String {
    let own = node.scalar_text();
    let own = match own.contains('|') {
        // The lines of a table are its rows.
        true => own.lines().map(words).collect::<Vec<_>>().join("\n"),
        false => words(&own),
    };
    let items = node.items().iter().map(flat);
    let entries = node.entries().iter().map(|entry| format!("{}: {}", entry.key.value, flat(&entry.value)));
    let inner: Vec<String> = items.chain(entries).collect();
    if inner.is_empty() { own } else { format!("[{}]", inner.join(", ")) }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns an expression as the parser of expressions writes it.
fn syntax(text: &str) -> Option<String> {
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).ok()?;
    parser.parse_expr().ok().map(|expression| expression.to_string())
}

/// Returns the cells of a table, row by row.
fn table(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[cfg(test)]
#[path = "tests/same.rs"]
mod tests;
