//! Where the rows of a run lie: read into memory, or in the tables of a database.
//!
//! Knows no database.

use crate::compute::{Answer, ComputeError, by_interpreter};
use crate::inputs::Inputs;
use crate::plan::{Plan, Request};
use crate::sql::{Header, Values};
use crate::value::Instant;

/// Where the rows of a run lie, and who answers over them first.
pub trait Ground {
    /// Returns the name of who answers.
    fn judge(&self) -> &str;

    /// Tells whether there are rows of a source.
    fn has(&self, source: &str) -> bool;

    /// Returns the moment up to which all of `sources` are complete.
    fn observed_through(&self, sources: &[&str]) -> Option<Instant>;

    /// Returns the first and the last of `as_of` and the instants that the plan puts in a period or on a clock.
    fn span(&self, plan: &Plan, as_of: Instant) -> (Instant, Instant);

    /// Finds the cells of metrics that one query answers, so that [`answer`](Self::answer) need not ask for them; nothing
    /// where answers take no query, or this one fails.
    fn together(&mut self, _metrics: &[(&Plan, Header)], _request: &Request, _values: Values) {}

    /// Answers a question.
    ///
    /// # Errors
    /// When it cannot be computed.
    fn answer(&mut self, plan: &Plan, header: &Header, request: &Request) -> Result<Answer, ComputeError>;
}

/// Rows that have been read, over which the interpreter answers.
impl Ground for Inputs {
    fn judge(&self) -> &str {
        "interpreter"
    }

    fn has(&self, source: &str) -> bool {
        self.tables.contains_key(source)
    }

    fn observed_through(&self, sources: &[&str]) -> Option<Instant> {
        Inputs::observed_through(self, sources)
    }

    fn span(&self, plan: &Plan, as_of: Instant) -> (Instant, Instant) {
        crate::verify::span([plan], &self.tables, as_of)
    }

    fn answer(&mut self, plan: &Plan, _: &Header, request: &Request) -> Result<Answer, ComputeError> {
        by_interpreter(plan, &self.tables, request)
    }
}
