//! What becomes of each row of a population: the steps from scan to mature.
//!
//! Knows no measure; what it does not claim is counted.

use std::collections::HashSet;

use super::InterpretError;
use super::Tables;
use super::facts::{Subject, World};
use super::logic::{Names, Term, Truth};
use super::maturity::Maturity;
use super::period::Period;
use super::placing::{Placing, Run};
use super::rows::{Layout, Row, instant};
use super::scan::scan;
use crate::plan::{Credit, Fate, MaturityPolicy, Pipeline, Rule};
use crate::value::Value;

/// A row with its fate.
#[derive(Debug)]
pub(super) struct Fated<'a> {
    cells: &'a [Value],
    facts: Vec<Value>,
    /// The periods the row counts in (`None` is the only one of grain `all`); none where it is in no cell.
    pub(super) periods: Vec<Option<Period>>,
    /// The row's fate.
    pub(super) fate: Fate,
    /// Whether the row is counted although something about it is open.
    pub(super) is_open: bool,
    /// Whether the row is missing, but known to lie between two bounds.
    pub(super) is_bounded: bool,
}

impl Fated<'_> {
    /// Returns the row with its facts.
    pub(super) fn row(&self) -> Row<'_> {
        Row::new(self.cells, &self.facts)
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
pub(super) fn decide<'a>(pipeline: &Pipeline, tables: &'a Tables, run: &mut Run) -> Result<Fates<'a>, InterpretError> {
    let world = World { tables, moments: run.moments };
    let scanned = scan(&pipeline.scan, tables, &run.moments)?;
    let mut subject = Subject::new(&pipeline.scan, &scanned);
    let mut membership = None;
    if filter_reads_facts(pipeline) {
        if is_credited(pipeline) {
            let what = "a population that reads facts cannot say which of its rows an event counts for".to_owned();
            return Err(InterpretError::Contradiction { what });
        }
        subject.asked = (0..scanned.len()).collect();
    } else {
        let filtered = filter(pipeline, &subject, &world, &mut run.placing)?;
        ask(pipeline, &filtered, &mut subject);
        membership = Some(filtered);
    }
    for fact in &pipeline.facts {
        subject.find(fact, &world)?;
    }
    let membership = match membership {
        Some(membership) => membership,
        None => filter(pipeline, &subject, &world, &mut run.placing)?,
    };
    let claims = Claims::bind(pipeline, &Names::of(&subject.layout, &world.moments))?;
    let mut rows = Vec::with_capacity(membership.len());
    for (index, (member, facts)) in membership.into_iter().zip(subject.facts).enumerate() {
        let Member { fate, periods, .. } = member;
        let cells = scanned.cells(index);
        let mut row = Fated { cells, facts, periods, fate, is_open: false, is_bounded: false };
        if row.fate == Fate::Counted {
            claims.decide(&mut row)?;
        }
        rows.push(row);
    }
    Ok(Fates { layout: subject.layout, rows, after_as_of: scanned.after_as_of, duplicates: scanned.duplicates })
}

/// What the filter says about a row: the rows that it leaves are counted until a later step claims them.
struct Member {
    fate: Fate,
    periods: Vec<Option<Period>>,
    /// Whether it is in the population with a known anchor, whatever its period.
    is_dated: bool,
}

fn filter(
    pipeline: &Pipeline,
    subject: &Subject<'_>,
    world: &World<'_>,
    placing: &mut Placing,
) -> Result<Vec<Member>, InterpretError> {
    let anchor = pipeline.filter.placement.anchor().map(|column| subject.layout.place(column)).transpose()?;
    let names = Names::of(&subject.layout, &world.moments);
    let predicate = names.bind_some(pipeline.filter.predicate.as_ref())?;
    let mut members = Vec::with_capacity(subject.rows.len());
    for index in 0..subject.rows.len() {
        let row = subject.row(index);
        let truth = predicate.as_ref().map_or(Ok(Truth::True), |predicate| predicate.truth(row))?;
        // Without an anchor a row counts in the period at hand, whatever its instants.
        let at = anchor.map_or(Ok(Some(world.moments.as_of)), |anchor| instant(row.at(anchor)))?;
        let periods = match at.filter(|_| truth != Truth::False) {
            Some(at) => placing.periods_of(at)?,
            None => Vec::new(),
        };
        let fate = match (truth, at) {
            (Truth::False, _) => Fate::Outside,
            (Truth::Unknown, _) => Fate::Unknown,
            (Truth::True, None) => Fate::Undated,
            (Truth::True, Some(_)) if periods.is_empty() => Fate::OtherPeriod,
            (Truth::True, Some(_)) => Fate::Counted,
        };
        members.push(Member { fate, periods, is_dated: truth == Truth::True && at.is_some() });
    }
    Ok(members)
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
fn ask(pipeline: &Pipeline, members: &[Member], subject: &mut Subject<'_>) {
    let is_credited = is_credited(pipeline);
    subject.creditable = members.iter().map(|member| member.is_dated).collect();
    let is_asked = |member: &Member| match member.fate {
        Fate::Unknown | Fate::Counted => true,
        _ => is_credited && member.is_dated,
    };
    subject.asked = (0..members.len()).filter(|index| is_asked(&members[*index])).collect();
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
    fn decide(&self, row: &mut Fated<'_>) -> Result<(), InterpretError> {
        for (position, when) in self.exclude.iter().enumerate() {
            if when.truth(row.row())? == Truth::True {
                row.fate = Fate::Excluded(position);
                return Ok(());
            }
        }
        for when in &self.missing {
            if when.truth(row.row())? == Truth::True {
                row.fate = Fate::Missing;
                return Ok(());
            }
        }
        if let Some(when) = &self.bounded
            && when.truth(row.row())? == Truth::True
        {
            row.fate = Fate::Missing;
            row.is_bounded = true;
            return Ok(());
        }
        for (maturity, policy) in &self.mature {
            if maturity.is_reached(row.row())? {
                continue;
            }
            match policy {
                MaturityPolicy::Wait => {
                    row.fate = Fate::Immature;
                    row.is_open = false;
                    return Ok(());
                }
                // A later step may still leave the row out.
                MaturityPolicy::Provisional => row.is_open = true,
            }
        }
        Ok(())
    }
}
