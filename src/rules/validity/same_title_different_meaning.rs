//! One title over two numbers.

use std::collections::BTreeMap;

use crate::rules::{About, Findings, Meant, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<String, Meant<'_>> = BTreeMap::new();
    for meant in subject.readings() {
        let title = meant.reading.title.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let Some(first) = known.get(&title) else {
            known.insert(title, meant);
            continue;
        };
        if first.metric.id.value == meant.metric.id.value || first.plan.canonical().body == meant.plan.canonical().body
        {
            continue;
        }
        let (name, other) = (meant.name(), first.name());
        let message = format!("`{name}` bears the title of `{other}`, which is another number");
        let span = meant.place(&["title"]);
        let key = format!("{name}|{other}");
        findings
            .add(rule, About::metric(meant.metric), span, (&key, message))
            .also(first.place(&["title"]), "the other");
    }
}
