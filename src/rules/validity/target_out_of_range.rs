//! A target, or its baseline, that the number cannot have as a value.

use super::scale::{least, range};
use crate::definition::Goal;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        let Some(unit) = metric.readings.first().map(|reading| reading.unit.as_str()) else { continue };
        let (lowest, highest) = (least(unit), range(unit).map(|(_, highest)| highest));
        for target in &metric.targets {
            let (Goal::AtLeast(bound) | Goal::AtMost(bound)) = target.goal;
            let values = [("target", Some(bound)), ("baseline", target.baseline)];
            for (what, value) in values.into_iter().filter_map(|(what, value)| Some((what, value?))) {
                if lowest.is_none_or(|lowest| value >= lowest) && highest.is_none_or(|highest| value <= highest) {
                    continue;
                }
                let message =
                    format!("the {what} {value} of `{}` can never be its value: it is a {unit}", metric.id.value);
                let key = format!("{what}|{}|{value}", target.from);
                findings.add(rule, About::metric(metric), subject.place(metric, "targets"), (&key, message));
            }
        }
    }
}
