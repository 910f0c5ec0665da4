//! What became of each metric on each engine.
//!
//! Counts cells, a cell being one case of one metric or variant on one engine. Decides nothing about skips.

use std::collections::BTreeMap;

use etalon::verify::{Mismatch, Verdict, Verification};

use super::skips::Skips;

/// Cells of one metric or variant on one engine.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Counts {
    /// Equal to what was worked out by hand, and to the interpreter.
    pub(super) equal: usize,
    /// Not equal, for a reason that is written down.
    pub(super) skipped: usize,
    /// Not equal.
    pub(super) unequal: usize,
}

/// All cells.
pub(super) struct Matrix {
    engines: Vec<String>,
    rows: BTreeMap<String, Vec<Counts>>,
}

impl Matrix {
    /// Starts with these engines as columns.
    pub(super) fn of(engines: &[&str]) -> Self {
        Self { engines: engines.iter().map(|name| (*name).to_owned()).collect(), rows: BTreeMap::new() }
    }

    /// Adds the verdicts of a project; what the interpreter itself gets wrong is unequal everywhere.
    pub(super) fn add(&mut self, project: &str, verification: &Verification, skips: &mut Skips) {
        for verdict in &verification.verdicts {
            let row = self.rows.entry(format!("{} {}", project.trim_start_matches("tests/"), verdict.metric));
            let row = row.or_insert_with(|| vec![Counts::default(); self.engines.len()]);
            for (engine, counts) in self.engines.iter().zip(row) {
                let complaints = complaints(verdict, engine);
                let place = (verdict.metric.as_str(), verdict.case.as_str());
                if complaints.is_empty() {
                    counts.equal += 1;
                } else if complaints.iter().all(|complaint| skips.covers(engine, place, complaint)) {
                    counts.skipped += 1;
                } else {
                    counts.unequal += 1;
                }
            }
        }
    }

    /// Returns how many cells are unequal.
    pub(super) fn unequal(&self) -> usize {
        self.rows.values().flatten().map(|counts| counts.unequal).sum()
    }

    /// Returns the cells of one engine.
    pub(super) fn counts(&self, engine: &str) -> Counts {
        let Some(column) = self.engines.iter().position(|name| name == engine) else { return Counts::default() };
        self.rows.values().map(|row| row[column]).fold(Counts::default(), |sum, counts| Counts {
            equal: sum.equal + counts.equal,
            skipped: sum.skipped + counts.skipped,
            unequal: sum.unequal + counts.unequal,
        })
    }

    /// Writes the matrix, a line a metric, with the reasons of what was skipped.
    pub(super) fn written(&self, skips: &Skips) -> String {
        let width = self.rows.keys().map(String::len).max().unwrap_or(0);
        let mut text = format!("{:width$}", "cases equal / skipped / UNEQUAL");
        for engine in &self.engines {
            text.push_str(&format!(" {engine:>12}"));
        }
        text.push('\n');
        let totals: Vec<Counts> = self.engines.iter().map(|engine| self.counts(engine)).collect();
        let all = self.rows.iter().map(|(name, row)| (name.as_str(), row)).chain([("all", &totals)]);
        for (name, row) in all {
            text.push_str(&format!("{name:width$}"));
            for counts in row {
                text.push_str(&format!(" {:>12}", cell(*counts)));
            }
            text.push('\n');
        }
        for reason in skips.reasons() {
            text.push_str(&format!("skipped on {reason}\n"));
        }
        text
    }
}

fn cell(counts: Counts) -> String {
    match counts {
        Counts { equal, skipped: 0, unequal: 0 } => equal.to_string(),
        Counts { equal, skipped, unequal: 0 } => format!("{equal}/{skipped}"),
        Counts { equal, skipped, unequal } => format!("{equal}/{skipped}/{unequal}!"),
    }
}

/// Returns what `engine`, or the interpreter, got wrong.
fn complaints(verdict: &Verdict, engine: &str) -> Vec<String> {
    let own = |judge: &str| judge == engine || judge == "interpreter";
    let complaint = |mismatch: &Mismatch| match mismatch {
        Mismatch::Cells { judge, .. } if own(judge) => Some("the cells differ".to_owned()),
        Mismatch::Ledger { judge, .. } if own(judge) => Some("the ledger differs".to_owned()),
        Mismatch::Unbalanced { judge, .. } if own(judge) => Some("the ledger does not add up".to_owned()),
        Mismatch::Disagreement { judge, .. } if own(judge) => Some("not as the interpreter".to_owned()),
        Mismatch::Failure { judge, message } if own(judge) => Some(message.clone()),
        _ => None,
    };
    verdict.mismatches.iter().filter_map(complaint).collect()
}
