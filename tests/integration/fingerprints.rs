//! Every field of the format against the fingerprints: a change of it moves the data fingerprint, or the field stands on the
//! reviewed list of those that move no number, and then it does not.
//!
//! Values are exchanged for others that the same field has somewhere, for others of their shape, or are left out.

mod carriers;
mod fields;
mod mutants;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use etalon::catalog::Fingerprints;
use etalon::format::FileKind;
use etalon::shape::Moves;

use carriers::{Carrier, carriers};
use fields::{FieldId, Occurrence, declared, occurrences};

/// Places of one field that are tried.
const TRIED: usize = 3;

/// Places of one field that are tried where nothing is shown before.
const MOST_TRIED: usize = 16;

/// Fields that count as moving the number, of which no change can be shown to move one: field, reason.
const UNMOVED: [(&str, &str); 8] = [
    ("source/source.source", NAME),
    ("standard/standard.standard", NAME),
    ("standard/standard.kind", "it says which other fields there are, and those are tried"),
    ("standard/standard.on", "it says where the standard may be used; where it may, it says nothing more"),
    ("standard/standard.parameters", "a parameter of another type has no value, or the same"),
    ("standard/standard.keys", "they name columns of `rows`, and say nothing about their order"),
    ("standard/standard.columns", "they name columns of `rows`, and say nothing about their order"),
    ("metric/population.one_row_per", "it repeats the primary key of the source, where it is tried"),
];

/// Places where no change of the field moves the number, though it does elsewhere: file, way to the field, reason.
const IDLE: [(&str, &str, &str); 1] =
    [("definitions/metrics/abandonment_rate/v1.yaml", "treatment.with", "the reading that is used reads no parameter")];

const NAME: &str = "whoever rests on it finds it by this name; under another it is not found";

/// What became of the occurrences of one field.
#[derive(Debug, Default)]
struct Findings {
    /// Whether a change of it has shown what the format says.
    is_shown: bool,
    /// Whether it holds only other fields, or a single word.
    is_part: bool,
    /// What does not hold.
    wrong: Vec<String>,
}

/// Tries every field of every kind of definition, on all cores.
fn tried() -> (BTreeMap<FieldId, Moves>, BTreeMap<FieldId, Findings>) {
    let carriers = carriers();
    let declared = declared();
    let mut by_field: BTreeMap<&FieldId, Vec<(&Carrier, &Occurrence)>> = BTreeMap::new();
    let found: Vec<(&Carrier, Vec<Occurrence>)> = carriers.iter().map(|it| (it, occurrences(it))).collect();
    for (carrier, occurrences) in &found {
        for occurrence in occurrences {
            by_field.entry(&occurrence.field).or_default().push((*carrier, occurrence));
        }
    }
    let values = mutants::values(found.iter().flat_map(|(_, occurrences)| occurrences));
    let works: Vec<(&&FieldId, &Vec<(&Carrier, &Occurrence)>)> = by_field.iter().collect();
    let (next, all) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some((field, places)) = works.get(next.fetch_add(1, Ordering::Relaxed)) {
            let findings = findings(field, places, &values);
            all.lock().expect("no thread panicked").insert((**field).clone(), findings);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    (declared, all.into_inner().expect("no thread panicked"))
}

fn findings(field: &FieldId, places: &[(&Carrier, &Occurrence)], values: &mutants::Values) -> Findings {
    let declared = &places[0].1.declared.shape;
    let is_part = mutants::is_container(declared) || mutants::is_single_word(declared);
    let mut findings = Findings { is_part, ..Findings::default() };
    let moves = places[0].1.moves;
    // Spread over the files: the first and the last places of a field are unlike.
    let step = (places.len() / TRIED).max(1);
    let spread = places.iter().step_by(step).chain(places);
    for (number, (carrier, occurrence)) in spread.enumerate() {
        let is_enough = findings.is_shown || findings.is_part;
        if number >= TRIED && is_enough || number >= MOST_TRIED {
            break;
        }
        let mutants = mutants::mutants(carrier, occurrence, values.of(field));
        let outcome = match moves {
            Moves::Number => number_moves(carrier, occurrence, &mutants),
            other => number_stays(carrier, occurrence, &mutants, other),
        };
        match outcome {
            Outcome::Shown => findings.is_shown = true,
            Outcome::Refuted(what) => findings.wrong.push(format!("{}: {what}", carrier.place(occurrence))),
            Outcome::Untold => {}
        }
    }
    findings
}

/// What the mutants of one place say.
enum Outcome {
    /// The format is right about the field.
    Shown,
    /// It is wrong.
    Refuted(String),
    /// None of them has a meaning.
    Untold,
}

/// Looks for a mutant that moves the data fingerprint of a metric that rests on the definition.
fn number_moves(carrier: &Carrier, occurrence: &Occurrence, mutants: &[mutants::Mutant]) -> Outcome {
    let mut tried = Vec::new();
    for metric in &carrier.dependents(occurrence) {
        let Some(before) = carrier.fingerprints(metric, None) else { continue };
        for mutant in mutants {
            let Some(after) = carrier.fingerprints(metric, Some((&occurrence.object, mutant))) else { continue };
            if after.data != before.data {
                return Outcome::Shown;
            }
            tried.push(format!("{} ({})", mutant.what, metric.name));
        }
    }
    if tried.is_empty() {
        return Outcome::Untold;
    }
    tried.truncate(6);
    Outcome::Refuted(format!("moves no data fingerprint: {}", tried.join("; ")))
}

/// Looks for a mutant that moves a fingerprint which its field must leave alone, or leaves one alone that it must move.
fn number_stays(carrier: &Carrier, occurrence: &Occurrence, mutants: &[mutants::Mutant], moves: Moves) -> Outcome {
    let is_metric = occurrence.object.kind == FileKind::Metric;
    let mut outcome = Outcome::Untold;
    for metric in carrier.dependents(occurrence).iter().take(3) {
        let Some(before) = carrier.fingerprints(metric, None) else { continue };
        for mutant in mutants.iter().take(6) {
            let Some(after) = carrier.fingerprints(metric, Some((&occurrence.object, mutant))) else { continue };
            let reading_moves = is_metric && moves == Moves::Reading;
            let same = |part: fn(&Fingerprints) -> &String| part(&before) == part(&after);
            let wrong = [
                (!same(|it| &it.data), "the data"),
                (!same(|it| &it.parents), "the parents"),
                (same(|it| &it.reading) == reading_moves, "the reading"),
            ];
            if let Some((_, what)) = wrong.iter().find(|(is_wrong, _)| *is_wrong) {
                let name = &metric.name;
                return Outcome::Refuted(format!("{} is wrong about {what} fingerprint of {name}", mutant.what));
            }
            outcome = Outcome::Shown;
        }
    }
    outcome
}

#[test]
fn every_field_moves_the_data_fingerprint_or_stands_on_the_list_of_those_that_do_not() {
    let (declared, tried) = tried();
    let uncarried: Vec<&FieldId> = declared.keys().filter(|field| !tried.contains_key(field)).collect();
    let mut wrong: Vec<String> = uncarried.iter().map(|field| format!("{field}: no definition has it")).collect();
    let mut excepted = BTreeSet::new();
    for (field, findings) in &tried {
        let name = field.to_string();
        let is_excepted = UNMOVED.iter().any(|(known, _)| *known == name);
        let is_open = !findings.is_shown && !findings.is_part && !is_excepted;
        if is_open {
            wrong.push(format!("{name}: no change of it shows what it does"));
        }
        if is_excepted {
            excepted.insert(name);
            continue;
        }
        let is_idle = |what: &str| {
            IDLE.iter().any(|(file, way, _)| what.starts_with(file) && what.contains(&format!("{way} ->")))
        };
        wrong.extend(findings.wrong.iter().filter(|what| !is_idle(what)).map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "{} of {} fields:\n{}", wrong.len(), declared.len(), wrong.join("\n"));
    assert_eq!(excepted.len(), UNMOVED.len(), "every exception is needed");
    let numbers = declared.values().filter(|moves| **moves == Moves::Number).count();
    assert!(numbers > 150 && declared.len() > 220, "{numbers} of {} fields move numbers", declared.len());
}

#[test]
fn the_fields_that_move_no_number_are_those_that_were_reviewed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/fingerprints/reviewed.txt");
    let declared = declared();
    let unmoving = declared.iter().filter(|(_, moves)| **moves != Moves::Number);
    let list: String = unmoving.map(|(field, moves)| format!("{field} {moves:?}\n").to_lowercase()).collect();
    if std::env::var_os("ETALON_BLESS").is_some() {
        std::fs::write(&path, &list).expect("the list");
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let added = list.lines().filter(|line| !reviewed.lines().any(|known| known == *line)).collect::<Vec<_>>();
    assert!(list == reviewed, "whoever reviews what moves no number accepts it with ETALON_BLESS=1: {added:?}");
}
