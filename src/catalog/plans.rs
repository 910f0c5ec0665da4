//! The plans of all metrics, each lowered once, also where others are made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Wanted;
use crate::cores;
use crate::definition::{Direction, Goal, Metric, Reading};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::kinds::{Aim, AimedAt, Better, Metrics};
use crate::lower::{self, Context};
use crate::plan::Plan;
use crate::resolve::{Registry, full_name, unknown};
use crate::text::{Span, Spanned, Texts};

/// Plans by full name.
type ByName = BTreeMap<String, Arc<Plan>>;

/// Finds the metric and reading behind `metric`, `metric.variant` or either with `@version` behind it.
pub(super) fn find<'a>(registry: &'a Registry, name: &str) -> Option<(&'a Metric, &'a Reading)> {
    let (path, version) = match name.split_once('@') {
        Some((path, version)) => (path, Some(version)),
        None => (name, None),
    };
    let (id, variant) = match path.split_once('.') {
        Some((id, variant)) => (id, Some(variant)),
        None => (path, None),
    };
    let metric = match version {
        Some(version) => registry.metric(&format!("{id}@{version}"))?,
        None => registry.current(id)?,
    };
    Some((metric, metric.readings.iter().find(|reading| reading.name() == variant)?))
}

/// Lowers the wanted metrics: their current versions by plain name, the others by name and version.
pub(super) fn lower(
    registry: &Registry,
    texts: &Texts,
    wanted: &Wanted,
    diagnostics: &mut Diagnostics,
) -> (ByName, ByName) {
    let ids = registry.metrics.keys().filter(|id| wanted.has(id));
    let mut wanted: Vec<Versioned<'_>> = Vec::with_capacity(registry.metrics.len());
    ids.for_each(|id| wanted.extend(versions(registry, id)));
    let aside = diagnostics.aside();
    let counted = cores::map(&wanted, |version| version.counted(registry, texts, aside.clone()));
    let mut plans = Plans { registry, texts, known: BTreeMap::new() };
    for (known, found) in counted {
        plans.known.extend(known);
        diagnostics.extend(found);
    }
    for version in &wanted {
        version.metric.readings.iter().for_each(|reading| plans.lower(&version.name(reading), diagnostics));
    }
    let done = plans.known.into_iter().filter_map(|(name, state)| match state {
        State::Done(plan) => Some((name, plan)),
        State::Open | State::Failed => None,
    });
    done.partition(|(name, _)| !name.contains('@'))
}

/// A version of a metric, and what stands behind its name.
struct Versioned<'a> {
    metric: &'a Metric,
    suffix: String,
}

/// Returns the versions of a metric.
fn versions<'a>(registry: &'a Registry, id: &str) -> Vec<Versioned<'a>> {
    let current = registry.current(id).map(|metric| &metric.version);
    let versioned = |metric: &'a Metric| {
        let suffix = if Some(&metric.version) == current { String::new() } else { format!("@{}", metric.version) };
        Versioned { metric, suffix }
    };
    registry.metrics.get(id).into_iter().flat_map(BTreeMap::values).map(|metric| versioned(metric)).collect()
}

impl Versioned<'_> {
    fn name(&self, reading: &Reading) -> String {
        format!("{}{}", full_name(&self.metric.id.value, reading.name()), self.suffix)
    }

    /// Lowers the readings that count rows themselves.
    fn counted(
        &self,
        registry: &Registry,
        texts: &Texts,
        mut diagnostics: Diagnostics,
    ) -> (Vec<(String, State)>, Diagnostics) {
        let mut known = Vec::new();
        for reading in self.metric.readings.iter().filter(|reading| lower::counts_rows(reading)) {
            let mut context = Context { registry, texts, diagnostics: &mut diagnostics };
            let plan = lower::lower(self.metric, reading, &mut context, &mut NoMetrics);
            known.push((self.name(reading), State::of(plan)));
        }
        (known, diagnostics)
    }
}

/// What those metrics are given that are made of no others.
struct NoMetrics;

impl Metrics for NoMetrics {
    fn plan(&mut self, _: &str, _: Span, _: &mut Diagnostics) -> Option<Arc<Plan>> {
        None
    }

    fn aim(&self, _: &str) -> Option<Aim> {
        None
    }
}

/// Plans under way, so that a circle of formulas is found rather than followed.
struct Plans<'a> {
    registry: &'a Registry,
    texts: &'a Texts,
    known: BTreeMap<String, State>,
}

enum State {
    Open,
    Failed,
    Done(Arc<Plan>),
}

impl State {
    fn of(plan: Option<Plan>) -> Self {
        plan.map_or(State::Failed, |plan| State::Done(Arc::new(plan)))
    }
}

impl Plans<'_> {
    fn lower(&mut self, name: &str, diagnostics: &mut Diagnostics) {
        if self.known.contains_key(name) {
            return;
        }
        let Some((metric, reading)) = find(self.registry, name) else { return };
        self.known.insert(name.to_owned(), State::Open);
        let mut context = Context { registry: self.registry, texts: self.texts, diagnostics };
        let plan = lower::lower(metric, reading, &mut context, self);
        self.known.insert(name.to_owned(), State::of(plan));
    }
}

impl Metrics for Plans<'_> {
    fn plan(&mut self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Arc<Plan>> {
        if find(self.registry, name).is_none() {
            let names = self.registry.metric_names();
            unknown("metric", &Spanned::new(name.to_owned(), span), names.iter(), diagnostics);
            return None;
        }
        self.lower(name, diagnostics);
        match self.known.get(name)? {
            State::Done(plan) => Some(Arc::clone(plan)),
            State::Failed => None,
            State::Open => {
                let message = format!("`{name}` is made of itself");
                diagnostics.push(
                    Diagnostic::error(codes::REFERENCE_CYCLE, span, message)
                        .help("a formula may use only metrics that do not use it in turn"),
                );
                None
            }
        }
    }

    fn aim(&self, name: &str) -> Option<Aim> {
        let (metric, reading) = find(self.registry, name)?;
        let better = match reading.direction {
            Direction::Higher => Better::Higher,
            Direction::Lower => Better::Lower,
            Direction::Neutral => Better::Neither,
        };
        let aimed = metric.targets.iter().map(|target| {
            let (side, bound) = match target.goal {
                Goal::AtLeast(bound) => (Better::Higher, bound),
                Goal::AtMost(bound) => (Better::Lower, bound),
            };
            AimedAt { from: target.from, bound, side }
        });
        Some(Aim { better, targets: aimed.collect() })
    }
}
