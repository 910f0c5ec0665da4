//! The locks and the signatures of the base and of the pairs: read as a review reads them, and kept current.
//!
//! `ETALON_BLESS=1` writes them anew: into the lock goes what is released, and into each approval what its version means.

use std::fs;
use std::path::Path;

use etalon::catalog::Catalog;
use etalon::decision;
use etalon::definition::{Metric, Status};
use etalon::diagnostic::Diagnostics;
use etalon::lock::{self, Entry, Lock};
use etalon::plan::fingerprint::ALGORITHM;
use etalon::text::Texts;
use etalon::value::{Date, Version};
use similar::TextDiff;

use super::{BASE, Files, Papers, base, build, documents, folder, pairs, read as read_side};

/// The pairs whose new side is locked and signed as it stands; the locks of all others are part of what they show.
const CURRENT: [&str; 3] =
    ["new_version_done_right", "new_version_in_one_change", "new_version_with_everything_but_approval"];

/// Reads what stands beside the definitions of a side.
pub(super) fn read(texts: &mut Texts, (side, files): (&str, &Files), catalog: &Catalog) -> Papers {
    let mut papers = Papers::default();
    if let Some(content) = files.get(lock::FILE) {
        papers.lock_text = Some(texts.add(format!("{side}/{}", lock::FILE), content.clone()));
        papers.lock = Lock::parse(content).ok();
    }
    let fetch = |path: &str| files.get(path).cloned().ok_or_else(|| "it does not exist".to_owned());
    papers.decisions = decision::named(catalog, texts, &fetch, &mut Diagnostics::new());
    papers
}

fn catalog(files: &Files) -> Catalog {
    let mut texts = BASE.0.clone();
    let documents = documents(&mut texts, "current", files);
    build(documents, &texts)
}

/// Returns the lock of everything that is released, and of what was retired before.
fn locked(files: &Files) -> String {
    let catalog = catalog(files);
    let mut lock = Lock::default();
    let known = Lock::parse(&base::files()[lock::FILE]).expect("a lock");
    for entry in known.entries().filter(|entry| entry.state == Status::Retired) {
        lock.set(entry.clone());
    }
    for metric in catalog.registry.metrics.values().flat_map(|versions| versions.values()) {
        if metric.status >= Status::Released {
            lock.set(entry(&catalog, metric).sealed());
        }
    }
    lock.write()
}

fn entry(catalog: &Catalog, metric: &Metric) -> Entry {
    let version = Version::parse(&metric.version).expect("a version");
    let (from, to) = (metric.effective_from, metric.effective_to);
    Entry {
        id: metric.id.value.clone(),
        version,
        state: metric.status,
        on: since(metric),
        from,
        to,
        fingerprints: catalog.fingerprints(&metric.id.value, version).expect("a meaning"),
        algorithm: ALGORITHM.to_owned(),
        seal: String::new(),
        line: 0,
    }
}

/// A version of these tests is released on the day it comes into force, and deprecated on the day it ceases to be.
fn since(metric: &Metric) -> Date {
    match metric.status {
        Status::Released => metric.effective_from,
        _ => metric.effective_to.unwrap_or(metric.effective_from),
    }
}

/// Returns an approval with the fingerprint of what its version means.
fn signed(files: &Files, approval: &str) -> String {
    let named = approval.lines().find_map(|line| line.strip_prefix("approval: ")).expect("a version");
    let (id, version) = named.split_once('@').expect("a version");
    let own = catalog(files).fingerprints(id, Version::parse(version).expect("a version")).expect("a meaning");
    let lines = approval.lines().map(|line| match line.starts_with("fingerprint: ") {
        true => format!("fingerprint: \"{}\"\n", own.data),
        false => format!("{line}\n"),
    });
    lines.collect()
}

/// Holds the lock and the approvals in a folder against what they should be; `files` is the whole project.
fn hold(place: &Path, own: &Files, files: &Files) {
    for (name, text) in own {
        let current = match name.as_str() {
            lock::FILE => locked(files),
            name if name.starts_with("approvals/") => signed(files, text),
            _ => continue,
        };
        if std::env::var_os("ETALON_BLESS").is_some() {
            fs::write(place.join(name), &current).expect("written");
        }
        let there = fs::read_to_string(place.join(name)).expect("a text");
        let diff = TextDiff::from_lines(&there, &current);
        assert!(there == current, "{}\n{}", place.display(), diff.unified_diff().header("there", "current"));
    }
}

#[test]
fn the_locks_and_the_signatures_say_what_the_definitions_mean() {
    let files = base::files();
    hold(&folder().join("base"), &files, &files);
    let all = pairs();
    for name in CURRENT {
        let pair = all.iter().find(|pair| pair.name == name).expect("there is such a pair");
        let place = folder().join(name);
        hold(&place.join("new"), &pair.new, &pair.side(&pair.new));
        for file in
            pair.old.keys().filter(|name| std::env::var_os("ETALON_BLESS").is_some() && files.contains_key(*name))
        {
            fs::write(place.join("old").join(file), &files[file]).expect("written");
        }
        assert!(read_side(&place.join("old")).iter().all(|(name, text)| files[name] == *text), "{name}: the old side");
    }
}
