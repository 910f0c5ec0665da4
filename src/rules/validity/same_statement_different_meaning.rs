//! One sentence for two numbers.

use std::collections::BTreeMap;

use crate::rules::{About, Findings, Meant, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<String, Meant<'_>> = BTreeMap::new();
    for meant in subject.readings() {
        let statement = meant.reading.statement.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let Some(first) = known.get(&statement) else {
            known.insert(statement, meant);
            continue;
        };
        if first.metric.id.value == meant.metric.id.value || first.plan.canonical().body == meant.plan.canonical().body
        {
            continue;
        }
        let (name, other) = (meant.name(), first.name());
        let message = format!("`{name}` is defined by the sentence of `{other}`, which is another number");
        let key = format!("{name}|{other}");
        let places = (meant.place(&["statement"]), first.place(&["statement"]));
        findings.add(rule, About::metric(meant.metric), places.0, (&key, message)).also(places.1, "the other");
    }
}
