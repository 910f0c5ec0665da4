//! Facts about rows, taken from the events inside a window around one of their instants.
//!
//! Events are found by their match columns and stand in the order of their instants, so that the events of a window
//! are at most two stretches of a list, less the row's own. Knows no population and no measure.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use super::error::mismatch;
use super::logic::{Term, Truth};
use super::rows::{Key, Row, instant};
use super::scan::{Scanned, scan};
use super::total::Total;
use super::{InterpretError, Tables};
use crate::plan::{Relate, Scan, Summary, Window};
use crate::value::{Instant, Value};

/// The rows that facts are about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// How they were scanned.
    pub(super) scan: &'a Scan,
    /// The rows.
    pub(super) rows: &'a Scanned<'a>,
}

/// Computes the fact `relate` about the rows at `positions` of the subject's table, in that order.
pub(super) fn relate(
    relate: &Relate,
    subject: Subject<'_>,
    positions: &[usize],
    (tables, as_of): (&Tables, Instant),
) -> Result<Vec<Value>, InterpretError> {
    check(relate, subject.scan)?;
    let events = scan(&relate.events, tables, as_of)?;
    let relation = Relation::bind(relate, subject, &events)?;
    let index = relation.index()?;
    positions.iter().map(|position| relation.fact(&index, *position)).collect()
}

/// Refuses a step whose rows and events disagree about the source they share, or need one and have two.
fn check(relate: &Relate, scan: &Scan) -> Result<(), InterpretError> {
    let (events, name) = (&relate.events, &relate.name);
    let contradiction = |what| Err(InterpretError::Contradiction { what });
    if events.source != scan.source {
        if relate.window.same_instant_later_in_order {
            return contradiction(format!("`{name}` asks for later in the order of two sources"));
        }
        return Ok(());
    }
    if events.key != scan.key || events.order != scan.order || events.dedupe != scan.dedupe {
        return contradiction(format!("`{name}` reads `{}` with another key, order or duplicate policy", scan.source));
    }
    Ok(())
}

/// A relate step bound to its rows and events.
struct Relation<'a> {
    subject: Subject<'a>,
    events: &'a Scanned<'a>,
    /// Whether the rows are events too, so that each must be kept from relating to itself.
    is_reflexive: bool,
    window: &'a Window,
    row_anchor: usize,
    row_match: Vec<usize>,
    event_at: usize,
    event_match: Vec<usize>,
    predicate: Option<Term>,
    gist: Gist,
}

/// A summary bound to the events' columns.
enum Gist {
    Exists,
    Count,
    Edge(Ordering, Term),
    Sum(Total, Term),
    Extreme(Ordering, Term),
}

/// An event that could match some row.
struct Event {
    /// Which set of match values it has.
    group: usize,
    at: Instant,
    position: usize,
}

/// The events by group, then by instant, then by the total order.
struct Index<'a> {
    events: Vec<Event>,
    /// Where each group stands among the events.
    groups: Vec<Range<usize>>,
    by_match: HashMap<Key<'a>, usize>,
}

impl Index<'_> {
    fn group(&self, key: &Key<'_>) -> &[Event] {
        self.by_match.get(key).map_or(&[], |group| &self.events[self.groups[*group].clone()])
    }
}

/// The events of a group that match a row: two stretches, less the row's own.
struct Matching<'a> {
    group: &'a [Event],
    stretches: [Range<usize>; 2],
    own: Option<usize>,
}

impl<'a> Matching<'a> {
    fn events(&self) -> impl Iterator<Item = &'a Event> {
        let group = self.group;
        let own = self.own;
        self.stretches.clone().into_iter().flatten().filter(move |index| Some(*index) != own).map(|index| &group[index])
    }

    fn count(&self) -> usize {
        let all: usize = self.stretches.iter().map(Range::len).sum();
        let has_own = self.own.is_some_and(|own| self.stretches.iter().any(|stretch| stretch.contains(&own)));
        all - usize::from(has_own)
    }
}

impl<'a> Relation<'a> {
    fn bind(relate: &'a Relate, subject: Subject<'a>, events: &'a Scanned<'a>) -> Result<Self, InterpretError> {
        let (layout, row_layout) = (&events.layout, &subject.rows.layout);
        let term = |expression| Term::bind(expression, layout);
        let gist = match &relate.summary {
            Summary::Exists => Gist::Exists,
            Summary::Count => Gist::Count,
            Summary::First(expression) => Gist::Edge(Ordering::Less, term(expression)?),
            Summary::Last(expression) => Gist::Edge(Ordering::Greater, term(expression)?),
            Summary::Sum(expression) => Gist::Sum(Total::of(expression.ty()), term(expression)?),
            Summary::Min(expression) => Gist::Extreme(Ordering::Less, term(expression)?),
            Summary::Max(expression) => Gist::Extreme(Ordering::Greater, term(expression)?),
        };
        Ok(Self {
            is_reflexive: relate.events.source == subject.scan.source,
            window: &relate.window,
            row_anchor: row_layout.cell(&relate.anchor)?,
            row_match: row_layout.cells(relate.same.iter().map(|(row, _)| row))?,
            event_at: layout.cell(&relate.event_at)?,
            event_match: layout.cells(relate.same.iter().map(|(_, event)| event))?,
            predicate: relate.predicate.as_ref().map(term).transpose()?,
            gist,
            subject,
            events,
        })
    }

    fn index(&self) -> Result<Index<'_>, InterpretError> {
        let mut events = Vec::with_capacity(self.events.rows.len());
        let mut by_match = HashMap::with_capacity(self.events.rows.len());
        for &position in &self.events.rows {
            let cells = self.events.cells(position);
            let Some(at) = instant(&cells[self.event_at])? else { continue };
            let key = Key::new(cells, &self.event_match);
            if key.has_null() || !self.admits(cells)? {
                continue;
            }
            let next = by_match.len();
            let group = *by_match.entry(key).or_insert(next);
            events.push(Event { group, at, position });
        }
        events.sort_unstable_by(|a, b| {
            a.group.cmp(&b.group).then_with(|| self.place(a, b.at, self.events.cells(b.position)))
        });
        let mut groups = Vec::with_capacity(by_match.len());
        for group in events.chunk_by(|a, b| a.group == b.group) {
            let start = groups.last().map_or(0, |last: &Range<usize>| last.end);
            groups.push(start..start + group.len());
        }
        Ok(Index { events, groups, by_match })
    }

    fn admits(&self, cells: &[Value]) -> Result<bool, InterpretError> {
        match &self.predicate {
            None => Ok(true),
            Some(predicate) => Ok(predicate.truth(Row::bare(cells))? == Truth::True),
        }
    }

    /// Compares an event with the place of an event at `at` with these cells: by instant, then in the total order.
    fn place(&self, event: &Event, at: Instant, cells: &[Value]) -> Ordering {
        event.at.cmp(&at).then_with(|| self.events.compare(self.events.cells(event.position), cells))
    }

    fn fact(&self, index: &Index<'_>, position: usize) -> Result<Value, InterpretError> {
        let cells = self.subject.rows.cells(position);
        let key = Key::new(cells, &self.row_match);
        let Some(anchor) = instant(&cells[self.row_anchor])? else { return Ok(Value::Null) };
        if key.has_null() {
            return Ok(Value::Null);
        }
        let group = index.group(&key);
        let own = if self.is_reflexive { self.own(group, position)? } else { None };
        let stretches = self.stretches(group, anchor, cells);
        self.sum_up(&Matching { group, stretches, own })
    }

    /// Returns where in `group` the row itself stands. Both scans keep the same row of each key, so the row's place
    /// in the table tells it.
    fn own(&self, group: &[Event], position: usize) -> Result<Option<usize>, InterpretError> {
        let cells = self.events.cells(position);
        let Some(at) = instant(&cells[self.event_at])? else { return Ok(None) };
        let index = group.partition_point(|event| self.place(event, at, cells).is_lt());
        Ok(group.get(index).filter(|event| event.position == position).map(|_| index))
    }

    /// Returns the stretches of `group` inside the window around `anchor` of the row with these cells.
    fn stretches(&self, group: &[Event], anchor: Instant, cells: &[Value]) -> [Range<usize>; 2] {
        // The sum of two 64-bit times fits in 128 bits, so a far window edge needs no error.
        let distance = |event: &Event| i128::from(event.at.micros()) - i128::from(anchor.micros());
        let start = self.window.from.map_or(0, |bound| {
            let edge = i128::from(bound.offset.micros());
            group.partition_point(|e| distance(e) < edge || (distance(e) == edge && !bound.inclusive))
        });
        let end = self.window.to.map_or(group.len(), |bound| {
            let edge = i128::from(bound.offset.micros());
            group.partition_point(|e| distance(e) < edge || (distance(e) == edge && bound.inclusive))
        });
        let end = end.max(start);
        if !self.window.same_instant_later_in_order {
            return [start..end, end..end];
        }
        let before = group.partition_point(|event| event.at < anchor).clamp(start, end);
        let later = group.partition_point(|event| {
            event.at < anchor
                || (event.at == anchor && self.events.compare(self.events.cells(event.position), cells).is_le())
        });
        [start..before, later.clamp(start, end)..end]
    }

    fn sum_up(&self, matching: &Matching<'_>) -> Result<Value, InterpretError> {
        match &self.gist {
            Gist::Exists => Ok(Value::Boolean(matching.count() > 0)),
            Gist::Count => i64::try_from(matching.count()).map(Value::integer).map_err(|_| mismatch("a count")),
            Gist::Edge(side, term) => self.edge(matching, *side, term),
            Gist::Sum(nothing, term) => {
                let mut total = nothing.clone();
                for event in matching.events() {
                    total.add(term.value(Row::bare(self.events.cells(event.position)))?.as_ref())?;
                }
                if total.values == 0 { Ok(Value::Null) } else { total.sum() }
            }
            Gist::Extreme(side, term) => {
                let mut best = Value::Null;
                for event in matching.events() {
                    keep(&mut best, term.value(Row::bare(self.events.cells(event.position)))?.as_ref(), *side)?;
                }
                Ok(best)
            }
        }
    }

    /// Returns the value of the first (`Less`) or last (`Greater`) event in the total order.
    fn edge(&self, matching: &Matching<'_>, side: Ordering, term: &Term) -> Result<Value, InterpretError> {
        let mut best: Option<&[Value]> = None;
        for event in matching.events() {
            let cells = self.events.cells(event.position);
            if best.is_none_or(|best| self.events.compare(cells, best) == side) {
                best = Some(cells);
            }
        }
        match best {
            Some(cells) => Ok(term.value(Row::bare(cells))?.into_owned()),
            None => Ok(Value::Null),
        }
    }
}

/// Replaces `best` by `value` where that is smaller (`Less`) or larger (`Greater`); null is neither.
pub(super) fn keep(best: &mut Value, value: &Value, side: Ordering) -> Result<(), InterpretError> {
    if value.is_null() {
        return Ok(());
    }
    if best.is_null() || value.compare(best).ok_or_else(|| mismatch("a smallest or largest value"))? == side {
        *best = value.clone();
    }
    Ok(())
}
