//! Facts from the one row of another source that belongs to a row, or from the version of it in force.
//!
//! Knows no event and no clock.

use std::cmp::Ordering;

use super::InterpretError;
use super::facts::{Subject, World};
use super::logic::{Names, Term};
use super::lookup::Lookup;
use super::rows::{Place, Row, instant};
use super::scan::{Scanned, scan};
use crate::plan::{Join, Version};
use crate::value::{Instant, Value};

/// Computes the fact `join` about the rows asked for.
pub(super) fn join(join: &Join, subject: &Subject<'_>, world: &World<'_>) -> Result<Vec<Value>, InterpretError> {
    let other = scan(&join.other, world.tables, &world.moments)?;
    let lookup = Lookup::new(&other, &join.same, &subject.layout)?;
    let versions = join.version.as_ref().map(|version| Versions::bind(version, &other, subject, world)).transpose()?;
    let taken = Names::of(&other.layout, &world.moments).bind(&join.value)?;
    let fact = |index: &usize| {
        let row = subject.row(*index);
        let found = match &versions {
            Some(versions) => versions.in_force(lookup.of(row), row)?,
            None => only(lookup.of(row), &other, &join.other.source)?,
        };
        found.map_or(Ok(Value::Null), |found| Ok(taken.value(other.row(found))?.into_owned()))
    };
    subject.asked.iter().map(fact).collect()
}

/// Returns the row of a list of at most one.
fn only(matching: &[usize], other: &Scanned<'_>, source: &str) -> Result<Option<usize>, InterpretError> {
    match matching {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        [first, second, ..] => Err(InterpretError::SeveralMatches {
            name: source.to_owned(),
            first: other.position(*first) + 1,
            second: other.position(*second) + 1,
        }),
    }
}

/// The choice of a version, bound to both sides.
struct Versions<'a> {
    other: &'a Scanned<'a>,
    at: Term,
    from: Place,
    until: Option<Place>,
}

impl<'a> Versions<'a> {
    fn bind(
        version: &Version,
        other: &'a Scanned<'a>,
        subject: &Subject<'_>,
        world: &World<'_>,
    ) -> Result<Self, InterpretError> {
        Ok(Self {
            other,
            at: Names::of(&subject.layout, &world.moments).bind(&version.at)?,
            from: other.layout.place(&version.from)?,
            until: version.until.as_ref().map(|until| other.layout.place(until)).transpose()?,
        })
    }

    /// Returns the last of the matching versions that is in force at the row's instant.
    fn in_force(&self, matching: &[usize], row: Row<'_>) -> Result<Option<usize>, InterpretError> {
        let Some(at) = instant(self.at.value(row)?.as_ref())? else { return Ok(None) };
        let mut last: Option<(Instant, usize)> = None;
        for index in matching {
            let version = self.other.row(*index);
            let Some(from) = instant(version.at(self.from))? else { continue };
            let until = self.until.map_or(Ok(None), |until| instant(version.at(until)))?;
            if at < from || until.is_some_and(|until| until <= at) {
                continue;
            }
            let is_later = |(start, best): (Instant, usize)| {
                from.cmp(&start).then_with(|| self.other.in_order(*index, best)) == Ordering::Greater
            };
            if last.is_none_or(is_later) {
                last = Some((from, *index));
            }
        }
        Ok(last.map(|(_, index)| index))
    }
}
