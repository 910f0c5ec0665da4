//! The format as a page for people.

use super::{DECISION, FileKind};
use crate::shape::{Field, Need, Record, Shape};

/// Writes every key of every file kind, with what may stand there and what leaving it out means.
pub fn reference() -> String {
    let mut page = String::from(
        "# The format of definition files\n\nEvery file is a YAML mapping whose head key names its kind. This page is \
         generated from the format itself.\n",
    );
    let kinds = FileKind::EVERY.into_iter().map(|kind| (format!("`{}:`", kind.head()), kind.record()));
    let front_matter = ("The front matter of decision records".to_owned(), &DECISION);
    for (heading, record) in kinds.chain([front_matter]) {
        page.push_str(&format!("\n## {heading}\n"));
        let mut open = vec![(record.name.to_owned(), record.fields)];
        let mut written: Vec<String> = Vec::new();
        while let Some((name, fields)) = open.pop() {
            if written.contains(&name) {
                continue;
            }
            if !written.is_empty() {
                page.push_str(&format!("\n### {name}\n"));
            }
            written.push(name);
            page.push_str(&table(fields));
            let inner = fields.iter().rev().flat_map(|field| inner_of(&field.shape, field.name));
            open.extend(inner);
        }
    }
    page
}

fn table(fields: &[Field]) -> String {
    let mut text = String::from("\n| key | what stands there | left out | |\n|---|---|---|---|\n");
    for field in fields {
        let left_out = match field.need {
            Need::Required => "required",
            Need::Optional(default) => default,
        };
        let expected = field.shape.expectation().replace('|', "\\|");
        text.push_str(&format!("| `{}` | {expected} | {left_out} | {} |\n", field.name, field.doc));
    }
    text
}

/// Returns the mappings inside a shape, each with a name for its heading.
fn inner_of(shape: &Shape, key: &str) -> Vec<(String, &'static [Field])> {
    let titled = |record: &'static Record| match record.name == key.replace('_', " ") {
        true => (format!("`{key}`"), record.fields),
        false => (format!("`{key}`: {}", record.name), record.fields),
    };
    match shape {
        Shape::Record(record) => vec![titled(record)],
        Shape::OneKey(fields) => vec![(format!("`{key}`: one of"), fields)],
        Shape::List(element)
        | Shape::ListOrNone(element)
        | Shape::Tuple(element, _)
        | Shape::Map(element)
        | Shape::RawMap(element) => inner_of(element, key),
        Shape::Either(shapes) => shapes.iter().rev().flat_map(|shape| inner_of(shape, key)).collect(),
        _ => Vec::new(),
    }
}
