//! How results are cut: the arguments that every command with periods and dimensions has.

use clap::Args;

use super::arguments::{empty_range, grain, instant};
use super::exit::Stop;
use crate::run::Question;
use crate::value::{Grain, Instant};

/// Periods, dimensions and range.
#[derive(Debug, Clone, Args)]
pub(super) struct Cut {
    /// Length of the periods: hour, day, week, month, quarter, year or all.
    #[arg(long, value_name = "PERIOD", default_value = "all", value_parser = grain)]
    pub(super) grain: Grain,

    /// Split by this dimension (may be repeated).
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    pub(super) by: Vec<String>,

    /// Start of the range, an instant such as 2026-05-01T00:00:00Z.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(super) from: Option<Instant>,

    /// End of the range; the instant itself no longer belongs.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(super) to: Option<Instant>,
}

impl Cut {
    /// Refuses a range that holds no instant.
    pub(super) fn refuse_empty(&self) -> Result<(), Stop> {
        empty_range(self.from, self.to).map_or(Ok(()), |message| Err(Stop::Usage(message)))
    }

    /// Returns what is asked of every metric, as known at a moment.
    pub(super) fn question(&self, as_of: Option<Instant>) -> Question {
        Question { grain: self.grain, by: self.by.clone(), from: self.from, to: self.to, as_of }
    }
}
