//! A metric as a query that stands: what it is asked, and where its moment of knowledge comes from.
//!
//! Knows no form in which the query is deployed.

use std::collections::BTreeMap;

use super::dialect::Words;
use super::settings::{Moment, Settings};
use crate::plan::{Body, Pipeline, Placement, Plan, Reach, Rule, Times};
use crate::resolve::Registry;
use crate::source::ObservedThrough;
use crate::sql::{self, Anew, AsOf, Knowledge, Observed, RenderError, StandingQuery};
use crate::value::{Grain, Instant, Type, Value};

/// Why a metric is not deployed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(pub String);

impl From<RenderError> for Refusal {
    fn from(error: RenderError) -> Self {
        Refusal(error.to_string())
    }
}

/// Writes the query that answers the settings' question to a plan as often as it is asked; with `anew`, only the periods
/// that can still move.
///
/// # Errors
/// When the plan cannot be asked so, or the query would not be right at every moment that it is good for.
pub fn standing(
    (plan, registry): (&Plan, &Registry),
    settings: &Settings,
    anew: Option<Anew<'_>>,
) -> Result<StandingQuery, Refusal> {
    suits(plan, settings)?;
    let holds = (settings.since, settings.until);
    let first = settings.from.unwrap_or(settings.since);
    // Where periods are listed the list is cut instead.
    let starts = (anew.is_some() && !asks_for_periods(plan)).then(|| (Instant::from_micros(first.micros() + 1), first));
    let from = starts.map_or(first, |(stands, _)| stands);
    let request = sql::standing_request((settings.grain, &settings.by), from, holds);
    if let Some(at) =
        [Some(request.as_of), starts.map(|(stands, _)| stands)].into_iter().flatten().find(|at| names(plan, *at))
    {
        return Err(Refusal(format!("it names {at} itself; move `--since`, `--from` or `--until`")));
    }
    let tables: BTreeMap<&str, &str> =
        plan.scans().into_iter().map(|scan| (scan.source.as_str(), scan.table.as_str())).collect();
    let dated: Vec<(&str, &str)> = match lists_calendars(plan) {
        true => dated(plan, registry, &tables),
        false => Vec::new(),
    };
    let observed = observed(registry, &tables);
    let as_of = match settings.as_of {
        Moment::Data => AsOf::Observed(&observed),
        Moment::At(at) => AsOf::At(at),
        Moment::Now => AsOf::Told(Words::of(&settings.dialect).now.ok_or_else(|| {
            Refusal(format!("how {} tells the time is not known; use `--as-of data`", settings.dialect.name))
        })?),
    };
    let knowledge = Knowledge { as_of, holds, dated: &dated, anew, starts };
    Ok(sql::render_standing(plan, &request, &settings.dialect, &knowledge)?)
}

/// Tells why a plan cannot be asked what the settings say.
fn suits(plan: &Plan, settings: &Settings) -> Result<(), Refusal> {
    if settings.grain != Grain::All && !plan.grains.contains(&settings.grain) {
        return Err(Refusal(format!("it is not reported by {}", settings.grain)));
    }
    let has = |name: &&String| plan.dimensions.iter().any(|dimension| dimension.name == **name);
    if let Some(lacking) = settings.by.iter().find(|name| !has(name)) {
        return Err(Refusal(format!("it is not split by {lacking}")));
    }
    if settings.by.iter().any(|name| name == sql::KNOWN) {
        return Err(Refusal(format!("a dimension `{}` would stand beside the moment of knowledge", sql::KNOWN)));
    }
    if settings.from.is_none() && asks_for_periods(plan) {
        let what = "its periods are listed one by one; say with `--from` where the first begins";
        return Err(Refusal(what.to_owned()));
    }
    Ok(())
}

/// Returns the columns of instants that a plan puts into periods or on clocks, with their tables.
fn dated<'a>(plan: &'a Plan, registry: &Registry, tables: &BTreeMap<&'a str, &'a str>) -> Vec<(&'a str, &'a str)> {
    let is_instant = |(source, column): &(&str, &str)| {
        let described = registry.sources.get(*source).and_then(|file| file.source.column(column));
        described.is_some_and(|column| column.ty == Type::Instant)
    };
    let columns = plan.dated_columns().into_iter().filter(is_instant);
    columns.filter_map(|(source, column)| Some((*tables.get(source)?, column))).collect()
}

/// Returns up to when each source of a plan is complete, as its definition says.
fn observed<'a>(registry: &'a Registry, tables: &BTreeMap<&'a str, &'a str>) -> Vec<Observed<'a>> {
    let known = tables.iter().filter_map(|(source, table)| Some((registry.sources.get(*source)?, *table)));
    let through = known.map(|(file, table)| match &file.source.observed_through {
        ObservedThrough::At(at) => Observed::Through(*at),
        ObservedThrough::LastRow => Observed::LastOf(table, &file.source.order[0]),
    });
    through.collect()
}

/// Tells whether a plan lists the periods that it is asked for.
pub fn asks_for_periods(plan: &Plan) -> bool {
    match &plan.body {
        Body::Measured(pipeline) => !matches!(pipeline.filter.placement, Placement::Anchor { reach: Reach::Own, .. }),
        body => body.parts().into_iter().any(asks_for_periods),
    }
}

/// Tells whether the query of a plan lists opening hours or local days, which have an end.
fn lists_calendars(plan: &Plan) -> bool {
    match &plan.body {
        Body::Measured(pipeline) => lists_hours(pipeline),
        body => body.parts().into_iter().any(lists_calendars),
    }
}

fn lists_hours(pipeline: &Pipeline) -> bool {
    pipeline.facts.iter().any(|fact| match &fact.rule {
        Rule::Advanced(_) => true,
        Rule::Clocked(clock) => {
            clock.counting.iter().flat_map(Times::leaves).any(|leaf| matches!(leaf, Times::Open(_)))
        }
        Rule::Derived(_) | Rule::Joined(_) | Rule::Related(_) => false,
    })
}

/// Tells whether a plan names this very instant.
fn names(plan: &Plan, at: Instant) -> bool {
    plan.expressions().iter().any(|(_, expression)| {
        let mut found = false;
        expression.walk(&mut |part| {
            found |= matches!(part, crate::expression::Expression::Literal(Value::Instant(named), _) if *named == at);
        });
        found
    })
}
