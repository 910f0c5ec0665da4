//! A reported period that is longer than a source keeps its rows.

use crate::rules::columns::retention;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::{Duration, Grain};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let (Some(pipeline), Some(grain)) = (meant.pipeline(), meant.plan.grains.iter().max()) else { continue };
        let source = &pipeline.scan.source;
        let Some((kept, declared)) = retention(subject.new.catalog, source) else { continue };
        if kept >= length(*grain) {
            continue;
        }
        let message = format!("`{}` is reported by {grain}, and `{source}` keeps its rows for {kept}", meant.name());
        let span = meant.place(&["period", "grains"]);
        findings.add(rule, About::metric(meant.metric), span, (source, message)).also(declared, "kept so long");
    }
}

/// Returns the length of the longest period of a grain.
fn length(grain: Grain) -> Duration {
    let days = match grain {
        Grain::Year => 366,
        Grain::Quarter => 92,
        Grain::Month => 31,
        Grain::Week => 7,
        _ => 1,
    };
    Duration::from_micros(days * DAY)
}
