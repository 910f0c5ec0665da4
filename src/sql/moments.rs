//! The instants that a question brings along, as the rows of a pipeline see them.
//!
//! Knows no dialect, and not how periods are listed.

use super::RenderError;
use crate::expression::Moment;
use crate::value::Instant;

/// Where an instant is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// In the question itself.
    Instant(Instant),
    /// In a column beside the row's.
    Column(&'static str),
}

/// What stands for each [`Moment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moments {
    /// The moment of knowledge.
    pub(super) as_of: At,
    /// The start of the row's period; `None` where rows have none, or none with a known start.
    pub(super) start: Option<At>,
    /// The end of the row's period.
    pub(super) end: Option<At>,
}

impl Moments {
    /// Returns the moments of rows that know no period.
    pub(super) fn of(as_of: Instant) -> Self {
        Self { as_of: At::Instant(as_of), start: None, end: None }
    }

    /// Returns the moments of rows that are seen as of an instant of their period, whose start is in the column `start`.
    /// That instant is never after the period's end.
    pub(super) fn by_period(start: &'static str) -> Self {
        let as_of = At::Column("as_of");
        Self { as_of, start: Some(At::Column(start)), end: Some(as_of) }
    }

    /// Returns where `moment` is to be found.
    pub(super) fn at(&self, moment: Moment) -> Result<At, RenderError> {
        match moment {
            Moment::AsOf => Ok(self.as_of),
            Moment::PeriodStart => self.start.ok_or(RenderError::NoPeriod("start")),
            Moment::PeriodEnd => self.end.ok_or(RenderError::NoPeriod("end")),
        }
    }
}
