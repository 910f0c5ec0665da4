//! Facts about the rows of a population, one after the other; each sees those before it.
//!
//! Knows no fate: which rows are asked about is decided elsewhere.

use super::advance::advance;
use super::clock::clock;
use super::join::join;
use super::logic::Names;
use super::placing::Moments;
use super::relate::relate;
use super::rows::{Findings, Layout, Row};
use super::scan::Scanned;
use super::{InterpretError, Tables};
use crate::plan::{Fact, Rule, Scan};

/// What is known when a pipeline is computed.
#[derive(Debug, Clone, Copy)]
pub(super) struct World<'a> {
    /// The tables of all sources.
    pub(super) tables: &'a Tables,
    /// The instants that the question brings along.
    pub(super) moments: Moments,
}

/// The rows that facts are about.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    /// How they were scanned.
    pub(super) scan: &'a Scan,
    /// The rows.
    pub(super) rows: &'a Scanned<'a>,
    /// Names and places of columns, derived columns and the facts found so far.
    pub(super) layout: Layout,
    /// The derived columns and facts of each row; null where a row was not asked about.
    pub(super) facts: Findings,
    /// The rows that facts are asked about, ascending.
    pub(super) asked: Vec<usize>,
    /// Whether an event can count for each row, where it counts for only one of those that it matches.
    pub(super) creditable: Vec<bool>,
}

impl<'a> Subject<'a> {
    /// Returns the rows of a scan with room for so many facts; none of them is asked about.
    pub(super) fn new(scan: &'a Scan, rows: &'a Scanned<'a>, facts: usize) -> Self {
        let derived = rows.layout.facts();
        let mut facts = Findings::with_room(rows.len(), derived + facts);
        if derived > 0 {
            (0..rows.len()).for_each(|row| facts.of_mut(row)[..derived].clone_from_slice(rows.derived(row)));
        }
        Self { scan, rows, layout: rows.layout.clone(), facts, asked: Vec::new(), creditable: vec![false; rows.len()] }
    }

    /// Returns a row with what was found about it.
    pub(super) fn row(&self, index: usize) -> Row<'_> {
        Row::new(self.rows.cells(index), self.facts.of(index))
    }

    /// Finds a fact about the rows asked for.
    pub(super) fn find(&mut self, fact: &Fact, world: &World<'_>) -> Result<(), InterpretError> {
        let found = match &fact.rule {
            Rule::Derived(expression) => {
                let term = Names::of(&self.layout, &world.moments).bind(expression)?;
                self.asked
                    .iter()
                    .map(|index| Ok(term.value(self.row(*index))?.into_owned()))
                    .collect::<Result<_, _>>()?
            }
            Rule::Joined(step) => join(step, self, world)?,
            Rule::Related(step) => relate(step, &fact.name, self, world)?,
            Rule::Clocked(step) => clock(step, self, world)?,
            Rule::Advanced(step) => advance(step, self, world)?,
        };
        let place = self.layout.facts();
        for (index, value) in self.asked.iter().zip(found) {
            self.facts.of_mut(*index)[place] = value;
        }
        self.layout.add_fact(&fact.name);
        Ok(())
    }
}
