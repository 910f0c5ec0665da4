//! What a check keeps, where a change is reviewed: from that and from what the change concerns comes the review that comes
//! from all files.

use std::collections::BTreeSet;

use etalon::cache::VARIABLE;
use etalon::diagnostic::Severity;
use etalon::report::review::{Page, json, known};
use etalon::review::{Review, review};
use etalon::rules::{self, Files, Rule};
use etalon::sides::{self, Spot, Spots};
use git2::{IndexAddOption, Repository, Signature, Time};

use crate::cache::{Kept, edited, in_halves, large};
use crate::cli::etalon;
use crate::edits::{self, Dice, told};
use crate::rules::base;

/// A project in a repository, with what is kept of it.
struct Changing {
    kept: Kept,
    repository: Repository,
    /// How many reviews of sound sides there were, and how many of these by what was kept.
    reviewed: (usize, usize),
}

impl Changing {
    fn new(files: Files) -> Self {
        let kept = Kept::new(files);
        let repository = Repository::init(kept.project()).expect("a repository");
        let changing = Self { kept, repository, reviewed: (0, 0) };
        changing.commit();
        changing
    }

    /// Commits the files as they lie there.
    fn commit(&self) {
        let mut index = self.repository.index().expect("an index");
        index.clear().expect("cleared");
        index.add_all(["*"], IndexAddOption::DEFAULT, None).expect("added");
        let tree = self.repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
        let who = Signature::new("Ada", "ada@example.org", &Time::new(1_780_000_000, 0)).expect("a signature");
        let parent = self.repository.head().ok().and_then(|head| head.peel_to_commit().ok());
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        self.repository.commit(Some("HEAD"), &who, &who, "Step", &tree, &parents).expect("a commit");
    }

    fn spots(&self, old: &str, new: Option<&str>) -> Spots {
        let question = sides::Question { old: Some(old.to_owned()), new: new.map(str::to_owned) };
        question.spots(&self.kept.project()).expect("two sides")
    }

    /// Reviews a change by what is kept, and holds that against the review of all files; tells whether both sides are sound.
    fn step(&mut self, (old, new): (&str, Option<&str>), what: &str) -> bool {
        let (spots, question) = (self.spots(old, new), self.kept.question);
        let recalled = self.recall(&spots, &[]);
        let sides = spots.clone().read().expect("two sides");
        let is_sound = !sides.old.is_broken() && !sides.new.is_broken();
        self.reviewed.0 += usize::from(is_sound);
        self.reviewed.1 += usize::from(recalled.is_some());
        match (recalled, is_sound) {
            (Some(recalled), true) => {
                let scope = sides.reached.clone();
                let whole = review(sides, &scope, (question.today, question.asked)).expect("all is there");
                assert_eq!(shown(&recalled), shown(&whole), "{what}");
                assert_eq!(told(&recalled.texts, &recalled.findings), told(&whole.texts, &whole.findings), "{what}");
            }
            (Some(recalled), false) => panic!("{what}: mistakes were not seen\n{}", shown(&recalled)),
            (None, _) => {}
        }
        is_sound
    }

    fn recall(&self, spots: &Spots, metrics: &[&str]) -> Option<Review> {
        let metrics: BTreeSet<String> = metrics.iter().map(|id| (*id).to_owned()).collect();
        self.kept.cache.review((&self.kept.project(), spots), &metrics, self.kept.question)
    }
}

/// Returns what a program is told of a review, witnesses and price apart.
fn shown(review: &Review) -> String {
    let revisions = ["HEAD".to_owned(), "HEAD~1".to_owned()];
    json(Page { review, known: &known(review), revisions: &revisions, fail_on: Severity::Error })
}

#[test]
fn after_edits_at_random_a_review_by_what_is_kept_says_what_a_review_of_all_files_says() {
    let seed = std::env::var("ETALON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let steps: usize = std::env::var("ETALON_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(60);
    let mut dice = Dice::new(seed);
    let mut changing = Changing::new(base::files());
    let mut sound = base::files();
    for step in 0..steps {
        let mut files = sound.clone();
        let edits: Vec<String> = (0..=step % 3).map(|_| edits::edit(&mut files, &mut dice)).collect();
        changing.kept.write(files.clone());
        let what = format!("seed {seed}, step {step}: {}", edits.join("; "));
        if !changing.step(("HEAD", None), &what) || !changing.kept.is_sound() {
            changing.kept.write(sound.clone());
            continue;
        }
        sound = files;
        // What is kept is of the old side, the new side, or of neither.
        if step % 3 == 0 {
            changing.kept.keep();
        }
        if step % 2 == 0 {
            changing.commit();
            changing.step(("HEAD~1..HEAD", None), &what);
        }
    }
    let (reviews, recalled) = changing.reviewed;
    assert!(recalled * 3 > reviews, "{recalled} of {reviews}");
}

/// Reviews the change in the bad example of each rule.
fn of_examples(rules: &[&Rule]) -> (usize, usize) {
    let mut changing = Changing::new(base::files());
    for rule in rules {
        changing.kept.write(edited(rule, &[]));
        changing.commit();
        changing.kept.keep();
        changing.kept.write(edited(rule, &rule.bad));
        changing.step(("HEAD", None), rule.id);
    }
    changing.reviewed
}

#[test]
fn of_the_change_in_the_example_of_every_rule_a_review_by_what_is_kept_says_what_a_review_of_all_files_says() {
    let all: Vec<&Rule> = rules::all().iter().collect();
    let (reviews, recalled) = in_halves(&all, of_examples);
    assert!(recalled * 2 > reviews, "{recalled} of {reviews}");
}

#[test]
fn a_review_by_what_is_kept_reads_what_the_change_concerns_and_no_more() {
    let mut changing = Changing::new(base::files());
    let mut files = base::files();
    let metric = files.get_mut("metrics/nps/v1.yaml").expect("a metric");
    *metric = metric.replacen("owner: ", "owner:  ", 1);
    changing.kept.write(files);
    let review = changing.recall(&changing.spots("HEAD", None), &[]).expect("a plain change");
    let read = review.new.registry.metrics.len();
    assert!((1..=4).contains(&read) && read * 2 < base::files().len(), "{read}");
    assert!(changing.step(("HEAD", None), "more space") && changing.reviewed == (1, 1));
}

#[test]
fn without_a_difference_no_metric_is_read_and_a_metric_that_is_asked_for_is() {
    let changing = Changing::new(base::files());
    let spots = changing.spots("HEAD", None);
    let review = changing.recall(&spots, &[]).expect("nothing to compare");
    assert!(review.new.registry.metrics.is_empty() && review.findings.is_empty());
    let review = changing.recall(&spots, &["nps"]).expect("a metric to compare");
    assert!(review.new.registry.metrics.contains_key("nps"));
    assert!(changing.recall(&spots, &["no_such_metric"]).is_none());
}

#[test]
fn what_all_metrics_share_two_versions_and_two_folders_are_compared_whole() {
    let changing = Changing::new(base::files());
    let project = changing.kept.project().display().to_string();
    for (old, new) in [("nps@1.0.0", "nps@1.0.0"), (project.as_str(), project.as_str())] {
        assert!(changing.recall(&changing.spots(old, Some(new)), &[]).is_none());
    }
    let Spot::Disk(folder) = changing.spots("HEAD", None).new else { panic!("the disk") };
    let file = folder.join("etalon.yaml");
    let text = std::fs::read_to_string(&file).expect("the project file");
    std::fs::write(&file, text + "\n# The same, said longer.\n").expect("written");
    assert!(changing.recall(&changing.spots("HEAD", None), &[]).is_none());
}

/// Runs a command of the project, with what is kept beside it; returns what it says and how it ends.
fn said(changing: &Changing, arguments: &str) -> (String, Option<i32>) {
    let mut command = etalon(&changing.kept.project(), &format!("{arguments} --today {}", base::TODAY));
    let output = command.env(VARIABLE, changing.kept.project().join("../kept")).output().expect("the command");
    (String::from_utf8(output.stdout).expect("a text"), output.status.code())
}

#[test]
fn an_acceptance_of_a_metric_that_no_change_concerns_is_not_taken_for_unused() {
    let overdue = ("review_by: 2026-12-31", "review_by: 2026-05-01");
    let mut files = base::files();
    let metric = files.get_mut("metrics/nps/v1.yaml").expect("a metric");
    *metric = metric.replace(overdue.0, overdue.1);
    let changing = Changing::new(files.clone());
    let found = said(&changing, "check --format json --no-cache").0;
    let found: serde_json::Value = serde_json::from_str(&found).expect("a document");
    let all = found["findings"].as_array().expect("findings");
    let is_it = |it: &&serde_json::Value| it["code"] == "review-overdue" && it["metric"] == "nps";
    let fingerprint = all.iter().find(is_it).expect("it is overdue")["fingerprint"].as_str().expect("a text");
    let acceptance = format!(
        "acceptance: \"{fingerprint}\"\nrule: review-overdue\nmetric: nps\nreason: The council meets in autumn.\n\
         approved_by: cleo\nexpires: 2026-12-01\n"
    );
    files.insert(format!("acceptances/{fingerprint}.yaml"), acceptance);
    let mut changing = Changing::new(files.clone());
    let metric = files.get_mut("metrics/backlog/v1.yaml").expect("a metric");
    *metric = metric.replace("title: ", "title: The ");
    changing.kept.write(files);
    assert!(changing.step(("HEAD", None), "another title") && changing.reviewed == (1, 1));
    let review = changing.recall(&changing.spots("HEAD", None), &[]).expect("a plain change");
    assert!(review.findings.iter().all(|finding| finding.rule.id != "acceptance-unused"));
    assert!(review.findings.iter().any(|finding| finding.metric.as_deref() == Some("backlog")));
}

#[test]
fn a_lock_by_another_algorithm_is_judged_whole_where_it_changes() {
    let mut files = base::files();
    let mut changing = Changing::new(files.clone());
    let lock = files.get_mut("etalon.lock").expect("a lock");
    let of_nps = lock.lines().find(|line| line.starts_with("nps")).expect("a line").to_owned();
    let older = of_nps.replace("by=plan-2", "by=plan-1");
    assert_ne!(of_nps, older);
    *lock = lock.replace(&of_nps, &older);
    changing.kept.write(files);
    assert!(changing.recall(&changing.spots("HEAD", None), &[]).is_none());
}

#[cfg(unix)]
#[test]
fn what_leads_out_of_the_project_since_the_check_is_seen() {
    let dangling = |changing: &Changing| {
        std::os::unix::fs::symlink("nowhere.yaml", changing.kept.project().join("metrics/x.yaml")).expect("a link");
    };
    // The same text, by a link that leads out.
    let outside = |changing: &Changing, name: &str| {
        let (place, other) = (changing.kept.project().join(name), changing.kept.project().join("../elsewhere"));
        std::fs::rename(&place, &other).expect("moved");
        std::os::unix::fs::symlink(&other, &place).expect("a link");
    };
    let files = large();
    let decision = files.keys().find(|name| name.starts_with("decisions/")).expect("a decision record").clone();
    let changes: [&dyn Fn(&Changing); 3] =
        [&dangling, &|changing| outside(changing, &decision), &|changing| outside(changing, "etalon.lock")];
    for (number, change) in changes.iter().enumerate() {
        let changing = Changing::new(files.clone());
        assert_eq!(said(&changing, "check").1, Some(0));
        change(&changing);
        for command in ["check", "diff"] {
            let whole = said(&changing, &format!("{command} --no-cache"));
            assert_ne!(whole.1, Some(0), "{number} {command}: {}", whole.0);
            assert_eq!(said(&changing, command), whole, "{number} {command}");
        }
    }
}

#[test]
fn the_command_says_the_same_by_what_a_check_has_kept_and_without() {
    let mut files = large();
    let mut changing = Changing::new(files.clone());
    said(&changing, "check");
    let metric = files.get_mut("metrics/nps_7/v1.yaml").expect("a metric");
    *metric = metric.replace("title: ", "title: Another ");
    files.retain(|name, _| !name.starts_with("metrics/nps_9/"));
    changing.kept.write(files);
    for form in ["human", "json", "markdown", "sarif", "junit"] {
        let arguments = format!("diff --format {form}");
        let whole = said(&changing, &format!("{arguments} --no-cache"));
        assert!(whole.0.contains("nps_7") && whole.0.contains("nps_9"), "{}", whole.0);
        assert_eq!(said(&changing, &arguments), whole, "{form}");
    }
}
