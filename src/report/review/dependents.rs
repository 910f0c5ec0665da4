//! What else feels the changes of metrics: those made of one, and those that one guards.

use std::collections::{BTreeMap, BTreeSet};

use super::Page;
use crate::definition::Metric;
use crate::diff::MeaningChange;
use crate::format::FileKind;

/// What else feels the change of a metric.
#[derive(Debug, Default)]
pub(super) struct Dependents {
    /// Metrics that are made of it.
    pub(super) made: Vec<String>,
    /// Metrics that it guards.
    pub(super) guarded: Vec<String>,
}

/// Names, by the metric that they are found under.
type ByMetric<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// Returns what else feels the change of each metric, in the order of the comparisons; nothing does where its number stays.
pub(super) fn dependents(page: Page<'_>) -> Vec<Dependents> {
    let (made, guarded) = (made(page), guarded(page));
    let under = |names: &ByMetric<'_>, id: &str| -> Vec<String> {
        names.get(id).into_iter().flatten().map(|name| (*name).to_owned()).collect()
    };
    let comparisons = page.review.diff.comparisons.iter().enumerate();
    let of_each = comparisons.map(|(index, comparison)| {
        if comparison.meaning == MeaningChange::Same {
            return Dependents::default();
        }
        // A price knows everything that it reaches, also what is guarded.
        match page.known(index).filter(|known| !known.reaches.is_empty()) {
            Some(known) => Dependents { made: known.reaches.clone(), guarded: Vec::new() },
            None => Dependents { made: under(&made, &comparison.id), guarded: under(&guarded, &comparison.id) },
        }
    });
    of_each.collect()
}

/// Returns the metrics that an edit reaches through another, by that one; each once for a comparison.
fn made(page: Page<'_>) -> ByMetric<'_> {
    let mut names = ByMetric::new();
    for comparison in &page.review.diff.comparisons {
        let through = comparison.edits.iter().filter_map(|judged| judged.through.as_ref());
        let upstream: BTreeSet<&str> =
            through.filter(|object| object.kind == FileKind::Metric).map(|object| object.id()).collect();
        for id in upstream {
            names.entry(id).or_default().push(&comparison.id);
        }
    }
    names
}

/// Returns the metrics that name another as a guardrail, by that one.
fn guarded(page: Page<'_>) -> ByMetric<'_> {
    let registry = &page.review.new.registry;
    let mut names = ByMetric::new();
    for metric in registry.metrics.keys().filter_map(|id| registry.current(id)) {
        for id in guards(metric) {
            names.entry(id).or_default().push(&metric.id.value);
        }
    }
    names
}

fn guards(metric: &Metric) -> BTreeSet<&str> {
    metric.guardrails.iter().filter_map(|guardrail| guardrail.metric.value.split('.').next()).collect()
}
