//! A score that is mostly one of its components.

use crate::plan::Body;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Number;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let half = Number::new(5, 1);
    for meant in subject.readings() {
        let Body::Scored(card) = &meant.plan.body else { continue };
        for part in card.parts.iter().filter(|part| part.weight > half) {
            let name = &part.component.plan.metric;
            let message = format!("`{}` is mostly `{name}`, whose weight is {}", meant.name(), part.weight);
            let span = meant.place(&["measure", "scorecard", "components"]);
            findings.add(rule, About::metric(meant.metric), span, (name, message));
        }
    }
}
