//! Whether two metrics mean the same stretches of time by their periods.

use crate::plan::{Plan, Year};
use crate::value::Grain;

/// Returns in what the periods that both report differ, if they do.
pub(super) fn differing(plan: &Plan, other: &Plan) -> Option<String> {
    let both = |grain: Grain| plan.grains.contains(&grain) && other.grains.contains(&grain);
    let any = |fits: fn(Grain) -> bool| plan.grains.iter().any(|grain| both(*grain) && fits(*grain));
    let (own, theirs) = (&plan.calendar, &other.calendar);
    if own.zone != theirs.zone && any(|grain| grain > Grain::Hour) {
        return Some(format!("{} and {}", own.zone, theirs.zone));
    }
    if own.week_starts != theirs.week_starts && both(Grain::Week) {
        return Some(format!("weeks begin on {} and on {}", own.week_starts.name(), theirs.week_starts.name()));
    }
    let of_weeks = |year: &Year| matches!(year, Year::OfWeeks { .. });
    let unlike = of_weeks(&own.year) || of_weeks(&theirs.year) || quarters(&own.year) != quarters(&theirs.year);
    let years_differ = own.year != theirs.year;
    let cut_otherwise = both(Grain::Year) || unlike && any(|grain| grain > Grain::Week);
    (years_differ && cut_otherwise).then(|| "their years begin on different days".to_owned())
}

/// Returns the month in which the first quarters of the civil year begin; months are all alike.
fn quarters(year: &Year) -> Option<u8> {
    match year {
        Year::OfMonths { first } => Some(first % 3),
        Year::OfWeeks { .. } => None,
    }
}
