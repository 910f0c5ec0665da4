//! What a metric is for, in the lines of a page.

use crate::definition::{Purposes, Timing};
use crate::plan::Plan;
use crate::report::words::listed;

/// Returns keyword and prose of each line.
pub(super) fn lines(purposes: &Purposes) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(&str, String)> = Vec::new();
    lines.extend(purposes.objective.iter().map(|objective| ("objective", objective.clone())));
    lines.extend(purposes.uses.iter().map(|text| ("use it", text.clone())));
    lines.extend(purposes.not_for.iter().map(|text| ("not for", text.clone())));
    for (column, values) in &purposes.applies_to {
        let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
        lines.push(("applies to", format!("{} {}", column.value, listed(&values, "or"))));
    }
    let drives: Vec<&str> = purposes.drives.iter().map(|metric| metric.value.as_str()).collect();
    lines.push(("drives", listed(&drives, "and")));
    let timing = purposes.timing.map(|timing| format!("{}: it moves {} the outcome", timing.name(), when(timing)));
    lines.extend(timing.map(|timing| ("timing", timing)));
    if purposes.pay_relevant {
        lines.push(("pay", "somebody's pay depends on it".to_owned()));
    }
    lines
}

fn when(timing: Timing) -> &'static str {
    match timing {
        Timing::Leading => "before",
        Timing::Lagging => "after",
    }
}

/// Says over what the values may be added up.
pub(super) fn adding_up(plan: &Plan) -> &'static str {
    let additive = plan.additive();
    match (additive.over_dimensions, additive.over_periods) {
        (true, true) => "values may be added over groups and over periods",
        (true, false) => "values may be added over groups, but not over periods",
        (false, true) => "values may be added over periods, but not over groups",
        (false, false) => "values must not be added or averaged; ask for the longer period or the larger group instead",
    }
}
