//! A target that had been reached before it was set.

use crate::definition::Goal;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live() {
        for target in &metric.targets {
            let Some(baseline) = target.baseline else { continue };
            let (bound, is_reached) = match target.goal {
                Goal::AtLeast(bound) => (bound, baseline > bound),
                Goal::AtMost(bound) => (bound, baseline < bound),
            };
            if is_reached {
                let name = &metric.id.value;
                let message = format!("the target {bound} of `{name}` is easier than its baseline {baseline}");
                let key = format!("{}|{bound}|{baseline}", target.from);
                findings.add(rule, About::metric(metric), subject.place(metric, "targets"), (&key, message));
            }
        }
    }
}
