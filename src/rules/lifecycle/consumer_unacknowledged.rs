//! A breaking change that somebody who builds on the number has not agreed to.

use super::publications::publications;
use crate::definition::Metric;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_breaking()) {
        let metric = publication.metric;
        let Some(change) = &metric.change else { continue };
        for reader in readers(subject, &metric.id.value) {
            let agrees = |consumer: &str| consumer == reader.owner || consumer == reader.id.value;
            if reader.owner == metric.owner || change.consumers.iter().any(|it| agrees(&it.value)) {
                continue;
            }
            let (owner, id) = (&reader.owner, &reader.id.value);
            let message = format!("`{owner}` builds `{id}` on `{}`, and has not agreed to the change", metric.id.value);
            let key = format!("{}|{id}", publication.version);
            let finding = findings.add(rule, publication.about(), change.span, (&key, message));
            finding.also(reader.id.span, "built on it");
            finding.help(format!("have them agree, and add `{owner}` to `consumers` in the record of the change"));
        }
    }
}

/// Returns the metrics that are made of another or guarded by it, each by the version that its plain name means.
fn readers<'a>(subject: &Subject<'a>, id: &str) -> Vec<&'a Metric> {
    let registry = &subject.new.catalog.registry;
    let is_it = |name: &str| name.split('.').next() == Some(id);
    let reads = |metric: &&Metric| {
        let guarded = metric.guardrails.iter().any(|guardrail| is_it(&guardrail.metric.value));
        let mut plans = metric.readings.iter().filter_map(|reading| subject.plan(metric, reading));
        guarded || plans.any(|plan| plan.body.parts().iter().any(|part| is_it(&part.metric)))
    };
    let others = registry.metrics.keys().filter(|other| *other != id).filter_map(|other| registry.current(other));
    others.filter(|metric| metric.status < crate::definition::Status::Retired).filter(reads).collect()
}
