//! Cells of a plan that measures rows: fates by period and dimensions.
//!
//! Knows no combination, and nothing of what is withheld.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::fate::{Fated, Fates, decide};
use super::logic::Names;
use super::measure::{Gauge, Tally, integer};
use super::period::Period;
use super::placing::{Placing, Run, runs};
use super::publish::Draft;
use super::rows::{Key, Row};
use super::{InterpretError, Tables};
use crate::plan::result::is_single_cell;
use crate::plan::{Bounds, Calendar, Fate, Pipeline, Request};
use crate::value::Value;

/// A cell while rows are added to it.
struct Open<'a> {
    tally: Tally<'a>,
    /// Excluded rows per exclusion, then unknown, missing and immature rows.
    counts: Vec<u64>,
    /// Counted rows of which something is open.
    open: u64,
    /// Missing rows that lie between two bounds.
    bounded: u64,
}

/// Computes the cells of a pipeline.
pub(super) fn drafts(
    (pipeline, calendar): (&Pipeline, &Calendar),
    tables: &Tables,
    request: &Request,
) -> Result<Vec<Draft>, InterpretError> {
    let mut drafts = Vec::new();
    for run in runs(&pipeline.filter.placement, calendar, request)? {
        let fates = decide(pipeline, tables, &run)?;
        drafts.extend(cells(pipeline, &fates, (&run, request))?);
    }
    Ok(drafts)
}

/// Counts the rows of a pipeline's source by fate, over all computations that the request asks for.
pub(super) fn ledger(
    (pipeline, calendar): (&Pipeline, &Calendar),
    tables: &Tables,
    request: &Request,
) -> Result<BTreeMap<Fate, u64>, InterpretError> {
    let mut counts: BTreeMap<Fate, u64> = BTreeMap::new();
    for run in runs(&pipeline.filter.placement, calendar, request)? {
        let fates = decide(pipeline, tables, &run)?;
        *counts.entry(Fate::AfterAsOf).or_default() += fates.after_as_of();
        *counts.entry(Fate::Duplicate).or_default() += fates.duplicates();
        for row in fates.rows {
            *counts.entry(row.fate).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Returns the place of the cell that is there also over no rows, if there is one.
fn certain(run: &Run, request: &Request) -> Option<Option<Period>> {
    match &run.placing {
        Placing::Fixed(period) if request.by.is_empty() => Some(*period),
        _ => is_single_cell(request).then_some(None),
    }
}

/// Computes the cells of one computation of the pipeline, in the order their first rows have.
fn cells(
    pipeline: &Pipeline,
    fates: &Fates<'_>,
    (run, request): (&Run, &Request),
) -> Result<Vec<Draft>, InterpretError> {
    let gauge = Gauge::bind(&pipeline.measure, &Names::of(&fates.layout, &run.moments))?;
    let by = fates.layout.places(&request.by)?;
    let exclusions = pipeline.exclude.len();
    let mut cells = Cells { numbers: HashMap::new(), cells: Vec::new(), gauge: &gauge, exclusions };
    if let Some(period) = certain(run, request) {
        cells.of(period, Key::new(Row::new(&[], &[]), &by));
    }
    for (index, fated) in fates.rows.iter().enumerate().filter(|(_, fated)| has_cell(&fated.fate)) {
        let row = fates.row(index);
        for period in fated.periods.as_slice() {
            cells.of(*period, Key::new(row, &by)).add((row, fated), &gauge)?;
        }
    }
    let finish = |((period, key), open): Cell<'_>| {
        open.finish((period, key.values().cloned().collect()), pipeline.bounds.as_ref())
    };
    cells.cells.into_iter().map(finish).collect()
}

/// What rows of one cell share, and what is added up of them.
type Cell<'a> = ((Option<Period>, Key<'a>), Open<'a>);

/// The cells so far, in the order their first rows have.
struct Cells<'a> {
    numbers: HashMap<(Option<Period>, Key<'a>), usize>,
    cells: Vec<Cell<'a>>,
    gauge: &'a Gauge<'a>,
    exclusions: usize,
}

impl<'a> Cells<'a> {
    /// Returns the cell of rows that share this; a new one where there is none.
    fn of(&mut self, period: Option<Period>, key: Key<'a>) -> &mut Open<'a> {
        let number = *self.numbers.entry((period, key)).or_insert(self.cells.len());
        if number == self.cells.len() {
            let counts = vec![0; self.exclusions + 3];
            self.cells.push(((period, key), Open { tally: self.gauge.start(), counts, open: 0, bounded: 0 }));
        }
        &mut self.cells[number].1
    }
}

/// Tells whether a row with this fate is reported in its cell.
fn has_cell(fate: &Fate) -> bool {
    match fate {
        Fate::AfterAsOf | Fate::Duplicate | Fate::Outside | Fate::Undated | Fate::OtherPeriod => false,
        Fate::Unknown | Fate::Excluded(_) | Fate::Missing | Fate::Immature | Fate::Counted => true,
    }
}

impl Open<'_> {
    fn add(&mut self, (row, fated): (Row<'_>, &Fated), gauge: &Gauge<'_>) -> Result<(), InterpretError> {
        let exclusions = self.counts.len() - 3;
        match fated.fate {
            Fate::AfterAsOf | Fate::Duplicate | Fate::Outside | Fate::Undated | Fate::OtherPeriod => {}
            Fate::Excluded(position) => self.counts[position] += 1,
            Fate::Unknown => self.counts[exclusions] += 1,
            Fate::Missing => {
                self.counts[exclusions + 1] += 1;
                self.bounded += u64::from(fated.is_bounded);
            }
            Fate::Immature => self.counts[exclusions + 2] += 1,
            Fate::Counted => {
                gauge.add(&mut self.tally, row)?;
                self.counts[exclusions + 2] += u64::from(fated.is_open);
                self.open += u64::from(fated.is_open);
            }
        }
        Ok(())
    }

    fn finish(
        self,
        (period, dimensions): (Option<Period>, Vec<Value>),
        bounds: Option<&Bounds>,
    ) -> Result<Draft, InterpretError> {
        let bounds = bounds.map(|bounds| self.tally.between(self.bounded, bounds)).transpose()?;
        let mut numbers = self.tally.finish()?;
        numbers.bounds = bounds;
        Ok(Draft {
            period,
            dimensions,
            numbers,
            counts: self.counts.into_iter().map(integer).collect::<Result<_, _>>()?,
            is_open: self.open > 0,
        })
    }
}
