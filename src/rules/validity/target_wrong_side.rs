//! A target on the bad side of the number.

use crate::definition::{Direction, Goal};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        let Some(direction) = metric.readings.first().map(|reading| reading.direction) else { continue };
        for target in &metric.targets {
            let (better, side) = match (direction, &target.goal) {
                (Direction::Higher, Goal::AtMost(_)) => ("higher", "at_most"),
                (Direction::Lower, Goal::AtLeast(_)) => ("lower", "at_least"),
                _ => continue,
            };
            let message = format!("of `{}` {better} is better, and its target is `{side}`", metric.id.value);
            let key = format!("{}|{side}", target.from);
            let finding = findings.add(rule, About::metric(metric), subject.place(metric, "targets"), (&key, message));
            finding.also(subject.place(metric, "direction"), "its direction");
        }
    }
}
