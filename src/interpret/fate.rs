//! What becomes of each row of a population: the steps from scan to mature.
//!
//! Knows no period and no measure; what it does not claim is counted.

use super::logic::{Term, Truth};
use super::relate::{Subject, relate};
use super::rows::{Layout, Place, Row, instant};
use super::scan::{Scanned, scan};
use super::{InterpretError, Tables};
use crate::plan::{Fate, Mature, MaturityPolicy, Pipeline, Request};
use crate::value::{Instant, Value};

/// A row with its fate.
#[derive(Debug)]
pub(super) struct Fated<'a> {
    cells: &'a [Value],
    facts: Vec<Value>,
    /// The instant that puts the row in a period; `None` where it is null or outside the requested range.
    pub(super) anchor: Option<Instant>,
    /// The row's fate.
    pub(super) fate: Fate,
    /// Whether the row is counted although its window has not closed.
    pub(super) is_open: bool,
}

impl Fated<'_> {
    /// Returns the row with its facts.
    pub(super) fn row(&self) -> Row<'_> {
        Row { cells: self.cells, facts: &self.facts }
    }
}

/// The fates of all rows of a population.
#[derive(Debug)]
pub(super) struct Fates<'a> {
    /// Names and places of columns and facts.
    pub(super) layout: Layout,
    /// The rows that stand for their key, in table order.
    pub(super) rows: Vec<Fated<'a>>,
    /// Rows that happened after `as_of`.
    pub(super) after_as_of: u64,
    /// Rows another row of their key stands for.
    pub(super) duplicates: u64,
}

/// Decides the fate of every row of the pipeline's source.
pub(super) fn decide<'a>(
    pipeline: &Pipeline,
    tables: &'a Tables,
    request: &Request,
) -> Result<Fates<'a>, InterpretError> {
    let scanned = scan(&pipeline.scan, tables, request.as_of)?;
    let mut rows = filter(pipeline, &scanned, request)?;
    let subject = Subject { scan: &pipeline.scan, rows: &scanned };
    let undecided = || rows.iter().zip(&scanned.rows).filter(|(row, _)| row.fate == Fate::Counted).map(|(_, at)| *at);
    let positions: Vec<usize> = undecided().collect();
    let mut layout = scanned.layout.clone();
    for step in &pipeline.relate {
        let facts = relate(step, subject, &positions, (tables, request.as_of))?;
        let undecided = rows.iter_mut().filter(|row| row.fate == Fate::Counted);
        undecided.zip(facts).for_each(|(row, fact)| row.facts.push(fact));
        layout.add_fact(&step.name);
    }
    let claims = Claims::bind(pipeline, &layout, request.as_of)?;
    for row in rows.iter_mut().filter(|row| row.fate == Fate::Counted) {
        (row.fate, row.is_open) = claims.on(row.row())?;
    }
    Ok(Fates { layout, rows, after_as_of: scanned.after_as_of, duplicates: scanned.duplicates })
}

/// Decides which rows belong to the population and the request; the others are counted until a later step claims
/// them.
fn filter<'a>(pipeline: &Pipeline, scanned: &Scanned<'a>, request: &Request) -> Result<Vec<Fated<'a>>, InterpretError> {
    let anchor = scanned.layout.cell(&pipeline.filter.anchor)?;
    let predicate = pipeline.filter.predicate.as_ref().map(|p| Term::bind(p, &scanned.layout)).transpose()?;
    let mut rows = Vec::with_capacity(scanned.rows.len());
    for position in &scanned.rows {
        let cells = scanned.cells(*position);
        let truth = predicate.as_ref().map_or(Ok(Truth::True), |predicate| predicate.truth(Row::bare(cells)))?;
        let at = instant(&cells[anchor])?;
        let is_asked_for =
            |at: &Instant| request.from.is_none_or(|from| from <= *at) && request.to.is_none_or(|to| *at < to);
        let asked_for = at.filter(is_asked_for);
        let fate = match (truth, at, asked_for) {
            (Truth::False, _, _) => Fate::Outside,
            (Truth::Unknown, _, _) => Fate::Unknown,
            (Truth::True, None, _) => Fate::Undated,
            (Truth::True, Some(_), None) => Fate::OtherPeriod,
            (Truth::True, Some(_), Some(_)) => Fate::Counted,
        };
        rows.push(Fated { cells, facts: Vec::new(), anchor: asked_for, fate, is_open: false });
    }
    Ok(rows)
}

/// The steps that can claim a row of the population, bound to its columns and facts.
struct Claims<'a> {
    exclude: Vec<Term>,
    missing: Vec<Term>,
    mature: Option<(Place, &'a Mature)>,
    as_of: Instant,
}

impl<'a> Claims<'a> {
    fn bind(pipeline: &'a Pipeline, layout: &Layout, as_of: Instant) -> Result<Self, InterpretError> {
        let exclude = pipeline.exclude.iter().map(|exclusion| Term::bind(&exclusion.when, layout));
        let missing = pipeline.missing.iter().map(|missing| Term::bind(&missing.when, layout));
        let mature = pipeline.mature.as_ref().map(|mature| Ok((layout.place(&mature.anchor)?, mature)));
        Ok(Self {
            exclude: exclude.collect::<Result<_, InterpretError>>()?,
            missing: missing.collect::<Result<_, InterpretError>>()?,
            mature: mature.transpose()?,
            as_of,
        })
    }

    /// Returns the fate of `row`, and whether it is counted with its window open.
    fn on(&self, row: Row<'_>) -> Result<(Fate, bool), InterpretError> {
        for (position, when) in self.exclude.iter().enumerate() {
            if when.truth(row)? == Truth::True {
                return Ok((Fate::Excluded(position), false));
            }
        }
        for when in &self.missing {
            if when.truth(row)? == Truth::True {
                return Ok((Fate::Missing, false));
            }
        }
        let Some((place, mature)) = &self.mature else { return Ok((Fate::Counted, false)) };
        let is_open = !self.is_mature(instant(row.at(*place))?, mature);
        match mature.policy {
            MaturityPolicy::Wait if is_open => Ok((Fate::Immature, false)),
            MaturityPolicy::Wait | MaturityPolicy::Provisional => Ok((Fate::Counted, is_open)),
        }
    }

    fn is_mature(&self, anchor: Option<Instant>, mature: &Mature) -> bool {
        // A null anchor is "not yet": a window that has not opened has not closed.
        let closes = anchor.map(|at| i128::from(at.micros()) + i128::from(mature.closes_after.micros()));
        closes.is_some_and(|closes| closes <= i128::from(self.as_of.micros()))
    }
}
