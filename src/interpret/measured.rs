//! Cells of a plan that measures rows: fates by period and dimensions.
//!
//! Knows no combination, and nothing of what is withheld.

use std::collections::HashMap;

use super::fate::{Fated, decide};
use super::measure::{Gauge, Tally, integer};
use super::period::{Cutter, Period};
use super::publish::Draft;
use super::rows::Key;
use super::{InterpretError, Tables};
use crate::plan::result::is_single_cell;
use crate::plan::{Calendar, Fate, Pipeline, Request};

/// A cell while rows are added to it.
struct Open {
    tally: Tally,
    /// Excluded rows per exclusion, then unknown, missing and immature rows.
    counts: Vec<u64>,
    /// Counted rows whose window has not closed.
    open: u64,
}

/// Computes the cells of a pipeline, in the order their first rows have.
pub(super) fn drafts(
    (pipeline, calendar): (&Pipeline, &Calendar),
    tables: &Tables,
    request: &Request,
) -> Result<Vec<Draft>, InterpretError> {
    let fates = decide(pipeline, tables, request)?;
    let gauge = Gauge::bind(&pipeline.measure, &fates.layout)?;
    let by = fates.layout.cells(&request.by)?;
    let mut cutter = Cutter::new(calendar, request.grain)?;
    let start = || Open { tally: gauge.start(), counts: vec![0; pipeline.exclude.len() + 3], open: 0 };
    let mut places: HashMap<(Option<Period>, Key<'_>), usize> = HashMap::new();
    let mut cells: Vec<((Option<Period>, Key<'_>), Open)> = Vec::new();
    if is_single_cell(request) {
        let whole = (None, Key::new(&[], &[]));
        places.insert(whole, 0);
        cells.push((whole, start()));
    }
    for row in &fates.rows {
        let Some(at) = row.anchor.filter(|_| has_cell(&row.fate)) else { continue };
        let place = (cutter.period_of(at)?, Key::new(row.row().cells, &by));
        let index = *places.entry(place).or_insert(cells.len());
        if index == cells.len() {
            cells.push((place, start()));
        }
        cells[index].1.add(row, &gauge)?;
    }
    cells.into_iter().map(|((period, key), open)| open.finish(period, key)).collect()
}

/// Tells whether a row with this fate is reported in its cell.
fn has_cell(fate: &Fate) -> bool {
    match fate {
        Fate::AfterAsOf | Fate::Duplicate | Fate::Outside | Fate::Undated | Fate::OtherPeriod => false,
        Fate::Unknown | Fate::Excluded(_) | Fate::Missing | Fate::Immature | Fate::Counted => true,
    }
}

impl Open {
    fn add(&mut self, row: &Fated<'_>, gauge: &Gauge<'_>) -> Result<(), InterpretError> {
        let exclusions = self.counts.len() - 3;
        match row.fate {
            Fate::AfterAsOf | Fate::Duplicate | Fate::Outside | Fate::Undated | Fate::OtherPeriod => {}
            Fate::Excluded(position) => self.counts[position] += 1,
            Fate::Unknown => self.counts[exclusions] += 1,
            Fate::Missing => self.counts[exclusions + 1] += 1,
            Fate::Immature => self.counts[exclusions + 2] += 1,
            Fate::Counted => {
                gauge.add(&mut self.tally, row.row())?;
                self.counts[exclusions + 2] += u64::from(row.is_open);
                self.open += u64::from(row.is_open);
            }
        }
        Ok(())
    }

    fn finish(self, period: Option<Period>, key: Key<'_>) -> Result<Draft, InterpretError> {
        Ok(Draft {
            period,
            dimensions: key.values().cloned().collect(),
            numbers: self.tally.finish()?,
            counts: self.counts.into_iter().map(integer).collect::<Result<_, _>>()?,
            is_open: self.open > 0,
        })
    }
}
