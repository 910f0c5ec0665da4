//! The catalogue of rules: its page, its examples on the sample project, and what of the format it knows.

/// The sample project in memory.
pub(crate) mod base;
/// The examples of rules, judged.
mod examples;
/// Places of the format.
mod places;
/// The definitions that ship, judged.
mod shelves;
/// Edits between two trees, found without knowing the format.
mod tree;

use std::path::PathBuf;

use base::Project;
use etalon::diff::Direction;
use etalon::format::FileKind;
use etalon::rules::reference::reference;
use etalon::rules::{self, Change, Class, Edit, FALLBACK, Rule, classify};
use etalon::shape::Moves;
use etalon::verify::{How, verify};
use places::Place;

use crate::library::engines;

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

#[test]
fn the_sample_project_checks_clean_and_every_case_of_it_holds_on_every_engine() {
    let mut project = Project::build(base::files());
    let mut engines = engines();
    let how = How { engines: &mut engines, wanted: &|_| true, step: &|_| () };
    let verification = verify(&project.catalog, &project.loaded.texts, how, &mut project.diagnostics);
    let report = project.report();
    assert!(report.is_empty(), "{report}");
    assert!(verification.verdicts.len() >= 20 && verification.failed() == 0);
    assert!(verification.unproven.is_empty(), "without a case: {:?}", verification.unproven);
}

#[test]
fn every_example_applies_to_the_sample_project() {
    for rule in rules::all() {
        for edits in [&rule.bad, &rule.good] {
            edited(rule, edits);
        }
    }
}

#[test]
fn examples_of_changes_lead_from_one_sound_project_to_another() {
    let mut wrong = Vec::new();
    for rule in rules::all().iter().filter(|rule| !rule.matches.is_empty()) {
        for edits in [&rule.bad, &rule.good] {
            let report = Project::build(edited(rule, edits)).report();
            if !report.is_empty() {
                wrong.push(format!("{}:\n{report}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_bad_example_of_a_change_falls_under_its_rule_and_the_good_one_does_not() {
    let mut wrong = Vec::new();
    for rule in rules::all().iter().filter(|rule| is_seen_in_a_tree(rule)) {
        if !judged(rule, &rule.bad).contains(&rule.id) {
            wrong.push(format!("{}: the bad example is {:?}", rule.id, judged(rule, &rule.bad)));
        }
        if is_tellable(rule) && judged(rule, &rule.good).contains(&rule.id) {
            wrong.push(format!("{}: the good example is found too", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_field_of_the_format_has_a_rule_of_its_own() {
    let unknown: Vec<String> = places::all()
        .iter()
        .flat_map(|place| place.changes().iter().map(move |change| (place, *change)))
        .filter(|(place, change)| {
            let rule = classify(place.kind, &place.path, *change, Direction::Unknown);
            rule.is_none_or(|rule| rule.id == FALLBACK)
        })
        .map(|(place, change)| format!("{place} {}", change.name()))
        .collect();
    assert!(unknown.is_empty(), "only `{FALLBACK}` knows:\n{}", unknown.join("\n"));
}

#[test]
fn the_class_of_a_rule_is_no_weaker_than_what_its_field_moves() {
    let fits = |moves: Moves, class: Class| match moves {
        Moves::Number => matches!(class, Class::Breaking | Class::Additive),
        Moves::Reading => matches!(class, Class::Breaking | Class::Additive | Class::Governance),
        Moves::Governance => matches!(class, Class::Breaking | Class::Additive | Class::Governance),
        Moves::Wording => true,
    };
    let of_numbers = |kind: FileKind| !matches!(kind, FileKind::Case);
    let mut weak = Vec::new();
    for place in places::all().iter().filter(|place| of_numbers(place.kind)) {
        for change in [Change::Added, Change::Removed, Change::Changed] {
            let rule = classify(place.kind, &place.path, change, Direction::Unknown).expect("there is a fallback");
            if !fits(place.moves, rule.class) {
                weak.push(format!("{place} {}: {} is {}", change.name(), rule.id, rule.class.name()));
            }
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}

#[test]
fn every_pattern_names_places_that_the_format_has() {
    let known = places::all();
    let mut lost = Vec::new();
    for rule in rules::all() {
        for wanted in &rule.matches {
            let there = |place: &&Place| place.kind == wanted.kind && wanted.at.matches(&place.path);
            if !known.iter().any(|place| there(&place)) {
                lost.push(format!("{}: {} {}", rule.id, wanted.kind.head(), wanted.at));
            }
        }
    }
    assert!(lost.is_empty(), "no file has:\n{}", lost.join("\n"));
}

fn edited(rule: &Rule, edits: &[Edit]) -> rules::Files {
    let mut files = base::files();
    for edit in rule.given.iter().chain(edits) {
        edit.apply(&mut files).unwrap_or_else(|why| panic!("{}: {why}", rule.id));
    }
    files
}

/// Returns the rules that the edits fall under, whatever their directions.
fn judged(rule: &Rule, edits: &[Edit]) -> Vec<&'static str> {
    let directions = [Direction::Unknown, Direction::Widened, Direction::Narrowed, Direction::Up, Direction::Down];
    let mut ids: Vec<&str> = Vec::new();
    for edit in tree::edits(&edited(rule, &[]), &edited(rule, edits)) {
        let found = directions.map(|direction| classify(edit.kind, &edit.path, edit.change, direction));
        ids.extend(found.into_iter().flatten().map(|rule| rule.id));
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Tells whether comparing trees can show what the rule is about: that a text means the same, it cannot.
fn is_seen_in_a_tree(rule: &Rule) -> bool {
    rule.id != FALLBACK && rule.matches.iter().any(|found| found.change != Some(Change::Rewritten))
}

/// Tells whether the good example is told from the bad one by its place, not by its direction or by what a text means.
fn is_tellable(rule: &Rule) -> bool {
    let edits = tree::edits(&edited(rule, &[]), &edited(rule, &rule.good));
    let directed = rule.matches.iter().any(|found| found.when.is_some());
    let same_meaning = || {
        let (old, new) = (Project::build(edited(rule, &[])), Project::build(edited(rule, &rule.good)));
        rule.class == Class::Breaking && old.catalog.plans == new.catalog.plans
    };
    !directed && !edits.iter().any(|edit| places::holds_expression(edit.kind, &edit.path)) && !same_meaning()
}
