//! What is asked of a plan: the cut, the range and the moment of knowledge.

use crate::value::{Grain, Instant};

/// One question to a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Length of the periods.
    pub grain: Grain,
    /// Dimensions to group by, in output order; each is one of the plan's.
    pub by: Vec<String>,
    /// Anchors before this instant are of another period.
    pub from: Option<Instant>,
    /// Anchors at or after this instant are of another period.
    pub to: Option<Instant>,
    /// Everything up to and including this instant has been observed, and nothing after it.
    pub as_of: Instant,
    /// The first and the last of `as_of` and the instants in [`Plan::dated_columns`](super::Plan::dated_columns): bounds the
    /// periods asked for where `from` or `to` is absent, and the zone rules and opening hours a query must carry.
    pub span: (Instant, Instant),
}
