//! Whether what a metric asks about a row is known yet, and can still be known.
//!
//! Knows no policy: what becomes of a row that is not mature is decided elsewhere.

use super::InterpretError;
use super::logic::{Names, Term, Truth};
use super::rows::{Row, instant};
use crate::expression::Moment;
use crate::plan::Awaits;
use crate::value::Instant;

/// What makes a row mature, bound to its columns and facts.
#[derive(Debug)]
pub(super) enum Maturity {
    /// An instant that must not lie after the moment of knowledge.
    Closed(Term, Instant),
    /// An instant that must not lie before the first that is covered.
    Covered(Term, Instant),
    /// A condition that must not be TRUE.
    Settled(Term),
}

impl Maturity {
    /// Binds what a row awaits.
    pub(super) fn bind(awaits: &Awaits, names: &Names<'_>) -> Result<Self, InterpretError> {
        Ok(match awaits {
            Awaits::Closed { closes } => Maturity::Closed(names.bind(closes)?, names.moment(Moment::AsOf)?),
            Awaits::Covered { opens, since } => Maturity::Covered(names.bind(opens)?, *since),
            Awaits::Settled { open } => Maturity::Settled(names.bind(open)?),
        })
    }

    /// Tells whether `row` is mature. With a null it is not: a window that has not opened has not closed.
    pub(super) fn is_reached(&self, row: Row<'_>) -> Result<bool, InterpretError> {
        match self {
            Maturity::Closed(closes, as_of) => {
                Ok(instant(closes.value(row)?.as_ref())?.is_some_and(|closes| closes <= *as_of))
            }
            Maturity::Covered(opens, since) => {
                Ok(instant(opens.value(row)?.as_ref())?.is_some_and(|opens| opens >= *since))
            }
            Maturity::Settled(open) => Ok(open.truth(row)? != Truth::True),
        }
    }
}
