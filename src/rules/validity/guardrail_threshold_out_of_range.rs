//! A guardrail that always holds, or never does, because its metric cannot have other values.

use super::scale::{least, range};
use crate::definition::Guardrail;
use crate::expression::Comparison;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        for guardrail in &metric.guardrails {
            let name = &guardrail.metric;
            let Some((_, guard)) = subject.new.catalog.reading(&name.value) else { continue };
            let Some(verdict) = verdict(guardrail, &guard.unit) else { continue };
            let unit = &guard.unit;
            let message = format!("the guardrail `{} {}` {verdict}: it is a {unit}", name.value, guardrail.require);
            let key = format!("{}|{}", name.value, guardrail.require);
            findings.add(rule, About::metric(metric), name.span, (&key, message));
        }
    }
}

fn verdict(guardrail: &Guardrail, unit: &str) -> Option<&'static str> {
    let (bound, lowest, highest) = (guardrail.require.bound, least(unit), range(unit).map(|(_, highest)| highest));
    let is_below = lowest.is_some_and(|lowest| bound < lowest);
    let is_lowest = lowest.is_some_and(|lowest| bound == lowest);
    let is_above = highest.is_some_and(|highest| bound > highest);
    let is_highest = highest.is_some_and(|highest| bound == highest);
    match guardrail.require.comparison {
        Comparison::GreaterOrEqual if is_below || is_lowest => Some("always holds"),
        Comparison::Greater if is_below => Some("always holds"),
        Comparison::GreaterOrEqual if is_above => Some("never holds"),
        Comparison::Greater if is_above || is_highest => Some("never holds"),
        Comparison::LessOrEqual if is_above || is_highest => Some("always holds"),
        Comparison::Less if is_above => Some("always holds"),
        Comparison::LessOrEqual if is_below => Some("never holds"),
        Comparison::Less if is_below || is_lowest => Some("never holds"),
        _ => None,
    }
}
