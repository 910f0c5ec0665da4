//! The queries of every metric and variant that ships: its finest and coarsest periods and none, with and without a
//! dimension, cells and ledger.
//!
//! Knows no parser.

use std::path::Path;

use etalon::catalog::{self, Catalog};
use etalon::compute;
use etalon::diagnostic::Diagnostics;
use etalon::load;
use etalon::plan::{Body, Plan, Request};
use etalon::sql::{Dialect, Output, RenderError, render};
use etalon::value::{Grain, Instant};

use crate::library::PROJECTS;

/// The queries of one dialect.
pub(super) struct Queries<'a> {
    dialect: &'a Dialect,
}

impl<'a> Queries<'a> {
    /// Returns those of `dialect`.
    pub(super) fn of(dialect: &'a Dialect) -> Self {
        Self { dialect }
    }

    /// Shows each query with a name of its own; what the dialect refuses is no query.
    pub(super) fn each(&self, mut show: impl FnMut(&str, &str)) {
        for project in PROJECTS {
            let catalog = checked(project);
            for (name, plan) in &catalog.plans {
                let (_, reading) = catalog.reading(name).expect("a metric with a plan");
                let header = compute::header(reading, plan);
                for (place, (request, output)) in questions(plan).into_iter().enumerate() {
                    match render(plan, &header, &request, self.dialect, output) {
                        Ok(sql) => show(&format!("{}-{name}-{place}", project.replace('/', "-")), &sql),
                        Err(RenderError::Inexact(reason)) => assert!(reason.len() > 20, "{name}: {reason}"),
                        Err(error) => panic!("{}: {name}: {error}", self.dialect.name),
                    }
                }
            }
        }
    }
}

fn checked(project: &str) -> Catalog {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
    let catalog = catalog::build(&loaded, &mut Diagnostics::default());
    assert!(!catalog.plans.is_empty(), "{project}");
    catalog
}

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

/// Returns what is asked of a plan, over a quarter in which the clock changes.
fn questions(plan: &Plan) -> Vec<(Request, Output)> {
    let (from, to) = (at("2026-02-01T00:00:00Z"), at("2026-05-01T00:00:00Z"));
    let request = |grain: Grain, by: Vec<String>| Request {
        grain,
        by,
        from: Some(from),
        to: Some(to),
        as_of: at("2026-06-01T00:00:00Z"),
        span: (from, to),
    };
    let first = || plan.dimensions.first().map(|dimension| dimension.name.clone()).into_iter().collect::<Vec<_>>();
    let mut questions = vec![(request(Grain::All, Vec::new()), Output::Cells)];
    if let Some(finest) = plan.grains.iter().min() {
        questions.push((request(*finest, first()), Output::Cells));
    }
    if let Some(coarsest) = plan.grains.iter().max() {
        questions.push((request(*coarsest, Vec::new()), Output::Cells));
    }
    if matches!(plan.body, Body::Measured(_)) {
        questions.push((request(Grain::All, Vec::new()), Output::Ledger));
    }
    questions
}
