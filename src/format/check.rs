//! The structural check of one file: the published JSON Schema decides, the format's own words explain.

use std::sync::OnceLock;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;

use super::accept::accepts;
use super::{FileKind, schema};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::shape::{Field, Record, Shape};
use crate::text::{Span, Spanned};
use crate::yaml::{Entry, Node, NodeKind};

/// Returns the validator of a kind, which is made when it is first asked for.
fn validator(kind: FileKind) -> &'static Validator {
    static VALIDATORS: [OnceLock<Validator>; FileKind::EVERY.len()] =
        [const { OnceLock::new() }; FileKind::EVERY.len()];
    VALIDATORS[kind as usize].get_or_init(|| {
        let schema = schema::schema(Some(kind));
        jsonschema::draft202012::new(&schema).expect("the generated schema is valid, which a test shows")
    })
}

/// Returns the kind of a file by its head key, or reports why there is none.
pub(super) fn kind_of(root: &Node, diagnostics: &mut Diagnostics) -> Option<FileKind> {
    let heads: Vec<&str> = FileKind::EVERY.iter().map(|kind| kind.head()).collect();
    if let Some(kind) = FileKind::EVERY.into_iter().find(|kind| root.get(kind.head()).is_some()) {
        return Some(kind);
    }
    let list = heads.iter().map(|head| format!("`{head}`")).collect::<Vec<_>>().join(", ");
    let first_key = root.entries().first().map(|entry| &entry.key);
    let span = first_key.map_or(root.span, |key| key.span);
    let message = match first_key {
        Some(key) => format!("no kind of file begins with `{}`", key.value),
        None if matches!(root.kind, NodeKind::Null) => "the file holds no definition".to_owned(),
        None => format!("a definition file is a mapping, this is {}", root.kind_name()),
    };
    let near = first_key.and_then(|key| nearest(&key.value, &heads));
    let help = match near {
        Some(near) => format!("did you mean `{near}`? The key that names the object is one of {list}"),
        None => format!("the key that names the object is one of {list}"),
    };
    diagnostics.push(Diagnostic::error(codes::UNKNOWN_KIND, span, message).help(help));
    None
}

/// Checks the structure of a file and reports every mistake; returns its kind, if it has one.
pub fn check(root: &Node, diagnostics: &mut Diagnostics) -> Option<FileKind> {
    let kind = kind_of(root, diagnostics)?;
    if accepts(kind.record(), root) {
        return Some(kind);
    }
    judge(root, (kind.record(), validator(kind)), diagnostics);
    Some(kind)
}

/// Checks the structure of a mapping that is no file of its own, such as a front matter, and reports every mistake.
pub fn check_record(root: &Node, record: &'static Record, diagnostics: &mut Diagnostics) {
    let schema = schema::of_record(record);
    let validator = jsonschema::draft202012::new(&schema).expect("the generated schema is valid, which a test shows");
    judge(root, (record, &validator), diagnostics);
}

fn judge(root: &Node, (record, validator): (&'static Record, &Validator), diagnostics: &mut Diagnostics) {
    let json = root.to_json();
    let shape = Shape::Record(record);
    for error in validator.iter_errors(&json) {
        let place = Place::find(root, &shape, error.instance_path().iter());
        explain(&place, error.kind(), diagnostics);
    }
}

/// A node of the file, the shape it should have, and the way to it.
struct Place<'a> {
    node: &'a Node,
    shape: &'a Shape,
    /// The shape with its alternatives, of which `shape` is one.
    written: &'a Shape,
    key: Option<String>,
    key_span: Option<Span>,
    item: bool,
}

impl<'a> Place<'a> {
    fn find<'s>(root: &'a Node, shape: &'a Shape, path: impl Iterator<Item = LocationSegment<'s>>) -> Self {
        let mut place =
            Place { node: root, shape: settled(shape, root), written: shape, key: None, key_span: None, item: false };
        for segment in path {
            let next = match &segment {
                LocationSegment::Property(key) => place.property(key),
                LocationSegment::Index(index) => place.element(*index),
            };
            let Some(next) = next else { break };
            place = next;
        }
        place
    }

    fn property(&self, key: &str) -> Option<Place<'a>> {
        let entry = self.node.entries().iter().find(|entry| entry.key.value == key)?;
        let written = match self.shape {
            Shape::Record(record) => &record.field(key)?.shape,
            Shape::OneKey(fields) => &fields.iter().find(|field| field.name == key)?.shape,
            Shape::Map(shape) | Shape::RawMap(shape) => shape,
            _ => return None,
        };
        let shape = settled(written, &entry.value);
        let (key, key_span) = (Some(key.to_owned()), Some(entry.key.span));
        Some(Place { node: &entry.value, shape, written, key, key_span, item: false })
    }

    fn element(&self, index: usize) -> Option<Place<'a>> {
        let node = self.node.items().get(index)?;
        let (Shape::List(written) | Shape::ListOrNone(written) | Shape::Tuple(written, _)) = self.shape else {
            return None;
        };
        let (shape, record) = (settled(written, node), matches!(node.kind, NodeKind::Mapping(_)));
        // An item that is a mapping has keys of its own to point at; the list's key may be far away.
        Some(Place {
            node,
            shape,
            written,
            key: self.key.clone(),
            key_span: self.key_span.filter(|_| !record),
            item: true,
        })
    }

    /// The place's own span, or its key's where the value is empty.
    fn span(&self) -> Span {
        if self.node.span.range().is_empty() { self.key_span.unwrap_or(self.node.span) } else { self.node.span }
    }

    fn called(&self) -> String {
        match (&self.key, self.shape) {
            (Some(key), Shape::Record(_)) if self.item => format!("the item of `{key}`"),
            (Some(key), _) => format!("`{key}`"),
            (None, Shape::Record(record)) => format!("the {}", record.name),
            (None, _) => "this".to_owned(),
        }
    }
}

/// Chooses the alternative of an `Either` that the node's form points to, as the schema does; any other shape is itself.
pub fn settled<'a>(shape: &'a Shape, node: &Node) -> &'a Shape {
    let Shape::Either(shapes) = shape else { return shape };
    let fits = |shape: &&Shape| match shape {
        Shape::Record(record) => match record.first_required() {
            Some(key) => node.get(key).is_some(),
            None => matches!(node.kind, NodeKind::Mapping(_)),
        },
        Shape::Map(_) | Shape::RawMap(_) | Shape::OneKey(_) => matches!(node.kind, NodeKind::Mapping(_)),
        Shape::List(_) | Shape::ListOrNone(_) | Shape::Tuple(..) => matches!(node.kind, NodeKind::Sequence(_)),
        Shape::Choice(words) => node.as_text().is_some_and(|text| words.contains(&text)),
        Shape::Integer | Shape::Decimal => node.number_text().is_some(),
        Shape::Boolean => matches!(node.kind, NodeKind::Boolean(_)),
        _ => node.as_text().is_some(),
    };
    shapes.iter().find(fits).or(shapes.last()).unwrap_or(shape)
}

fn explain(place: &Place<'_>, kind: &ValidationErrorKind, diagnostics: &mut Diagnostics) {
    match kind {
        // What is ambiguous as YAML has been refused as such.
        ValidationErrorKind::Type { .. } if diagnostics.has_error_at(place.span()) => {}
        ValidationErrorKind::AdditionalProperties { .. } => {
            let free = free_keys(place);
            for entry in unknown_entries(place) {
                diagnostics.push(unknown_key(place, &entry.named(), &free));
            }
        }
        ValidationErrorKind::Required { property } => {
            let property = property.as_str().unwrap_or_default();
            // A misspelt key is reported once, where it stands.
            if !is_misspelt(place, property) {
                diagnostics.push(missing_key(place, property));
            }
        }
        ValidationErrorKind::PropertyNames { .. } => {
            for entry in place.node.entries().iter().filter(|entry| !is_identifier(&entry.key.value)) {
                let message = format!("`{}` is no name", entry.key.value);
                diagnostics.push(
                    Diagnostic::error(codes::INVALID_VALUE, entry.key.span, message)
                        .help("names are lower-case letters, digits and `_`, and begin with a letter"),
                );
            }
        }
        ValidationErrorKind::Enum { .. } => diagnostics.push(not_a_choice(place)),
        ValidationErrorKind::Type { .. } => diagnostics.push(wrong_type(place)),
        _ => diagnostics.push(invalid(place)),
    }
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn fields_of(shape: &Shape) -> &'static [Field] {
    match shape {
        Shape::Record(record) => record.fields,
        Shape::OneKey(fields) => fields,
        _ => &[],
    }
}

/// Returns the keys that could still be written at a place.
fn free_keys(place: &Place<'_>) -> Vec<&'static str> {
    fields_of(place.shape).iter().map(|field| field.name).filter(|name| place.node.get(name).is_none()).collect()
}

fn unknown_entries<'a>(place: &Place<'a>) -> impl Iterator<Item = &'a Entry> {
    let fields = fields_of(place.shape);
    place.node.entries().iter().filter(|entry| fields.iter().all(|field| field.name != entry.key.value))
}

/// Tells whether a key that is unknown at the place most resembles `missing`; looks at the first few only.
fn is_misspelt(place: &Place<'_>, missing: &str) -> bool {
    let free = free_keys(place);
    unknown_entries(place).take(100).any(|entry| nearest(&entry.key.value, &free) == Some(missing))
}

fn unknown_key(place: &Place<'_>, written: &Spanned<String>, known: &[&str]) -> Diagnostic {
    let key = &written.value;
    let span = written.span;
    let diagnostic = Diagnostic::error(codes::UNKNOWN_KEY, span, format!("{} has no key `{key}`", place.called()));
    let list = || known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match nearest(key, known) {
        // What is chosen among equals may also have been meant as it is written: `median` is no slip of `mean`.
        Some(near) if matches!(place.shape, Shape::OneKey(_)) => {
            diagnostic.help(format!("did you mean `{near}`? There are: {}", list()))
        }
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => diagnostic.help("remove the key"),
        None => diagnostic.help(format!("keys not used yet: {}", list())),
    }
}

fn missing_key(place: &Place<'_>, key: &str) -> Diagnostic {
    let field = fields_of(place.shape).iter().find(|field| field.name == key);
    // The whole mapping would be underlined otherwise: the first key is place enough.
    let first_key = place.node.entries().first().map(|entry| entry.key.span);
    let span = place.key_span.or(first_key).unwrap_or(place.node.span);
    let diagnostic = Diagnostic::error(codes::MISSING_KEY, span, format!("{} lacks the key `{key}`", place.called()));
    match field {
        Some(field) => diagnostic.help(format!("add `{key}:` with {}. {}", field.shape.expectation(), field.doc)),
        None => diagnostic.help(format!("add `{key}:`")),
    }
}

fn not_a_choice(place: &Place<'_>) -> Diagnostic {
    let Shape::Choice(words) = place.shape else { return wrong_type(place) };
    let Some(text) = place.node.as_text() else { return wrong_type(place) };
    let message = format!("{} cannot be `{text}`", place.called());
    let diagnostic = Diagnostic::error(codes::INVALID_VALUE, place.span(), message)
        .label(place.span(), format!("expected {}", place.shape.expectation()));
    match nearest(text, words) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("write {}", place.shape.expectation())),
    }
}

/// Returns the word that a text resembles, among the alternatives of its place.
fn meant_word(place: &Place<'_>) -> Option<&'static str> {
    let Shape::Either(shapes) = place.written else { return None };
    let text = place.node.as_text()?;
    shapes.iter().find_map(|shape| match shape {
        Shape::Choice(words) => nearest(text, words),
        _ => None,
    })
}

fn wrong_type(place: &Place<'_>) -> Diagnostic {
    let message = match place.node.kind {
        NodeKind::Null => format!("{} has no value", place.called()),
        _ => format!("{} is {}", place.called(), place.node.kind_name()),
    };
    let diagnostic = Diagnostic::error(codes::WRONG_TYPE, place.span(), message)
        .label(place.span(), format!("expected {}", place.shape.expectation()));
    if let Some(word) = meant_word(place) {
        return diagnostic.help(format!("did you mean `{word}`?"));
    }
    let number = place.node.number_text();
    match (number, place.shape) {
        (Some(raw), Shape::Version) => diagnostic.help(format!("a version has three parts: `{raw}.0` would be one")),
        (Some(raw), Shape::Duration | Shape::WindowEnd) => {
            diagnostic.help(format!("give the unit: `{raw}d`, `{raw}h`, `{raw}m` or `{raw}s`"))
        }
        (Some(_), Shape::Text | Shape::AnyText | Shape::Identifier | Shape::Hex(_)) => {
            diagnostic.help("put it in quotes to make it text")
        }
        (_, Shape::List(_) | Shape::ListOrNone(_)) => {
            diagnostic.help("write a list: `[one, two]`, or one `- item` a line")
        }
        _ => diagnostic.help(format!("write {}", place.shape.expectation())),
    }
}

fn invalid(place: &Place<'_>) -> Diagnostic {
    let is_empty = place.node.as_text().map_or(place.node.is_empty(), |text| text.trim().is_empty());
    let message = match (place.shape, place.node.as_text()) {
        _ if is_empty => format!("{} is empty", place.called()),
        (Shape::OneKey(_), _) => format!("{} has {} keys, one is needed", place.called(), place.node.entries().len()),
        (Shape::Tuple(..), _) => format!("{} has {} items", place.called(), place.node.items().len()),
        (_, Some(text)) => format!("{} cannot be `{text}`", place.called()),
        _ => format!("{} cannot be this", place.called()),
    };
    Diagnostic::error(codes::INVALID_VALUE, place.span(), message)
        .label(place.span(), format!("expected {}", place.shape.expectation()))
        .help(match place.shape {
            _ if meant_word(place).is_some() => format!("did you mean `{}`?", meant_word(place).unwrap_or_default()),
            Shape::List(_) | Shape::Map(_) | Shape::RawMap(_) if is_empty => "write at least one item".to_owned(),
            _ => format!("write {}", place.shape.expectation()),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generated_schema_is_a_valid_schema() {
        for kind in FileKind::EVERY.into_iter().map(Some).chain([None]) {
            let schema = schema::schema(kind);
            assert!(jsonschema::meta::is_valid(&schema), "{kind:?}");
        }
    }
}
