//! What becomes of each row of a population: the steps from scan to mature.
//!
//! Knows no measure; what it does not claim is counted.

use std::collections::HashSet;

use super::InterpretError;
use super::Tables;
use super::facts::{Subject, World};
use super::logic::{Names, Term, Truth};
use super::maturity::Maturity;
use super::placing::{Periods, Placing, Run};
use super::rows::{Findings, Layout, Row, instant};
use super::scan::{Scanned, scan};
use super::shares;
use crate::plan::{Credit, Fate, MaturityPolicy, Pipeline, Rule};

/// The fate of a row.
#[derive(Debug)]
pub(super) struct Fated {
    /// The periods the row counts in; none where it is in no cell.
    pub(super) periods: Periods,
    /// The row's fate.
    pub(super) fate: Fate,
    /// Whether the row is counted although something about it is open.
    pub(super) is_open: bool,
    /// Whether the row is missing, but known to lie between two bounds.
    pub(super) is_bounded: bool,
    /// Whether it is in the population with a known anchor, whatever its period.
    is_dated: bool,
}

/// The fates of all rows of a population.
#[derive(Debug)]
pub(super) struct Fates<'a> {
    /// Names and places of columns and facts.
    pub(super) layout: Layout,
    /// The rows that stand for their key, in table order.
    pub(super) rows: Vec<Fated>,
    scanned: Scanned<'a>,
    facts: Findings,
}

impl Fates<'_> {
    /// Returns a row with its facts.
    pub(super) fn row(&self, index: usize) -> Row<'_> {
        Row::new(self.scanned.cells(index), self.facts.of(index))
    }

    /// Returns how many rows happened after `as_of`.
    pub(super) fn after_as_of(&self) -> u64 {
        self.scanned.after_as_of
    }

    /// Returns how many rows another row of their key stands for.
    pub(super) fn duplicates(&self) -> u64 {
        self.scanned.duplicates
    }
}

/// Decides the fate of every row of the pipeline's source.
pub(super) fn decide<'a>(pipeline: &Pipeline, tables: &'a Tables, run: &Run) -> Result<Fates<'a>, InterpretError> {
    let world = World { tables, moments: run.moments };
    let scanned = scan(&pipeline.scan, tables, &run.moments)?;
    let mut subject = Subject::new(&pipeline.scan, &scanned, pipeline.facts.len());
    let mut filtered = None;
    if filter_reads_facts(pipeline) {
        if is_credited(pipeline) {
            let what = "a population that reads facts cannot say which of its rows an event counts for".to_owned();
            return Err(InterpretError::Contradiction { what });
        }
        subject.asked = (0..scanned.len()).collect();
    } else {
        let rows = filter(pipeline, &subject, &world, &run.placing)?;
        ask(pipeline, &rows, &mut subject);
        filtered = Some(rows);
    }
    for fact in &pipeline.facts {
        subject.find(fact, &world)?;
    }
    let mut rows = match filtered {
        Some(rows) => rows,
        None => filter(pipeline, &subject, &world, &run.placing)?,
    };
    let claims = Claims::bind(pipeline, &Names::of(&subject.layout, &world.moments))?;
    shares::change(&mut rows, |index, fated| match fated.fate {
        Fate::Counted => claims.decide(subject.row(index), fated),
        _ => Ok(()),
    })?;
    let Subject { layout, facts, .. } = subject;
    Ok(Fates { layout, rows, scanned, facts })
}

/// Tells of each row what the filter says; the rows that it leaves are counted until a later step claims them.
fn filter(
    pipeline: &Pipeline,
    subject: &Subject<'_>,
    world: &World<'_>,
    placing: &Placing,
) -> Result<Vec<Fated>, InterpretError> {
    let anchor = pipeline.filter.placement.anchor().map(|column| subject.layout.place(column)).transpose()?;
    let names = Names::of(&subject.layout, &world.moments);
    let predicate = names.bind_some(pipeline.filter.predicate.as_ref())?;
    let fated = |row: Row<'_>, placing: &mut Placing| {
        let truth = predicate.as_ref().map_or(Ok(Truth::True), |predicate| predicate.truth(row))?;
        // Without an anchor a row counts in the period at hand, whatever its instants.
        let at = anchor.map_or(Ok(Some(world.moments.as_of)), |anchor| instant(row.at(anchor)))?;
        let periods = match at.filter(|_| truth != Truth::False) {
            Some(at) => placing.periods_of(at)?,
            None => Periods::None,
        };
        let fate = match (truth, at) {
            (Truth::False, _) => Fate::Outside,
            (Truth::Unknown, _) => Fate::Unknown,
            (Truth::True, None) => Fate::Undated,
            (Truth::True, Some(_)) if periods.as_slice().is_empty() => Fate::OtherPeriod,
            (Truth::True, Some(_)) => Fate::Counted,
        };
        let is_dated = truth == Truth::True && at.is_some();
        Ok(Fated { periods, fate, is_open: false, is_bounded: false, is_dated })
    };
    shares::joined(subject.rows.len(), |share| {
        // Each share finds out about the periods of its own rows.
        let mut placing = placing.clone();
        share.map(|index| fated(subject.row(index), &mut placing)).collect()
    })
}

fn filter_reads_facts(pipeline: &Pipeline) -> bool {
    let facts: HashSet<&str> = pipeline.facts.iter().map(|fact| fact.name.as_str()).collect();
    pipeline.filter.predicate.iter().flat_map(|predicate| predicate.columns()).any(|name| facts.contains(name))
}

fn is_credited(pipeline: &Pipeline) -> bool {
    let mut rules = pipeline.facts.iter().map(|fact| &fact.rule);
    rules.any(|rule| matches!(rule, Rule::Related(relate) if relate.credit != Credit::Every))
}

/// Asks about the rows that can be in a cell, and about all that an event could count for instead of them.
fn ask(pipeline: &Pipeline, rows: &[Fated], subject: &mut Subject<'_>) {
    let is_credited = is_credited(pipeline);
    subject.creditable = rows.iter().map(|fated| fated.is_dated).collect();
    let is_asked = |fated: &Fated| match fated.fate {
        Fate::Unknown | Fate::Counted => true,
        _ => is_credited && fated.is_dated,
    };
    subject.asked = (0..rows.len()).filter(|index| is_asked(&rows[*index])).collect();
}

/// The steps that can claim a row of the population, bound to its columns and facts.
struct Claims {
    exclude: Vec<Term>,
    missing: Vec<Term>,
    bounded: Option<Term>,
    mature: Vec<(Maturity, MaturityPolicy)>,
}

impl Claims {
    fn bind(pipeline: &Pipeline, names: &Names<'_>) -> Result<Self, InterpretError> {
        let mature = pipeline.mature.iter().map(|mature| Ok((Maturity::bind(&mature.awaits, names)?, mature.policy)));
        Ok(Self {
            exclude: pipeline.exclude.iter().map(|exclusion| names.bind(&exclusion.when)).collect::<Result<_, _>>()?,
            missing: pipeline.missing.iter().map(|missing| names.bind(&missing.when)).collect::<Result<_, _>>()?,
            bounded: names.bind_some(pipeline.bounds.as_ref().map(|bounds| &bounds.when))?,
            mature: mature.collect::<Result<_, InterpretError>>()?,
        })
    }

    /// Decides the fate of a row that is counted so far.
    fn decide(&self, row: Row<'_>, fated: &mut Fated) -> Result<(), InterpretError> {
        for (position, when) in self.exclude.iter().enumerate() {
            if when.truth(row)? == Truth::True {
                fated.fate = Fate::Excluded(position);
                return Ok(());
            }
        }
        for when in &self.missing {
            if when.truth(row)? == Truth::True {
                fated.fate = Fate::Missing;
                return Ok(());
            }
        }
        if let Some(when) = &self.bounded
            && when.truth(row)? == Truth::True
        {
            fated.fate = Fate::Missing;
            fated.is_bounded = true;
            return Ok(());
        }
        for (maturity, policy) in &self.mature {
            if maturity.is_reached(row)? {
                continue;
            }
            match policy {
                MaturityPolicy::Wait => {
                    fated.fate = Fate::Immature;
                    fated.is_open = false;
                    return Ok(());
                }
                // A later step may still leave the row out.
                MaturityPolicy::Provisional => fated.is_open = true,
            }
        }
        Ok(())
    }
}
