//! Two metrics that give the same number over every table.

use std::collections::BTreeMap;

use crate::cores;
use crate::rules::{About, Findings, Meant, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<String, Meant<'_>> = BTreeMap::new();
    let readings = alike(subject.readings().collect());
    let meanings = cores::map(&readings, |meant| subject.new.catalog.meaning(meant.plan));
    for (meant, meaning) in readings.into_iter().zip(meanings) {
        let Some(first) = known.get(&meaning) else {
            known.insert(meaning, meant);
            continue;
        };
        if first.metric.id.value == meant.metric.id.value {
            continue;
        }
        let (name, other) = (meant.name(), first.name());
        let message = format!("`{name}` gives the same number as `{other}`, over every table");
        let key = format!("{name}|{other}");
        findings.add(rule, About::metric(meant.metric), meant.head(), (&key, message)).also(first.head(), "the other");
    }
}

/// Keeps the readings that another one may give the number of.
fn alike(readings: Vec<Meant<'_>>) -> Vec<Meant<'_>> {
    let rough = cores::map(&readings, |meant| meant.plan.rough());
    let mut count: BTreeMap<u64, usize> = BTreeMap::new();
    rough.iter().for_each(|number| *count.entry(*number).or_default() += 1);
    readings.into_iter().zip(rough).filter(|(_, number)| count[number] > 1).map(|(meant, _)| meant).collect()
}
