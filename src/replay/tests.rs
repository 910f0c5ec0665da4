//! Claims about a metric's history over one case.

use super::*;
use crate::catalog::build;
use crate::diagnostic::Diagnostics;
use crate::load::{Loaded, LoadedFile};
use crate::value::Value;

const METRIC: &str = include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../templates/starter/definitions/etalon.yaml");
/// c1 of anna is followed exactly 168 hours later, c3 of ben one second after that; c5 is a bot's, c6 of nobody.
const CASE: &str = include_str!(
    "../../templates/starter/definitions/metrics/first_contact_resolution/cases/repeat_within_a_week.yaml"
);

/// A state of the starter project: the metric's texts, each with replaced texts and their replacements.
fn state(texts: &mut Texts, metrics: &[&[(&str, &str)]]) -> Catalog {
    let mut files = Vec::new();
    let mut add = |text: String, texts: &mut Texts| {
        files.push(LoadedFile { id: texts.add("a.yaml", text), path: None, project: None });
    };
    for edits in metrics {
        add(edits.iter().fold(METRIC.to_owned(), |text, (old, new)| text.replace(old, new)), texts);
    }
    [SOURCE, STANDARD, PROJECT, CASE].into_iter().for_each(|text| add(text.to_owned(), texts));
    let mut diagnostics = Diagnostics::new();
    build(&Loaded { texts: texts.clone(), files, ..Loaded::default() }, &mut diagnostics)
}

/// Replays a history: of each state the label, the version looked at, and the catalog.
fn replayed(texts: &Texts, states: &[(&str, &str, &Catalog)]) -> Replay {
    let version = |text: &str| Version::parse(text).expect("a version");
    let moments: Vec<Moment<'_>> = (1..)
        .zip(states)
        .map(|(second, (label, text, catalog))| Moment {
            label: (*label).to_owned(),
            time: Some(Instant::from_micros(second * 1_000_000)),
            version: version(text),
            catalog,
        })
        .collect();
    let last = states.last().expect("a state").2;
    let id = "first_contact_resolution";
    let rows = Rows::cases((last, id), (last, id), texts);
    replay(id, &moments, texts, (&rows, &|_| {}))
}

/// Says each meaning: first and last sight, edits, value.
fn told(replay: &Replay) -> Vec<String> {
    let one = |lived: &Lived| {
        let edits: Vec<&str> = lived.edits.iter().map(|(_, name)| name.as_str()).collect();
        let value = match lived.cells.first() {
            Some(Some(Shown { value: Value::Real(value), .. })) => format!("{value:.2}"),
            _ => lived.absent.first().map(|(_, reason)| reason.clone()).unwrap_or_default(),
        };
        format!("{}-{} [{}] {value}", lived.first.label, lived.last.label, edits.join(", "))
    };
    replay.meanings.iter().map(one).collect()
}

#[test]
fn a_history_is_a_row_for_each_meaning_with_the_edits_that_made_it() {
    let mut texts = Texts::new();
    let plain = state(&mut texts, &[&[]]);
    let worded = state(&mut texts, &[&[("title: First-contact", "title: First contact")]]);
    let shorter = state(&mut texts, &[&[("to: 7d", "to: 6d")]]);
    let longer = state(&mut texts, &[&[("to: 7d", "to: 14d")]]);
    let states = [("a", &plain), ("b", &worded), ("c", &shorter), ("d", &longer), ("e", &plain)];
    let states = states.map(|(label, catalog)| (label, "1.0.0", catalog));
    let replay = replayed(&texts, &states);
    // 3 of 4 within a week; within six days c1 is resolved too, within fourteen c3 is not.
    assert_eq!(
        told(&replay),
        [
            "a-b [] 0.75",
            "c-c [window.to of later_contact] 1.00",
            "d-d [window.to of later_contact] 0.50",
            "e-e [window.to of later_contact] 0.75",
        ]
    );
    assert_eq!(replay.changes().map(|seen| seen.label.as_str()).collect::<Vec<_>>(), ["c", "d", "e"]);
    assert_eq!(replay.meanings[0].fingerprint, replay.meanings[3].fingerprint);
}

#[test]
fn versions_of_one_tree_are_held_against_the_one_before() {
    let mut texts = Texts::new();
    let second: &[(&str, &str)] = &[("version: 1.0.0", "version: 2.0.0"), ("to: 7d", "to: 6d")];
    let tree = state(&mut texts, &[&[], second]);
    let replay = replayed(&texts, &[("v1", "1.0.0", &tree), ("v2", "2.0.0", &tree)]);
    assert_eq!(told(&replay), ["v1-v1 [] 0.75", "v2-v2 [window.to of later_contact] 1.00"]);
}

#[test]
fn a_state_with_mistakes_has_no_numbers_and_says_so() {
    let mut texts = Texts::new();
    let (plain, broken) = (state(&mut texts, &[&[]]), state(&mut texts, &[&[("not later_contact", "not later")]]));
    let replay = replayed(&texts, &[("a", "1.0.0", &plain), ("b", "1.0.0", &broken), ("c", "1.0.0", &plain)]);
    assert_eq!(told(&replay), ["a-a [] 0.75", "b-b [] its definition has errors", "c-c [] 0.75"]);
}

/// Commits all files on the disk, so many days after 2026-01-01.
fn commit(git: &git2::Repository, days: i64) {
    let mut index = git.index().expect("an index");
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).expect("files");
    let tree = git.find_tree(index.write_tree().expect("a tree")).expect("the tree just written");
    let time = git2::Time::new(1_767_225_600 + days * 86_400, 0);
    let author = git2::Signature::new("a", "a@example.org", &time).expect("an author");
    let parent = git.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    git.commit(Some("HEAD"), &author, &author, "a change", &tree, &parents).expect("a commit");
}

#[test]
fn a_repository_tells_when_a_metric_changed_its_meaning() {
    let folder = tempfile::tempdir().expect("a folder");
    let git = git2::Repository::init(folder.path()).expect("a fresh repository");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let files = [
        ("etalon.yaml", PROJECT),
        ("fcr.yaml", METRIC),
        ("contacts.yaml", SOURCE),
        ("bots.yaml", STANDARD),
        ("case.yaml", CASE),
    ];
    files.iter().for_each(|(name, text)| write(name, text));
    commit(&git, 0);
    write("fcr.yaml", &METRIC.replace("title: First-contact", "title: First contact"));
    commit(&git, 1);
    // Only a shared part changes: the bot's contact, which came by chat and nobody followed, is counted now.
    write("bots.yaml", &STANDARD.replace("actor = 'bot'", "actor = 'bot' and channel = 'email'"));
    commit(&git, 2);
    write("fcr.yaml", &METRIC.replace("to: 7d", "to: 6d"));
    let id = "first_contact_resolution";
    let past = Past::read(folder.path(), id).expect("a history");
    let rows = Rows::cases((past.now(), id), (past.now(), id), &past.texts);
    let replay = replay(id, &past.moments(), &past.texts, (&rows, &|_| {}));
    let told: Vec<String> =
        told(&replay).iter().map(|line| line.split_once(" [").expect("edits").1.to_owned()).collect();
    assert_eq!(told, ["] 0.75", "through standard bot_contacts] 0.80", "window.to of later_contact] 1.00"]);
    let days: Vec<Option<i64>> =
        replay.changes().map(|seen| seen.time.map(|time| time.micros() / 86_400_000_000 - 20_454)).collect();
    // The third day of the year, and what is not committed yet.
    assert_eq!(days, [Some(2), None]);
    assert_eq!(replay.meanings[2].first.label, "working tree");
}
