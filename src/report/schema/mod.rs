//! JSON Schemas of the documents that programs read.
//!
//! Each document has a schema beside this file, and what several of them hold stands in `shared.json`. A document may
//! gain fields within a version; none goes away or changes its meaning.

use serde_json::{Map, Value as Json};

/// The documents by name, each with its schema.
const DOCUMENTS: &[(&str, &str)] = &[
    ("check", include_str!("check.json")),
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
    let shared: Json = serde_json::from_str(SHARED).expect("what schemas share is JSON");
    if text.contains("#/$defs/") {
        schema.insert("$defs".to_owned(), shared);
    }
    Some(Json::Object(schema))
}
