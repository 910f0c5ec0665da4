//! Lengths of time and distances on clocks: sets of instants, opening hours, calendar days.

use serde::Serialize;

use super::Scan;
use crate::expression::Expression;
use crate::value::Date;

/// The length of the time from one instant to another that lies in a set of instants.
///
/// Null where an end is null. The set is cut to `[from, to)`; overlapping parts count once. An event dated after
/// `as_of` has not happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Clock {
    /// Where the clock starts, over the row.
    pub from: Expression,
    /// Where it stops, over the row.
    pub to: Expression,
    /// When it runs; `None` always.
    pub counting: Option<Times>,
    /// What a stop before the start means.
    pub reversed: Reversed,
}

/// What a stop before the start means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Reversed {
    /// No time has passed.
    Zero,
    /// It is not known how much: null.
    Unknown,
    /// The length with its sign turned, of the set between the two.
    Negative,
}

/// A set of instants, made of half-open intervals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Times {
    /// When a calendar is open.
    Open(Hours),
    /// What events say about the row.
    Spans(Box<Spans>),
    /// What lies in any; at least one.
    Any(Vec<Times>),
    /// What lies in all; at least one.
    All(Vec<Times>),
    /// What does not lie in it.
    Not(Box<Times>),
}

impl Times {
    /// Returns the sets that have no parts, from left to right.
    pub fn leaves(&self) -> Vec<&Times> {
        match self {
            Times::Open(_) | Times::Spans(_) => vec![self],
            Times::Any(parts) | Times::All(parts) => parts.iter().flat_map(Times::leaves).collect(),
            Times::Not(inner) => inner.leaves(),
        }
    }

    /// Returns the events' intervals among them.
    pub fn spans(&self) -> Vec<&Spans> {
        let mut found = Vec::new();
        for leaf in self.leaves() {
            if let Times::Spans(spans) = leaf {
                found.push(spans.as_ref());
            }
        }
        found
    }

    /// Returns the events' intervals among them, to be changed.
    pub fn spans_mut(&mut self) -> Vec<&mut Spans> {
        match self {
            Times::Open(_) => Vec::new(),
            Times::Spans(spans) => vec![spans],
            Times::Any(parts) | Times::All(parts) => parts.iter_mut().flat_map(Times::spans_mut).collect(),
            Times::Not(inner) => inner.spans_mut(),
        }
    }
}

/// The intervals of the events that match a row: `[start, end)`, empty unless `start < end`.
///
/// An event matches when all `same` pairs are equal (null equals nothing) and `chain` is TRUE; a row may match itself.
/// Its interval belongs to the set when `counts` is TRUE too. An event with a null start has no interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spans {
    /// Where the events come from.
    pub events: Scan,
    /// Pairs of (row column or fact, event column) that must be equal.
    pub same: Vec<(String, String)>,
    /// Which events follow each other; over the event, and the row by [`Expression::Outer`].
    pub chain: Option<Expression>,
    /// Which events' intervals are meant; over the event, and the row by [`Expression::Outer`].
    pub counts: Option<Expression>,
    /// The event's column with the first instant of its interval.
    pub start: String,
    /// Where the interval ends.
    pub end: SpanEnd,
}

/// Where an event's interval ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum SpanEnd {
    /// At the instant in this column; a null is an interval that has not ended.
    Column(String),
    /// Where the next event of the chain starts, in the order of `start`, then the events' total order (those with a null
    /// `start` are skipped); the last has not ended.
    NextEvent,
}

/// When a service is open: local hours by weekday, and days that differ.
///
/// The opening hours of a local day are those of `days` if it is listed there, else those of its weekday in the last
/// schedule that has begun. A time of day stands for the first instant at which the local time is at or after it
/// (24:00 is the midnight that ends the day), so a repeated hour is open twice as long and 00:00-24:00 loses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// IANA zone name.
    pub zone: String,
    /// The weekly hours, by the day they begin; the first has no beginning, the others are in order.
    pub schedules: Vec<Schedule>,
    /// Days with hours of their own, in order; a holiday has none.
    pub days: Vec<(Date, Vec<Opening>)>,
}

/// The opening hours of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// The first day they hold; `None` since ever.
    pub from: Option<Date>,
    /// The hours of Monday to Sunday.
    pub weekly: [Vec<Opening>; 7],
}

/// Opening hours `[from, to)` within a day, in minutes since midnight; `from < to <= 1440`. Those of a day do not
/// overlap, and are in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Opening {
    /// First minute.
    pub from: u16,
    /// First minute after.
    pub to: u16,
}

/// The instant at a distance from another. Null where that one (or the distance) is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advance {
    /// Where it starts, over the row.
    pub from: Expression,
    /// How far it is.
    pub by: Distance,
}

/// A distance on a clock that is not that of the UTC line (for which there is [`Expression::Shift`]).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Distance {
    /// Not negative: the end of the local day that many days after the instant's own, that is, the start of the day after
    /// it. Negative: the start of the local day that many days before. Days start as periods of grain `day` do.
    CalendarDays {
        /// How many.
        days: i32,
        /// IANA zone name.
        zone: String,
    },
    /// As calendar days, counting only local days with opening hours; the instant's own day is not counted, whether it
    /// has any or not. 0 is the end of the instant's own day.
    BusinessDays {
        /// How many.
        days: i32,
        /// Which days.
        hours: Hours,
    },
    /// A duration of open time. Positive: the first instant before which that much open time has passed since the start.
    /// Negative: the last instant from which that much passes until it. Zero: the start itself.
    BusinessTime {
        /// The duration, over the row.
        length: Expression,
        /// What counts as open.
        hours: Hours,
    },
}
