//! One query for many metrics: the rows of a source are brought together once, by all that the metrics tell them apart by,
//! and each metric is counted over the few rows that this leaves.
//!
//! Every metric gets the cells that a query of its own gives. Which metrics stay alone is told by [`partition`], with the
//! reason. Knows no dialect.

mod cube;
mod grouping;
mod periods;
mod result;
mod totals;

use std::collections::BTreeMap;

pub use grouping::{Alone, Partition, Together, partition};
pub use result::parted;

use super::moments::Moments;
use super::names::Columns;
use super::pipeline::{Part, Purpose, Rows};
use super::placement::{Periods, World};
use super::query::Query;
use super::templates::Templates;
use super::{Dialect, Header, RenderError, cells, fates, quoting, scan, templates};
use crate::plan::{Body, Measure, Pipeline, Plan, Request};
use crate::table::Field;
use cube::{Cube, Member};

/// Tells how many values a column of a source can have, where the source lists them.
pub type Values<'a> = &'a dyn Fn(&str, &str) -> Option<usize>;

/// A query for many metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fused {
    /// The query.
    pub text: String,
    /// The columns it returns: those of [`contract`](crate::plan::contract) of all metrics, each in the type that holds the
    /// values of all.
    pub fields: Vec<Field>,
}

/// Writes the query that answers `request` to all of `metrics`, which [`partition`] has found to go together.
///
/// # Errors
///
/// As [`super::render`].
pub fn fused(
    metrics: &[(&Plan, Header)],
    request: &Request,
    dialect: &Dialect,
    values: Values,
) -> Result<Fused, RenderError> {
    fused_with(templates::embedded(dialect), metrics, request, values)
}

/// Writes the query with these templates, which need not be the embedded ones.
pub(super) fn fused_with(
    templates: &Templates,
    metrics: &[(&Plan, Header)],
    request: &Request,
    values: Values,
) -> Result<Fused, RenderError> {
    let plans: Vec<&Plan> = metrics.iter().map(|(plan, _)| *plan).collect();
    let first = *plans.first().ok_or(RenderError::Contradiction("no metric is asked for"))?;
    for plan in &plans {
        super::check(plan, request, super::Output::Cells)?;
    }
    let mut query = Query::new(templates, first, request)?;
    let mut cube = Cube::of(&plans, request)?;
    let members: Vec<Member> = plans.iter().map(|plan| cube.admit(plan, values)).collect::<Result<_, _>>()?;
    let answers = answered(&mut query, (request, &cube), &members)?;
    let (last, fields) = result::write(&mut query, (request, &members), answers)?;
    let text = format!("{}{}", head(metrics, request), super::headless(query, last)?);
    Ok(Fused { text, fields })
}

/// Writes which metrics the query answers.
fn head(metrics: &[(&Plan, Header)], request: &Request) -> String {
    let line = |text: String| format!("-- {}\n", quoting::comment(&text));
    let each = metrics.iter().map(|(plan, header)| {
        let (metric, version) = (&plan.metric, &plan.version);
        line(format!("{metric} {version}: {}. Fingerprint {}.", header.title, header.fingerprint))
    });
    each.chain([line(super::question(request))]).collect()
}

/// Adds the steps of the cube, and those of each member up to its graded cells.
fn answered(
    query: &mut Query,
    (request, cube): (&Request, &Cube),
    members: &[Member],
) -> Result<Vec<cells::Table>, RenderError> {
    let (first, pipeline) = (members[0].plan, &members[0].pipeline);
    let part = Part { plan: first, request, publish: &first.publish, prefix: "", purpose: Purpose::Cells };
    let counts: Vec<String> =
        members.iter().flat_map(|member| super::totals::counts(&member.pipeline, member.part(request, ""))).collect();
    let columns = Columns::new(cube.names(), &counts);
    let cut = periods::place(query, (first, pipeline), request)?;
    let mut rows = row_of(scan::write(query, &cube.scan, &columns, &World::At(request.as_of))?, columns, request);
    rows.travelling = cube.read().map(|name| rows.columns.carried(name).to_owned()).collect();
    rows.periods = cut.before();
    rows.range = (request.from, request.to);
    fates::filter(query, pipeline, part, &mut rows)?;
    let from = cube.step(query, (part, &cut), &rows)?;
    let bounds = cells::period_bounds(query, part, (&from, &cut.after))?;
    let mut answers = Vec::new();
    for member in members {
        let prefix = format!("{}_", member.plan.metric);
        let part = member.part(request, &prefix);
        let mut rows = row_of(from.clone(), rows.columns.clone(), request);
        rows.periods = cut.carried();
        rows.together = member.numbers.clone();
        fates::decide(query, &member.pipeline, part, &mut rows)?;
        let totals = totals::totals(query, member, part, &rows)?;
        let measure = &member.pipeline.measure;
        let quotient = measure.is_quotient().then(|| (measure.numerator_type(), measure.denominator_type()));
        let table = cells::valued(query, part, (totals, quotient), &bounds)?;
        answers.push(cells::graded(query, part, table, grading(&member.pipeline, part))?);
    }
    Ok(answers)
}

fn grading<'a>(pipeline: &'a Pipeline, part: Part<'a>) -> cells::Grading<'a> {
    let measure = &pipeline.measure;
    cells::Grading {
        undefined: None,
        provisional: super::totals::open_count(pipeline),
        interval: part.publish.interval.as_ref().filter(|_| matches!(measure, Measure::Share(_))),
        bounds: pipeline.bounds.as_ref().map(|bounds| (bounds, measure.numerator_type())),
    }
}

/// Returns rows in a step, about which nothing is decided yet.
fn row_of(from: String, columns: Columns, request: &Request) -> Rows {
    Rows {
        seen: from.clone(),
        from,
        travelling: Vec::new(),
        columns,
        key: Vec::new(),
        world: World::At(request.as_of),
        moments: Moments::of(request.as_of),
        has_undated: false,
        periods: Periods::Whole,
        range: (None, None),
        // The population is told apart where the members are: they need not have the same.
        is_filtered_late: true,
        has_set_aside: false,
        ahead: BTreeMap::new(),
        together: Vec::new(),
    }
}

fn measured(plan: &Plan) -> Option<&Pipeline> {
    match &plan.body {
        Body::Measured(pipeline) => Some(pipeline),
        Body::Combined(_) | Body::Averaged(_) | Body::Scored(_) => None,
    }
}
