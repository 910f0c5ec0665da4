//! Whether a tree has its shape, found out in one walk.
//!
//! Says yes only where the schema does, and not always then: what it does not know to be right, the schema decides. Says
//! nothing of what is wrong.

use super::settled;
use crate::shape::{Field, Need, Record, Shape};
use crate::yaml::{Node, NodeKind};

/// Tells whether a mapping is known to be as the record says.
pub(super) fn accepts(record: &Record, node: &Node) -> bool {
    let NodeKind::Mapping(entries) = &node.kind else { return false };
    let mut required = record.fields.iter().filter(|field| field.need == Need::Required);
    required.all(|field| node.get(field.name).is_some())
        && entries.iter().all(|entry| is_field(record.fields, &entry.key.value, &entry.value))
}

fn is_field(fields: &[Field], key: &str, value: &Node) -> bool {
    fields.iter().find(|field| field.name == key).is_some_and(|field| has_shape(&field.shape, value))
}

fn has_shape(shape: &Shape, node: &Node) -> bool {
    // What of a number becomes text is for the schema.
    if matches!(node.kind, NodeKind::Number(_)) && !node.to_json().is_number() {
        return false;
    }
    match settled(shape, node) {
        Shape::Record(record) => accepts(record, node),
        Shape::OneKey(fields) => match node.entries() {
            [entry] => is_field(fields, &entry.key.value, &entry.value),
            _ => false,
        },
        Shape::Map(inner) => {
            let entries = node.entries();
            !entries.is_empty() && entries.iter().all(|it| is_name(&it.key.value) && has_shape(inner, &it.value))
        }
        Shape::RawMap(inner) => {
            let entries = node.entries();
            !entries.is_empty() && entries.iter().all(|entry| has_shape(inner, &entry.value))
        }
        Shape::List(inner) => !node.items().is_empty() && node.items().iter().all(|item| has_shape(inner, item)),
        Shape::ListOrNone(inner) => {
            matches!(node.kind, NodeKind::Sequence(_)) && node.items().iter().all(|item| has_shape(inner, item))
        }
        Shape::Tuple(inner, count) => {
            let items = node.items();
            *count > 0 && items.len() == *count && items.iter().all(|item| has_shape(inner, item))
        }
        scalar => is_scalar(scalar, node),
    }
}

fn is_scalar(shape: &Shape, node: &Node) -> bool {
    match (&node.kind, shape) {
        (NodeKind::Text { value, .. }, shape) => is_text(shape, value),
        (NodeKind::Boolean(_), Shape::Boolean | Shape::Expression) => true,
        (NodeKind::Integer(_), Shape::Integer | Shape::Decimal | Shape::Expression) => true,
        (NodeKind::Number(_), Shape::Decimal | Shape::Expression) => true,
        _ => false,
    }
}

fn is_text(shape: &Shape, text: &str) -> bool {
    match shape {
        Shape::AnyText => true,
        Shape::Text | Shape::Table | Shape::Expression | Shape::Formula => !text.is_empty(),
        Shape::Choice(words) => words.contains(&text),
        Shape::Identifier => is_name(text),
        Shape::MetricName => {
            text.split_once('.').map_or(is_name(text), |(id, variant)| is_name(id) && is_name(variant))
        }
        Shape::StandardName => text.split_once('@').map_or(is_name(text), |(id, at)| is_name(id) && is_version(at)),
        Shape::MetricVersion => text.split_once('@').is_some_and(|(id, at)| is_name(id) && is_version(at)),
        Shape::Version => is_version(text),
        Shape::Date => is_date(text),
        Shape::Duration => is_duration(text),
        Shape::WindowEnd => text == "unbounded" || is_duration(text),
        Shape::Zone => is_zone(text),
        _ => false,
    }
}

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_')
}

fn is_version(text: &str) -> bool {
    let is_part = |part: &str| is_digits(part) && (part.len() == 1 || !part.starts_with('0'));
    text.split('.').count() == 3 && text.split('.').all(is_part)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let lengths = [4, 2, 2];
    lengths.iter().all(|length| parts.next().is_some_and(|part| part.len() == *length && is_digits(part)))
        && parts.next().is_none()
}

fn is_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let Some(next) = ["ms", "w", "d", "h", "m", "s"].iter().find_map(|name| unit.strip_prefix(name)) else {
            return false;
        };
        if unit.len() == rest.len() {
            return false;
        }
        rest = next;
    }
    true
}

fn is_zone(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-/".contains(&byte))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::format::{FileKind, check::kind_of, schema};
    use crate::load;
    use crate::text::Span;
    use crate::yaml::{self, Style};

    /// Scalars that are near to what some shape wants.
    const NEAR: [&str; 26] = [
        "",
        "a",
        "A",
        "a.b",
        "a.b.c",
        "a@1.0.0",
        "a@01.0.0",
        "1.0",
        "1.0.0",
        "2026-01-31",
        "2026-1-31",
        "7d",
        "-7d",
        "7",
        "d",
        "1h30m",
        "1ms",
        "unbounded",
        "7 calendar_days",
        "Europe/Berlin",
        ">= 0.80",
        "08:00-17:00",
        "é",
        "a\n",
        "2026-01-31T09:00:00Z",
        "draft",
    ];

    fn trees() -> Vec<Node> {
        let mut trees = Vec::new();
        for folder in ["definitions", "templates/starter/definitions", "tests/projects/time_traps"] {
            let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
            let parse = |file: &load::LoadedFile| yaml::parse(&loaded.texts, file.id, &mut Diagnostics::new());
            trees.extend(loaded.files.iter().filter_map(parse));
        }
        trees
    }

    /// Returns every tree that differs from this one in a value.
    fn others(node: &Node, found: &mut Vec<Node>) {
        let other = |kind: NodeKind| Node { span: node.span, kind };
        let text = |text: &&str| NodeKind::Text { value: (*text).into(), style: Style::Plain };
        found.extend(NEAR.iter().map(text).map(other));
        let raw = |raw: &str| NodeKind::Number(raw.into());
        let empty = [NodeKind::Sequence(Vec::new()), NodeKind::Mapping(Vec::new())];
        let plain = [NodeKind::Null, NodeKind::Boolean(true), NodeKind::Integer(7), raw("1.50"), raw("1e999")];
        found.extend(plain.into_iter().chain(empty).map(other));
        match &node.kind {
            NodeKind::Sequence(items) => {
                for at in 0..items.len() {
                    let with = |item: Option<Node>| {
                        let mut items = items.clone();
                        items.splice(at..=at, item);
                        Node { span: node.span, kind: NodeKind::Sequence(items) }
                    };
                    found.push(with(None));
                }
            }
            NodeKind::Mapping(entries) => {
                for at in 0..entries.len() {
                    let mut without = entries.clone();
                    without.remove(at);
                    found.push(other(NodeKind::Mapping(without)));
                    let mut misspelt = entries.clone();
                    misspelt[at].key.value = format!("{}x", misspelt[at].key.value).into();
                    found.push(other(NodeKind::Mapping(misspelt)));
                    let mut inner = Vec::new();
                    others(&entries[at].value, &mut inner);
                    found.extend(inner.into_iter().map(|value| {
                        let mut entries = entries.clone();
                        entries[at].value = value;
                        other(NodeKind::Mapping(entries))
                    }));
                }
            }
            _ => {}
        }
    }

    #[test]
    fn what_is_accepted_is_valid_by_the_schema() {
        let validators = FileKind::EVERY.map(|kind| {
            let schema = schema::schema(Some(kind));
            (kind, jsonschema::draft202012::new(&schema).expect("valid, which a test shows"))
        });
        let (mut accepted, mut refused) = (0, 0);
        for (number, tree) in trees().iter().enumerate() {
            let Some(kind) = kind_of(tree, &mut Diagnostics::new()) else { continue };
            let validator = &validators.iter().find(|(known, _)| *known == kind).expect("every kind").1;
            let mut near = vec![tree.clone()];
            // The other way to a mistake is long: every seventh file shows them all.
            if number % 7 == 0 && tree.span.end < 4_000 {
                others(tree, &mut near);
            }
            for tree in near {
                match accepts(kind.record(), &tree) {
                    true => assert!(validator.is_valid(&tree.to_json()), "{kind:?} {:?}", tree.to_json()),
                    false => refused += 1,
                }
                accepted += usize::from(accepts(kind.record(), &tree));
            }
        }
        assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
    }

    #[test]
    fn what_is_usual_is_accepted() {
        let metrics = trees().into_iter().filter(|tree| tree.get("metric").is_some() && tree.get("owner").is_some());
        let accepted: Vec<bool> = metrics.map(|tree| accepts(FileKind::Metric.record(), &tree)).collect();
        let some = accepted.iter().filter(|accepted| **accepted).count();
        assert!(2 * some > accepted.len(), "{some} of {}", accepted.len());
    }

    #[test]
    fn what_is_no_mapping_is_not_accepted() {
        let mut texts = crate::text::Texts::new();
        let span = Span::new(texts.add("a.yaml", ""), 0, 0);
        assert!(!accepts(FileKind::Metric.record(), &Node { span, kind: NodeKind::Null }));
    }
}
