//! Two metrics that differ in a single clause.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::rules::outline::Said;
use crate::rules::{About, Everyone, Findings, Outline, Read, Rule};

/// Fewest clauses for which one in which two metrics differ is a small part.
const FEWEST: usize = 3;

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let candidates: Vec<Candidate<'_>> =
        everyone.readings().filter_map(|(outline, read)| Candidate::of(outline, read)).collect();
    let mut near: Vec<(usize, usize, usize)> = Vec::new();
    let mut alike = Alike::default();
    for (position, candidate) in candidates.iter().enumerate() {
        near.extend(alike.nearest(candidate, &candidates).map(|(first, at)| (first, position, at)));
        alike.enter(position, candidate, &candidates);
    }
    for (first, second, at) in near {
        add(rule, (&candidates[first], &candidates[second]), at, findings);
    }
}

/// A metric that others may resemble.
struct Candidate<'a> {
    outline: &'a Outline,
    read: &'a Read,
    said: &'a Said,
}

impl<'a> Candidate<'a> {
    /// Returns the metric as one that others may resemble, where it has clauses enough for that.
    fn of(outline: &'a Outline, read: &'a Read) -> Option<Self> {
        let said = read.said.as_ref().filter(|said| said.clauses.len() >= FEWEST)?;
        Some(Self { outline, read, said })
    }

    /// Returns what stands for all that it says but one clause.
    fn without(&self, at: usize) -> (usize, u64) {
        let clauses = self.said.clauses.iter().enumerate();
        let others = clauses.map(|(position, clause)| if position == at { 0 } else { *clause });
        let mut hasher = DefaultHasher::new();
        std::iter::once(self.said.skeleton).chain(others).for_each(|number| number.hash(&mut hasher));
        (at, hasher.finish())
    }

    /// Returns the clauses in which another may differ.
    fn places(&self) -> impl Iterator<Item = usize> {
        (0..self.said.clauses.len()).filter(|at| !self.said.measures[*at])
    }

    fn id(&self) -> &str {
        &self.outline.id
    }
}

/// Metrics by what they say beside one of their clauses: those that share it can differ in that clause only.
#[derive(Default)]
struct Alike {
    by_rest: BTreeMap<(usize, u64), Vec<usize>>,
    /// The first with a clause, and whether one of another name has it too.
    by_clause: BTreeMap<((usize, u64), u64), (usize, bool)>,
}

impl Alike {
    /// Returns the first metric that differs from this one in one clause which is not what is measured, and that clause.
    fn nearest(&self, own: &Candidate<'_>, candidates: &[Candidate<'_>]) -> Option<(usize, usize)> {
        let first = |at: usize| {
            let differs = |other: &&usize| {
                let other = &candidates[**other];
                other.id() != own.id() && other.said.clauses[at] != own.said.clauses[at]
            };
            let other = self.by_rest.get(&own.without(at))?.iter().find(differs)?;
            Some((*other, at))
        };
        own.places().filter_map(first).min()
    }

    /// Enters a metric. Of many with one clause two of different names are enough for whatever is asked.
    fn enter(&mut self, position: usize, own: &Candidate<'_>, candidates: &[Candidate<'_>]) {
        for at in own.places() {
            let rest = own.without(at);
            match self.by_clause.entry((rest, own.said.clauses[at])) {
                Entry::Vacant(entry) => {
                    entry.insert((position, false));
                }
                Entry::Occupied(mut entry) => {
                    let (first, has_other) = *entry.get();
                    if has_other || candidates[first].id() == own.id() {
                        continue;
                    }
                    entry.insert((first, true));
                }
            }
            self.by_rest.entry(rest).or_default().push(position);
        }
    }
}

fn add(rule: &'static Rule, (first, second): (&Candidate<'_>, &Candidate<'_>), at: usize, findings: &mut Findings) {
    let place = second.said.slots.get(at).map_or("", String::as_str);
    let (name, other) = (second.read.name(second.outline), first.read.name(first.outline));
    let message = format!("`{name}` differs from `{other}` in nothing but `{place}`");
    let (key, about) = (format!("{name}|{other}|{place}"), About::version(second.id(), second.outline.status));
    findings.add(rule, about, second.read.named_at, (&key, message)).also(first.read.named_at, "the other");
}
