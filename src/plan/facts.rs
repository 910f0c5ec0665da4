//! What else is known about a row: derived values, joins, events.

use serde::Serialize;

use super::{Advance, Clock, Scan, Times};
use crate::expression::Expression;
use crate::value::{Duration, Type};

/// Something about a row besides its columns; a column of the row from there on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// How it is found.
    pub rule: Rule,
}

/// How a fact is found. Every expression and name over the row may use the facts before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Rule {
    /// From the row itself.
    Derived(Expression),
    /// From the one row of another source that belongs to it.
    Joined(Join),
    /// From the events around it.
    Related(Box<Relate>),
    /// As a length of time.
    Clocked(Clock),
    /// As the instant at some distance on a clock.
    Advanced(Advance),
}

impl Rule {
    /// Returns the type of the fact.
    pub fn ty(&self) -> Type {
        match self {
            Rule::Derived(expression) => expression.ty(),
            Rule::Joined(join) => join.value.ty(),
            Rule::Related(relate) => relate.ty(),
            Rule::Clocked(_) => Type::Duration,
            Rule::Advanced(_) => Type::Instant,
        }
    }

    pub(super) fn scans(&self) -> Vec<&Scan> {
        match self {
            Rule::Derived(_) | Rule::Advanced(_) => Vec::new(),
            Rule::Joined(join) => vec![&join.other],
            Rule::Related(relate) => vec![&relate.events],
            Rule::Clocked(clock) => clock.counting.iter().flat_map(Times::spans).map(|spans| &spans.events).collect(),
        }
    }

    pub(super) fn scans_mut(&mut self) -> Vec<&mut Scan> {
        match self {
            Rule::Derived(_) | Rule::Advanced(_) => Vec::new(),
            Rule::Joined(join) => vec![&mut join.other],
            Rule::Related(relate) => vec![&mut relate.events],
            Rule::Clocked(clock) => {
                clock.counting.iter_mut().flat_map(Times::spans_mut).map(|spans| &mut spans.events).collect()
            }
        }
    }
}

/// A lookup of the at most one row of another source that belongs to the row. Where the other side keeps versions, the
/// one in force at an instant. Null where there is none, or where a match column (or that instant) is null.
///
/// Without `version` the match columns on the other side are a key of it: the source says so, and whoever reads the
/// source proves it, so rows never multiply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Join {
    /// The source looked up.
    pub other: Scan,
    /// Pairs of (row column or fact, other's column) that must be equal; null equals nothing.
    pub same: Vec<(String, String)>,
    /// Which of several versions is meant.
    pub version: Option<Version>,
    /// What is taken, over the columns of the other side.
    pub value: Expression,
}

/// The version in force at an instant: of the matching rows with `from <= at`, and `at < until` where that is given and
/// not null, the last by `from`, then by the other side's total order. A null `from` is never in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Version {
    /// The instant, over the row.
    pub at: Expression,
    /// The other side's column with the first instant of a version.
    pub from: String,
    /// The other side's column with the first instant after a version.
    pub until: Option<String>,
}

/// A fact about a row, taken from the events inside a window around one of its instants.
///
/// An event matches a row when all `same` pairs are equal (null equals nothing), `predicate` is TRUE, and the
/// event's instant lies in the window. A row is never an event of its own: where both come from one source, the
/// event with the row's key is left out. When the row's anchor, an end of its window or one of its match columns is null
/// the fact is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relate {
    /// Where the events come from.
    pub events: Scan,
    /// Pairs of (row column or fact, event column) that must be equal.
    pub same: Vec<(String, String)>,
    /// Keeps events for which it is TRUE; over the event, and the row by [`Expression::Outer`].
    pub predicate: Option<Expression>,
    /// The row's instant column or fact that the window is measured from.
    pub anchor: String,
    /// The event's instant column that must lie in the window; null never does.
    pub event_at: String,
    /// The window.
    pub window: Window,
    /// Which of the rows that an event matches it counts for.
    pub credit: Credit,
    /// What the matching events say.
    pub summary: Summary,
}

/// Which of the rows that an event matches it counts for. The rows are those of the population with a known anchor for
/// which its predicate is TRUE (which then reads no fact), whatever their period and whatever befalls them later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Credit {
    /// Each of them.
    Every,
    /// The first of them in the rows' total order.
    First,
    /// The last of them in the rows' total order.
    Last,
}

impl Relate {
    /// Returns the type of the fact.
    pub fn ty(&self) -> Type {
        match &self.summary {
            Summary::Exists | Summary::Every(_) => Type::Boolean,
            Summary::Count => Type::Number(0),
            Summary::Mean(_) => Type::Real,
            Summary::First(expression)
            | Summary::Last(expression)
            | Summary::Sum(expression)
            | Summary::Min(expression)
            | Summary::Max(expression) => expression.ty(),
        }
    }
}

/// The stretch of time in which an event must lie.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Window {
    /// Where it starts; `None` reaches back without limit.
    pub from: Option<Bound>,
    /// Where it ends; `None` reaches forward without limit.
    pub to: Option<Bound>,
    /// Whether an event at the very instant of the anchor counts only if it comes later in the total order of the
    /// (then common) source; it must lie within the bounds all the same. Otherwise the bounds alone decide.
    pub same_instant_later_in_order: bool,
}

/// One end of a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bound {
    /// The instant, over the row: the anchor, shifted by a constant; or a fact found on another clock.
    pub at: Expression,
    /// Whether the very instant belongs to the window.
    pub inclusive: bool,
}

impl Bound {
    /// Returns the distance from `anchor` where that is a constant of elapsed time; negative lies before it.
    pub fn offset(&self, anchor: &str) -> Option<Duration> {
        self.at.shifted_from(anchor)
    }
}

/// What matching events say about a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Summary {
    /// Whether there is any.
    Exists,
    /// Whether the condition is TRUE of all of them; null without events.
    Every(Expression),
    /// How many there are.
    Count,
    /// The expression of the first event in the events' total order; null without events.
    First(Expression),
    /// The expression of the last event in the events' total order; null without events.
    Last(Expression),
    /// The sum over events, nulls skipped; null without a non-null value. Numbers and durations only.
    Sum(Expression),
    /// The sum over events divided by their number, nulls skipped, as a float (durations in seconds); null without a
    /// non-null value. Numbers and durations only.
    Mean(Expression),
    /// The smallest value, nulls skipped; null without one.
    Min(Expression),
    /// The largest value, nulls skipped; null without one.
    Max(Expression),
}

impl Summary {
    /// Returns what is taken from each event, if anything.
    pub fn operand(&self) -> Option<&Expression> {
        match self {
            Summary::Exists | Summary::Count => None,
            Summary::Every(expression)
            | Summary::First(expression)
            | Summary::Last(expression)
            | Summary::Sum(expression)
            | Summary::Mean(expression)
            | Summary::Min(expression)
            | Summary::Max(expression) => Some(expression),
        }
    }
}
