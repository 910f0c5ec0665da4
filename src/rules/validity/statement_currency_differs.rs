//! A statement that names another currency than the number has.

use super::prose::currency;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let unit = meant.reading.unit.as_str();
        // Only amounts have a code of three capitals.
        if unit.len() != 3 || !unit.chars().all(|c| c.is_ascii_uppercase()) {
            continue;
        }
        for (field, text) in [("title", &meant.reading.title), ("statement", &meant.reading.statement)] {
            let Some(named) = currency(text).filter(|named| *named != unit) else { continue };
            let name = meant.name();
            let message = format!("the {field} of `{name}` speaks of {named}, and the number is in {unit}");
            let span = meant.place(&[field]);
            let finding = findings.add(rule, About::metric(meant.metric), span, (&format!("{name}|{field}"), message));
            finding.also(meant.place(&["unit"]), "its unit");
        }
    }
}
