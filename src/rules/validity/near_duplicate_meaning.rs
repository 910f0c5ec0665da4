//! Two metrics that differ in a single clause.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use sha2::{Digest, Sha256};

use crate::cores;
use crate::expression::Expression;
use crate::plan::Slot;
use crate::rules::{About, Findings, Meant, Rule, Subject};

/// Fewest clauses for which one in which two metrics differ is a small part.
const FEWEST: usize = 3;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    // Variants are there to differ in a clause.
    let own = subject.readings().filter(|meant| meant.is_base() && meant.pipeline().is_some());
    let own: Vec<Meant<'_>> = own.collect();
    let candidates: Vec<Candidate<'_>> =
        cores::map(&own, |meant| Candidate::of(*meant)).into_iter().flatten().collect();
    let mut near: Vec<(usize, usize, usize)> = Vec::new();
    let mut alike = Alike::default();
    for (position, candidate) in candidates.iter().enumerate() {
        near.extend(alike.nearest(candidate, &candidates).map(|(first, at)| (first, position, at)));
        alike.enter(position, candidate, &candidates);
    }
    for (first, second, at) in near {
        add(rule, (candidates[first].meant, candidates[second].meant), at, findings);
    }
}

struct Candidate<'a> {
    meant: Meant<'a>,
    /// Stands for what it says beside its clauses.
    skeleton: u128,
    /// Stands for each clause.
    clauses: Vec<u128>,
    /// Whether a clause is what it measures.
    measures: Vec<bool>,
}

impl<'a> Candidate<'a> {
    /// Returns the metric as one that others may resemble, where it has clauses enough for that.
    fn of(meant: Meant<'a>) -> Option<Self> {
        let (said, skeleton) = meant.plan.canonical().into_parts();
        if said.len() < FEWEST {
            return None;
        }
        let stands = |(_, clause): &(Slot, Expression)| short(&serde_json::to_vec(clause).expect("texts and numbers"));
        let clauses = said.iter().map(stands).collect();
        let measures = said.iter().map(|(slot, _)| slot.path.starts_with("measure")).collect();
        Some(Self { meant, skeleton: short(skeleton.as_bytes()), clauses, measures })
    }

    /// Returns what stands for all that it says but one clause.
    fn without(&self, at: usize) -> (usize, u128) {
        let mut bytes = self.skeleton.to_le_bytes().to_vec();
        for (position, clause) in self.clauses.iter().enumerate() {
            let clause = if position == at { 0 } else { *clause };
            bytes.extend(clause.to_le_bytes());
        }
        (at, short(&bytes))
    }

    /// Returns the clauses in which another may differ.
    fn places(&self) -> impl Iterator<Item = usize> {
        (0..self.clauses.len()).filter(|at| !self.measures[*at])
    }

    fn id(&self) -> &str {
        &self.meant.metric.id.value
    }
}

/// Returns a number that no two texts share.
fn short(bytes: &[u8]) -> u128 {
    Sha256::digest(bytes).iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))
}

/// Metrics by what they say beside one of their clauses: those that share it can differ in that clause only.
#[derive(Default)]
struct Alike {
    by_rest: BTreeMap<(usize, u128), Vec<usize>>,
    /// The first with a clause, and whether one of another name has it too.
    by_clause: BTreeMap<((usize, u128), u128), (usize, bool)>,
}

impl Alike {
    /// Returns the first metric that differs from this one in one clause which is not what is measured, and that clause.
    fn nearest(&self, own: &Candidate<'_>, candidates: &[Candidate<'_>]) -> Option<(usize, usize)> {
        let first = |at: usize| {
            let differs = |other: &&usize| {
                let other = &candidates[**other];
                other.id() != own.id() && other.clauses[at] != own.clauses[at]
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
            match self.by_clause.entry((rest, own.clauses[at])) {
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

fn add(rule: &'static Rule, (first, second): (Meant<'_>, Meant<'_>), at: usize, findings: &mut Findings) {
    // The canonical form has no names of facts, the plan itself does, in the same order.
    let place = second.plan.expressions().get(at).map_or_else(String::new, |(slot, _)| slot.path.clone());
    let (name, other) = (second.name(), first.name());
    let message = format!("`{name}` differs from `{other}` in nothing but `{place}`");
    let key = format!("{name}|{other}|{place}");
    findings.add(rule, About::metric(second.metric), second.head(), (&key, message)).also(first.head(), "the other");
}
