//! What is withheld or added when a number is shown.

use super::{Context, normal};
use crate::definition::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Body, Measure, Publish, Wilson};
use crate::value::Number;
use crate::yaml::Node;

pub(super) fn lower(node: &Node, body: &Body, context: &mut Context<'_>) -> Publish {
    let mut fields = Fields::new(node, context.texts, context.diagnostics);
    let min_cell = fields.inside("privacy").and_then(|mut privacy| privacy.whole("min_cell", 1));
    let Some(mut confidence) = fields.inside("confidence") else {
        return Publish { interval: None, min_n: None, min_cell: min_cell.and_then(|n| u64::try_from(n).ok()) };
    };
    let min_n = confidence.whole("min_n", 1);
    let level = confidence.number("level");
    let wilson = confidence.text("interval").filter(|interval| interval.value == "wilson");
    let share = matches!(body, Body::Measured(pipeline) if matches!(pipeline.measure, Measure::Share(_)));
    if let Some(interval) = wilson.as_ref().filter(|_| !share) {
        confidence.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, interval.span, "a Wilson interval needs a share")
                .help("write `interval: none`; `min_n` still withholds what rests on few rows"),
        );
    }
    let bounded = matches!(body, Body::Measured(pipeline) if pipeline.bounds.is_some());
    if let Some(interval) = wilson.as_ref().filter(|_| share && bounded) {
        confidence.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, interval.span, "beside the worst and best case stands no interval")
                .help("write `interval: none`, or another policy than `bounds` under `missing`"),
        );
    }
    if let Some(level) = level.as_ref().filter(|level| !inside(level.value)) {
        confidence.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, level.span, "a confidence level lies between 0.5 and 0.9999")
                .help("write `level: 0.95`"),
        );
    }
    let level = level.map_or(Number::new(95, 2), |level| level.value);
    let z = || normal::quantile(f64::midpoint(1.0, level.to_f64()));
    let interval = (wilson.is_some() && share && !bounded && inside(level)).then(|| Wilson { level, z: z() });
    let count = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
    Publish { interval, min_n: count(min_n), min_cell: count(min_cell) }
}

fn inside(level: Number) -> bool {
    Number::new(5, 1) <= level && level <= Number::new(9999, 4)
}
