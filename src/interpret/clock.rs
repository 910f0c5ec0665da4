//! Facts that are lengths of time: from one instant to another, as far as a set of instants holds it.
//!
//! Knows no population.

use super::InterpretError;
use super::error::overflow;
use super::facts::{Subject, World};
use super::hours::Openings;
use super::interval::{Interval, complement, intersection, length, union};
use super::logic::{Names, Term};
use super::rows::{Row, instant};
use super::spans::Chains;
use crate::plan::{Clock, Reversed, Times};
use crate::value::{Duration, Value};

/// Computes the fact `step` about the rows asked for.
pub(super) fn clock(step: &Clock, subject: &Subject<'_>, world: &World<'_>) -> Result<Vec<Value>, InterpretError> {
    let names = Names::of(&subject.layout, &world.moments);
    let (from, to) = (names.bind(&step.from)?, names.bind(&step.to)?);
    let counting = step.counting.as_ref().map(|times| Set::bind(times, subject, world)).transpose()?;
    let stopwatch = Stopwatch { from, to, counting, reversed: step.reversed };
    subject.asked.iter().map(|index| stopwatch.read(subject.row(*index))).collect()
}

/// A clock bound to the row it is of.
struct Stopwatch<'a> {
    from: Term,
    to: Term,
    counting: Option<Set<'a>>,
    reversed: Reversed,
}

impl Stopwatch<'_> {
    fn read(&self, row: Row<'_>) -> Result<Value, InterpretError> {
        let ends = (instant(self.from.value(row)?.as_ref())?, instant(self.to.value(row)?.as_ref())?);
        let (Some(from), Some(to)) = ends else { return Ok(Value::Null) };
        let micros = match (to < from, self.reversed) {
            (false, _) => self.running(Interval { start: from, end: to }, row)?,
            (true, Reversed::Zero) => 0,
            (true, Reversed::Unknown) => return Ok(Value::Null),
            (true, Reversed::Negative) => -self.running(Interval { start: to, end: from }, row)?,
        };
        let micros = i64::try_from(micros).map_err(|_| overflow("a length of time"))?;
        Ok(Value::Duration(Duration::from_micros(micros)))
    }

    /// Returns for how long the clock runs within `frame`.
    fn running(&self, frame: Interval, row: Row<'_>) -> Result<i128, InterpretError> {
        match &self.counting {
            None => Ok(frame.length()),
            // Nothing lies between an instant and itself, whatever the set.
            Some(_) if frame.start == frame.end => Ok(0),
            Some(set) => Ok(length(&set.within(frame, row)?)),
        }
    }
}

/// A set of instants bound to the row it is of.
enum Set<'a> {
    Open(Openings<'a>),
    Spans(Box<Chains<'a>>),
    Any(Vec<Set<'a>>),
    All(Vec<Set<'a>>),
    Not(Box<Set<'a>>),
}

impl<'a> Set<'a> {
    fn bind(times: &'a Times, subject: &Subject<'_>, world: &World<'a>) -> Result<Self, InterpretError> {
        let all = |parts: &'a [Times]| -> Result<Vec<Self>, InterpretError> {
            parts.iter().map(|part| Set::bind(part, subject, world)).collect()
        };
        Ok(match times {
            Times::Open(hours) => Set::Open(Openings::new(hours)?),
            Times::Spans(spans) => Set::Spans(Box::new(Chains::bind(spans, subject, world)?)),
            Times::Any(parts) => Set::Any(all(parts)?),
            Times::All(parts) => Set::All(all(parts)?),
            Times::Not(inner) => Set::Not(Box::new(Set::bind(inner, subject, world)?)),
        })
    }

    /// Returns the part of the set that lies in `frame`.
    fn within(&self, frame: Interval, row: Row<'_>) -> Result<Vec<Interval>, InterpretError> {
        let all = |parts: &[Set<'_>]| -> Result<Vec<Vec<Interval>>, InterpretError> {
            parts.iter().map(|part| part.within(frame, row)).collect()
        };
        match self {
            Set::Open(openings) => openings.within(frame),
            Set::Spans(chains) => chains.within(frame, row),
            Set::Any(parts) => Ok(union(all(parts)?.concat())),
            Set::All(parts) => Ok(intersection(&all(parts)?, frame)),
            Set::Not(inner) => Ok(complement(&inner.within(frame, row)?, frame)),
        }
    }
}
