//! A mutant that gets away is told at its line, and the case that is printed kills it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::{METRIC, change, project, run, transcript};

/// Returns the scores of a project, as a program reads them.
fn scores(folder: &Path) -> Vec<Value> {
    let output = run(folder, "mutate --format json");
    let document: Value = serde_json::from_slice(&output.stdout).expect("a JSON document");
    document["projects"][0]["scores"].as_array().cloned().unwrap_or_default()
}

fn survivors(folder: &Path) -> Vec<Value> {
    let all = |score: &Value| score["survivors"].as_array().cloned().unwrap_or_default();
    scores(folder).iter().flat_map(all).collect()
}

/// Returns a project whose cases say little.
fn unproven() -> tempfile::TempDir {
    let folder = project();
    for case in ["one_second_later_and_the_interval", "not_yet_known"] {
        fs::remove_file(folder.path().join(format!("{METRIC}/cases/{case}.yaml"))).expect("a case");
    }
    folder
}

#[test]
fn a_survivor_stands_at_its_line_with_a_case_that_would_kill_it() {
    let proven = project();
    transcript("mutate_killed", proven.path(), &["mutate", "mutate --metric first_contact"]);
    let folder = unproven();
    let commands = ["mutate", "mutate --at-least 50 --format github", "mutate --at-least 101", "mutate nowhere"];
    transcript("mutate_survivors", folder.path(), &commands);
}

#[test]
fn the_cases_that_are_printed_hold_and_kill_the_survivors() {
    let folder = unproven();
    let before = survivors(folder.path());
    assert!(before.len() > 2, "{before:?}");
    let printed: Vec<&str> = before.iter().filter_map(|survivor| survivor["case"].as_str()).collect();
    assert!(!printed.is_empty());
    for (number, case) in printed.iter().enumerate() {
        let case = case.replacen("case: kills_a_mutant", &format!("case: kills_{number}"), 1);
        let file = folder.path().join(format!("{METRIC}/cases/kills_{number}.yaml"));
        fs::write(file, case).expect("a case");
    }
    let verified = run(folder.path(), "verify --engine sqlite");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    let after = survivors(folder.path());
    assert_eq!(after.len(), before.len() - printed.len(), "{after:?}");
}

#[test]
fn a_case_that_fails_unchanged_and_an_explanation_without_a_mutant_spoil_the_score() {
    let folder = project();
    let case = format!("{METRIC}/cases/repeat_within_a_week.yaml");
    change(folder.path(), &case, "as_of: 2026-03-01T00:00:00Z", "as_of: 2026-01-05T00:00:00Z");
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "measure:", "# equivalent: a -> b: it is not\nmeasure:");
    transcript("mutate_unsound", folder.path(), &["mutate"]);
}
