//! Edits between two projects, found by comparing trees key by key.
//!
//! Knows which key names an item of a list, and nothing else of the format.

use std::collections::BTreeSet;

use etalon::format::FileKind;
use etalon::rules::{Change, Files};
use serde_yaml::{Mapping, Value};

/// An edit of one file.
pub(super) struct Edit {
    pub(super) kind: FileKind,
    pub(super) path: Vec<String>,
    pub(super) change: Change,
}

/// Keys that name an item of a list, in the order in which they are looked for.
const NAMING: [&str; 8] = ["id", "use", "metric", "day", "spans", "open", "from", "any"];

/// Returns the edits that lead from the old files to the new ones.
pub(super) fn edits(old: &Files, new: &Files) -> Vec<Edit> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).filter(|name| name.ends_with(".yaml")).collect();
    let mut edits = Vec::new();
    for name in names.into_iter().filter(|name| old.get(*name) != new.get(*name)) {
        let (before, after) = (old.get(name).map(|text| parsed(text)), new.get(name).map(|text| parsed(text)));
        let Some(kind) = before.as_ref().or(after.as_ref()).and_then(kind_of) else { continue };
        let mut found = Vec::new();
        match (&before, &after) {
            (Some(before), Some(after)) => compare(before, after, &[], &mut found),
            (before, _) => found.push((Vec::new(), if before.is_some() { Change::Removed } else { Change::Added })),
        }
        edits.extend(found.into_iter().map(|(path, change)| Edit { kind, path: without_variant(kind, path), change }));
    }
    edits
}

fn parsed(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}

fn kind_of(document: &Value) -> Option<FileKind> {
    FileKind::EVERY.into_iter().find(|kind| document.get(kind.head()).is_some())
}

fn without_variant(kind: FileKind, mut path: Vec<String>) -> Vec<String> {
    if kind == FileKind::Metric && path.len() > 2 && path[0] == "variants" {
        path.drain(..2);
    }
    path
}

type Found = Vec<(Vec<String>, Change)>;

fn compare(old: &Value, new: &Value, path: &[String], found: &mut Found) {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => mappings(old, new, path, found),
        (Value::Sequence(old), Value::Sequence(new)) => match (named(old), named(new)) {
            (Some(before), Some(after)) => {
                mappings(&before, &after, path, found);
                moved(&before, &after, path, found);
            }
            _ if old != new => found.push((path.to_vec(), Change::Changed)),
            _ => {}
        },
        _ if old != new => found.push((path.to_vec(), Change::Changed)),
        _ => {}
    }
}

fn mappings(old: &Mapping, new: &Mapping, path: &[String], found: &mut Found) {
    let inside = |key: &Value| path.iter().cloned().chain([text_of(key)]).collect::<Vec<_>>();
    for (key, before) in old {
        match new.get(key) {
            Some(after) => compare(before, after, &inside(key), found),
            None => found.push((inside(key), Change::Removed)),
        }
    }
    let added = new.keys().filter(|key| !old.contains_key(*key));
    found.extend(added.map(|key| (inside(key), Change::Added)));
}

/// Reports the items that both lists have and that stand in another order.
fn moved(old: &Mapping, new: &Mapping, path: &[String], found: &mut Found) {
    let before = old.keys().filter(|key| new.contains_key(*key));
    let after = new.keys().filter(|key| old.contains_key(*key));
    let displaced = before.zip(after).filter(|(before, after)| before != after);
    found.extend(
        displaced.map(|(before, _)| (path.iter().cloned().chain([text_of(before)]).collect::<Vec<_>>(), Change::Moved)),
    );
}

/// Returns a list as a mapping by the names of its items; `None` where two have one name.
fn named(list: &[Value]) -> Option<Mapping> {
    let mut named = Mapping::new();
    for item in list {
        let name = match item {
            Value::Mapping(mapping) => NAMING.iter().find_map(|key| mapping.get(*key)).cloned()?,
            Value::Sequence(_) => return None,
            scalar => scalar.clone(),
        };
        if named.insert(Value::String(text_of(&name)), item.clone()).is_some() {
            return None;
        }
    }
    Some(named)
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).expect("a scalar").trim_end().to_owned(),
    }
}
