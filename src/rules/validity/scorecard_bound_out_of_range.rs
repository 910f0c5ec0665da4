//! A bound of a score that its component can never reach.

use super::scale::{least, range};
use crate::plan::Body;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Body::Scored(card) = &meant.plan.body else { continue };
        for part in &card.parts {
            let name = &part.component.plan.metric;
            let Some((_, reading)) = subject.new.catalog.reading(name) else { continue };
            let (lowest, highest) = (least(&reading.unit), range(&reading.unit).map(|(_, highest)| highest));
            for (word, bound) in [("worst", part.worst), ("best", part.best)] {
                if lowest.is_none_or(|lowest| bound >= lowest) && highest.is_none_or(|highest| bound <= highest) {
                    continue;
                }
                let unit = &reading.unit;
                let message = format!("`{word}: {bound}` of `{name}` can never be its value: it is a {unit}");
                let span = meant.place(&["measure", "scorecard", "components"]);
                findings.add(rule, About::metric(meant.metric), span, (&format!("{name}|{word}|{bound}"), message));
            }
        }
    }
}
