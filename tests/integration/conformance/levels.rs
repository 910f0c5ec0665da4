//! The table of levels: how far each dialect is shown to be right, from the last conformance run of each engine.
//!
//! The record is written by a run; the table is generated from it and from the list of dialects.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etalon::engine::ENGINES;
use etalon::sql::{DIALECTS, Evidence};
use serde::{Deserialize, Serialize};

use super::matrix::Counts;

const BEGIN: &str = "<!-- levels: generated from tests/engines/record.yaml -->";
const END: &str = "<!-- end of levels -->";

/// What the last run on an engine came to.
#[derive(Debug, Serialize, Deserialize)]
struct Run {
    version: String,
    on: String,
    equal: usize,
    skipped: usize,
}

/// The last run of each engine.
pub(super) struct Record {
    runs: BTreeMap<String, Run>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn path() -> PathBuf {
    root().join("tests/engines/record.yaml")
}

impl Record {
    /// Reads the record.
    pub(super) fn read() -> Self {
        let text = std::fs::read_to_string(path()).expect("the record of conformance runs");
        Self { runs: serde_yaml::from_str(&text).expect("runs by engine") }
    }

    /// Notes a run.
    pub(super) fn note(&mut self, engine: &str, version: &str, counts: Counts) {
        let on = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
        let Counts { equal, skipped, .. } = counts;
        self.runs.insert(engine.to_owned(), Run { version: version.to_owned(), on, equal, skipped });
    }

    /// Writes the record.
    pub(super) fn write(&self) {
        std::fs::write(path(), serde_yaml::to_string(&self.runs).expect("plain values")).expect("written");
    }

    fn table(&self) -> String {
        let mut text = "| dialect | written for | level | shown by |\n|---|---|---|---|\n".to_owned();
        for dialect in DIALECTS {
            let engines = ENGINES.iter().filter(|entry| entry.dialect == dialect.name);
            let runs: Vec<String> = engines.filter_map(|entry| self.shown(entry.name)).collect();
            // What no run has shown is not claimed.
            let (level, shown) = match (dialect.evidence, runs.is_empty()) {
                (_, false) => (dialect.evidence.name(), runs.join("; ")),
                // `dialects` compares the queries.
                (Evidence::Analyzed, true) if self.runs.contains_key("spark") => {
                    ("analyzed", "every query of the library is the one that Spark executes".to_owned())
                }
                (Evidence::Parsed, true) => ("parsed", "every query of the library accepted by parsers".to_owned()),
                // `dialects` has every dialect's queries parsed, so that much is shown.
                (Evidence::Emulated, true) => (
                    "parsed",
                    "every query of the library accepted by parsers; no run on an emulator recorded".to_owned(),
                ),
                (_, true) => ("unverified", "no run recorded yet".to_owned()),
            };
            text.push_str(&format!("| `{}` | {} | {level} | {shown} |\n", dialect.name, dialect.title));
        }
        text
    }

    fn shown(&self, engine: &str) -> Option<String> {
        let Run { version, on, equal, skipped } = self.runs.get(engine)?;
        let skipped = if *skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        Some(format!("{engine} {version}: {equal} answers equal{skipped} ({on})"))
    }
}

/// Returns `page` with the table between the two marks.
fn with_table(page: &str, table: &str) -> String {
    let (before, rest) = page.split_once(BEGIN).expect("the table begins");
    let (_, after) = rest.split_once(END).expect("the table ends");
    format!("{before}{BEGIN}\n{table}{END}{after}")
}

#[test]
fn the_tables_of_levels_are_those_of_the_last_run() {
    let table = Record::read().table();
    for page in ["README.md", "docs/engines.md"] {
        let path = root().join(page);
        let there = std::fs::read_to_string(&path).expect(page);
        let generated = with_table(&there, &table);
        if std::env::var_os("ETALON_BLESS").is_some() {
            std::fs::write(&path, &generated).expect("written");
        } else {
            assert_eq!(there, generated, "{page} is stale: ETALON_BLESS=1 writes it anew");
        }
    }
}

#[test]
fn every_executed_dialect_has_an_engine() {
    for dialect in DIALECTS.iter().filter(|dialect| dialect.evidence <= Evidence::Emulated) {
        assert!(ENGINES.iter().any(|entry| entry.dialect == dialect.name), "{}", dialect.name);
    }
}
