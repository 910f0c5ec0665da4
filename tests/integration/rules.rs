//! The catalogue of rules: its page, and its examples on the sample project.

use std::path::PathBuf;

use etalon::rules::reference::reference;

#[test]
fn the_page_of_rules_equals_what_the_catalogue_generates() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = reference();
    if std::env::var_os("ETALON_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the page of rules");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "{} is stale: run the tests with ETALON_BLESS=1", path.display());
}
