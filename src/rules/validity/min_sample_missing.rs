//! A share that steers and is shown however few rows it rests on.

use crate::plan::Measure;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.is_base() && meant.metric.role == "north_star") {
        let is_share = meant.pipeline().is_some_and(|pipeline| {
            matches!(
                pipeline.measure,
                Measure::Share(_) | Measure::Balance(..) | Measure::Mean(_) | Measure::Quantile(_)
            )
        });
        let publish = &meant.plan.publish;
        if is_share && publish.min_n.is_none() && publish.min_cell.is_none() {
            let message = format!("`{}` is shown however few rows it rests on", meant.name());
            let span = meant.place(&["confidence"]);
            findings.add(rule, About::metric(meant.metric), span, ("", message));
        }
    }
}
