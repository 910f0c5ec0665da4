//! The intervals that events say about a row: from a start to an end of their own, or to the next of their chain.
//!
//! Knows no opening hours and no clock.

use super::InterpretError;
use super::facts::{Subject, World};
use super::interval::{Interval, union};
use super::logic::{Names, Term, Truth};
use super::lookup::Lookup;
use super::rows::{Place, Row, instant};
use super::scan::{Scanned, scan};
use crate::plan::{SpanEnd, Spans};
use crate::value::Instant;

/// Spans bound to their events and the rows they are about.
#[derive(Debug)]
pub(super) struct Chains<'a> {
    events: Scanned<'a>,
    lookup: Lookup,
    chain: Option<Term>,
    counts: Option<Term>,
    start: Place,
    /// The place of an end of its own; `None` where the next event ends it.
    end: Option<Place>,
}

impl<'a> Chains<'a> {
    /// Binds `spans` to the rows of `subject`.
    pub(super) fn bind(spans: &Spans, subject: &Subject<'_>, world: &World<'a>) -> Result<Self, InterpretError> {
        let events = scan(&spans.events, world.tables, &world.moments)?;
        let names = Names::of_pair(&events.layout, &subject.layout, &world.moments);
        let (chain, counts) = (names.bind_some(spans.chain.as_ref())?, names.bind_some(spans.counts.as_ref())?);
        let end = match &spans.end {
            SpanEnd::Column(column) => Some(events.layout.place(column)?),
            SpanEnd::NextEvent => None,
        };
        let start = events.layout.place(&spans.start)?;
        let lookup = Lookup::new(&events, &spans.same, &subject.layout)?;
        Ok(Self { events, lookup, chain, counts, start, end })
    }

    /// Returns the part of the set of `row` that lies in `frame`.
    pub(super) fn within(&self, frame: Interval, row: Row<'_>) -> Result<Vec<Interval>, InterpretError> {
        let chain = self.chain(row)?;
        let mut spans = Vec::with_capacity(chain.len());
        for (place, (start, event)) in chain.iter().enumerate() {
            if !holds(self.counts.as_ref(), self.events.row(*event).seen_from(&row))? {
                continue;
            }
            let end = match self.end {
                Some(end) => instant(self.events.row(*event).at(end))?,
                None => chain.get(place + 1).map(|(next, _)| *next),
            };
            // What has not ended lasts as long as anyone looks.
            spans.push(Interval { start: *start, end: end.unwrap_or(frame.end) }.cut_to(frame));
        }
        Ok(union(spans))
    }

    /// Returns the events that follow each other about `row`, with their starts, in order.
    fn chain(&self, row: Row<'_>) -> Result<Vec<(Instant, usize)>, InterpretError> {
        let mut chain = Vec::new();
        for event in self.lookup.of(row) {
            let Some(start) = instant(self.events.row(*event).at(self.start))? else { continue };
            if holds(self.chain.as_ref(), self.events.row(*event).seen_from(&row))? {
                chain.push((start, *event));
            }
        }
        chain.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| self.events.in_order(a.1, b.1)));
        Ok(chain)
    }
}

fn holds(condition: Option<&Term>, pair: Row<'_>) -> Result<bool, InterpretError> {
    condition.map_or(Ok(true), |condition| Ok(condition.truth(pair)? == Truth::True))
}
