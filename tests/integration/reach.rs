//! What a change can reach: a review that judges that alone finds what a review finds that judges everything.

use std::path::Path;

use etalon::catalog;
use etalon::diagnostic::Diagnostics;
use etalon::diff::Scope;
use etalon::load;
use etalon::review::review;
use etalon::rules::{Files, Profile};
use etalon::sides::{self, Place, Question, Side, Sides};
use etalon::text::Texts;
use etalon::value::Date;

use crate::edits::{self, Dice, told};
use crate::rules::base;

fn write(folder: &Path, files: &Files) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
}

/// Reads a side with the plans of all metrics.
fn whole(folder: &Path, texts: Texts) -> (Side, Texts) {
    let mut loaded = load::load_into(texts, folder);
    let mut diagnostics = Diagnostics::new();
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let texts = std::mem::take(&mut loaded.texts);
    let (label, place) = (folder.display().to_string(), Place::Disk(folder.to_owned()));
    (Side { label, catalog, findings: diagnostics.into_sorted(), place, authors: Vec::new() }, texts)
}

/// Returns what a review finds, without the lines of its sides' labels.
fn found(sides: Sides) -> Vec<String> {
    let today = Date::parse(base::TODAY).expect("a day");
    let scope = sides.reached.clone();
    let review = review(sides, &scope, (today, Some(Profile::Strict))).expect("both are there");
    let mut found = told(&review.texts, &review.findings);
    found.sort();
    found
}

#[test]
fn a_review_of_what_edits_at_random_reach_finds_what_a_review_of_everything_finds() {
    let folder = tempfile::tempdir().expect("a folder");
    let (old, seed) = (folder.path().join("old"), 1);
    write(&old, &base::files());
    let (mut dice, mut reviewed, mut news) = (Dice::new(seed), 0, 0);
    for step in 0..100 {
        let new = folder.path().join(format!("new{step}"));
        let mut files = base::files();
        let what: Vec<String> = (0..=step % 3).map(|_| edits::edit(&mut files, &mut dice)).collect();
        write(&new, &files);
        let (new_side, texts) = whole(&new, Texts::new());
        let (old_side, texts) = whole(&old, texts);
        if new_side.is_broken() {
            continue;
        }
        let question = Question { old: Some(old.display().to_string()), new: Some(new.display().to_string()) };
        let part = found(sides::open(&new, &question).expect("two folders"));
        let all = found(Sides { old: old_side, new: new_side, texts, versions: None, reached: Scope::Every });
        assert_eq!(part, all, "seed {seed}, step {step}: {}", what.join("; "));
        reviewed += 1;
        news += all.len();
        std::fs::remove_dir_all(&new).expect("removed");
    }
    assert!(reviewed > 40 && news > 100, "{reviewed} reviews, {news} findings");
}
