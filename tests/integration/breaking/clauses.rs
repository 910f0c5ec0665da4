//! Every clause of every metric and standard: broken, it is refused or fails a case of a metric that rests on it.

use std::collections::{BTreeMap, BTreeSet};

use etalon::diagnostic::Diagnostics;
use etalon::load::{Loaded, LoadedFile};
use etalon::report::diagnostic::Style;
use etalon::report::verify::{Part, human};
use etalon::text::TextId;
use etalon::value::Type;
use etalon::verify::Verification;
use etalon::yaml::{self, Node};

use super::definition::{self, Change, Surroundings};
use super::{SHIPPED, add, judged, kind, load, value_of};

/// Why a parameter of a treatment can have any value.
const UNUSED: &str = "this reading of the standard does not use the parameter";

/// Changes that give the same number for every table that the sources allow: file, change, reason.
const EQUIVALENT: [(&str, &str, &str); 14] = [
    ("definitions/metrics/abandonment_rate/v1.yaml", "treatment short -> 6s", UNUSED),
    ("definitions/metrics/abandonment_rate/v1.yaml", "treatment short -> 4s", UNUSED),
    ("definitions/metrics/abandonment_rate/v1.yaml", "variants.without_unqueued.treatment short -> 6s", UNUSED),
    ("definitions/metrics/abandonment_rate/v1.yaml", "variants.without_unqueued.treatment short -> 4s", UNUSED),
    ("definitions/metrics/service_level/v1.yaml", "treatment short -> 6s", UNUSED),
    ("definitions/metrics/service_level/v1.yaml", "treatment short -> 4s", UNUSED),
    ("definitions/metrics/service_level/v1.yaml", "variants.answered_only.treatment short -> 6s", UNUSED),
    ("definitions/metrics/service_level/v1.yaml", "variants.answered_only.treatment short -> 4s", UNUSED),
    ("definitions/metrics/service_level/v1.yaml", "variants.abandoned_count_against.treatment short -> 6s", UNUSED),
    ("definitions/metrics/service_level/v1.yaml", "variants.abandoned_count_against.treatment short -> 4s", UNUSED),
    (
        "definitions/metrics/service_level/v1.yaml",
        "variants.late_abandoned_count_against.treatment short -> 6s",
        UNUSED,
    ),
    (
        "definitions/metrics/service_level/v1.yaml",
        "variants.late_abandoned_count_against.treatment short -> 4s",
        UNUSED,
    ),
    (
        "definitions/metrics/fcr_no_repeat/v1.yaml",
        "variants.first_of_chain.facts.later_contact.window from -> -1s",
        "a contact with another one in the second before it is left out as a repeat",
    ),
    (
        "definitions/metrics/first_response_time/v1.yaml",
        "facts.first_reply_at first -> min",
        "the value is the instant that the messages are ordered by",
    ),
];

/// The files of a project by what they are.
struct Files {
    metrics: BTreeMap<String, LoadedFile>,
    standards: BTreeMap<String, LoadedFile>,
    cases: BTreeMap<String, Vec<LoadedFile>>,
    instants: BTreeMap<String, Vec<String>>,
    other_instants: Vec<(String, Vec<String>)>,
}

/// A broken definition: its place and change, and the texts that must notice.
struct Broken {
    place: String,
    what: String,
    texts: BTreeSet<TextId>,
}

fn tree(loaded: &Loaded, file: &LoadedFile) -> Node {
    yaml::parse(&loaded.texts, file.id, &mut Diagnostics::new()).expect("a definition that ships is YAML")
}

fn files(loaded: &Loaded) -> Files {
    let (catalog, _, errors) = judged(loaded);
    assert!(errors.is_empty(), "{errors:?}");
    let mut instants = BTreeMap::new();
    let mut other_instants = Vec::new();
    for (name, file) in &catalog.registry.sources {
        let columns = file.source.columns.iter().filter(|column| column.ty == Type::Instant);
        let columns: Vec<String> = columns.map(|column| column.name.clone()).collect();
        let others = columns.iter().filter(|column| **column != file.source.order[0]).cloned().collect();
        instants.insert(name.clone(), columns);
        other_instants.push((name.clone(), others));
    }
    let mut files = Files {
        metrics: BTreeMap::new(),
        standards: BTreeMap::new(),
        cases: BTreeMap::new(),
        instants,
        other_instants,
    };
    for file in &loaded.files {
        let text = &loaded.texts.get(file.id).content;
        let name = |key: &str| value_of(text, key).expect("a name").to_owned();
        match kind(text) {
            "metric" => drop(files.metrics.insert(name("metric"), file.clone())),
            "standard" => drop(files.standards.insert(name("standard"), file.clone())),
            "case" => files.cases.entry(name("metric")).or_default().push(file.clone()),
            _ => {}
        }
    }
    files
}

fn surroundings(loaded: &Loaded, files: &Files, metric: &str) -> Surroundings {
    let root = tree(loaded, &files.metrics[metric]);
    let source = root.get("population").and_then(|population| population.get("source")).map(Node::scalar_text);
    let treatments = files.standards.iter().map(|(name, file)| {
        let root = tree(loaded, file);
        let variants = root.get("variants").map_or(&[][..], Node::entries);
        (name.clone(), variants.iter().map(|entry| entry.key.value.clone()).collect())
    });
    let cases = files.cases.get(metric).into_iter().flatten();
    let grains = cases.filter_map(|file| value_of(&loaded.texts.get(file.id).content, "grain").map(str::to_owned));
    Surroundings {
        instants: source.and_then(|source| files.instants.get(&source).cloned()).unwrap_or_default(),
        other_instants: files.other_instants.clone(),
        treatments: treatments.collect(),
        grains: grains.collect(),
    }
}

/// Replaces `word` where it stands alone.
fn renamed(text: &str, word: &str, by: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let alone = !rest[..at].ends_with(part) && !rest[at + word.len()..].starts_with(part);
        out.push_str(&rest[..at]);
        out.push_str(if alone { by } else { word });
        rest = &rest[at + word.len()..];
    }
    out + rest
}

/// Adds a metric under another name, with its cases, and returns the texts.
fn add_metric(
    loaded: &mut Loaded,
    files: &Files,
    (metric, name, text): (&str, &str, &str),
    reword: &dyn Fn(&str) -> String,
) -> BTreeSet<TextId> {
    let head = format!("metric: \"{metric}\"");
    assert!(text.contains(&head), "{text}");
    let text = text.replacen(&head, &format!("metric: \"{name}\""), 1);
    let mut texts = BTreeSet::from([add(loaded, &files.metrics[metric], text)]);
    for case in files.cases.get(metric).into_iter().flatten() {
        let text = loaded.texts.get(case.id).content.clone();
        let text = text.replacen(&format!("\nmetric: {metric}\n"), &format!("\nmetric: {name}\n"), 1);
        texts.insert(add(loaded, case, reword(&text)));
    }
    texts
}

/// Adds every change of every metric.
fn break_metrics(loaded: &mut Loaded, files: &Files, broken: &mut Vec<Broken>) {
    for (metric, file) in &files.metrics {
        let root = tree(loaded, file);
        let mut changes = definition::changes(&root, &surroundings(loaded, files, metric));
        // The first copy is not changed at all, and must hold.
        changes.insert(0, Change { what: String::new(), span: root.span, node: root });
        for (number, change) in changes.into_iter().enumerate() {
            let name = format!("{metric}_k{number}");
            let text = definition::file(&change.node);
            let texts = add_metric(loaded, files, (metric, &name, &text), &str::to_owned);
            broken.push(Broken { place: place(loaded, &change), what: change.what, texts });
        }
    }
}

/// Adds every change of every standard, with copies of all metrics that use it.
fn break_standards(loaded: &mut Loaded, files: &Files, broken: &mut Vec<Broken>) {
    for (standard, file) in &files.standards {
        let users: Vec<(&String, String)> = files
            .metrics
            .iter()
            .map(|(metric, file)| (metric, definition::file(&tree(loaded, file))))
            .filter(|(_, text)| {
                text.contains(&format!("\"use\": \"{standard}\"")) || text.contains(&format!("use: \"{standard}\""))
            })
            .collect();
        let root = tree(loaded, file);
        let mut changes = definition::changes(&root, &Surroundings::default());
        changes.insert(0, Change { what: String::new(), span: root.span, node: root });
        for (number, change) in changes.into_iter().enumerate() {
            let name = format!("{standard}_k{number}");
            let text = definition::file(&change.node).replacen(
                &format!("standard: \"{standard}\""),
                &format!("standard: \"{name}\""),
                1,
            );
            let mut texts = BTreeSet::from([add(loaded, file, text)]);
            let (line, other) = (format!("excluded_{standard}"), format!("excluded_{name}"));
            for (metric, text) in &users {
                let copy = format!("{metric}_{name}");
                let text = renamed(text, standard, &name);
                texts.extend(add_metric(loaded, files, (metric, &copy, &text), &|case| renamed(case, &line, &other)));
            }
            broken.push(Broken { place: place(loaded, &change), what: change.what, texts });
        }
    }
}

fn place(loaded: &Loaded, change: &Change) -> String {
    let name = &loaded.texts.get(change.span.text).name;
    let below = name.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/")).unwrap_or(name);
    format!("{below}:{}", loaded.texts.position(change.span).line)
}

fn is_equivalent(broken: &Broken) -> bool {
    EQUIVALENT.iter().any(|(file, what, _)| broken.place.starts_with(&format!("{file}:")) && broken.what == *what)
}

/// Breaks every clause of a project; returns all changes, each with whether it was noticed.
fn judged_changes(project: &str) -> Vec<(Broken, bool)> {
    let mut loaded = load(project);
    let files = files(&loaded);
    let mut broken = Vec::new();
    break_metrics(&mut loaded, &files, &mut broken);
    break_standards(&mut loaded, &files, &mut broken);
    loaded.files.retain(|file| !files.cases.values().flatten().any(|case| case.id == file.id));
    let (_, verification, errors) = judged(&loaded);
    let mut noticed: BTreeSet<TextId> = errors.iter().map(|error| error.span().text).collect();
    for verdict in verification.verdicts.into_iter().filter(|verdict| !verdict.mismatches.is_empty()) {
        let id = verdict.span.text;
        let alone = Verification { verdicts: vec![verdict], ..Verification::default() };
        let part = Part { place: project, texts: &loaded.texts, findings: &[], verification: &alone };
        let message = human(&[part], Style::Plain);
        assert!(message.contains(&format!("--> {}:", loaded.texts.get(id).name)), "{message}");
        noticed.insert(id);
    }
    let (copies, changes): (Vec<_>, Vec<_>) = broken
        .into_iter()
        .map(|broken| {
            let is_noticed = broken.texts.iter().any(|id| noticed.contains(id));
            (broken, is_noticed)
        })
        .partition(|(broken, _)| broken.what.is_empty());
    for (copy, is_noticed) in copies {
        let why = errors.iter().find(|error| copy.texts.contains(&error.span().text));
        assert!(!is_noticed, "{}: the copy without a change does not hold: {why:?}", copy.place);
    }
    changes
}

#[test]
fn every_broken_clause_is_refused_or_fails_a_case() {
    let changes: Vec<(Broken, bool)> = SHIPPED.iter().flat_map(|project| judged_changes(project)).collect();
    let unnoticed: Vec<&Broken> =
        changes.iter().filter(|(_, is_noticed)| !is_noticed).map(|(broken, _)| broken).collect();
    let survivors: Vec<String> = unnoticed
        .iter()
        .filter(|broken| !is_equivalent(broken))
        .map(|broken| format!("{}: {}", broken.place, broken.what))
        .collect();
    assert!(survivors.is_empty(), "{} of {}:\n{}", survivors.len(), changes.len(), survivors.join("\n"));
    assert_eq!(unnoticed.len(), EQUIVALENT.len(), "every change said to be equivalent is tried and survives");
    assert!(changes.len() > 1_000, "{}", changes.len());
}
