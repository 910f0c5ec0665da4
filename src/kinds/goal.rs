//! How much of its target a metric reaches.

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::made::{Aim, Assembly, Better, Made, combination};
use super::{Kind, Lower};
use crate::plan::{Body, Formula};
use crate::shape::{Field, Record, Shape};
use crate::value::{Date, Instant, Number};
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "goal",
        Shape::Record(&GOAL),
        "How much of its own target another metric reaches, 1 where it just does: value over target where higher is \
         better, target over value where lower is.",
    ),
    lower: Lower::Metrics(lower),
};

static GOAL: Record = Record {
    name: "goal",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric, which has targets of its own."),
        Field::required(
            "target",
            Shape::Choice(&["declared"]),
            "Its declared target in force when the period begins; none before the first.",
        ),
    ],
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let metric = node.get("metric")?;
    let plan = assembly.plan(metric)?;
    let aim = assembly.metrics.aim(metric.as_text()?)?;
    let name = &plan.metric;
    if aim.better == Better::Neither {
        let message = format!("`{name}` is neutral, so nothing says which side of its target is good");
        return assembly.refuse(metric.span, message, "give it a `direction`, or measure it itself");
    }
    if aim.targets.is_empty() {
        let help = "add `targets: [{from: ..., at_least: ...}]` to it";
        return assembly.refuse(metric.span, format!("`{name}` has no targets"), help);
    }
    if aim.targets.iter().any(|target| target.side != aim.better) {
        let (direction, side) = match aim.better {
            Better::Lower => ("lower", "at_most"),
            _ => ("higher", "at_least"),
        };
        let message = format!("`{name}` has a target on the wrong side: {direction} is better");
        return assembly.refuse(metric.span, message, format!("write its targets with `{side}`"));
    }
    let value = Box::new(Formula::Component(0));
    let target = Box::new(Formula::Stepwise(steps(&aim, &assembly.calendar.zone)));
    let formula = match aim.better {
        Better::Lower => Formula::Divide(target, value),
        _ => Formula::Divide(value, target),
    };
    Some(Made::of(Body::Combined(combination(vec![plan], formula))))
}

/// Returns the bounds with the instants from which they hold, in order.
fn steps(aim: &Aim, zone: &str) -> Vec<(Instant, Number)> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let mut steps: Vec<(Instant, Number)> =
        aim.targets.iter().map(|target| (beginning(target.from, &zone), target.bound)).collect();
    steps.sort_by_key(|(from, _)| *from);
    steps
}

/// Returns the first instant whose local time is at or after midnight of the day.
fn beginning(day: Date, zone: &TimeZone) -> Instant {
    let midnight = zone.to_ambiguous_timestamp(day.civil().at(0, 0, 0, 0));
    let skipped = matches!(midnight.offset(), AmbiguousOffset::Gap { .. });
    let found = midnight.compatible().unwrap_or(Timestamp::MIN);
    // A skipped midnight is read as if the clock had not jumped, so the jump itself may lie before it.
    let jump = || zone.preceding(found.saturating_add(SignedDuration::from_micros(1)).unwrap_or(found)).next();
    Instant::from(if skipped { jump().map_or(found, |jump| jump.timestamp()) } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beginning_in(day: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).expect("a zone");
        beginning(Date::parse(day).expect("a day"), &zone).to_string()
    }

    #[test]
    fn a_target_holds_from_the_first_instant_of_its_day() {
        // Berlin is two hours ahead of UTC in summer.
        assert_eq!(beginning_in("2026-07-01", "Europe/Berlin"), "2026-06-30T22:00:00Z");
        // Midnight of 6 September 2026 is skipped in Santiago: at 04:00 UTC clocks jump from 00:00 to 01:00.
        assert_eq!(beginning_in("2026-09-06", "America/Santiago"), "2026-09-06T04:00:00Z");
        // Midnight of 1 November 2026 is repeated in Havana, at 04:00 and 05:00 UTC: at 01:00 clocks go back to 00:00.
        assert_eq!(beginning_in("2026-11-01", "America/Havana"), "2026-11-01T04:00:00Z");
    }
}
