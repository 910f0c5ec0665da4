use super::*;
use crate::diagnostic::codes;
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_rule_file_of_each_folder_is_listed_and_every_list_is_sorted() {
    for area in Area::EVERY {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules").join(area.name());
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder is part of the sources")
            .filter_map(|entry| entry.expect("readable").file_name().to_str()?.strip_suffix(".yaml").map(str::to_owned))
            .collect();
        let listed: Vec<&str> = files_of(area).iter().map(|file| file.stem).collect();
        assert!(listed.is_sorted(), "{}: {listed:?}", area.name());
        assert!(listed.iter().copied().eq(files.iter().map(String::as_str)), "{}: {listed:?}\n{files:?}", area.name());
    }
}

#[test]
fn ids_are_unique_over_rules_and_codes() {
    let mut seen: BTreeSet<&str> = codes::all().map(|code| code.id).collect();
    for rule in all() {
        assert!(seen.insert(rule.id), "{} is taken", rule.id);
    }
}

#[test]
fn every_rule_says_why_what_mends_it_and_shows_what_it_finds() {
    for rule in all() {
        let id = rule.id;
        let sentence = |text: &str, least: usize| text.len() > least && text.ends_with('.');
        let is_title = rule.title.len() > 10 && !rule.title.ends_with('.') && !rule.title.contains('\n');
        assert!(is_title, "{id}: {}", rule.title);
        assert!(sentence(&rule.why, 80), "{id}: {}", rule.why);
        assert!(sentence(&rule.remedy, 10), "{id}: {}", rule.remedy);
        assert!(!rule.bad.is_empty() || id == FALLBACK, "{id} shows nothing");
        assert!(rule.since >= 2026, "{id}: {}", rule.since);
    }
}

#[test]
fn a_successor_is_a_rule_that_is_still_in_force() {
    for rule in all() {
        let Some(successor) = &rule.replaced_by else { continue };
        let found = find(successor);
        assert!(found.is_some_and(|found| found.replaced_by.is_none()), "{}: {successor}", rule.id);
    }
}

#[test]
fn a_rule_is_found_by_its_id_and_a_misspelt_one_leads_to_its_neighbour() {
    let rule = find("window-length-changed").expect("it is listed");
    assert_eq!((rule.area, rule.code.id), (Area::Windows, "window-length-changed"));
    assert_eq!(near("window-lenght-changed").first().map(|rule| rule.id), Some("window-length-changed"));
    assert!(find("window_length_changed").is_none());
}

#[test]
fn the_explanation_of_a_rule_is_made_of_its_file() {
    let rule = find("window-length-changed").expect("it is listed");
    assert_eq!(rule.code.title(), rule.title);
    let headings: Vec<&str> = rule.code.explanation.lines().filter(|line| line.starts_with("## ")).collect();
    assert_eq!(headings, ["## Why", "## Bad", "## Good", "## Remedy"]);
    assert!(rule.code.explanation.contains("Class: breaking. Severity: error for released metrics."));
}

#[test]
fn two_matches_never_say_the_same() {
    let mut seen = BTreeSet::new();
    for rule in all() {
        for found in &rule.matches {
            let said = (found.kind, found.at.to_string(), found.change, found.when);
            assert!(seen.insert(said.clone()), "{}: {said:?}", rule.id);
        }
    }
}

#[test]
fn a_broken_file_is_named_with_what_is_wrong() {
    let broken = "rule: one-rule\ntitle: t\nseverity: fatal\n";
    let refused = std::panic::catch_unwind(|| Rule::embedded(Area::Windows, "one_rule", broken));
    let said = refused.expect_err("the severity is unknown");
    let said = said.downcast_ref::<String>().expect("a formatted message");
    assert!(said.starts_with("src/rules/windows/one_rule.yaml: ") && said.contains("fatal"), "{said}");
}

#[test]
fn a_file_with_an_unknown_key_or_another_name_is_refused() {
    let text = |name: &str, more: &str| {
        format!(
            "rule: {name}\ntitle: t\nseverity: note\nclass: wording\nprofile: strict\nsince: 2026\nwhy: w\nremedy: r\n\
             bad: [{{file: a.yaml, remove: true}}]\n{more}"
        )
    };
    let read = |text: String| Rule::read(Area::Windows, "one_rule", &text).map(|rule| rule.id);
    assert_eq!(read(text("one-rule", "")), Ok("one-rule"));
    assert!(read(text("one-rule", "reason: x\n")).is_err_and(|why| why.contains("reason")));
    assert!(read(text("other-rule", "")).is_err_and(|why| why.contains("other-rule")));
    assert!(read(text("one-rule", "matches: [{in: metrics, at: unit, change: any}]\n")).is_err());
}
