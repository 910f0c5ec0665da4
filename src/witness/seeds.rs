//! Tables that a project has already: its own cases.

use super::lineage::pipelines;
use crate::catalog::Catalog;
use crate::definition::Case;
use crate::diagnostic::Diagnostics;
use crate::interpret::Tables;
use crate::plan::{Plan, Request};
use crate::text::Texts;
use crate::verify::prepare;

/// Tables to begin a search with.
#[derive(Debug, Clone)]
pub struct Seed {
    /// What they are called.
    pub name: String,
    /// The tables.
    pub tables: Tables,
    /// What is asked of them.
    pub request: Request,
}

/// Returns the tables of the cases of a metric, then of those that it is made of.
pub fn seeds(catalog: &Catalog, texts: &Texts, id: &str) -> Vec<Seed> {
    let mut metrics = vec![id.to_owned()];
    let prefix = format!("{id}.");
    let own = catalog.plans.iter().filter(|(name, _)| *name == id || name.starts_with(&prefix));
    for (_, plan) in own {
        add_parts(plan, &mut metrics);
    }
    let cases = |metric: &String| {
        let of_metric = move |case: &&Case| case.metric.value == *metric;
        catalog.registry.cases.iter().map(|(_, case)| case).filter(of_metric).collect::<Vec<_>>()
    };
    metrics.iter().flat_map(cases).filter_map(|case| seed(case, catalog, texts)).collect()
}

fn seed(case: &Case, catalog: &Catalog, texts: &Texts) -> Option<Seed> {
    // Mistakes in cases are told where cases are verified.
    let prepared = prepare(case, catalog, texts, &mut Diagnostics::new())?;
    Some(Seed { name: case.name.value.clone(), tables: prepared.tables, request: prepared.request })
}

fn add_parts(plan: &Plan, metrics: &mut Vec<String>) {
    for part in plan.body.parts() {
        let id = part.metric.split('.').next().unwrap_or(&part.metric).to_owned();
        if !metrics.contains(&id) {
            metrics.push(id);
        }
        if pipelines(part).len() > 1 {
            add_parts(part, metrics);
        }
    }
}
