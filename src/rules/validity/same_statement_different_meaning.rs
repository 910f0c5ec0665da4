//! One sentence for two numbers.

use std::collections::BTreeMap;

use crate::rules::{About, Everyone, Findings, Outline, Read, Rule};

pub(super) fn across(rule: &'static Rule, everyone: &Everyone<'_>, findings: &mut Findings) {
    let mut known: BTreeMap<u64, (&Outline, &Read)> = BTreeMap::new();
    for own in everyone.readings() {
        let Some(first) = known.get(&own.1.statement) else {
            known.insert(own.1.statement, own);
            continue;
        };
        if first.0.id == own.0.id || everyone.is_same_body(*first, own) {
            continue;
        }
        let (name, other) = (own.1.name(own.0), first.1.name(first.0));
        let message = format!("`{name}` is defined by the sentence of `{other}`, which is another number");
        let (key, about) = (format!("{name}|{other}"), About::version(&own.0.id, own.0.status));
        findings.add(rule, about, own.1.statement_at, (&key, message)).also(first.1.statement_at, "the other");
    }
}
