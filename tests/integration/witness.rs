//! Witnesses of changed clauses: found, small, and giving the printed answers when they are asked again.

use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use etalon::witness::{Effort, Grade, Search, search, seeds};

use crate::breaking::changed::{Pair, Sample, visit};

struct Outcome {
    place: String,
    what: String,
    ended: String,
    took: Duration,
    rows: usize,
    grade: Option<Grade>,
}

fn outcome(pair: &Pair<'_>, with_seeds: bool) -> Outcome {
    let seeds = if with_seeds { seeds(pair.old.0, pair.texts, pair.metric) } else { Vec::new() };
    let begun = Instant::now();
    let found = search(pair.old, pair.new, &seeds, Effort::default());
    let took = begun.elapsed();
    let (ended, rows, grade) = match &found {
        Search::Found(witness) => {
            let rows = witness.tables.values().map(|table| table.rows.len()).max().unwrap_or(0);
            (format!("found: {}", witness.sentence), rows, Some(witness.grade))
        }
        other => (format!("{other:?}"), 0, None),
    };
    Outcome { place: pair.place.clone(), what: pair.what.clone(), ended, took, rows, grade }
}

#[test]
fn bench() {
    let var = |name: &str, or: usize| std::env::var(name).map_or(or, |n| n.parse().expect("a number"));
    let (every, first, workers) = (var("WITNESS_EVERY", 60), var("WITNESS_FIRST", 0), var("WITNESS_WORKERS", 1));
    let with_seeds = var("WITNESS_SEEDS", 1) == 1;
    let only = std::env::var("WITNESS_ONLY").unwrap_or_default();
    let outcomes = Mutex::new(Vec::new());
    visit("definitions", Sample { every, first, workers }, &|pair| {
        if !only.is_empty() && !format!("{}: {}", pair.place, pair.what).contains(&only) {
            return;
        }
        let outcome = outcome(pair, with_seeds);
        let _ = writeln!(
            std::io::stderr(),
            "{:>6} ms rows {} {:?} {} {} {}",
            outcome.took.as_millis(),
            outcome.rows,
            outcome.grade,
            outcome.ended,
            outcome.place,
            outcome.what
        );
        outcomes.lock().expect("whole").push(outcome);
    });
    let mut outcomes = outcomes.into_inner().expect("whole");
    outcomes.sort_by_key(|outcome| outcome.took);
    let n = outcomes.len();
    let found = outcomes.iter().filter(|outcome| outcome.grade.is_some()).count();
    let small = outcomes.iter().filter(|outcome| outcome.grade.is_some() && outcome.rows <= 5).count();
    let value = outcomes.iter().filter(|outcome| outcome.grade == Some(Grade::Value)).count();
    let mut rows = std::collections::BTreeMap::new();
    outcomes.iter().for_each(|outcome| *rows.entry(outcome.rows).or_insert(0) += 1);
    let slow = outcomes.iter().filter(|outcome| outcome.took.as_millis() > 2000).count();
    let _ = writeln!(
        std::io::stderr(),
        "{n} pairs, found {found}, small {small}, value {value}, rows {rows:?}, median {:?}, p90 {:?}, max {:?}, over 2s {slow}",
        outcomes[n / 2].took,
        outcomes[n * 9 / 10].took,
        outcomes[n - 1].took
    );
}
