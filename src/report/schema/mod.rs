//! JSON Schemas of the documents that programs read.
//!
//! Each document has a schema beside this file, and what several of them hold stands in `shared.json`. A document may
//! gain fields within a version; none goes away or changes its meaning.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

/// The documents by name, each with its schema.
const DOCUMENTS: &[(&str, &str)] = &[
    ("check", include_str!("check.json")),
    ("drift", include_str!("drift.json")),
    ("impact", include_str!("impact.json")),
    ("mutate", include_str!("mutate.json")),
    ("random", include_str!("random.json")),
    ("replay", include_str!("replay.json")),
    ("review", include_str!("review.json")),
    ("run", include_str!("run.json")),
    ("verify", include_str!("verify.json")),
];

/// What several documents hold.
const SHARED: &str = include_str!("shared.json");

/// Returns the names of all documents that have a schema, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    DOCUMENTS.iter().map(|(name, _)| *name)
}

/// Returns the schema of a document; `None` where there is no such document.
///
/// # Panics
/// When an embedded schema is no JSON.
pub fn schema(name: &str) -> Option<Json> {
    let (_, text) = DOCUMENTS.iter().find(|(known, _)| *known == name)?;
    let mut schema: Map<String, Json> = serde_json::from_str(text).expect("an embedded schema is a JSON object");
    let shared: Map<String, Json> = serde_json::from_str(SHARED).expect("what schemas share is a JSON object");
    let needed = needed(text, &shared);
    let shared: Map<String, Json> = shared.into_iter().filter(|(name, _)| needed.contains(name)).collect();
    if !shared.is_empty() {
        schema.insert("$defs".to_owned(), Json::Object(shared));
    }
    Some(Json::Object(schema))
}

/// Returns the names of the shared parts that a schema refers to, directly or through others.
fn needed(text: &str, shared: &Map<String, Json>) -> BTreeSet<String> {
    let refers = |text: &str, name: &str| text.contains(&format!("\"#/$defs/{name}\""));
    let mut needed = BTreeSet::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        for (name, part) in shared.iter().filter(|(name, _)| refers(&text, name)) {
            if needed.insert(name.clone()) {
                open.push(part.to_string());
            }
        }
    }
    needed
}
