//! The plan language: what every metric means, reduced to a fixed sequence of small steps.
//!
//! A plan is complete (no default is left to a reader) and canonical (no text, order or comment of the file is in
//! it that does not move a number). Knows no YAML, no metric kind, no SQL dialect.
//!
//! # The meaning of a measured plan
//!
//! Each row of the population's source ends in exactly one [`Fate`]. The steps decide it in this order, and the
//! first that claims a row keeps it:
//!
//! 1. **scan**: rows whose order instant is later than `as_of` have not happened yet ([`Fate::AfterAsOf`]).
//! 2. **dedupe**: of the rows with one key only one stays; the others are [`Fate::Duplicate`].
//! 3. **filter**: FALSE is [`Fate::Outside`], UNKNOWN is [`Fate::Unknown`]; a null anchor is [`Fate::Undated`], an
//!    anchor outside the requested `[from, to)` is [`Fate::OtherPeriod`].
//! 4. **relate**: adds facts; claims nothing.
//! 5. **exclude**: in order; a row is charged to the first exclusion that is TRUE ([`Fate::Excluded`]).
//! 6. **missing**: rows for which any [`Missing::when`] is TRUE are [`Fate::Missing`].
//! 7. **mature**: rows whose window has not closed at `as_of` are [`Fate::Immature`] under [`MaturityPolicy::Wait`].
//! 8. **aggregate**: what is left is [`Fate::Counted`].
//!
//! A cell of the result stands for each (period, dimensions) that holds at least one row with a fate other than
//! after-as-of, duplicate, outside, undated and other-period. A row whose anchor is null or outside `[from, to)` is in
//! no cell, whatever its fate: an unknown row of another period is counted in the ledger only. With grain
//! [`Grain::All`] and no dimensions there is always exactly one cell, also over no rows.

pub mod fingerprint;
pub mod request;
pub mod result;
pub mod steps;

pub use request::Request;
pub use result::{Fate, contract};
pub use steps::*;

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
}

/// A column to group by; its null is a group of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dimension {
    /// Column name in the population's source.
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
}

impl Plan {
    /// Returns the ids of the exclusions in ledger order; empty unless the plan measures rows itself.
    pub fn exclusion_ids(&self) -> Vec<&str> {
        match &self.body {
            Body::Measured(pipeline) => pipeline.exclude.iter().map(|exclusion| exclusion.id.as_str()).collect(),
            Body::Combined(_) | Body::Averaged(_) => Vec::new(),
        }
    }

    /// Returns the plan over tables that have the names of their sources, as a run or a case loads them.
    pub fn over_loaded_tables(&self) -> Plan {
        let mut plan = self.clone();
        plan.name_tables_after_sources();
        plan
    }

    fn name_tables_after_sources(&mut self) {
        match &mut self.body {
            Body::Measured(pipeline) => {
                let events = pipeline.relate.iter_mut().map(|relate| &mut relate.events);
                for scan in events.chain([&mut pipeline.scan]) {
                    scan.table = scan.source.clone();
                }
            }
            Body::Combined(combination) => {
                combination.components.iter_mut().for_each(|part| part.plan.name_tables_after_sources());
            }
            Body::Averaged(average) => average.component.name_tables_after_sources(),
        }
    }

    /// Returns the names of the tables the plan reads, as compiled SQL names them, sorted, each once.
    pub fn tables(&self) -> Vec<&str> {
        self.distinct(|scan| &scan.table)
    }

    /// Returns the names of all sources the plan reads, sorted, each once.
    pub fn sources(&self) -> Vec<&str> {
        self.distinct(|scan| &scan.source)
    }

    fn distinct<'a>(&'a self, name: fn(&'a Scan) -> &'a String) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.scans().into_iter().map(|scan| name(scan).as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn scans(&self) -> Vec<&Scan> {
        match &self.body {
            Body::Measured(pipeline) => {
                let events = pipeline.relate.iter().map(|relate| &relate.events);
                events.chain([&pipeline.scan]).collect()
            }
            Body::Combined(combination) => combination.components.iter().flat_map(|part| part.plan.scans()).collect(),
            Body::Averaged(average) => average.component.scans(),
        }
    }
}
