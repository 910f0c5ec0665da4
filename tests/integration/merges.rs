//! Locks of two branches, merged by git: what belongs together merges, and what contradicts itself is refused.

use std::fs;
use std::path::Path;

use git2::build::CheckoutBuilder;
use git2::{FileFavor, IndexAddOption, MergeOptions, Repository, Signature, Time};

use super::cli::{change, files};
use super::pull_requests::{FCR, SECOND, SECOND_CASE, expect, released, succeed, write};

const LOCK: &str = "definitions/etalon.lock";
const CHECK: &str = "check --today 2026-06-20";

fn repository(root: &Path) -> Repository {
    Repository::open(root).expect("the repository")
}

/// Leaves what a branch does to the released project of `main` as its commit.
fn branch(root: &Path, name: &str, work: impl FnOnce(&Path)) {
    let repository = repository(root);
    let main = repository.revparse_single("main").and_then(|it| it.peel_to_commit()).expect("the commit of main");
    repository.branch(name, &main, false).expect("a branch");
    repository.set_head(&format!("refs/heads/{name}")).expect("checked out");
    let mut all = CheckoutBuilder::new();
    repository.checkout_head(Some(all.force().remove_untracked(true))).expect("checked out");
    work(root);
    let mut index = repository.index().expect("an index");
    index.add_all(["*"], IndexAddOption::DEFAULT, None).expect("added");
    index.write().expect("written");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
    let who = Signature::new("Ada", "ada@example.org", &Time::new(1_780_000_100, 0)).expect("a signature");
    repository.commit(Some("HEAD"), &who, &who, name, &tree, &[&main]).expect("a commit");
}

/// Merges both branches into the folder; tells whether git merged them without a conflict.
fn merge(root: &Path, favour: FileFavor) -> bool {
    let repository = repository(root);
    let of = |name| repository.revparse_single(name).and_then(|it| it.peel_to_commit()).expect("a commit");
    let mut options = MergeOptions::new();
    let merged = repository.merge_commits(&of("one"), &of("two"), Some(options.file_favor(favour)));
    let mut index = merged.expect("merged, with or without conflicts");
    let mut all = CheckoutBuilder::new();
    all.force().allow_conflicts(true).conflict_style_merge(true);
    repository.checkout_index(Some(&mut index), Some(&mut all)).expect("checked out");
    !index.has_conflicts()
}

fn lock(root: &Path) -> String {
    fs::read_to_string(root.join(LOCK)).expect("the lock")
}

/// Returns the lines of versions.
fn lines(root: &Path) -> Vec<String> {
    lock(root).lines().filter(|line| line.contains('@')).map(str::to_owned).collect()
}

/// Fails where the project is not as its lock says. The metrics here are alike and have no guardrails, which is another matter.
#[track_caller]
fn agrees(root: &Path) {
    let told = expect(root, CHECK, 1);
    let known = ["error[north-star-without-guardrail]", "error[duplicate-meaning]"];
    let errors = told.lines().filter(|line| line.starts_with("error["));
    let other: Vec<&str> = errors.filter(|line| !known.iter().any(|known| line.starts_with(known))).collect();
    assert!(other.is_empty(), "{told}");
}

/// Adds a metric of its own and releases it.
fn release_new(root: &Path, metric: &str) {
    let named = |text: &str| {
        let text = text.replace("contacts_handled", metric).replace("Contacts handled", metric);
        text.replace("that a human answered", &format!("of {metric}"))
    };
    write(root, &format!("definitions/metrics/{metric}/v1.yaml"), &named(SECOND));
    write(root, &format!("definitions/metrics/{metric}/cases/a_bot_is_left_out.yaml"), &named(SECOND_CASE));
    expect(root, &format!("release {metric} --date 2026-06-16"), 0);
}

/// Adds a second version in which this is a contact that counts as a repeat, and releases it.
fn release_second(root: &Path, repeat: &str) {
    succeed(root);
    change(root, &format!("{FCR}/v2.yaml"), "where: actor = 'human'", &format!("where: {repeat}"));
    expect(root, "release first_contact_resolution@2.0.0 --date 2026-06-16", 0);
}

/// Makes the second version, its cases and its decision a third version with files of its own.
fn as_the_third(root: &Path) {
    for (path, bytes) in files(&root.join("definitions")) {
        let name = path.to_string_lossy().into_owned();
        if !name.contains("v2") && !name.contains("0001-") {
            continue;
        }
        let mut text = String::from_utf8(bytes).expect("a text");
        for (old, new) in [("2.0.0", "3.0.0"), ("_v2", "_v3"), ("0001-", "0002-"), ("decision: 1", "decision: 2")] {
            text = text.replace(old, new);
        }
        fs::write(name.replace("v2", "v3").replace("0001-", "0002-"), text).expect("written");
        fs::remove_file(path).expect("removed");
    }
}

/// The lock of `main` has `contacts_handled` and `first_contact_resolution`.
#[test]
fn releases_of_different_metrics_merge_without_a_conflict() {
    let folder = released();
    let root = folder.path();
    branch(root, "one", |root| release_new(root, "abandoned"));
    branch(root, "two", |root| release_new(root, "transferred"));
    assert!(merge(root, FileFavor::Normal));
    assert_eq!(lines(root).len(), 4);
    agrees(root);
}

#[test]
fn releases_of_neighbours_conflict_loudly_and_merge_by_union() {
    let folder = released();
    let root = folder.path();
    branch(root, "one", |root| release_new(root, "taken"));
    branch(root, "two", |root| release_new(root, "sent"));
    assert!(!merge(root, FileFavor::Normal));
    let told = expect(root, CHECK, 1);
    assert!(told.contains("error[broken-lock]: the conflict marker `<<<<<<<` is left"), "{told}");
    assert!(merge(root, FileFavor::Union));
    assert_eq!(lines(root).len(), 4, "in whatever order");
    agrees(root);
    // The next step writes them in order.
    release_new(root, "zero");
    let written = lines(root);
    assert!(written.len() == 5 && written.is_sorted(), "{written:?}");
}

#[test]
fn a_lock_with_conflict_markers_is_told_with_file_line_caret_and_remedy_by_whoever_reads_it() {
    let folder = released();
    let root = folder.path();
    let text = lock(root);
    let place = text.find("first_contact").expect("a line");
    let theirs = text[place..].replace("2026-01-05", "2026-01-06");
    let (head, ours) = text.split_at(place);
    write(root, LOCK, &format!("{head}<<<<<<< HEAD\n{ours}||||||| base\n=======\n{theirs}>>>>>>> other\n"));
    let line = head.lines().count() + 1;
    for (arguments, code) in [(CHECK, 1), ("diff main --quick --today 2026-06-20", 1)] {
        let told = expect(root, arguments, code);
        assert!(told.contains(&format!("--> definitions/etalon.lock:{line}:1")), "{told}");
        assert!(told.contains("<<<<<<< HEAD\n") && told.contains("^^^^^^^^^^^^"), "{told}");
        for marker in ["<<<<<<<", "|||||||", "=======", ">>>>>>>"] {
            assert!(told.contains(&format!("the conflict marker `{marker}` is left of an unfinished merge")), "{told}");
        }
        assert!(told.contains("keep the lines of both sides and remove the markers"), "{told}");
    }
    let before = lock(root);
    expect(
        root,
        "deprecate first_contact_resolution@1.0.0 --replaced-by 2.0.0 --sunset 2026-12-01 --date 2026-06-20",
        1,
    );
    assert_eq!(lock(root), before, "nothing is written over it");
}

#[test]
fn the_same_version_with_two_meanings_is_refused_however_the_lock_is_merged() {
    let folder = released();
    let root = folder.path();
    branch(root, "one", |root| release_second(root, "actor = 'human'"));
    let ours = (fs::read_to_string(root.join(FCR).join("v2.yaml")).expect("a text"), lock(root));
    branch(root, "two", |root| release_second(root, "actor = 'human' and channel in ('email', 'chat', 'phone')"));
    let theirs = lock(root);
    assert!(!merge(root, FileFavor::Normal));
    expect(root, CHECK, 1);
    // Whoever settles the definition for one side must have the lock of that side.
    merge(root, FileFavor::Union);
    write(root, &format!("{FCR}/v2.yaml"), &ours.0);
    let told = expect(root, CHECK, 1);
    assert!(told.contains("`first_contact_resolution@2.0.0` is locked twice, first in line"), "{told}");
    assert!(told.contains("keep the line that was released first"), "{told}");
    write(root, LOCK, &theirs);
    let told = expect(root, CHECK, 1);
    assert!(told.contains("error[released-version-mutated]"), "{told}");
    write(root, LOCK, &ours.1);
    agrees(root);
}

#[test]
fn two_versions_of_one_metric_that_are_in_force_at_one_time_are_refused_after_a_union_merge() {
    let folder = released();
    let root = folder.path();
    branch(root, "one", |root| release_second(root, "actor = 'human'"));
    branch(root, "two", |root| {
        succeed(root);
        as_the_third(root);
        expect(root, "release first_contact_resolution@3.0.0 --date 2026-06-16", 0);
    });
    assert!(merge(root, FileFavor::Union));
    assert_eq!(lines(root).len(), 4, "both have closed the first version on the same day");
    let told = expect(root, CHECK, 1);
    assert!(told.contains("error[effective-overlap]"), "{told}");
}

#[test]
fn a_line_that_both_branches_have_and_lines_out_of_order_say_the_same_as_before() {
    let folder = released();
    let root = folder.path();
    let text = lock(root);
    let (head, entries) = text.split_at(text.find("contacts_handled").expect("a line"));
    let mut entries: Vec<&str> = entries.lines().collect();
    entries.reverse();
    entries.push(entries[0]);
    write(root, LOCK, &format!("{head}{}\n", entries.join("\n")));
    agrees(root);
    entries.push("contacts_handled@1.0.0 released");
    write(root, LOCK, &format!("{head}{}\n", entries.join("\n")));
    let told = expect(root, CHECK, 1);
    assert!(told.contains("error[broken-lock]"), "half a line: {told}");
}
