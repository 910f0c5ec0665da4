//! The plan language: what every metric means, reduced to a fixed sequence of small steps.
//!
//! A plan is complete (no default is left to a reader) and canonical (no text, order or comment of the file is in
//! it that does not move a number). Knows no YAML, no metric kind, no SQL dialect.
//!
//! # The meaning of a measured plan
//!
//! Each row of the population's source ends in exactly one [`Fate`]; under [`Placement::Snapshot`] and
//! [`Placement::Spread`], in one for each period. The steps decide it in this order, and the first that claims a row
//! keeps it:
//!
//! 1. **scan**: rows whose order instant is later than `as_of` have not happened yet ([`Fate::AfterAsOf`]).
//! 2. **dedupe**: of the rows with one key only one stays; the others are [`Fate::Duplicate`].
//! 3. **filter**: FALSE is [`Fate::Outside`], UNKNOWN is [`Fate::Unknown`]; a null anchor is [`Fate::Undated`], an
//!    anchor outside the requested `[from, to)` is [`Fate::OtherPeriod`].
//! 4. **facts**: joins, derived values, events, clocks; claims nothing. A predicate of the filter may read them: facts
//!    are looked up for it first, the order of claims stays.
//! 5. **exclude**: in order; a row is charged to the first exclusion that is TRUE ([`Fate::Excluded`]).
//! 6. **missing**: rows for which any [`Missing::when`], or [`Bounds::when`], is TRUE are [`Fate::Missing`].
//! 7. **mature**: rows that do not pass some [`Mature`] with [`MaturityPolicy::Wait`] are [`Fate::Immature`]; others that
//!    do not pass one with [`MaturityPolicy::Provisional`] are counted, and counted as immature.
//! 8. **aggregate**: what is left is [`Fate::Counted`].
//!
//! A cell of the result stands for each (period, dimensions) that holds at least one row with a fate other than
//! after-as-of, duplicate, outside, undated and other-period. A row whose anchor is null or outside `[from, to)` is in
//! no cell, whatever its fate: an unknown row of another period is counted in the ledger only. With grain
//! [`Grain::All`] and no dimensions there is always exactly one cell, also over no rows; without dimensions under
//! [`Placement::Snapshot`] and [`Placement::Spread`], exactly one for each period asked for.
//!
//! # The periods of a request
//!
//! Under [`Placement::Anchor`] with [`Reach::Own`] a row is in the period of its anchor, and `from` and `to` cut anchors.
//! Under every other placement and reach the *periods asked for* are those of the request's grain that start at or
//! after `from` (without it: that end after the first instant of `span`) and start before `to` and at or before `as_of`
//! (without `to`: and at or before the last instant of `span`). With grain [`Grain::All`] there is one, `[from, to)`,
//! without `to` until `as_of`; without `from` the start of such a period is not known, and a plan that asks for it has no
//! answer. A row whose anchor lies in the reach of no period asked for is [`Fate::OtherPeriod`]; one in the reach of
//! several is in a cell of each, and once in the ledger.
//!
//! [`Moment::PeriodStart`](crate::expression::Moment) and [`Moment::PeriodEnd`](crate::expression::Moment) stand for the
//! bounds of the row's period under [`Placement::Snapshot`] and [`Placement::Spread`] only; the end is `as_of` where that
//! is earlier.

mod additive;
mod canonical;
mod clocks;
mod dated;
mod facts;
pub mod fingerprint;
mod made;
mod measure;
mod publish;
pub mod request;
pub mod result;
mod rough;
mod slots;
mod steps;

pub use additive::Additive;
pub use clocks::*;
pub use facts::*;
pub use made::*;
pub use measure::*;
pub use publish::*;
pub use request::Request;
pub use result::{Fate, contract};
pub use slots::{Slot, Use};
pub use steps::*;

use std::sync::Arc;

use serde::Serialize;

use crate::value::{Grain, Type, Weekday};

/// The complete meaning of one metric version.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Plan {
    /// Metric id, with the variant after a dot: `service_level.answered_only`.
    pub metric: String,
    /// Version, as `2.0.0`.
    pub version: String,
    /// How local periods are cut.
    pub calendar: Calendar,
    /// The grains the metric may be reported at, shortest first; `All` is always allowed.
    pub grains: Vec<Grain>,
    /// The columns the metric may be grouped by.
    pub dimensions: Vec<Dimension>,
    /// How the number comes about.
    pub body: Body,
    /// What is withheld or added when the number is shown.
    pub publish: Publish,
}

/// The zone and week in which periods are cut.
///
/// Days and longer periods tile the UTC line: each starts at the first instant whose local time is at or after
/// midnight of its first day (the jump itself where midnight is skipped, the first of the two where it is repeated)
/// and ends where the next one starts. An instant belongs to the period whose `[start, end)` holds it, also where a
/// clock set back across midnight shows the old day again. The hour of an instant starts at the instant less its
/// local time modulo one hour and ends 3,600 s later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calendar {
    /// IANA zone name.
    pub zone: String,
    /// First day of a week.
    pub week_starts: Weekday,
    /// Where months, quarters and years begin.
    pub year: Year,
}

impl Calendar {
    /// Tells whether every period of `inner` lies in exactly one period of `outer`.
    pub fn nests(&self, inner: Grain, outer: Grain) -> bool {
        // Weeks straddle calendar months; years of whole weeks are made of them.
        let of_weeks = matches!(self.year, Year::OfWeeks { .. });
        inner.nests_in(outer) || (of_weeks && inner == Grain::Week && outer > Grain::Week)
    }
}

/// Where months, quarters and years begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Year {
    /// Calendar months; a year begins on the first of this one (1 to 12), quarters every three months from there.
    OfMonths {
        /// The first month.
        first: u8,
    },
    /// Years of 52 or 53 whole weeks, as retailers keep them. A quarter has 13 weeks, in months of the three lengths in
    /// `pattern`; the 53rd week belongs to the last month and quarter. A year begins on the first day of a week (as
    /// `week_starts` says), chosen near the first of the month `first` as `begins` says, in every calendar year.
    OfWeeks {
        /// The month near whose first day a year begins.
        first: u8,
        /// Which week start is chosen.
        begins: YearBegins,
        /// Weeks of the three months of a quarter; they add up to 13.
        pattern: [u8; 3],
    },
}

impl Year {
    /// The civil year.
    pub const CIVIL: Year = Year::OfMonths { first: 1 };
}

/// Which first day of a week begins a year of whole weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum YearBegins {
    /// The one nearest to the first of the month (at most three days from it).
    Nearest,
    /// The last one at or before the first of the month.
    AtOrBefore,
    /// The first one at or after the first of the month.
    AtOrAfter,
}

/// A column to group by; its null is a group of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dimension {
    /// Name of a column of the population's source, or of a fact.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// How a metric's number comes about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Body {
    /// Rows counted and measured.
    Measured(Box<Pipeline>),
    /// Arithmetic of other metrics on the same period and dimensions.
    Combined(Combination),
    /// The unweighted mean of another metric's values over shorter periods.
    Averaged(Average),
    /// A weighted composite of other metrics.
    Scored(Scorecard),
}

impl Body {
    /// Returns the plans the body is made of; none where it measures rows itself.
    pub fn parts(&self) -> Vec<&Plan> {
        match self {
            Body::Measured(_) => Vec::new(),
            Body::Combined(combination) => combination.components.iter().map(|part| part.plan.as_ref()).collect(),
            Body::Averaged(average) => vec![average.component.as_ref()],
            Body::Scored(scorecard) => scorecard.parts.iter().map(|part| part.component.plan.as_ref()).collect(),
        }
    }

    /// Returns the plans the body is made of, to be changed: this body's own from there on.
    pub fn parts_mut(&mut self) -> Vec<&mut Plan> {
        match self {
            Body::Measured(_) => Vec::new(),
            Body::Combined(combination) => {
                combination.components.iter_mut().map(|part| Arc::make_mut(&mut part.plan)).collect()
            }
            Body::Averaged(average) => vec![Arc::make_mut(&mut average.component)],
            Body::Scored(scorecard) => {
                scorecard.parts.iter_mut().map(|part| Arc::make_mut(&mut part.component.plan)).collect()
            }
        }
    }
}

impl Plan {
    /// Returns the ids of the exclusions in ledger order; empty unless the plan measures rows itself.
    pub fn exclusion_ids(&self) -> Vec<&str> {
        match &self.body {
            Body::Measured(pipeline) => pipeline.exclude.iter().map(|exclusion| exclusion.id.as_str()).collect(),
            Body::Combined(_) | Body::Averaged(_) | Body::Scored(_) => Vec::new(),
        }
    }

    /// Returns the plan over tables that have the names of their sources, as a run or a case loads them.
    pub fn over_loaded_tables(&self) -> Plan {
        self.over_tables(&|source, _| source.to_owned())
    }

    /// Returns the plan over other tables: `named` gives the name of each from that of its source and its usual one.
    pub fn over_tables(&self, named: &dyn Fn(&str, &str) -> String) -> Plan {
        let mut plan = self.clone();
        plan.name_tables(named);
        plan
    }

    fn name_tables(&mut self, named: &dyn Fn(&str, &str) -> String) {
        if let Body::Measured(pipeline) = &mut self.body {
            pipeline.scans_mut().into_iter().for_each(|scan| scan.table = named(&scan.source, &scan.table));
        }
        self.body.parts_mut().into_iter().for_each(|part| part.name_tables(named));
    }

    /// Returns the names of the tables the plan reads, as compiled SQL names them, sorted, each once.
    pub fn tables(&self) -> Vec<&str> {
        self.distinct(|scan| &scan.table)
    }

    /// Returns the names of all sources the plan reads, sorted, each once.
    pub fn sources(&self) -> Vec<&str> {
        self.distinct(|scan| &scan.source)
    }

    /// Returns the columns that the plan reads of a source, sorted, each once.
    pub fn columns_of(&self, source: &str) -> Vec<&str> {
        let scans = self.scans().into_iter().filter(|scan| scan.source == source);
        let mut names: Vec<&str> = scans.flat_map(|scan| &scan.columns).map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn distinct<'a>(&'a self, name: fn(&'a Scan) -> &'a String) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.scans().into_iter().map(|scan| name(scan).as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns every scan of the plan, those of its parts included.
    pub fn scans(&self) -> Vec<&Scan> {
        let own = match &self.body {
            Body::Measured(pipeline) => pipeline.scans(),
            _ => Vec::new(),
        };
        own.into_iter().chain(self.body.parts().into_iter().flat_map(Plan::scans)).collect()
    }
}
