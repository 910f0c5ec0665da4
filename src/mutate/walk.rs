//! Every change of a definition: its tree is walked along the format, so that a new clause is broken by its shape.

use crate::format::settled;
use crate::shape::{Field, Moves, Need, Record, Shape};
use crate::yaml::{Node, NodeKind};

use super::names::Names;
use super::tree::{Change, without, without_items};
use super::{parts, scalars};

/// Where a node stands.
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// The keys and numbers that lead to it.
    pub(super) path: Vec<&'a str>,
    /// The record it stands in.
    pub(super) record: &'static str,
    /// The field it stands under; of items and named values that of the whole list or mapping.
    pub(super) field: &'static str,
    /// The source whose rows are counted.
    pub(super) source: String,
    /// What the reading of the treatment says.
    pub(super) reading: String,
    /// What names mean.
    pub(super) names: &'a Names,
}

impl<'a> Place<'a> {
    fn below(&self, key: &'a str) -> Place<'a> {
        Place { path: self.path.iter().copied().chain([key]).collect(), ..self.clone() }
    }
}

/// Fields that name what is counted or looked up, or that have no second reading.
const LEFT: [(&str, &str); 17] = [
    ("standard", "kind"),
    ("standard", "on"),
    ("standard", "parameters"),
    ("standard", "keys"),
    ("standard", "columns"),
    ("population", "source"),
    ("population", "one_row_per"),
    ("derived", "unit"),
    ("derived column", "unit"),
    ("target", "use"),
    ("treatment", "use"),
    ("use", "use"),
    ("window", "ends"),
    ("balance", "plus"),
    ("balance", "neutral"),
    ("balance", "minus"),
    ("component", "weight"),
];
/// Lists and mappings whose members are dropped one by one.
const DROPPED: [&str; 11] = [
    "same",
    "dimensions",
    "exclusions",
    "during",
    "except",
    "any",
    "holidays",
    "schedules",
    "missing",
    "calendars",
    "hours",
];

/// Returns every change of the definition `root`, which has the format `record`.
pub(super) fn changes(root: &Node, record: &'static Record, names: &Names) -> Vec<Change> {
    let mut walk = Walk { found: Vec::new(), seen: Vec::new() };
    let place =
        Place { path: Vec::new(), record: "", field: "", source: source_of(root), reading: String::new(), names };
    walk.record(root, record.name, record.fields, &place);
    walk.found
}

fn source_of(root: &Node) -> String {
    root.get("population").and_then(|population| population.get("source")).map(Node::scalar_text).unwrap_or_default()
}

/// A calendar that is open always is so in any zone.
fn is_idle_zone(node: &Node, key: &str) -> bool {
    key == "zone" && node.get("weekly").is_some_and(|weekly| weekly.as_text().is_some())
}

struct Walk {
    found: Vec<Change>,
    /// What an alias repeats is broken once, for all its places.
    seen: Vec<Node>,
}

impl Walk {
    fn node(&mut self, node: &Node, shape: &Shape, place: &Place<'_>) {
        if self.seen.iter().any(|seen| seen.span == node.span && seen == node) {
            return;
        }
        self.seen.push(node.clone());
        match settled(shape, node) {
            Shape::Record(record) => self.record(node, record.name, record.fields, place),
            Shape::OneKey(fields) => self.record(node, place.field, fields, place),
            Shape::Map(inner) | Shape::RawMap(inner) => {
                if DROPPED.contains(&place.field) {
                    let keys = node.entries().iter().map(|entry| entry.key.value.as_str());
                    self.found.extend(keys.map(|key| without(node, &place.path, key)));
                }
                for entry in node.entries() {
                    self.node(&entry.value, inner, &place.below(&entry.key.value));
                }
            }
            Shape::List(inner) | Shape::ListOrNone(inner) | Shape::Tuple(inner, _) => {
                if DROPPED.contains(&place.field) || **inner == Shape::Opening {
                    self.found.extend(without_items(node, &place.path));
                }
                self.found.extend(parts::list(node, place));
                for (number, item) in node.items().iter().enumerate() {
                    self.node(item, inner, &place.below(&number.to_string()));
                }
            }
            shape => self.found.extend(scalars::changes(node, shape, place)),
        }
    }

    fn record(&mut self, node: &Node, name: &'static str, fields: &'static [Field], above: &Place<'_>) {
        let own = Place { record: name, ..above.clone() };
        self.found.extend(parts::record(node, &own));
        for entry in node.entries() {
            let key = entry.key.value.as_str();
            let Some(field) = fields.iter().find(|field| field.name == key) else { continue };
            if !own.names.is_meant(name, field) || LEFT.contains(&(name, key)) || is_idle_zone(node, key) {
                continue;
            }
            let mut place = Place { field: field.name, ..own.below(key) };
            if let (Need::Optional(_), false) = (field.need, parts::is_idle(node, field, &own)) {
                self.found.push(without(node, &own.path, key));
            }
            if name == "variant" && node.get("population").is_some() || place.source.is_empty() {
                place.source = source_of(node);
            }
            if name == "treatment" {
                place.reading = place.names.reading(node);
            }
            self.node(&entry.value, &field.shape, &place);
        }
    }
}

/// Returns the definition without words: all that moves no number is left out, or said in a letter.
pub(super) fn lean(node: &Node, shape: &Shape) -> Node {
    let kind = match (settled(shape, node), &node.kind) {
        (Shape::Record(record), NodeKind::Mapping(_)) => return lean_record(node, record.fields),
        (Shape::OneKey(fields), NodeKind::Mapping(_)) => return lean_record(node, fields),
        (Shape::Map(inner) | Shape::RawMap(inner), NodeKind::Mapping(entries)) => {
            let mut entries = entries.clone();
            entries.iter_mut().for_each(|entry| entry.value = lean(&entry.value, inner));
            NodeKind::Mapping(entries)
        }
        (Shape::List(inner) | Shape::ListOrNone(inner) | Shape::Tuple(inner, _), NodeKind::Sequence(items)) => {
            NodeKind::Sequence(items.iter().map(|item| lean(item, inner)).collect())
        }
        _ => node.kind.clone(),
    };
    Node { span: node.span, kind }
}

fn lean_record(node: &Node, fields: &[Field]) -> Node {
    let mut entries = node.entries().to_vec();
    let field = |key: &str| fields.iter().find(|field| field.name == key);
    // A target is the number of whoever measures how far it is reached.
    let kept =
        |field: &Field| field.moves == Moves::Number || field.need == Need::Required || KEPT.contains(&field.name);
    entries.retain(|entry| field(&entry.key.value).is_none_or(kept));
    for entry in &mut entries {
        let Some(field) = field(&entry.key.value) else { continue };
        entry.value = match (field.shape, field.moves) {
            (Shape::Text, Moves::Wording | Moves::Governance) => Node { span: node.span, kind: super::tree::text("x") },
            (shape, _) => lean(&entry.value, &shape),
        };
    }
    Node { span: node.span, kind: NodeKind::Mapping(entries) }
}

/// Fields of other effect that results or other metrics read, or that must be there.
const KEPT: [&str; 5] = ["targets", "applies_to", "reason", "approved_by", "expires"];
