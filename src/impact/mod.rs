//! The price of a change: what a metric was and what it is over the same rows, and how much of the move each clause of the
//! change makes.
//!
//! Formats nothing. A number that has no value before, after or in between is not shared out, and said to be so.

mod attribute;
mod cells;
mod clauses;
mod computer;
mod dependents;
mod fraction;
mod game;
mod label;
mod mixtures;
mod price;
mod rows;
#[cfg(test)]
mod tests;

pub use cells::{Part, Place, Shown};
pub use dependents::{Bound, Dependent, Judgement, Role, Side};
pub use fraction::Fraction;
pub use game::{EXACT_UP_TO, Shares};
pub use price::price;
pub use rows::{Rows, Sheet};

pub(crate) use computer::{Asked, Computer};
pub(crate) use label::labels;
pub(crate) use rows::Described;

use crate::catalog::Catalog;
use crate::diff::EditId;
use crate::plan::{Plan, Request};
use crate::resolve::Version;
use crate::text::Texts;

/// Two projects whose files stand in one collection of texts.
pub struct Projects<'a> {
    /// The project as it was.
    pub old: &'a Catalog,
    /// The project as it is.
    pub new: &'a Catalog,
    /// The texts of both.
    pub texts: &'a Texts,
}

/// What a change of a metric does to its numbers.
#[derive(Debug)]
pub struct Price {
    /// The metric.
    pub metric: String,
    /// The version it was compared with.
    pub old: Version,
    /// Its version now.
    pub new: Version,
    /// The clauses that were changed, in the order of the definition; shares stand in the same order.
    pub clauses: Vec<Clause>,
    /// The rows it was computed on: each case, or the data files.
    pub grounds: Vec<Ground>,
}

/// A group of edits that only make sense together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The edits.
    pub edits: Vec<EditId>,
    /// A short name.
    pub label: String,
}

/// What a change does over one set of rows.
#[derive(Debug)]
pub struct Ground {
    /// The case; `None` for data files.
    pub case: Option<String>,
    /// The readings that both versions have and whose meaning differs.
    pub readings: Vec<ReadingPrice>,
    /// What rests on the metric and feels the change.
    pub dependents: Vec<Dependent>,
}

/// What a change does to one reading.
#[derive(Debug)]
pub struct ReadingPrice {
    /// The variant; empty for the base.
    pub variant: String,
    /// What the number counts.
    pub unit: String,
    /// The plans of both versions.
    pub plans: (Plan, Plan),
    /// What was asked of both; they differ where the versions read sources that are complete up to different moments.
    pub requests: Option<(Request, Request)>,
    /// The cells that either version has, in the order of results.
    pub cells: Vec<CellPrice>,
    /// Where the rows ended up under both versions; empty for metrics made of metrics, and where it would tell what is
    /// suppressed.
    pub ledger: Vec<LedgerLine>,
    /// Why nothing could be computed.
    pub failed: Option<String>,
}

/// One line of both ledgers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// The fate, as `excluded_bot_contacts`.
    pub fate: String,
    /// Rows before; `None` where the old version has no such line.
    pub old: Option<i128>,
    /// Rows now; `None` where the new version has no such line.
    pub new: Option<i128>,
}

/// What a change does to one cell.
#[derive(Debug)]
pub struct CellPrice {
    /// Where it stands.
    pub place: Place,
    /// What the old version says; `None` where it has no such cell.
    pub old: Option<Shown>,
    /// What the new version says; `None` where it has no such cell.
    pub new: Option<Shown>,
    /// How much of the move each clause makes.
    pub attribution: Attribution,
}

/// A move shared out, or why it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribution {
    /// Each clause has its share.
    Shared(Shares),
    /// A value is not there that would have to be.
    Impossible {
        /// Which, and why.
        reason: String,
        /// What can be shared out instead: numerator and denominator, as far as they always have a value.
        parts: Vec<(Part, Shares)>,
    },
}

impl Attribution {
    /// Returns the shares of the value.
    pub fn shares(&self) -> Option<&Shares> {
        match self {
            Attribution::Shared(shares) => Some(shares),
            Attribution::Impossible { .. } => None,
        }
    }
}

/// The cell that moves most.
#[derive(Debug, Clone, Copy)]
pub struct Headline<'a> {
    /// The rows.
    pub ground: &'a Ground,
    /// The reading.
    pub reading: &'a ReadingPrice,
    /// The cell.
    pub cell: &'a CellPrice,
    /// Its move.
    pub shares: &'a Shares,
}

impl Price {
    /// Returns the cell with the largest move: of the base, or, where that does not move at all, of any reading. `None`
    /// where no move could be shared out.
    pub fn headline(&self) -> Option<Headline<'_>> {
        let all = || self.grounds.iter().flat_map(Ground::headlines);
        let of_base = largest(all().filter(|found| found.reading.variant.is_empty()));
        of_base.filter(|found| !found.shares.total().is_zero()).or_else(|| largest(all()))
    }

    /// Tells whether every order of the clauses was looked at, rather than a sample.
    pub fn is_exact(&self) -> bool {
        self.clauses.len() <= EXACT_UP_TO
    }
}

/// Returns the largest move; of equally large ones the first.
fn largest<'a>(moves: impl Iterator<Item = Headline<'a>>) -> Option<Headline<'a>> {
    moves.reduce(|best, other| if best.shares.total().size() < other.shares.total().size() { other } else { best })
}

impl Ground {
    fn headlines(&self) -> impl Iterator<Item = Headline<'_>> {
        self.readings.iter().flat_map(move |reading| {
            let cells = reading.cells.iter();
            cells.filter_map(move |cell| {
                let shares = cell.attribution.shares()?;
                Some(Headline { ground: self, reading, cell, shares })
            })
        })
    }
}

/// Why a change has no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPrice {
    /// There is nothing to compare with.
    #[error("`{0}` is new, so there is nothing to compare it with")]
    Fresh(String),
    /// It is gone.
    #[error("`{0}` is gone, so there is nothing to compare it with")]
    Gone(String),
    /// A side has mistakes.
    #[error("`{0}` has mistakes on one side, so its numbers cannot be compared")]
    Broken(String),
}
