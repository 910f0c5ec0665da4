//! Fingerprints of a metric's version: of what moves its number, of how it is read, of what it is made of.
//!
//! A field of a file counts as moving the number unless the format says otherwise; no text, order of keys, comment or clock
//! gets in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value as Json};

use super::{Catalog, Object};
use crate::format::{FileKind, settled};
use crate::plan::Plan;
use crate::plan::fingerprint::digest;
use crate::resolve::Version;
use crate::shape::{Field, Moves, Shape};
use crate::value::{Duration, Number};
use crate::yaml::Node;

/// What sources say about their columns, by source and columns, as far as it has been asked for.
pub(super) type Read = Mutex<BTreeMap<(String, String), Arc<str>>>;

/// The fingerprints of one version, each of 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprints {
    /// Of everything of its own that can move a number, in every reading.
    pub data: String,
    /// Of how the number is read: unit, direction, targets, guardrails.
    pub reading: String,
    /// Of the metrics it is made of: it changes when one of them does.
    pub parents: String,
}

impl Catalog {
    /// Returns the fingerprints of a version; `None` where a mistake leaves it without meaning.
    pub fn fingerprints(&self, id: &str, version: Version) -> Option<Fingerprints> {
        let document = self.documents.get(&Object::metric(id, version))?;
        let plans = self.version(id, version);
        let readings = self.registry.metrics.get(id)?.get(&version)?.readings.len();
        if plans.len() != readings {
            return None;
        }
        let (mut data, mut parents) = (String::new(), String::new());
        for (reading, plan) in plans {
            let name = reading.name().unwrap_or_default();
            data.push_str(&format!("{name}={}+{};", plan.own_fingerprint(), self.reads(plan, false)));
            for part in plan.body.parts() {
                parents.push_str(&format!("{}={}+{};", part.metric, part.fingerprint(), self.reads(part, true)));
            }
        }
        let said = said(FileKind::Metric.shape(), &document.root, Moves::Reading);
        Some(Fingerprints {
            data: digest(data.as_bytes()),
            reading: digest(said.to_string().as_bytes()),
            parents: digest(parents.as_bytes()),
        })
    }

    /// Returns the fingerprint of everything that can move the number of a plan, what it is made of included.
    pub fn meaning(&self, plan: &Plan) -> String {
        digest(format!("{}+{}", plan.fingerprint(), self.reads(plan, true)).as_bytes())
    }

    /// Returns the fingerprint of how the sources of a plan are read, of its own steps only or of its parts too.
    ///
    /// What a raw text means is no step of the plan, and moves the number all the same.
    fn reads(&self, plan: &Plan, with_parts: bool) -> String {
        let is_made = !plan.body.parts().is_empty();
        if is_made && !with_parts {
            return String::new();
        }
        let of = |source: &&str| {
            let said = self.read_of(source, plan.columns_of(source))?;
            Some(format!("{}:{said}", serde_json::to_string(source).expect("a text")))
        };
        let read: Vec<String> = plan.sources().iter().filter_map(of).collect();
        digest(format!("{{{}}}", read.join(",")).as_bytes())
    }

    /// Returns what a source says about columns of it, as JSON. Many plans read the same, so it is remembered.
    fn read_of(&self, source: &str, columns: Vec<&str>) -> Option<Arc<str>> {
        let asked = (source.to_owned(), columns.join("\n"));
        let known = self.read.lock().unwrap_or_else(PoisonError::into_inner).get(&asked).cloned();
        if known.is_some() {
            return known;
        }
        let object = Object { kind: FileKind::Source, name: source.to_owned() };
        let said = said_of_source(&self.documents.get(&object)?.root, &columns);
        let said: Arc<str> = Arc::from(said.to_string());
        self.read.lock().unwrap_or_else(PoisonError::into_inner).insert(asked, Arc::clone(&said));
        Some(said)
    }
}

/// Returns what a source says about the columns that are read, and about its rows.
fn said_of_source(root: &Node, columns: &[&str]) -> Json {
    let mut whole = said(FileKind::Source.shape(), root, Moves::Number);
    let Some(object) = whole.as_object_mut() else { return whole };
    // Derived columns are steps of the plan.
    object.remove("derived");
    if let Some(described) = object.get_mut("columns").and_then(Json::as_object_mut) {
        described.retain(|name, _| columns.contains(&name.as_str()));
    }
    whole
}

/// Returns what a tree says in the fields that move `what`, in one form: keys sorted, numbers and durations exact.
pub fn said(shape: &'static Shape, node: &Node, what: Moves) -> Json {
    said_at(shape, node, (Moves::Number, what))
}

fn said_at(shape: &'static Shape, node: &Node, (moves, what): (Moves, Moves)) -> Json {
    let shape = settled(shape, node);
    let fields: Option<&'static [Field]> = match shape {
        Shape::Record(record) => Some(record.fields),
        Shape::OneKey(fields) => Some(fields),
        _ => None,
    };
    if let Some(fields) = fields {
        let mut map = BTreeMap::new();
        for field in fields {
            let Some(value) = node.get(field.name) else { continue };
            let moves = moves.inside(field.moves);
            let has_parts = !value.entries().is_empty() || !value.items().is_empty();
            let inner = said_at(&field.shape, value, (moves, what));
            let is_said = if has_parts { !is_empty(&inner) } else { moves == what };
            if is_said {
                map.insert(field.name.to_owned(), inner);
            }
        }
        return Json::Object(map.into_iter().collect());
    }
    match shape {
        Shape::Map(inner) | Shape::RawMap(inner) => {
            let entries = node.entries().iter();
            let mut entries: Vec<(String, Json)> =
                entries.map(|entry| (entry.name(), said_at(inner, &entry.value, (moves, what)))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Json::Object(entries.into_iter().filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        Shape::List(inner) | Shape::ListOrNone(inner) | Shape::Tuple(inner, _) => {
            let items = node.items().iter().map(|item| said_at(inner, item, (moves, what)));
            Json::Array(items.filter(|item| !is_empty(item)).collect())
        }
        _ if moves == what => Json::String(scalar(shape, node)),
        _ => Json::Null,
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Object(map) => map.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn scalar(shape: &Shape, node: &Node) -> String {
    let text = node.scalar_text();
    match shape {
        Shape::Decimal | Shape::Integer => text.parse::<Number>().map_or(text, |number| number.normal().to_string()),
        Shape::Duration | Shape::WindowEnd => text.parse::<Duration>().map_or(text, |length| length.to_string()),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
