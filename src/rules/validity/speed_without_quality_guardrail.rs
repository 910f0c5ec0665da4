//! A number of speed or volume that steers, with nothing beside it that shows what the haste costs.

use crate::definition::{Direction, Reading};
use crate::rules::{About, Findings, Rule, Subject};

/// Roles of numbers that people are asked to move.
const STEERING: [&str; 2] = ["north_star", "driver"];

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| STEERING.contains(&metric.role.as_str())) {
        let Some(base) = metric.readings.first().filter(|reading| is_of_speed(reading)) else { continue };
        let of_quality = metric.guardrails.iter().any(|guardrail| {
            let guard = subject.new.catalog.reading(&guardrail.metric.value);
            guard.is_some_and(|(other, reading)| other.id.value != metric.id.value && !is_of_speed(reading))
        });
        if !of_quality {
            let what = if base.unit == "seconds" { "speed" } else { "volume" };
            let message = format!("`{}` steers {what}, and no guardrail of quality stands beside it", metric.id.value);
            findings.add(rule, About::metric(metric), subject.place(metric, "role"), ("", message));
        }
    }
}

/// Tells whether a number gets better by doing things faster, or doing more of them.
fn is_of_speed(reading: &Reading) -> bool {
    matches!((reading.unit.as_str(), reading.direction), ("seconds", Direction::Lower) | ("count", Direction::Higher))
}
