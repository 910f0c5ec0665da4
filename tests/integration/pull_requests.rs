//! Pull requests in scratch repositories, reviewed by the built command: what may pass and what may not.

use std::fs;
use std::path::Path;

use super::cli::{change, project, run};

pub(super) const FCR: &str = "definitions/metrics/first_contact_resolution";
const STANDARD: &str = "definitions/standards/bot_contacts.yaml";
const POLICY: &str = "\nrules: {profile: governance}\npolicy:\n  signatures:\n    - for: breaking\n      \
                      roles: [{role: owner}, {role: metrics-council, at_least: 2}]\n  \
                      roles: {metrics-council: [ben, cleo, dora]}\n  owners: {support-analytics: [eve]}\n";
pub(super) const SECOND: &str = "metric: contacts_handled
version: 1.0.0
status: candidate
effective_from: 2026-01-01
title: Contacts handled
statement: Number of contacts that a human answered.
purpose: The volume of work. Not for judging how well it is done.
assumptions:
  - Every contact is logged once.
owner: support-analytics
role: diagnostic
unit: count
direction: neutral
review_by: 2026-12-31
population: {source: contacts, one_row_per: contact_id, anchor: closed_at}
exclusions:
  - use: bot_contacts
measure: {count: rows}
period: {grains: [day]}
";
pub(super) const SECOND_CASE: &str = "case: a_bot_is_left_out
shows: A contact that a bot answered is not counted.
metric: contacts_handled
as_of: 2026-03-01T00:00:00Z
given:
  contacts: |
    contact_id | customer_id | channel | actor | closed_at
    c1         | anna        | email   | human | 2026-01-01T09:00:00Z
    c2         | anna        | phone   | bot   | 2026-01-02T09:00:00Z
worked: c2 was answered by a bot, so that 1 is left.
expect: |
  value | state
  1     | final
";
const DECISION: &str = "---
decision: 1
status: accepted
deciders: [ben, cleo]
date: 2026-06-10
metrics: [first_contact_resolution@2.0.0]
---
# A repeat within 8 days is a repeat
";

/// Returns a repository whose `main` has two released metrics that share an exclusion; a new branch is checked out.
pub(super) fn released() -> tempfile::TempDir {
    let folder = project();
    let root = folder.path();
    write(root, "definitions/metrics/contacts_handled/v1.yaml", SECOND);
    write(root, "definitions/metrics/contacts_handled/cases/a_bot_is_left_out.yaml", SECOND_CASE);
    change(root, &format!("{FCR}/v1.yaml"), "status: draft", "status: candidate");
    let project_file = fs::read_to_string(root.join("definitions/etalon.yaml")).expect("the project file");
    write(root, "definitions/etalon.yaml", &(project_file + POLICY));
    for metric in ["first_contact_resolution", "contacts_handled"] {
        expect(root, &format!("release {metric} --date 2026-01-05"), 0);
    }
    let repository = git2::Repository::init(root).expect("a repository");
    let mut index = repository.index().expect("an index");
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).expect("added");
    index.write().expect("written");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
    let time = git2::Time::new(1_780_000_000, 0);
    let who = git2::Signature::new("Ada", "ada@example.org", &time).expect("a signature");
    let commit = repository.commit(Some("refs/heads/main"), &who, &who, "Release", &tree, &[]).expect("a commit");
    let commit = repository.find_commit(commit).expect("the commit");
    repository.branch("change", &commit, false).expect("a branch");
    repository.set_head("refs/heads/change").expect("checked out");
    folder
}

pub(super) fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("written");
}

#[track_caller]
pub(super) fn expect(root: &Path, arguments: &str, code: i32) -> String {
    let output = run(root, arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {said}{complaint}");
    said
}

/// Returns the part of a review about one metric.
#[track_caller]
fn about<'a>(review: &'a str, metric: &str) -> &'a str {
    let start = review.find(&format!("{metric}  1.0.0")).unwrap_or_else(|| panic!("{metric} in {review}"));
    let rest = &review[start..];
    rest.split("\n\n").next().unwrap_or(rest)
}

#[test]
fn an_edit_of_a_shared_exclusion_alone_is_reported_on_each_metric_it_reaches() {
    let folder = released();
    change(folder.path(), STANDARD, "actor = 'bot'", "actor = 'bot' and channel <> 'phone'");
    let review = expect(folder.path(), "diff main --quick --today 2026-06-01", 1);
    for metric in ["first_contact_resolution", "contacts_handled"] {
        let told = about(&review, metric);
        assert!(told.contains("error[exclusion-narrowed]"), "{told}");
        assert!(told.contains("through standard bot_contacts@1.0.0"), "{told}");
        assert!(told.contains("error[released-version-mutated]"), "{told}");
    }
}

#[test]
fn an_edit_of_a_released_version_fails_and_one_of_its_words_does_not() {
    let folder = released();
    change(folder.path(), &format!("{FCR}/v1.yaml"), "to: 7d", "to: 8d");
    let review = expect(folder.path(), "diff main --quick --today 2026-06-01", 1);
    assert!(about(&review, "first_contact_resolution").contains("error[released-version-mutated]"), "{review}");
    let folder = released();
    let words = ("Not for ranking single agents.", "Not for ranking agents.");
    change(folder.path(), &format!("{FCR}/v1.yaml"), words.0, words.1);
    expect(folder.path(), "diff main --quick --today 2026-06-01", 0);
}

/// Makes the same edit in a new version, with its record and its cases.
pub(super) fn succeed(root: &Path) {
    let new = "new-version first_contact_resolution --author ada --because asked --effective-from 2026-07-01";
    expect(root, new, 0);
    let metric = format!("{FCR}/v2.yaml");
    change(root, &metric, "status: draft", "status: candidate");
    change(root, &metric, "to: 7d", "to: 8d");
    change(root, &metric, "after which the same customer did not come back within 7 days", "that hold for 8 days");
    change(root, &metric, "comes back within 7 days", "comes back within 8 days");
    let record = "  direction: down\n  decision: decisions/0001-longer-window.md\n  \
                  history: {plan: splice, because: Quarters are compared within one definition.}\n  class: breaking\n";
    change(root, &metric, "  class: breaking\n", record);
    write(root, "definitions/decisions/0001-longer-window.md", DECISION);
    let cases = format!("{FCR}/cases");
    change(root, &format!("{cases}/not_yet_known_v2.yaml"), "as_of: 2026-01-08", "as_of: 2026-01-09");
    for later in ["one_second_later_and_the_interval_v2", "repeat_within_a_week_v2"] {
        change(root, &format!("{cases}/{later}.yaml"), "2026-01-08T09:00:01Z", "2026-01-09T09:00:01Z");
    }
}

#[test]
fn the_same_edit_in_a_new_version_with_decision_and_signatures_passes() {
    let folder = released();
    let root = folder.path();
    succeed(root);
    for (who, role) in [("eve", "owner"), ("ben", "metrics-council"), ("cleo", "metrics-council")] {
        let approve = format!("approve first_contact_resolution@2.0.0 --as {who} --role {role} --today 2026-06-15");
        expect(root, &approve, 0);
    }
    expect(root, "release first_contact_resolution@2.0.0 --date 2026-06-16", 0);
    let review = expect(root, "diff main --today 2026-06-16", 0);
    assert!(review.contains("1.0.0 -> 2.0.0   declared: major   needs: major"), "{review}");
    assert!(review.contains("window.to   7d -> 8d") && review.contains("witness"), "{review}");
    assert!(!review.contains("error["), "{review}");
}

#[test]
fn without_signatures_a_released_new_version_fails_and_another_edit_voids_them() {
    let folder = released();
    let root = folder.path();
    succeed(root);
    expect(root, "release first_contact_resolution@2.0.0 --date 2026-06-16", 0);
    let review = expect(root, "diff main --quick --today 2026-06-16", 1);
    assert!(review.contains("error[approval-missing]"), "{review}");
    let folder = released();
    let root = folder.path();
    succeed(root);
    for (who, role) in [("eve", "owner"), ("ben", "metrics-council"), ("cleo", "metrics-council")] {
        let approve = format!("approve first_contact_resolution@2.0.0 --as {who} --role {role} --today 2026-06-15");
        expect(root, &approve, 0);
    }
    // The council has signed 8 days.
    change(root, &format!("{FCR}/v2.yaml"), "to: 8d", "to: 9d");
    let review = expect(root, "diff main --quick --today 2026-06-16 --fail-on warning", 1);
    assert!(review.contains("[approval-stale]"), "{review}");
}

#[test]
fn whoever_made_the_change_cannot_sign_it() {
    let folder = released();
    let root = folder.path();
    succeed(root);
    let metric = format!("{FCR}/v2.yaml");
    change(root, &metric, "author: ada", "author: ben");
    let approve = "approve first_contact_resolution@2.0.0 --as ben --role metrics-council --today 2026-06-15";
    expect(root, approve, 1);
}
