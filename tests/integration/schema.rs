//! The published JSON Schemas are those that the format generates.

use std::path::PathBuf;

use etalon::format::reference::reference;
use etalon::format::{FileKind, schema::schema};

/// Returns each schema's file with its text as it should be.
fn published() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("definitions/schema");
    let kinds = FileKind::EVERY.into_iter().map(|kind| (kind.head(), Some(kind))).chain([("definition", None)]);
    kinds
        .map(|(name, kind)| {
            let text = serde_json::to_string_pretty(&schema(kind)).expect("a schema is JSON");
            (folder.join(format!("{name}.json")), format!("{text}\n"))
        })
        .collect()
}

#[test]
fn checked_in_schemas_equal_what_the_format_generates() {
    for (path, text) in published() {
        if std::env::var_os("ETALON_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder of schemas");
            std::fs::write(&path, &text).expect("a schema file");
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(there == text, "{} is stale: run the tests with ETALON_BLESS=1", path.display());
    }
}

#[test]
fn the_reference_page_equals_what_the_format_generates() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/format.md");
    let text = reference();
    if std::env::var_os("ETALON_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the reference page");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{} is stale: run the tests with ETALON_BLESS=1", path.display());
}

#[test]
fn every_key_of_every_file_kind_is_explained_in_its_schema() {
    for kind in FileKind::EVERY {
        for field in kind.record().fields {
            let properties = &schema(Some(kind))["properties"];
            let text = properties[field.name]["description"].as_str().unwrap_or_default().to_owned();
            assert!(text.contains(field.doc), "{}.{}", kind.head(), field.name);
        }
    }
}
