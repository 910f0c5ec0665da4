//! The steps of a measured plan, but for facts and measures.

use serde::Serialize;

use super::{Bounds, Fact, Measure, Relate, Rule};
use crate::expression::{Column, Expression};
use crate::value::{Grain, Instant};

/// A measured metric: the steps, in the order they act.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pipeline {
    /// The population's rows.
    pub scan: Scan,
    /// Which rows are counted things, and in which periods.
    pub filter: Filter,
    /// What else is known about a row, in an order in which each sees those before it.
    pub facts: Vec<Fact>,
    /// Rows left out, with the reason; order matters.
    pub exclude: Vec<Exclusion>,
    /// Rows left out because a value is not known.
    pub missing: Vec<Missing>,
    /// Rows that are not known yet, or not any more.
    pub mature: Vec<Mature>,
    /// What is computed from the rows that remain.
    pub measure: Measure,
    /// The best and the worst case, where values are not known.
    pub bounds: Option<Bounds>,
}

impl Pipeline {
    /// Returns the facts taken from events, with their names.
    pub fn relates(&self) -> impl Iterator<Item = (&str, &Relate)> {
        self.facts.iter().filter_map(|fact| match &fact.rule {
            Rule::Related(relate) => Some((fact.name.as_str(), relate.as_ref())),
            _ => None,
        })
    }

    /// Returns every scan of the pipeline: the population's, then those of its facts in their order.
    pub fn scans(&self) -> Vec<&Scan> {
        let mut scans = vec![&self.scan];
        for fact in &self.facts {
            scans.extend(fact.rule.scans());
        }
        scans
    }

    /// Returns every scan of the pipeline, to be changed.
    pub fn scans_mut(&mut self) -> Vec<&mut Scan> {
        let mut scans = vec![&mut self.scan];
        for fact in &mut self.facts {
            scans.extend(fact.rule.scans_mut());
        }
        scans
    }
}

/// Rows of one source as observed through `as_of`, duplicates resolved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scan {
    /// Source name.
    pub source: String,
    /// Name of its table in compiled SQL; dots separate schema and table. Where rows lie does not change what they mean,
    /// so no fingerprint holds it.
    #[serde(skip)]
    pub table: String,
    /// The columns the plan reads, in source order; always includes key and order columns.
    pub columns: Vec<Column>,
    /// Primary key: one row per distinct value. No part is ever null.
    pub key: Vec<String>,
    /// Total order: an instant column that is never null, then tie-breakers, whose nulls come last. Ends with the
    /// key's columns.
    pub order: Vec<String>,
    /// What happens to several rows of one key.
    pub dedupe: Dedupe,
    /// Columns computed from those that are read, of each row that stands for its key; none reads another. They can be
    /// named wherever a column of the source can, but not in `key` and `order`.
    pub derived: Vec<Derived>,
}

/// A column computed from the other columns of its row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Derived {
    /// Its name; no column has it.
    pub name: String,
    /// Its value.
    pub value: Expression,
}

impl Scan {
    /// Returns the instant column that dates a row.
    pub fn order_instant(&self) -> &str {
        &self.order[0]
    }
}

/// What happens to several rows of one key. The total order decides, seen as of `as_of`. Where several rows tie for
/// the place that stays, the order is only total if `columns` are equal in all of them; otherwise there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Dedupe {
    /// The reader has proven that there are none.
    Unique,
    /// The first in the total order stays.
    First,
    /// The last in the total order stays.
    Latest,
}

/// Which rows belong to the population, and when they count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filter {
    /// Keeps TRUE; `None` keeps every row. May read facts.
    pub predicate: Option<Expression>,
    /// The periods a row counts in.
    pub placement: Placement,
}

/// The periods a row counts in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Placement {
    /// The periods whose reach holds the row's anchor.
    Anchor {
        /// The instant column that dates the row.
        column: String,
        /// How far a period reaches.
        reach: Reach,
    },
    /// Every period, as the world was known at one instant of it.
    ///
    /// For each period asked for the pipeline is computed anew with that instant as its `as_of`: rows and events after
    /// it have not happened, duplicates are resolved as of it, and [`Moment::AsOf`](crate::expression::Moment) is it.
    /// A row has one fate for each instant, and is counted in the ledger once for each.
    Snapshot(Edge),
    /// Every period, as the world is known at the request's `as_of`: for lengths of time within the bounds of periods.
    /// A row has one fate for each period, and is counted in the ledger once for each.
    Spread,
}

impl Placement {
    /// Returns the column that dates a row, if one does.
    pub fn anchor(&self) -> Option<&str> {
        match self {
            Placement::Anchor { column, .. } => Some(column),
            Placement::Snapshot(_) | Placement::Spread => None,
        }
    }
}

/// An end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Edge {
    /// Its first instant, or the request's `as_of` where that is earlier (which only grain `all` can have).
    Start,
    /// The first instant after it, or the request's `as_of` where that is earlier.
    End,
}

/// How far a period reaches: a row counts in each period whose reach holds its anchor. With grain `all` every reach
/// but [`Reach::Before`] is the period's own, and `Before` holds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Reach {
    /// The period itself.
    Own,
    /// The period and those before it, this many in all (at least 2).
    Trailing(u32),
    /// From the start of the longer period that holds the period's first instant, to the period's end.
    ToDate(Grain),
    /// The single period this many before (at least 1).
    Before(u32),
}

/// A group of rows left out, with its own line in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exclusion {
    /// Ledger id; the result column is `excluded_<id>`.
    pub id: String,
    /// Leaves a row out when TRUE.
    pub when: Expression,
}

/// A reason to leave a row out because something about it is not known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Missing {
    /// Leaves a row out when TRUE.
    pub when: Expression,
}

/// Censoring: rows about which it is not known yet, or cannot be known any more, what the metric asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mature {
    /// What a row passes.
    pub awaits: Awaits,
    /// What happens to rows that do not.
    pub policy: MaturityPolicy,
}

/// What makes a row mature.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Awaits {
    /// Right-censoring: its window has closed, `closes <= as_of`. With a null it has not: a window that has not opened has
    /// not closed.
    Closed {
        /// The instant at which the window closes, over the row.
        closes: Expression,
    },
    /// Left-censoring: its look-back is covered by the data, `opens >= since`. With a null it is not.
    Covered {
        /// The instant at which the look-back begins, over the row.
        opens: Expression,
        /// The first instant from which all events are known.
        since: Instant,
    },
    /// Its outcome stands: the condition is not TRUE.
    Settled {
        /// When the outcome is open, over the row.
        open: Expression,
    },
}

impl Awaits {
    /// Tells whether a row that passes this passes `other` too: both close a constant time after one instant.
    pub fn outlasts(&self, other: &Awaits) -> bool {
        let (Awaits::Closed { closes: own }, Awaits::Closed { closes: theirs }) = (self, other) else {
            return self == other;
        };
        let anchor = own.columns().first().copied().unwrap_or_default();
        match (own.shifted_from(anchor), theirs.shifted_from(anchor)) {
            (Some(own), Some(theirs)) => own >= theirs,
            _ => own == theirs,
        }
    }
}

/// What happens to rows whose window is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MaturityPolicy {
    /// They are left out, and counted as immature.
    Wait,
    /// They are counted, also as immature, and their cell is provisional.
    Provisional,
}
