//! Claims about what a lock holds a project to.

use super::*;
use crate::catalog::{Catalog, build};
use crate::diagnostic::Diagnostics;
use crate::load::{Loaded, LoadedFile};
use crate::plan::fingerprint::ALGORITHM;
use crate::text::Texts;

const METRIC: &str = include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../templates/starter/definitions/etalon.yaml");
const FCR: &str = "first_contact_resolution";

/// Returns the starter's metric as released, with a metric that is made of it; every text is changed by the edits.
fn project(edits: &[(&str, &str)]) -> Catalog {
    let metric = METRIC.replace("status: draft", "status: released");
    let doubled = "metric: misses\nversion: 1.0.0\nstatus: released\neffective_from: 2026-01-01\ntitle: Misses\n\
                   statement: Share of contacts that came again.\npurpose: P.\nassumptions: [A.]\nowner: o\n\
                   role: diagnostic\nunit: share\ndirection: lower_is_better\nreview_by: 2026-12-31\n\
                   measure: {formula: 1 - first_contact_resolution}\nperiod: {grains: [month]}\n";
    of(&[&metric, doubled, SOURCE, STANDARD, PROJECT], edits)
}

fn of(texts: &[&str], edits: &[(&str, &str)]) -> Catalog {
    let (mut loaded, mut diagnostics) = (Loaded { texts: Texts::new(), ..Loaded::default() }, Diagnostics::new());
    for (index, original) in texts.iter().enumerate() {
        let text = edits.iter().fold((*original).to_owned(), |text, (old, new)| text.replace(old, new));
        let id = loaded.texts.add(format!("{index}.yaml"), text);
        loaded.files.push(LoadedFile { id, path: None, project: None });
    }
    let catalog = build(&loaded, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{:?}", diagnostics.into_sorted());
    catalog
}

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

/// Returns a lock of everything that a project says is released or beyond.
fn locked(catalog: &Catalog) -> Lock {
    let mut lock = Lock::default();
    for (id, versions) in &catalog.registry.metrics {
        for (version, metric) in versions.iter().filter(|(_, metric)| metric.status >= Status::Released) {
            let entry = Entry {
                id: id.clone(),
                version: *version,
                state: metric.status,
                on: day("2026-01-05"),
                from: metric.effective_from,
                to: metric.effective_to,
                fingerprints: catalog.fingerprints(id, *version).expect("a meaning"),
                algorithm: ALGORITHM.to_owned(),
                seal: String::new(),
                line: 0,
            };
            lock.set(entry.sealed());
        }
    }
    lock
}

fn told(lock: &Lock, catalog: &Catalog) -> Vec<String> {
    let tell = |deviation: Deviation| {
        let name = format!("{}@{}", deviation.id, deviation.version);
        match deviation.what {
            What::Mutated { part, .. } => format!("{name} {}", part.name()),
            other => format!("{name} {other:?}"),
        }
    };
    compare(lock, catalog).into_iter().map(tell).collect()
}

#[test]
fn what_is_written_is_read_again_and_written_the_same() {
    let lock = locked(&project(&[]));
    let text = lock.write();
    let read = Lock::parse(&text).expect("a lock");
    assert_eq!(read.write(), text);
    assert_eq!(read.entries().map(|entry| entry.line).collect::<Vec<_>>(), [4, 5]);
    assert!(read.entries().all(Entry::is_sealed));
    assert_eq!(told(&read, &project(&[])), [""; 0]);
}

#[test]
fn a_line_says_the_version_its_state_and_what_it_is_held_to() {
    let fingerprints = Fingerprints { data: "0".repeat(16), reading: "1".repeat(16), parents: "a".repeat(16) };
    let entry = Entry {
        id: "csat".to_owned(),
        version: Version::parse("1.10.0").expect("a version"),
        state: Status::Deprecated,
        on: day("2026-03-05"),
        from: day("2026-01-01"),
        to: None,
        fingerprints,
        algorithm: "plan-2".to_owned(),
        seal: String::new(),
        line: 0,
    };
    let mut lock = Lock::default();
    lock.set(entry.clone().sealed());
    lock.set(Entry { version: Version::parse("1.9.0").expect("a version"), ..entry }.sealed());
    let text = lock.write();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines[0], "lock 1");
    assert!(lines[1].starts_with("csat@1.9.0 "), "versions are ordered by number: {lines:?}");
    let said = "csat@1.10.0 deprecated 2026-03-05 from=2026-01-01 to=open data=0000000000000000 \
                reading=1111111111111111 parents=aaaaaaaaaaaaaaaa by=plan-2 seal=";
    assert!(lines[2].starts_with(said) && lines[2].len() == said.len() + 8, "{}", lines[2]);
}

#[test]
fn lines_of_two_branches_may_stand_in_any_order_and_a_line_of_both_is_one() {
    let text = locked(&project(&[])).write();
    let lines: Vec<&str> = text.lines().collect();
    let merged = [&lines[..3], &[lines[4], lines[3], lines[4]]].concat().join("\n");
    assert_eq!(Lock::parse(&merged).expect("a lock").write(), text);
}

#[test]
fn a_merge_left_unfinished_is_told_with_its_lines() {
    let text = locked(&project(&[])).write();
    let lines: Vec<&str> = text.lines().collect();
    let broken = [&lines[..3], &["<<<<<<< HEAD", lines[3], "=======", lines[4], ">>>>>>> other"]].concat().join("\n");
    let problems = Lock::parse(&broken).expect_err("refused");
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [4, 6, 8]);
    let markers = ["<<<<<<<", "=======", ">>>>>>>"]
        .map(|mark| format!("the conflict marker `{mark}` is left of an unfinished merge"));
    assert_eq!(problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>(), markers);
}

#[test]
fn every_line_that_cannot_be_read_is_told_with_its_fault() {
    let text = locked(&project(&[])).write();
    let fault = |old: &str, new: &str| {
        let problems = Lock::parse(&text.replace(old, new)).expect_err(new);
        format!("{} {}", problems[0].line, problems[0].message)
    };
    assert_eq!(fault("lock 1", "lock 9"), "3 the lock begins with `lock 9`, not with `lock 1`");
    assert_eq!(fault("misses@1.0.0", "misses@1.0"), "5 `misses@1.0` is no version of a metric");
    assert_eq!(fault("released", "candidate"), "4 `candidate` is none of released, deprecated, retired");
    assert_eq!(fault("2026-01-05", "2026-02-30"), "4 there is no day `2026-02-30`");
    assert_eq!(
        fault(" by=plan-2", ""),
        "4 after the day stand from, to, data, reading, parents, by, seal, in this order"
    );
    assert_eq!(fault("data=", "data=x"), format!("4 `x{}` is not 16 hexadecimal digits", data(&text)));
}

/// Returns the data fingerprint of the first line.
fn data(text: &str) -> &str {
    &text.split_once("data=").expect("a fingerprint").1[..16]
}

#[test]
fn a_version_that_is_locked_twice_is_told_with_both_lines() {
    let text = locked(&project(&[])).write();
    let last = text.lines().last().expect("a line").replace("2026-01-05", "2026-01-06");
    let problems = Lock::parse(&format!("{text}{last}\n")).expect_err("refused");
    assert_eq!(problems[0].message, "`misses@1.0.0` is locked twice, first in line 5");
    assert_eq!(problems[0].line, 6);
}

#[test]
fn a_line_changed_by_hand_is_seen_and_stays_so_when_the_lock_is_written() {
    let text = locked(&project(&[])).write();
    let lock = Lock::parse(&text.replace("misses@1.0.0 released 2026-01-05", "misses@1.0.0 released 2025-01-05"));
    let lock = lock.expect("a lock");
    assert_eq!(told(&lock, &project(&[])), ["misses@1.0.0 Unsealed"]);
    let written = Lock::parse(&lock.write()).expect("a lock");
    assert_eq!(told(&written, &project(&[])), ["misses@1.0.0 Unsealed"]);
}

#[test]
fn words_may_change_after_the_release_and_meaning_reading_and_parents_may_not() {
    let lock = locked(&project(&[]));
    assert_eq!(told(&lock, &project(&[("title: First-contact resolution", "title: Resolved at once")])), [""; 0]);
    // What is made of a metric feels its change as one of its parents.
    let mutated = [format!("{FCR}@1.0.0 data"), "misses@1.0.0 parents".to_owned()];
    assert_eq!(told(&lock, &project(&[("to: 7d", "to: 14d")])), mutated);
    assert_eq!(told(&lock, &project(&[("to: 7d", "to: 168h")])), [""; 0]);
    assert_eq!(told(&lock, &project(&[("at_least: 0.75", "at_least: 0.70")])), [format!("{FCR}@1.0.0 reading")]);
    assert_eq!(told(&lock, &project(&[("formula: 1 -", "formula: 2 -")])), ["misses@1.0.0 data"]);
}

#[test]
fn a_shared_standard_mutates_every_released_metric_that_uses_it() {
    let lock = locked(&project(&[]));
    let edited = project(&[("exclude_when: actor = 'bot'", "exclude_when: actor = 'bot' and channel = 'chat'")]);
    assert_eq!(told(&lock, &edited), [format!("{FCR}@1.0.0 data"), "misses@1.0.0 parents".to_owned()]);
}

#[test]
fn what_is_released_and_not_locked_is_told_and_so_is_what_is_locked_and_gone() {
    let whole = locked(&project(&[]));
    assert_eq!(
        told(&Lock::default(), &project(&[])),
        [format!("{FCR}@1.0.0 Unlocked(Released)"), "misses@1.0.0 Unlocked(Released)".to_owned()]
    );
    let renamed = project(&[("metric: misses", "metric: repeats")]);
    let gone = "misses@1.0.0 Gone { locked: Released, succeeded_by: None }";
    assert_eq!(told(&whole, &renamed), [gone, "repeats@1.0.0 Unlocked(Released)"]);
    // A retired version needs no definition any more.
    let mut retired = whole.clone();
    let entry = retired.entry("misses", Version::parse("1.0.0").expect("a version")).expect("locked").clone();
    retired.set(Entry { state: Status::Retired, ..entry }.sealed());
    assert_eq!(told(&retired, &renamed), ["repeats@1.0.0 Unlocked(Released)"]);
}

#[test]
fn a_state_that_goes_back_is_told() {
    let lock = locked(&project(&[]));
    let back = project(&[(
        "status: released\neffective_from: 2026-01-01\ntitle: Misses",
        "status: draft\neffective_from: 2026-01-01\ntitle: Misses",
    )]);
    assert_eq!(told(&lock, &back), ["misses@1.0.0 State { locked: Released, found: Draft }"]);
}

#[test]
fn a_retired_name_must_not_come_back_with_another_meaning() {
    let mut lock = locked(&project(&[]));
    let entry = lock.entry("misses", Version::parse("1.0.0").expect("a version")).expect("locked").clone();
    lock.set(Entry { state: Status::Retired, to: Some(day("2026-07-01")), ..entry }.sealed());
    let again = |edits: &[(&str, &str)]| told(&lock, &project(edits));
    let head = "metric: misses\nversion: 1.0.0\nstatus: released\neffective_from: 2026-01-01";
    let version = (head, "metric: misses\nversion: 2.0.0\nstatus: released\neffective_from: 2026-07-01");
    assert_eq!(again(&[version]), ["misses@2.0.0 Unlocked(Released)"], "the same meaning may");
    let reused = again(&[version, ("formula: 1 -", "formula: 2 -")]);
    assert_eq!(reused.len(), 2, "{reused:?}");
    assert!(reused[1].starts_with("misses@2.0.0 Reused("), "{reused:?}");
    let same = again(&[("formula: 1 -", "formula: 2 -")]);
    assert!(same.iter().any(|told| told.starts_with("misses@1.0.0 Reused(")), "{same:?}");
}

#[test]
fn fingerprints_of_another_algorithm_are_kept_and_not_compared() {
    let lock = locked(&project(&[]));
    let entry = lock.entry(FCR, Version::parse("1.0.0").expect("a version")).expect("locked").clone();
    let mut older = lock;
    older.set(Entry { algorithm: "plan-1".to_owned(), ..entry }.sealed());
    assert_eq!(told(&older, &project(&[])), [format!("{FCR}@1.0.0 Algorithm(\"plan-1\")")]);
    assert!(older.write().contains(" by=plan-1 "));
}

/// Returns the starter with two versions of its metric, in force from and to these days.
fn versions(first: &str, second: &str, number: &str) -> Catalog {
    let released = METRIC.replace("status: draft", "status: released");
    let dated = |days: &str| released.replace("effective_from: 2026-01-01", days);
    let later = dated(second).replace("version: 1.0.0", &format!("version: {number}"));
    of(&[&dated(first), &later, SOURCE, STANDARD, PROJECT], &[])
}

#[test]
fn the_days_of_force_of_a_metrics_versions_tile() {
    let told = |first: &str, second: &str| {
        let catalog = versions(first, second, "2.0.0");
        let found = compare(&locked(&catalog), &catalog);
        found.into_iter().map(|deviation| deviation.to_string()).collect::<Vec<_>>()
    };
    let (from, later) = ("effective_from: 2026-01-01", "effective_from: 2026-07-01");
    assert_eq!(told(&format!("{from}\neffective_to: 2026-07-01"), later), [""; 0]);
    assert_eq!(
        told(&format!("{from}\neffective_to: 2026-06-01"), later),
        [
            "no version is in force from 2026-06-01, when `first_contact_resolution@1.0.0` ends, to 2026-07-01, when 2.0.0 begins"
        ]
    );
    let both = ["`first_contact_resolution@1.0.0` and 2.0.0 are both in force from 2026-07-01"];
    assert_eq!(told(from, later), both);
    assert_eq!(told(&format!("{from}\neffective_to: 2026-08-01"), later), both);
}

#[test]
fn days_of_force_that_were_changed_after_the_release_are_told() {
    let days = ("effective_from: 2026-01-01\neffective_to: 2026-07-01", "effective_from: 2026-07-01");
    let lock = locked(&versions(days.0, days.1, "2.0.0"));
    let moved = versions("effective_from: 2026-01-01\neffective_to: 2026-08-01", "effective_from: 2026-08-01", "2.0.0");
    let found: Vec<String> = compare(&lock, &moved).iter().map(Deviation::to_string).collect();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].ends_with("from 2026-01-01 to 2026-07-01, and said to be so from 2026-01-01 to 2026-08-01"));
}

#[test]
fn a_version_that_is_older_than_a_locked_one_goes_backwards() {
    let days = ("effective_from: 2026-01-01\neffective_to: 2026-07-01", "effective_from: 2026-07-01");
    let mut lock = Lock::default();
    for entry in locked(&versions(days.0, days.1, "1.2.0")).of(FCR).rev().take(1) {
        lock.set(entry.clone());
    }
    let found: Vec<String> = told(&lock, &versions(days.0, days.1, "1.2.0"));
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[1].starts_with(&format!("{FCR}@1.0.0 Backwards(")), "{found:?}");
}
