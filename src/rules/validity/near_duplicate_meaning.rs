//! Two metrics that differ in a single clause.

use std::collections::BTreeMap;

use crate::expression::Expression;
use crate::plan::Slot;
use crate::rules::{About, Findings, Meant, Rule, Subject};

/// Fewest clauses for which one in which two metrics differ is a small part.
const FEWEST: usize = 3;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut alike: BTreeMap<String, Vec<Candidate<'_>>> = BTreeMap::new();
    // Variants are there to differ in a clause.
    for meant in subject.readings().filter(|meant| meant.is_base() && meant.pipeline().is_some()) {
        let canonical = meant.plan.canonical();
        let clauses = canonical.expressions();
        if clauses.len() >= FEWEST {
            alike.entry(canonical.skeleton()).or_default().push(Candidate { meant, clauses });
        }
    }
    for group in alike.values() {
        for (index, second) in group.iter().enumerate() {
            let near = group[..index].iter().find_map(|first| Some((first, first.single_difference(second)?)));
            if let Some((first, at)) = near {
                add(rule, (first.meant, second.meant), at, findings);
            }
        }
    }
}

struct Candidate<'a> {
    meant: Meant<'a>,
    clauses: Vec<(Slot, Expression)>,
}

impl Candidate<'_> {
    /// Returns the position of the only clause in which two metrics differ, where that is not what they measure.
    fn single_difference(&self, other: &Self) -> Option<usize> {
        if self.meant.metric.id.value == other.meant.metric.id.value || self.clauses.len() != other.clauses.len() {
            return None;
        }
        let mut differing = (0..self.clauses.len()).filter(|at| self.clauses[*at].1 != other.clauses[*at].1);
        let only = differing.next().filter(|_| differing.next().is_none())?;
        (!self.clauses[only].0.path.starts_with("measure")).then_some(only)
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
