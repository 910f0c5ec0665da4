//! What a check keeps: from that and from what has changed, the next one finds what a whole check finds, and never less.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use etalon::cache::{Answer, Cache, Question, VARIABLE, Visit, Whole};
use etalon::checked;
use etalon::cores;
use etalon::diagnostic::Diagnostics;
use etalon::load::{self, Names};
use etalon::review::Papers;
use etalon::rules::{self, Files, Rule, Subject};
use etalon::sides::Place;
use etalon::value::Date;
use etalon::verify;

use crate::cli::etalon;
use crate::edits::{self, Dice, told};
use crate::rules::base;

/// A project on the disk, with what is kept of it.
pub(crate) struct Kept {
    folder: tempfile::TempDir,
    files: Files,
    pub(crate) cache: Cache,
    pub(crate) question: Question,
    /// How many times what was kept sufficed.
    recalled: usize,
    steps: usize,
}

impl Kept {
    pub(crate) fn new(files: Files) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(&folder.path().join("cache"), 0);
        let question =
            Question { asked: Some(rules::Profile::Strict), today: Date::parse(base::TODAY).expect("a day") };
        let mut kept = Self { folder, files: Files::new(), cache, question, recalled: 0, steps: 0 };
        kept.write(files);
        // Long ago, so that times tell these files from later ones.
        let long_ago = SystemTime::now() - Duration::from_hours(1);
        for name in kept.files.keys() {
            let file = std::fs::File::options().append(true).open(kept.project().join(name)).expect("just written");
            file.set_modified(long_ago).expect("a time");
        }
        kept.keep();
        kept
    }

    /// Keeps what is found in the project as it stands.
    pub(crate) fn keep(&self) {
        let names = self.names();
        whole(&self.project(), Some(&self.visit(&names)), self.question);
    }

    /// Tells whether there are no mistakes in the project as it stands.
    pub(crate) fn is_sound(&self) -> bool {
        whole(&self.project(), None, self.question).is_some()
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn names(&self) -> Names {
        Names::of(&self.project())
    }

    fn visit<'a>(&self, names: &'a Names) -> Visit<'a> {
        self.cache.visit(names, self.question).expect("a plain project")
    }

    /// Makes the project hold these files and no others.
    pub(crate) fn write(&mut self, files: Files) {
        for (name, text) in &files {
            if self.files.get(name) != Some(text) {
                let path = self.project().join(name);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(path, text).expect("a file");
            }
        }
        for name in self.files.keys().filter(|name| !files.contains_key(*name)) {
            std::fs::remove_file(self.project().join(name)).expect("removed");
        }
        self.files = files;
    }

    /// Checks the project as it stands by what is kept, and holds that against a whole check; tells whether it is sound.
    fn step(&mut self, what: &str) -> bool {
        self.steps += 1;
        let names = self.names();
        let visit = self.visit(&names);
        let recalled = visit.recall();
        let found = whole(&self.project(), recalled.is_none().then_some(&visit), self.question);
        match (recalled, &found) {
            (Some(answer), Some(found)) => {
                self.recalled += 1;
                assert_eq!(told(&answer.texts, &answer.findings), *found, "{what}");
                assert_eq!(
                    answer.objects.len(),
                    self.files.keys().filter(|name| name.ends_with(".yaml")).count(),
                    "{what}"
                );
            }
            (Some(answer), None) => {
                panic!("{what}: mistakes were not seen\n{:#?}", told(&answer.texts, &answer.findings))
            }
            (None, _) => {}
        }
        found.is_some()
    }
}

/// Checks a whole project, and keeps what was found where there was a visit before; `None` where it has mistakes.
fn whole(folder: &Path, visit: Option<&Visit<'_>>, question: Question) -> Option<Vec<String>> {
    let mut loaded = load::load(folder);
    let mut diagnostics = Diagnostics::new();
    let catalog = checked::project(&mut loaded, &mut diagnostics);
    verify::check(&catalog, &loaded.texts, &mut diagnostics);
    let mut texts = loaded.texts;
    let place = Place::Disk(folder.to_owned());
    let papers = Papers::read(&place, &catalog, (&place.shown(""), &mut texts)).expect("papers");
    if diagnostics.iter().next().is_some() || !papers.findings.is_empty() {
        return None;
    }
    let subject = Subject::alone(papers.side(&catalog), &texts, (question.today, question.asked));
    let outlines = rules::outlines(&subject);
    let findings = rules::judge_among(&subject, &rules::together(&outlines, &[])).expect("all are there");
    if let Some(visit) = visit {
        visit.keep(&Whole { catalog: &catalog, texts: &texts, outlines: &outlines, findings: &findings });
    }
    Some(told(&texts, &findings))
}

/// Returns the sample project with the edits of an example.
pub(crate) fn edited(rule: &Rule, edits: &[rules::Edit]) -> Files {
    let mut files = base::files();
    for edit in rule.given.iter().chain(edits) {
        edit.apply(&mut files).unwrap_or_else(|why| panic!("{}: {why}", rule.id));
    }
    files
}

/// Goes through the examples of some rules, one after the other, on one project.
fn after_examples(rules: &[&Rule]) -> (usize, usize) {
    let mut kept = Kept::new(base::files());
    for rule in rules {
        for (what, edits) in [("given", &[][..]), ("bad", &rule.bad), ("good", &rule.good)] {
            let files = edited(rule, edits);
            if files != kept.files {
                kept.write(files);
                kept.step(&format!("{} {what}", rule.id));
            }
        }
    }
    (kept.recalled, kept.steps)
}

/// Goes through some rules on both cores, and adds up what each half counts.
pub(crate) fn in_halves(all: &[&Rule], of: fn(&[&Rule]) -> (usize, usize)) -> (usize, usize) {
    let halves: Vec<&[&Rule]> = all.chunks(all.len().div_ceil(2)).collect();
    let counts = cores::map_each(&halves, |rules| of(rules));
    counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
}

#[test]
fn after_every_example_of_a_rule_that_code_decides_a_check_finds_what_a_whole_check_finds() {
    let all: Vec<&Rule> = rules::all().iter().filter(|rule| rule.matches.is_empty()).collect();
    let (recalled, steps) = in_halves(&all, after_examples);
    assert!(recalled * 2 > steps, "{recalled} of {steps}");
}

#[test]
fn after_edits_at_random_a_check_finds_what_a_whole_check_finds() {
    let seed = std::env::var("ETALON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let steps = std::env::var("ETALON_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(120);
    let mut dice = Dice::new(seed);
    let mut kept = Kept::new(base::files());
    let mut sound = base::files();
    for step in 0..steps {
        let mut files = sound.clone();
        let what = edits::edit(&mut files, &mut dice);
        kept.write(files.clone());
        if kept.step(&format!("seed {seed}, step {step}: {what}")) {
            sound = files;
        }
    }
    assert!(kept.recalled * 3 > kept.steps, "{} of {}", kept.recalled, kept.steps);
}

/// Returns the answer to a check by what is kept alone.
fn recall(kept: &Kept) -> Option<Answer> {
    kept.visit(&kept.names()).recall()
}

#[test]
fn without_a_change_nothing_is_judged_and_with_one_only_what_rests_on_it() {
    let mut kept = Kept::new(base::files());
    assert_eq!(recall(&kept).map(|answer| answer.judged), Some(0));
    let mut files = base::files();
    let case = files.get_mut("metrics/nps/v1.yaml").expect("a metric");
    *case = case.replacen("owner: ", "owner:  ", 1);
    kept.write(files);
    let judged = recall(&kept).expect("a plain change").judged;
    assert!((1..=4).contains(&judged), "{judged}");
}

#[test]
fn a_case_that_goes_over_to_another_metric_is_missed_where_it_was() {
    let mut files = base::files();
    let copied: Vec<(String, String)> = files
        .iter()
        .filter(|(name, _)| name.starts_with("metrics/nps/"))
        .map(|(name, text)| (name.replace("/nps/", "/nps_b/"), text.replace("metric: nps\n", "metric: nps_b\n")))
        .collect();
    files.extend(copied);
    let mut kept = Kept::new(files.clone());
    let case = files.get_mut("metrics/nps/cases/promoters_less_detractors.yaml").expect("a case");
    *case = case.replace("metric: nps\n", "metric: nps_b\n").replace("case: promoters", "case: moved");
    kept.write(files);
    assert!(kept.step("a case goes over"));
    assert_eq!((kept.recalled, kept.steps), (1, 1));
}

/// Returns a project of so many files that what was found in it is kept.
pub(crate) fn large() -> Files {
    let mut files = base::files();
    let nps: Vec<(String, String)> = files
        .iter()
        .filter(|(name, _)| name.starts_with("metrics/nps/"))
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    for number in 0..120 {
        files.extend(nps.iter().map(|(name, text)| {
            let text = text.replace("metric: nps\n", &format!("metric: nps_{number}\n"));
            (name.replace("/nps/", &format!("/nps_{number}/")), text.replace("status: released", "status: draft"))
        }));
    }
    files
}

/// Returns what a check by the command says, and how it ends.
fn checked(kept: &Kept, arguments: &str) -> (String, Option<i32>) {
    let command = format!("check project --today {} {arguments}", base::TODAY);
    let mut command = etalon(kept.folder.path(), &command);
    let output = command.env(VARIABLE, kept.folder.path().join("kept")).output().expect("the command");
    (String::from_utf8(output.stdout).expect("a text"), output.status.code())
}

#[test]
fn the_command_says_the_same_with_and_without_what_it_keeps_and_survives_what_becomes_of_that() {
    let mut files = large();
    let mut kept = Kept::new(files.clone());
    let folder = kept.folder.path().join("kept/checks");
    let whole = checked(&kept, "--no-cache");
    assert!(whole.0.contains("duplicate-meaning") && !folder.exists(), "{}", whole.0);
    assert_eq!(checked(&kept, ""), whole);
    let records = || std::fs::read_dir(&folder).expect("kept").map(|entry| entry.expect("an entry").path());
    let record = records().next().expect("a record");
    assert_eq!((records().count(), checked(&kept, "")), (1, whole));
    for format in ["json", "sarif", "junit", "markdown"] {
        let arguments = format!("--format {format}");
        assert_eq!(checked(&kept, &arguments), checked(&kept, &format!("{arguments} --no-cache")));
    }
    let metric = files.get_mut("metrics/nps_7/v1.yaml").expect("a metric");
    *metric = metric.replace("where: ", "where:  ").replace("title: ", "title: Another ");
    kept.write(files);
    let whole = checked(&kept, "--no-cache");
    assert_eq!(checked(&kept, ""), whole);
    // Of another program, of another day, broken, gone, in the way.
    let bytes = std::fs::read(&record).expect("a record");
    let with = |old: &str, new: &str| {
        let at = bytes.windows(old.len()).position(|window| window == old.as_bytes()).expect("it is there");
        [&bytes[..at], new.as_bytes(), &bytes[at + old.len()..]].concat()
    };
    for other in
        [with("0.1.0", "0.0.9"), with(base::TODAY, "2026-08-02"), bytes[..900].to_owned(), with("nps_7", "nps_8")]
    {
        assert_ne!(other, bytes);
        std::fs::write(&record, other).expect("written");
        assert_eq!(checked(&kept, ""), whole);
    }
    std::fs::remove_dir_all(&folder).expect("removed");
    assert_eq!(checked(&kept, ""), whole);
    std::fs::remove_dir_all(&folder).expect("removed");
    std::fs::write(&folder, "no folder").expect("a file in its place");
    assert_eq!(checked(&kept, ""), whole);
}

#[test]
fn a_mistake_is_told_as_by_a_whole_check_and_is_gone_when_it_is_mended() {
    let sound = large();
    let mut kept = Kept::new(sound.clone());
    let whole = checked(&kept, "");
    let mut files = sound.clone();
    let metric = files.get_mut("metrics/nps_7/v1.yaml").expect("a metric");
    *metric = metric.replace("source: surveys", "source: survey");
    kept.write(files);
    let broken = checked(&kept, "");
    assert!(broken.0.contains("there is no source `survey`") && broken.1 == Some(1), "{}", broken.0);
    assert_eq!(broken, checked(&kept, "--no-cache"));
    kept.write(sound);
    assert_eq!(checked(&kept, ""), whole);
}
