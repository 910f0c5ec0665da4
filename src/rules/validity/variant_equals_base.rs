//! A variant that gives the same number as another reading of its metric.

use std::collections::BTreeMap;

use crate::rules::{About, Findings, Meant, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<(String, String, String), Meant<'_>> = BTreeMap::new();
    for meant in subject.readings().filter(|meant| meant.metric.readings.len() > 1) {
        let meaning = subject.new.catalog.meaning(meant.plan);
        let own = (meant.metric.id.value.clone(), meant.metric.version.clone(), meaning);
        let Some(first) = known.get(&own) else {
            known.insert(own, meant);
            continue;
        };
        let name = meant.name();
        let message = format!("the variant `{name}` gives the same number as `{}`, over every table", first.name());
        let key = format!("{name}|{}", first.name());
        findings.add(rule, About::metric(meant.metric), meant.head(), (&key, message)).also(first.head(), "the other");
    }
}
