//! What the product is made of: every dependency with its reason, every package under a licence that is allowed and from
//! the public registry.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect(name)
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect(program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Returns the packages that this machine builds, as cargo describes them; others need not have been fetched.
fn packages() -> Vec<Json> {
    let compiler = said("rustc", &["-vV"]);
    let host = compiler.lines().find_map(|line| line.strip_prefix("host: ")).expect("the host");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host];
    let metadata: Json = serde_json::from_str(&said(&cargo, &arguments)).expect("metadata");
    metadata["packages"].as_array().expect("packages").clone()
}

fn text<'a>(package: &'a Json, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

/// Returns the names in the quotes of the list `key` of a file like `deny.toml`.
fn list(file: &str, key: &str) -> BTreeSet<String> {
    let (_, rest) = file.split_once(&format!("\n{key} = [\n")).expect("the list");
    let (inside, _) = rest.split_once("\n]").expect("the end of the list");
    inside.lines().filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once('"')?.0.to_owned())).collect()
}

/// Tells whether an expression of licences can be met: all parts of an `AND`, one of an `OR`.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    if let Some((one, other)) = split(expression, " OR ").or_else(|| split(expression, "/")) {
        return is_met(one, allowed) || is_met(other, allowed);
    }
    if let Some((one, other)) = split(expression, " AND ") {
        return is_met(one, allowed) && is_met(other, allowed);
    }
    match expression.trim().strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_met(inner, allowed),
        None => allowed.contains(expression.trim()),
    }
}

/// Splits at the first `mark` outside of parentheses.
fn split<'a>(expression: &'a str, mark: &str) -> Option<(&'a str, &'a str)> {
    let outside = |place: usize| {
        let before = &expression[..place];
        before.matches('(').count() == before.matches(')').count()
    };
    let (place, _) = expression.match_indices(mark).find(|(place, _)| outside(*place))?;
    Some((&expression[..place], &expression[place + mark.len()..]))
}

#[test]
fn every_dependency_stands_on_its_page_with_a_reason_and_nothing_else_does() {
    let manifest = read("Cargo.toml");
    let mut needed = BTreeSet::new();
    let mut is_list = false;
    for line in manifest.lines() {
        is_list = if line.starts_with('[') { line.ends_with("dependencies]") } else { is_list };
        if let Some((name, _)) = line.split_once(" = ").filter(|_| is_list && !line.starts_with('#')) {
            needed.insert(name.to_owned());
        }
    }
    let page = read("docs/dependencies.md");
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let mut named = BTreeSet::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        assert!(cells.len() == 3 && cells[1].len() > 5, "no reason: {row}");
        named.extend(cells[0].split(", ").map(|name| name.trim_matches('`').to_owned()));
    }
    assert!(needed.len() > 20);
    assert_eq!(named, needed);
}

#[test]
fn every_package_has_a_licence_that_is_allowed_and_comes_from_the_registry() {
    let allowed = list(&read("deny.toml"), "allow");
    let packages = packages();
    assert!(packages.len() > 100 && allowed.len() > 5);
    for package in packages.iter().filter(|package| text(package, "name") != "etalon") {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        assert!(is_met(licence, &allowed), "{name}: {licence}");
        assert!(text(package, "source").starts_with("registry+"), "{name}: {}", package["source"]);
    }
}

#[test]
fn an_expression_of_licences_is_met_by_all_of_an_and_and_one_of_an_or() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned()]);
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("MIT OR Unicode-3.0 AND GPL-3.0", true),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}
