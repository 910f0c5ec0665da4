//! Facts about rows, taken from the events inside a window around one of their instants.
//!
//! Events are found by their match columns and stand in the order of their instants, so that the events of a window
//! are at most two stretches of a list, less the row's own. What an event and a row must fulfil together, and which of
//! its rows an event counts for, is asked of each event of those stretches. Knows no fate and no measure.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Range;

use super::InterpretError;
use super::facts::{Subject, World};
use super::gist::Gist;
use super::logic::{Names, Term, Truth};
use super::numbered::Numbered;
use super::rows::{Key, Place, Row, instant};
use super::scan::{Scanned, scan, scan_again};
use super::shares;
use crate::plan::{Bound, Credit, Dedupe, Relate, Scan};
use crate::value::{Instant, Value};

/// Computes the fact `step` called `name` about the rows asked for.
pub(super) fn relate(
    step: &Relate,
    name: &str,
    subject: &Subject<'_>,
    world: &World<'_>,
) -> Result<Vec<Value>, InterpretError> {
    check((step, name), subject.scan)?;
    let is_same = step.events.source == subject.scan.source && step.events.dedupe == Dedupe::Unique;
    let events = match is_same {
        true => scan_again(&step.events, subject.rows, &world.moments)?,
        false => scan(&step.events, world.tables, &world.moments)?,
    };
    let relation = Relation::bind(step, subject, &events, world)?;
    let index = relation.index()?;
    let owners = match step.credit {
        Credit::Every => None,
        Credit::First => Some(relation.owners(&index, Ordering::Less)?),
        Credit::Last => Some(relation.owners(&index, Ordering::Greater)?),
    };
    let facts = |share: Range<usize>| -> Result<Vec<Value>, InterpretError> {
        subject.asked[share].iter().map(|row| relation.fact(&index, owners.as_ref(), *row)).collect()
    };
    shares::joined(subject.asked.len(), facts)
}

/// Refuses a step whose rows and events disagree about the source they share, or need one and have two.
fn check((step, name): (&Relate, &str), scan: &Scan) -> Result<(), InterpretError> {
    let events = &step.events;
    let contradiction = |what| Err(InterpretError::Contradiction { what });
    if events.source != scan.source {
        if step.window.same_instant_later_in_order {
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
    subject: &'a Subject<'a>,
    events: &'a Scanned<'a>,
    /// Whether the rows are events too, so that each must be kept from relating to itself.
    is_reflexive: bool,
    /// Whether a row that is an event matches the events of its own group.
    is_matched_by_itself: bool,
    is_later_in_order: bool,
    from: Option<Edge>,
    to: Option<Edge>,
    row_anchor: Place,
    row_match: Vec<Place>,
    event_at: Place,
    event_match: Vec<Place>,
    /// What an event must fulfil, whatever the row.
    alone: Option<Term>,
    /// What an event must fulfil together with the row.
    together: Option<Term>,
    gist: Gist,
}

/// One end of a window.
struct Edge {
    at: At,
    inclusive: bool,
}

/// Where a window ends.
enum At {
    /// At this distance from the anchor, in microseconds.
    Offset(i128),
    /// At an instant of the row.
    Instant(Term),
}

/// An event that could match some row.
#[derive(Clone, Copy)]
struct Event {
    at: Instant,
    /// Which row of the events it is.
    row: usize,
}

/// The events by group, then by instant, then by the total order.
struct Index<'a> {
    events: Vec<Event>,
    /// Where each group starts among the events, and where the last ends.
    starts: Vec<usize>,
    /// The number of each group.
    numbers: Numbered<'a>,
    /// Where each row that relates to its own kind stands among the events itself; empty where none can.
    own: Vec<Option<Spot>>,
}

/// Where an event stands: in which group, and where in it.
#[derive(Clone, Copy)]
struct Spot {
    group: usize,
    place: usize,
}

impl Index<'_> {
    /// Returns the events of a group.
    fn group(&self, number: usize) -> &[Event] {
        &self.events[self.starts[number]..self.starts[number + 1]]
    }
}

/// The events of a group that lie in a row's window: two stretches, less the row's own.
struct Matching<'a> {
    group: &'a [Event],
    stretches: [Range<usize>; 2],
    own: Option<usize>,
}

impl<'a> Matching<'a> {
    fn rows(&self) -> impl Iterator<Item = usize> + use<'a> {
        let group = self.group;
        let own = self.own;
        let indices = self.stretches.clone().into_iter().flatten();
        indices.filter(move |index| Some(*index) != own).map(|index| group[index].row)
    }

    fn count(&self) -> usize {
        let all: usize = self.stretches.iter().map(Range::len).sum();
        let has_own = self.own.is_some_and(|own| self.stretches.iter().any(|stretch| stretch.contains(&own)));
        all - usize::from(has_own)
    }
}

impl<'a> Relation<'a> {
    fn bind(
        step: &Relate,
        subject: &'a Subject<'a>,
        events: &'a Scanned<'a>,
        world: &World<'_>,
    ) -> Result<Self, InterpretError> {
        let (layout, row_layout) = (&events.layout, &subject.layout);
        let names = Names::of_pair(layout, row_layout, &world.moments);
        let predicate = names.bind_some(step.predicate.as_ref())?;
        let is_of_pairs = step.predicate.as_ref().is_some_and(|predicate| !predicate.outer_columns().is_empty());
        let (alone, together) = if is_of_pairs { (None, predicate) } else { (predicate, None) };
        let row_names = Names::of(row_layout, &world.moments);
        let edge = |bound: &Option<Bound>| -> Result<Option<Edge>, InterpretError> {
            let Some(bound) = bound else { return Ok(None) };
            let at = match bound.offset(&step.anchor) {
                Some(offset) => At::Offset(i128::from(offset.micros())),
                None => At::Instant(row_names.bind(&bound.at)?),
            };
            Ok(Some(Edge { at, inclusive: bound.inclusive }))
        };
        let row_match = row_layout.places(step.same.iter().map(|(row, _)| row))?;
        let event_match = layout.places(step.same.iter().map(|(_, event)| event))?;
        // Facts of a row and derived columns of an event may share a place.
        let is_cell = |place: &Place| matches!(place, Place::Cell(_));
        Ok(Self {
            is_reflexive: step.events.source == subject.scan.source,
            is_matched_by_itself: row_match == event_match && row_match.iter().all(is_cell),
            is_later_in_order: step.window.same_instant_later_in_order,
            from: edge(&step.window.from)?,
            to: edge(&step.window.to)?,
            row_anchor: row_layout.place(&step.anchor)?,
            row_match,
            event_at: layout.place(&step.event_at)?,
            event_match,
            alone,
            together,
            gist: Gist::bind(&step.summary, &names)?,
            subject,
            events,
        })
    }

    fn index(&self) -> Result<Index<'_>, InterpretError> {
        let found = shares::joined(self.events.len(), |share| self.eligible(share))?;
        let key = |index: usize| self.event_key(found[index].row);
        let (numbers, groups) = Numbered::of(self.event_match.len(), found.len(), key);
        let (mut events, starts) = grouped(&found, &groups, numbers.len());
        shares::change(&mut cut(&mut events, &starts), |_, group| {
            group.sort_unstable_by(|a, b| self.place(a, b.at, self.events.cells(b.row)));
            Ok(())
        })?;
        let mut index = Index { events, starts, numbers, own: Vec::new() };
        if self.is_reflexive {
            index.own = self.own(&index);
        }
        Ok(index)
    }

    fn event_key(&self, row: usize) -> Key<'_> {
        Key::new(self.events.row(row), &self.event_match)
    }

    /// Returns the events among some rows that could match a row.
    fn eligible(&self, share: Range<usize>) -> Result<Vec<Event>, InterpretError> {
        let mut eligible = Vec::with_capacity(share.len());
        for row in share {
            let event = self.events.row(row);
            let Some(at) = instant(event.at(self.event_at))? else { continue };
            if !self.event_key(row).has_null() && holds(self.alone.as_ref(), event)? {
                eligible.push(Event { at, row });
            }
        }
        Ok(eligible)
    }

    /// Returns for each row where it stands among the events itself. Both scans keep the same row of each key.
    fn own(&self, index: &Index<'_>) -> Vec<Option<Spot>> {
        let mut spots = vec![None; self.events.len()];
        for group in 0..index.numbers.len() {
            for (place, event) in index.group(group).iter().enumerate() {
                spots[event.row] = Some(Spot { group, place });
            }
        }
        self.events.of_same_rows(self.subject.rows).into_iter().map(|itself| spots[itself?]).collect()
    }

    /// Compares an event with the place of an event at `at` with these cells: by instant, then in the total order.
    fn place(&self, event: &Event, at: Instant, cells: &[Value]) -> Ordering {
        event.at.cmp(&at).then_with(|| self.events.compare(self.events.cells(event.row), cells))
    }

    /// Returns for each event that matches any row it can count for the first (`Less`) or last (`Greater`) of them.
    fn owners(&self, index: &Index<'_>, side: Ordering) -> Result<HashMap<usize, usize>, InterpretError> {
        let mut owners: HashMap<usize, usize> = HashMap::new();
        for row in (0..self.subject.rows.len()).filter(|row| self.subject.creditable[*row]) {
            let Some(matching) = self.in_window(index, row)? else { continue };
            for event in self.matching(&matching, row)? {
                let owner = owners.entry(event).or_insert(row);
                if self.subject.rows.in_order(row, *owner) == side {
                    *owner = row;
                }
            }
        }
        Ok(owners)
    }

    fn fact(
        &self,
        index: &Index<'_>,
        owners: Option<&HashMap<usize, usize>>,
        row: usize,
    ) -> Result<Value, InterpretError> {
        let Some(in_window) = self.in_window(index, row)? else { return Ok(Value::Null) };
        if self.together.is_none() && owners.is_none() {
            if let Some(value) = self.gist.of_count(in_window.count())? {
                return Ok(value);
            }
            return self.gist.of(in_window.rows(), self.events, self.subject.row(row));
        }
        let mut matching = self.matching(&in_window, row)?;
        if let Some(owners) = owners {
            matching.retain(|event| owners.get(event) == Some(&row));
        }
        self.gist.of(matching.into_iter(), self.events, self.subject.row(row))
    }

    /// Returns the events in the window that also fulfil what they must together with the row.
    fn matching(&self, in_window: &Matching<'_>, row: usize) -> Result<Vec<usize>, InterpretError> {
        let outer = self.subject.row(row);
        let mut matching = Vec::new();
        for event in in_window.rows() {
            if holds(self.together.as_ref(), self.events.row(event).seen_from(&outer))? {
                matching.push(event);
            }
        }
        Ok(matching)
    }

    /// Returns the events in the window of a row; `None` where a null leaves it open which they are.
    fn in_window<'i>(&self, index: &'i Index<'_>, row: usize) -> Result<Option<Matching<'i>>, InterpretError> {
        let outer = self.subject.row(row);
        let key = Key::new(outer, &self.row_match);
        let Some(anchor) = instant(outer.at(self.row_anchor))? else { return Ok(None) };
        if key.has_null() {
            return Ok(None);
        }
        let mut ends = [None, None];
        for (end, edge) in ends.iter_mut().zip([&self.from, &self.to]) {
            let Some(edge) = edge else { continue };
            let Some(at) = edge.instant(anchor, outer)? else { return Ok(None) };
            *end = Some((at, edge.inclusive));
        }
        let own = index.own.get(row).copied().flatten();
        let Some(number) = self.group_of(&key, own, index) else {
            return Ok(Some(Matching { group: &[], stretches: [0..0, 0..0], own: None }));
        };
        let group = index.group(number);
        let own = own.filter(|own| own.group == number).map(|own| own.place);
        let stretches = self.stretches(group, ends, (anchor, self.subject.rows.cells(row)));
        Ok(Some(Matching { group, stretches, own }))
    }

    /// Returns the number of the group that a row with this key matches, itself standing at `own`.
    fn group_of(&self, key: &Key<'_>, own: Option<Spot>, index: &Index<'_>) -> Option<usize> {
        if self.is_matched_by_itself
            && let Some(own) = own
        {
            return Some(own.group);
        }
        index.numbers.find(key)
    }

    /// Returns the stretches of `group` inside the window with these ends of a row with this anchor and cells.
    fn stretches(
        &self,
        group: &[Event],
        [from, to]: [Option<(i128, bool)>; 2],
        (anchor, cells): (Instant, &[Value]),
    ) -> [Range<usize>; 2] {
        let at = |event: &Event| i128::from(event.at.micros());
        let start = from.map_or(0, |(edge, inclusive)| {
            group.partition_point(|event| at(event) < edge || (at(event) == edge && !inclusive))
        });
        let end = to.map_or(group.len(), |(edge, inclusive)| {
            group.partition_point(|event| at(event) < edge || (at(event) == edge && inclusive))
        });
        let end = end.max(start);
        if !self.is_later_in_order {
            return [start..end, end..end];
        }
        let before = group.partition_point(|event| event.at < anchor).clamp(start, end);
        let later = group.partition_point(|event| {
            event.at < anchor
                || (event.at == anchor && self.events.compare(self.events.cells(event.row), cells).is_le())
        });
        [start..before, later.clamp(start, end)..end]
    }
}

impl Edge {
    /// Returns the microsecond at which the window of `row` ends; `None` for null.
    fn instant(&self, anchor: Instant, row: Row<'_>) -> Result<Option<i128>, InterpretError> {
        match &self.at {
            // The sum of two 64-bit times fits in 128 bits, so a far window edge needs no error.
            At::Offset(offset) => Ok(Some(i128::from(anchor.micros()) + offset)),
            At::Instant(term) => Ok(instant(term.value(row)?.as_ref())?.map(|at| i128::from(at.micros()))),
        }
    }
}

/// Puts events, of these groups, group by group; returns also where each of the `count` groups starts, and the last ends.
fn grouped(found: &[Event], groups: &[usize], count: usize) -> (Vec<Event>, Vec<usize>) {
    let mut starts = vec![0; count + 1];
    groups.iter().for_each(|group| starts[group + 1] += 1);
    (0..count).for_each(|group| starts[group + 1] += starts[group]);
    let mut free = starts.clone();
    let mut events = vec![Event { at: Instant::from_micros(0), row: 0 }; found.len()];
    for (event, group) in found.iter().zip(groups) {
        events[free[*group]] = *event;
        free[*group] += 1;
    }
    (events, starts)
}

/// Returns each group of events, told where each starts and the last ends.
fn cut<'e>(mut events: &'e mut [Event], starts: &[usize]) -> Vec<&'e mut [Event]> {
    starts.windows(2).map(|group| events.split_off_mut(..group[1] - group[0]).unwrap_or_default()).collect()
}

fn holds(condition: Option<&Term>, row: Row<'_>) -> Result<bool, InterpretError> {
    condition.map_or(Ok(true), |condition| Ok(condition.truth(row)? == Truth::True))
}
