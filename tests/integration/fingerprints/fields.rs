//! The fields of the format, and where definitions have them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use etalon::catalog::Object;
use etalon::format::{FileKind, settled};
use etalon::shape::{Field, Moves, Shape};
use etalon::yaml::Node;

use super::carriers::Carrier;

/// The kinds of files whose fields are looked at.
pub(super) const KINDS: [FileKind; 4] = [FileKind::Project, FileKind::Source, FileKind::Standard, FileKind::Metric];

/// One field of one record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FieldId {
    kind: FileKind,
    record: String,
    field: &'static str,
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.kind.head(), self.record, self.field)
    }
}

/// A place where a definition has a field.
#[derive(Debug, Clone)]
pub(super) struct Occurrence {
    /// The definition.
    pub(super) object: Object,
    /// The field.
    pub(super) field: FieldId,
    /// What the format says of it.
    pub(super) declared: &'static Field,
    /// What a change of it can move, that of what it stands in included.
    pub(super) moves: Moves,
    /// The keys and numbers that lead to it.
    pub(super) path: Vec<String>,
    /// Its value.
    pub(super) value: Node,
}

fn within(outer: Moves, field: &Field) -> Moves {
    outer.inside(field.moves)
}

/// Returns every field of the format with what a change of it can move.
pub(super) fn declared() -> BTreeMap<FieldId, Moves> {
    let mut found = BTreeMap::new();
    for kind in KINDS {
        let mut seen = BTreeSet::new();
        let record = kind.record();
        declare(kind, (record.name, record.fields), Moves::Number, (&mut found, &mut seen));
    }
    found
}

type Seen = BTreeSet<(String, &'static str, u8)>;

fn declare(
    kind: FileKind,
    (record, fields): (&str, &'static [Field]),
    outer: Moves,
    (found, seen): (&mut BTreeMap<FieldId, Moves>, &mut Seen),
) {
    for field in fields {
        let moves = within(outer, field);
        if !seen.insert((record.to_owned(), field.name, moves as u8)) {
            continue;
        }
        let id = FieldId { kind, record: record.to_owned(), field: field.name };
        let known = found.entry(id).or_insert(moves);
        // Under two parents it is held to the stricter.
        if moves == Moves::Number {
            *known = Moves::Number;
        }
        inner(kind, (field.name, &field.shape), moves, (found, seen));
    }
}

fn inner(
    kind: FileKind,
    (name, shape): (&str, &'static Shape),
    moves: Moves,
    (found, seen): (&mut BTreeMap<FieldId, Moves>, &mut Seen),
) {
    match shape {
        Shape::Record(record) => declare(kind, (record.name, record.fields), moves, (found, seen)),
        Shape::OneKey(fields) => declare(kind, (&format!("{name}: one of"), fields), moves, (found, seen)),
        Shape::List(element)
        | Shape::ListOrNone(element)
        | Shape::Tuple(element, _)
        | Shape::Map(element)
        | Shape::RawMap(element) => inner(kind, (name, element), moves, (found, seen)),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| inner(kind, (name, shape), moves, (found, seen))),
        _ => {}
    }
}

/// Returns every place of every field in the definitions of a carrier.
pub(super) fn occurrences(carrier: &Carrier) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for document in carrier.documents().filter(|document| KINDS.contains(&document.object.kind)) {
        let record = document.object.kind.record();
        let mut walk = Walk { object: &document.object, found: &mut found };
        walk.fields((record.name, record.fields), &document.root, (Moves::Number, &[]));
    }
    found
}

struct Walk<'a> {
    object: &'a Object,
    found: &'a mut Vec<Occurrence>,
}

impl Walk<'_> {
    fn fields(&mut self, (record, fields): (&str, &'static [Field]), node: &Node, (outer, path): (Moves, &[String])) {
        for entry in node.entries() {
            let Some(field) = fields.iter().find(|field| field.name == entry.key.value) else { continue };
            let moves = within(outer, field);
            let path = [path, std::slice::from_ref(&entry.name())].concat();
            self.found.push(Occurrence {
                object: self.object.clone(),
                field: FieldId { kind: self.object.kind, record: record.to_owned(), field: field.name },
                declared: field,
                moves,
                path: path.clone(),
                value: entry.value.clone(),
            });
            self.value((field.name, &field.shape), &entry.value, (moves, &path));
        }
    }

    fn value(&mut self, (name, shape): (&str, &'static Shape), node: &Node, (moves, path): (Moves, &[String])) {
        let below = |step: String| [path, &[step]].concat();
        match settled(shape, node) {
            Shape::Record(record) => self.fields((record.name, record.fields), node, (moves, path)),
            Shape::OneKey(fields) => self.fields((&format!("{name}: one of"), fields), node, (moves, path)),
            Shape::Map(inner) | Shape::RawMap(inner) => {
                for entry in node.entries() {
                    self.value((name, inner), &entry.value, (moves, &below(entry.name())));
                }
            }
            Shape::List(inner) | Shape::ListOrNone(inner) | Shape::Tuple(inner, _) => {
                for (number, item) in node.items().iter().enumerate() {
                    self.value((name, inner), item, (moves, &below(number.to_string())));
                }
            }
            _ => {}
        }
    }
}
