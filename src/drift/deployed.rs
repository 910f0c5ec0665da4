//! Deployed objects, wherever they were read from.
//!
//! A reader of an engine's catalogue makes the same list: name, text, the comment that the object carries, dialect.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::deploy::committed::Present;
use crate::deploy::stamp::{MARK, Stamp};
use crate::sql::Dialect;

/// An object as it is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// What it is called, with its schema where that is known.
    pub name: String,
    /// Where it was read: a path, an object of a target.
    pub place: String,
    /// Its text.
    pub text: String,
    /// The comment that the object carries, where its text has lost its own.
    pub comment: Option<String>,
    /// The dialect it is written in; `None` leaves it to its stamp.
    pub dialect: Option<Dialect>,
    /// How its text is to be read.
    pub writing: Writing,
}

/// How the text of an object is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Writing {
    /// As SQL.
    Sql,
    /// As SQL that the catalogue of a database may have written in words of its own.
    Kept,
    /// As a template of dbt.
    Template,
    /// As the SQL that dbt has made of a template.
    Compiled(Relations),
}

/// What dbt knew when it made SQL of a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relations {
    /// What tables are called, by source and name.
    pub sources: BTreeMap<(String, String), String>,
    /// What the model's own table is called.
    pub own: String,
    /// The template.
    pub raw: Option<String>,
}

/// Returns the objects that the files of a folder make: every script and model with a stamp, and those without one whose
/// name is that of an object that could be deployed.
pub fn of_files(files: &[Present], is_known: impl Fn(&str) -> bool) -> Vec<Deployed> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.below.ends_with(".sql")) {
        let stem = file.below.rsplit('/').next().unwrap_or(&file.below).trim_end_matches(".sql");
        let stamped = Stamp::find(&file.text);
        let (name, is_object) = match &stamped {
            Ok(Some(found)) => (found.stamp.object.clone(), found.stamp.part != "test"),
            Ok(None) => (stem.to_owned(), is_known(stem)),
            Err(_) => (stem.to_owned(), true),
        };
        if !is_object {
            continue;
        }
        let is_template = file.text.contains("{{") || file.text.contains("{%");
        found.push(Deployed {
            name,
            place: file.path.display().to_string(),
            text: file.text.clone(),
            comment: None,
            dialect: None,
            writing: if is_template { Writing::Template } else { Writing::Sql },
        });
    }
    found
}

/// Returns the models of a manifest of dbt that have a stamp or the name of an object that could be deployed.
///
/// # Errors
/// When the text is no manifest.
pub fn of_manifest(text: &str, is_known: impl Fn(&str) -> bool) -> Result<Vec<Deployed>, String> {
    let manifest: Json = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let nodes =
        manifest.get("nodes").and_then(Json::as_object).ok_or("it has no `nodes`, so it is no manifest of dbt")?;
    let mut sources = BTreeMap::new();
    for source in manifest.get("sources").and_then(Json::as_object).into_iter().flat_map(|sources| sources.values()) {
        let key = word(source, "source_name").zip(word(source, "name"));
        if let (Some(key), Some(relation)) = (key, word(source, "relation_name")) {
            sources.insert(key, relation);
        }
    }
    let models = nodes.values().filter(|node| word(node, "resource_type").as_deref() == Some("model"));
    let mut found: Vec<Deployed> = models.filter_map(|node| model(node, &sources)).collect();
    found.retain(|model| model.text.contains(MARK) || is_known(&model.name));
    found.sort_by(|one, other| one.place.cmp(&other.place));
    Ok(found)
}

/// Returns a model, as dbt has compiled it or as its template.
fn model(node: &Json, sources: &BTreeMap<(String, String), String>) -> Option<Deployed> {
    let name = word(node, "name")?;
    let raw = word(node, "raw_code").or_else(|| word(node, "raw_sql"));
    let compiled = word(node, "compiled_code").or_else(|| word(node, "compiled_sql"));
    let (text, writing) = match (compiled, raw) {
        (Some(text), raw) => {
            let own = word(node, "relation_name").unwrap_or_default();
            (text, Writing::Compiled(Relations { sources: sources.clone(), own, raw }))
        }
        (None, raw) => (raw?, Writing::Template),
    };
    let place = word(node, "original_file_path").unwrap_or_else(|| name.clone());
    Some(Deployed { name, place, text, comment: None, dialect: None, writing })
}

fn word(node: &Json, key: &str) -> Option<String> {
    node.get(key).and_then(Json::as_str).map(str::to_owned)
}

impl Deployed {
    /// Returns the stamp in the text, or else in the comment of the object.
    ///
    /// # Errors
    /// When there is one and it cannot be read.
    pub fn stamp(&self) -> Result<Option<Stamp>, String> {
        for text in [Some(&self.text), self.comment.as_ref()].into_iter().flatten() {
            match Stamp::find(text) {
                Ok(Some(found)) => return Ok(Some(found.stamp)),
                Ok(None) => {}
                Err(unreadable) => return Err(unreadable.reason),
            }
        }
        Ok(None)
    }

    /// Returns what dbt knew when it made SQL of it.
    pub(super) fn relations(&self) -> Option<&Relations> {
        match &self.writing {
            Writing::Compiled(relations) => Some(relations),
            _ => None,
        }
    }

    /// Tells whether it is a model of dbt.
    pub(super) fn is_of_dbt(&self) -> bool {
        matches!(self.writing, Writing::Template | Writing::Compiled(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_of_a_manifest_are_read_as_dbt_has_compiled_them() {
        let manifest = r#"{
            "nodes": {
                "model.p.fcr_day": {"resource_type": "model", "name": "fcr_day", "compiled_code": "select 1", "raw_code": "x", "original_file_path": "models/fcr_day.sql"},
                "model.p.other": {"resource_type": "model", "name": "other", "raw_code": "select 2"},
                "model.p.late": {"resource_type": "model", "name": "late", "compiled_code": null, "raw_code": "-- etalon-stamp: x"},
                "test.p.t": {"resource_type": "test", "name": "fcr_day"}
            },
            "sources": {"source.p.raw.contacts": {"source_name": "raw", "name": "contacts", "relation_name": "\"db\".\"raw\".\"contacts\""}}
        }"#;
        let found = of_manifest(manifest, |name| name == "fcr_day").expect("a manifest");
        let shown: Vec<(&str, &str)> = found.iter().map(|one| (one.name.as_str(), one.text.as_str())).collect();
        assert_eq!(shown, [("late", "-- etalon-stamp: x"), ("fcr_day", "select 1")]);
        assert_eq!(found[0].writing, Writing::Template);
        let relation = ("raw".to_owned(), "contacts".to_owned());
        let relations = found[1].relations().expect("it is compiled");
        assert_eq!(relations.sources[&relation], "\"db\".\"raw\".\"contacts\"");
        assert_eq!(relations.raw.as_deref(), Some("x"));
        assert!(of_manifest("{}", |_| true).is_err() && of_manifest("nodes", |_| true).is_err());
    }
}
