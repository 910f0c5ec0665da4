//! Two metrics that give the same number over every table.

use std::collections::BTreeMap;

use crate::cores;
use crate::rules::{About, Everyone, Findings, Outline, Read, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<String, (&Outline, &Read)> = BTreeMap::new();
    let readings = alike(everyone);
    let meanings = cores::map(&readings, |(outline, read)| everyone.meaning(outline, read));
    for (own, meaning) in readings.into_iter().zip(meanings) {
        let Some(meaning) = meaning else { continue };
        let Some(first) = known.get(&meaning) else {
            known.insert(meaning, own);
            continue;
        };
        if first.0.id == own.0.id {
            continue;
        }
        let (name, other) = (own.1.name(own.0), first.1.name(first.0));
        let message = format!("`{name}` gives the same number as `{other}`, over every table");
        let (key, about) = (format!("{name}|{other}"), About::version(&own.0.id, own.0.status));
        findings.add(rule, about, own.1.named_at, (&key, message)).also(first.1.named_at, "the other");
    }
}

/// Returns the readings that a rough number does not tell from some other, in their order.
fn alike<'a>(everyone: &Everyone<'a>) -> Vec<(&'a Outline, &'a Read)> {
    let mut count: BTreeMap<u64, usize> = BTreeMap::new();
    everyone.readings().for_each(|(_, read)| *count.entry(read.rough).or_default() += 1);
    everyone.readings().filter(|(_, read)| count[&read.rough] > 1).collect()
}
