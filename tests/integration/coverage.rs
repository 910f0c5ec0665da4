//! The inventory of what the source documents ask for, each row with what shows it: a definition and its case, a rule,
//! a command, a file.
//!
//! `tests/coverage/inventory.yaml` is the data; `docs/coverage.md` is generated from it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use etalon::rules;
use serde_yaml::Value;

use crate::cli::run;

/// Row of the inventory: what is asked for, and what shows it or why nothing does.
struct Row {
    item: String,
    shown_by: Vec<String>,
    rules: Vec<String>,
    commands: Vec<String>,
    files: Vec<String>,
    not_covered: Option<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn inventory() -> Vec<(String, Vec<Row>)> {
    let text = std::fs::read_to_string(root().join("tests/coverage/inventory.yaml")).expect("the inventory");
    let areas: Value = serde_yaml::from_str(&text).expect("YAML");
    let areas = areas.as_sequence().expect("a list of areas");
    areas.iter().map(|area| (text_of(&area["area"]), list(&area["rows"]).iter().map(row).collect())).collect()
}

fn row(value: &Value) -> Row {
    let texts = |key: &str| list(&value[key]).iter().map(text_of).collect();
    Row {
        item: text_of(&value["item"]),
        shown_by: texts("shown_by"),
        rules: texts("rules"),
        commands: texts("commands"),
        files: texts("files"),
        not_covered: value["not_covered"].as_str().map(str::to_owned),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Returns the file of a metric and of one of its cases, from the root: `metric/case`.
fn places(entry: &str) -> (String, String) {
    let (metric, case) = entry.split_once('/').expect("metric/case");
    let folders = ["definitions/metrics", "definitions/scorecards", "definitions/examples/retailer/metrics"];
    let folder = folders.into_iter().find(|folder| root().join(folder).join(metric).is_dir());
    let folder = format!("{}/{metric}", folder.unwrap_or_else(|| panic!("there is no metric `{metric}`")));
    (format!("{folder}/v1.yaml"), format!("{folder}/cases/{case}.yaml"))
}

#[test]
fn every_row_of_the_inventory_names_what_shows_it_or_why_nothing_does() {
    for (area, rows) in inventory() {
        assert!(!rows.is_empty(), "{area}");
        for row in rows {
            let shown = [&row.shown_by, &row.rules, &row.commands, &row.files].iter().any(|names| !names.is_empty());
            let reason = row.not_covered.as_deref().is_some_and(|reason| reason.len() > 20);
            assert!(shown != reason, "{area}: {}", row.item);
        }
    }
}

#[test]
fn every_file_and_case_that_the_inventory_names_exists() {
    for (area, rows) in inventory() {
        for row in rows {
            for entry in &row.shown_by {
                let (metric, case) = places(entry);
                for place in [metric, case] {
                    assert!(root().join(&place).is_file(), "{area}, {}: there is no {place}", row.item);
                }
            }
            for file in &row.files {
                let file = file.split('#').next().unwrap_or_default();
                assert!(root().join(file).exists(), "{area}, {}: there is no {file}", row.item);
            }
        }
    }
}

#[test]
fn every_rule_and_command_that_the_inventory_names_exists() {
    for (area, rows) in inventory() {
        for row in rows {
            for rule in &row.rules {
                assert!(rules::find(rule).is_some(), "{area}, {}: there is no rule `{rule}`", row.item);
            }
            for command in &row.commands {
                let is_known = run(&root(), &format!("help {command}")).status.success();
                assert!(is_known, "{area}, {}: there is no command `{command}`", row.item);
            }
        }
    }
}

#[test]
fn the_coverage_page_is_generated_from_the_inventory() {
    let path = root().join("docs/coverage.md");
    let page = page(&inventory());
    if std::env::var_os("ETALON_BLESS").is_some() {
        std::fs::write(&path, &page).expect("the page");
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == page, "{} is stale: run the tests with ETALON_BLESS=1", path.display());
}

fn page(areas: &[(String, Vec<Row>)]) -> String {
    let rows = || areas.iter().flat_map(|(_, rows)| rows);
    let open = rows().filter(|row| row.not_covered.is_some()).count();
    let mut page = format!(
        "# What is asked for, and where it is shown\n\nThe subjects that the project's source documents name, each \
         with what shows it (a definition and its case, a rule, a\ncommand, a file) or the reason why it is not there. \
         Generated from `tests/coverage/inventory.yaml`; a test holds every name\nagainst what there is.\n\n\
         {} subjects: {} covered, {open} not.\n",
        rows().count(),
        rows().count() - open,
    );
    for (area, rows) in areas {
        let _ = write!(page, "\n## {area}\n\n| subject | shown by |\n|---|---|\n");
        for row in rows {
            let _ = writeln!(page, "| {} | {} |", row.item, shown(row));
        }
    }
    page
}

fn shown(row: &Row) -> String {
    if let Some(reason) = &row.not_covered {
        return format!("not covered: {reason}");
    }
    let mut parts: Vec<String> = Vec::new();
    for entry in &row.shown_by {
        let (metric, case) = places(entry);
        let (name, case_name) = entry.split_once('/').expect("metric/case");
        parts.push(format!("[{name}](../{metric}): [{case_name}](../{case})"));
    }
    parts.extend(row.rules.iter().map(|rule| format!("[`{rule}`](rules.md#{rule})")));
    parts.extend(row.commands.iter().map(|command| format!("`etalon {command}`")));
    for file in &row.files {
        let name = Path::new(file).file_name().map_or(file.clone(), |name| name.to_string_lossy().into_owned());
        parts.push(format!("[{name}](../{file})"));
    }
    parts.join("<br>")
}
