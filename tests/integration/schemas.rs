//! The JSON Schemas that editors use, against every definition file there is and against the checker.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use etalon::diagnostic::Diagnostics;
use etalon::format::{self, FileKind};
use etalon::text::Texts;
use etalon::yaml;
use jsonschema::Validator;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Returns every definition file of the repository with its text.
fn definitions() -> Vec<(PathBuf, String)> {
    let mut waiting = vec![Path::new(ROOT).join("definitions"), Path::new(ROOT).join("templates/starter/definitions")];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let text = fs::read_to_string(&path).expect("a text");
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 100, "the library and the starter have more files than {}", found.len());
    found
}

fn read(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}

/// Returns the kind of a file by its head key.
fn kind(document: &Value) -> FileKind {
    let kind = FileKind::EVERY.into_iter().find(|kind| document.get(kind.head()).is_some());
    kind.expect("a head key")
}

fn validators() -> BTreeMap<FileKind, Validator> {
    let compiled = |kind| jsonschema::validator_for(&format::schema::schema(Some(kind))).expect("a schema");
    FileKind::EVERY.into_iter().map(|kind| (kind, compiled(kind))).collect()
}

fn complaints(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_definition_file_is_valid_by_the_schema_of_its_kind_and_by_the_common_one() {
    let validators = validators();
    let common = jsonschema::validator_for(&format::schema::schema(None)).expect("a schema");
    for (path, text) in definitions() {
        let document = read(&text);
        for validator in [&validators[&kind(&document)], &common] {
            assert_eq!(complaints(validator, &document), Vec::<String>::new(), "{}", path.display());
        }
    }
}

#[test]
fn every_starter_file_names_the_schema_of_its_kind_by_its_relative_path() {
    let starter = Path::new(ROOT).join("templates/starter/definitions");
    let mut named = 0;
    for (path, text) in definitions() {
        let Ok(inside) = path.strip_prefix(&starter) else { continue };
        let ascent = "../".repeat(inside.components().count() - 1);
        let line = format!("# yaml-language-server: $schema={ascent}schema/{}.json", kind(&read(&text)).head());
        assert_eq!(text.lines().next(), Some(line.as_str()), "{}", inside.display());
        named += 1;
    }
    assert_eq!(named, 7);
}

#[test]
fn every_definition_file_reads_the_same_by_an_independent_yaml_library() {
    for (path, text) in definitions() {
        let mut texts = Texts::new();
        let id = texts.add("file.yaml", text.clone());
        let mut diagnostics = Diagnostics::new();
        let tree = yaml::parse(&texts, id, &mut diagnostics).expect("a tree");
        assert!(diagnostics.is_empty(), "{}", path.display());
        assert_eq!(tree.to_json(), read(&text), "{}", path.display());
    }
}

/// Returns the document in every way in which one top-level key is missing, misspelt or of another type.
fn broken(document: &Value) -> Vec<(String, Value)> {
    let object = document.as_object().expect("a mapping");
    let mut variants = Vec::new();
    for key in object.keys() {
        let mut without = object.clone();
        let value = without.shift_remove(key).expect("its key");
        let mut misspelt = without.clone();
        misspelt.insert(format!("{key}_"), value.clone());
        let mut other = object.clone();
        other.insert(key.clone(), if value.is_array() { Value::from("text") } else { serde_json::json!([[1]]) });
        variants.push((format!("without `{key}`"), Value::Object(without)));
        variants.push((format!("`{key}` misspelt"), Value::Object(misspelt)));
        variants.push((format!("`{key}` of another type"), Value::Object(other)));
    }
    variants
}

#[test]
fn schema_and_checker_agree_on_what_is_broken() {
    let validators = validators();
    let mut judged = BTreeMap::new();
    let mut seen = BTreeMap::new();
    for (path, text) in definitions() {
        let document = read(&text);
        let kind = kind(&document);
        // A few files of each kind have all its keys.
        let count = seen.entry(kind).or_insert(0);
        *count += 1;
        if *count > 12 {
            continue;
        }
        for (how, variant) in broken(&document) {
            // Without its head a file is of another kind, or of none.
            if variant.get(kind.head()).is_none() {
                continue;
            }
            let mut texts = Texts::new();
            let id = texts.add("file.yaml", serde_json::to_string_pretty(&variant).expect("JSON, which is YAML"));
            let mut diagnostics = Diagnostics::new();
            let tree = yaml::parse(&texts, id, &mut diagnostics).expect("a tree");
            let checked = format::check(&tree, &mut diagnostics).is_some() && !diagnostics.has_errors();
            let valid = validators[&kind].is_valid(&variant);
            assert_eq!(valid, checked, "{} {how}: {diagnostics:?}", path.display());
            *judged.entry(valid).or_insert(0) += 1;
        }
    }
    assert!(judged[&true] > 50 && judged[&false] > 500, "both verdicts occur: {judged:?}");
}
