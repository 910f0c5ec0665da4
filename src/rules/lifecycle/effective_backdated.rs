//! A breaking version that is in force on days that are over, without a plan that restates them.

use super::publications::publications;
use crate::definition::Past;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_breaking()) {
        let metric = publication.metric;
        let history = metric.change.as_ref().and_then(|change| change.history.as_ref());
        let is_restated = history.is_some_and(|history| history.plan == Past::Restate);
        if is_restated || metric.effective_from >= subject.today {
            continue;
        }
        let (name, from, today) = (publication.name(), metric.effective_from, subject.today);
        let message = format!("`{name}` is in force from {from}, which is over on {today}, and restates nothing");
        let span = subject.place(metric, "effective_from");
        let finding =
            findings.add(rule, publication.about(), span, (&format!("{}|{from}", publication.version), message));
        if let Some(history) = history {
            finding.also(history.span, "restates nothing");
        }
    }
}
