//! What `diff` of two revisions takes against what `check` of one side takes, over a project of many definitions.
//!
//! `cargo bench --bench diff_revisions -- [DEFINITIONS] [CHANGED]`; without numbers 1,000 and 20. Both are computed in turn,
//! in this process, and the medians and their ratio are printed.

// What is measured is printed.
#![allow(clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use etalon::catalog;
use etalon::diagnostic::Diagnostics;
use etalon::diff::Scope;
use etalon::load;
use etalon::review::review;
use etalon::rules::{self, Side, Subject};
use etalon::sides::{self, Question};
use etalon::value::Date;
use etalon::verify;

const METRIC: &str = include_str!("../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../templates/starter/definitions/etalon.yaml");
/// Pairs that are timed.
const ROUNDS: usize = 7;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (definitions, changed) = (*numbers.first().unwrap_or(&1_000), *numbers.get(1).unwrap_or(&20));
    let folder = tempfile::tempdir().expect("a folder");
    let project = folder.path().join("definitions");
    let repository = git2::Repository::init(folder.path()).expect("a repository");
    write(&project, definitions, 0);
    commit(&repository, "all");
    write(&project, definitions, changed);
    commit(&repository, "some changed");
    let (mut checks, mut diffs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        checks.push(timed(|| check(&project)));
        diffs.push(timed(|| diff(&project, changed)));
    }
    let (check, diff) = (median(&mut checks), median(&mut diffs));
    println!("{definitions} definitions, {changed} of them changed, median of {ROUNDS} pairs");
    println!("check of one side   {:>9.1} ms", check.as_secs_f64() * 1e3);
    println!("diff of two         {:>9.1} ms", diff.as_secs_f64() * 1e3);
    println!("ratio diff / check  {:>9.2}", diff.as_secs_f64() / check.as_secs_f64());
}

/// Writes the project; the first `changed` metrics have another window.
fn write(folder: &Path, definitions: usize, changed: usize) {
    let put = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    };
    put("etalon.yaml", PROJECT);
    put("sources/contacts.yaml", SOURCE);
    put("standards/bot_contacts.yaml", STANDARD);
    for number in 0..definitions {
        let window = if number < changed { "to: 14d" } else { "to: 7d" };
        let text = METRIC
            .replace("metric: first_contact_resolution", &format!("metric: resolution_{number}"))
            .replace("title: First-contact resolution", &format!("title: Resolution {number}"))
            .replace("to: 7d", window);
        put(&format!("metrics/resolution_{number}/v1.yaml"), &text);
    }
}

fn commit(repository: &git2::Repository, message: &str) {
    let mut index = repository.index().expect("an index");
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).expect("added");
    index.write().expect("written");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
    let who = git2::Signature::now("bench", "bench@example.org").expect("a signature");
    let parent = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repository.commit(Some("HEAD"), &who, &who, message, &tree, &parents).expect("a commit");
}

fn today() -> Date {
    Date::parse("2026-06-01").expect("a day")
}

/// Does what `etalon check` does.
fn check(project: &Path) {
    let loaded = load::load(project);
    let mut diagnostics = Diagnostics::new();
    let catalog = catalog::build(&loaded, &mut diagnostics);
    verify::check(&catalog, &loaded.texts, &mut diagnostics);
    let subject = Subject {
        new: Side::of(&catalog),
        old: None,
        diff: None,
        texts: &loaded.texts,
        today: today(),
        verification: None,
        asked: None,
        authors: &[],
    };
    assert!(!diagnostics.has_errors() && !rules::judge(&subject).is_empty());
}

/// Does what `etalon diff --quick HEAD~1..HEAD` does.
fn diff(project: &Path, changed: usize) {
    let question = Question { old: Some("HEAD~1..HEAD".to_owned()), new: None };
    let sides = sides::open(project, &question).expect("two sides");
    let review = review(sides, &Scope::Every, (today(), None)).expect("a review");
    assert_eq!(review.diff.comparisons.len(), changed);
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
