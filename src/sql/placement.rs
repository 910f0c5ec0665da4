//! The periods that the rows of a pipeline count in, and the moments as of which they are seen.
//!
//! Lists periods where an engine cannot compute them. Knows no dialect.

use minijinja::Value;

use super::RenderError;
use super::calendar::{self, MOST, Period};
use super::moments::{At, Moments};
use super::pipeline::{Part, Purpose};
use super::query::{Listing, Query, zone_span};
use crate::plan::{Calendar, Edge, Pipeline, Placement, Reach, Request, Rule, Year};
use crate::value::{Grain, Instant};

/// How rows, or the cells of other metrics, come by the period they count in.
#[derive(Debug, Clone)]
pub(super) enum Periods {
    /// There is only one, without bounds.
    Whole,
    /// It is computed from an instant, by the calendar as macros take it.
    Cut(Value),
    /// It is found in a list, by where an instant lies.
    Found(Found),
    /// The rows carry its start, as in this list.
    Carried(String),
}

/// How a period is found in a list.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// The step with the list.
    pub(super) step: String,
    /// The column with the first instant of what is looked at.
    pub(super) start: &'static str,
    /// The column with the first instant after it.
    pub(super) end: &'static str,
    /// Whether an instant for which the list has no period stays.
    pub(super) keeps_all: bool,
}

impl Periods {
    /// Tells whether rows have a column `period`.
    pub(super) fn are_many(&self) -> bool {
        !matches!(self, Periods::Whole)
    }

    /// Returns the calendar by which periods are computed; false where they are not.
    pub(super) fn calendar(&self) -> Value {
        match self {
            Periods::Cut(calendar) => calendar.clone(),
            _ => Value::from(false),
        }
    }

    /// Returns the step that lists the periods.
    pub(super) fn listed(&self) -> Option<&str> {
        match self {
            Periods::Found(found) => Some(&found.step),
            Periods::Carried(step) => Some(step),
            Periods::Whole | Periods::Cut(_) => None,
        }
    }
}

/// As of when rows are seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum World {
    /// As of one instant.
    At(Instant),
    /// As of one instant of each period in this list.
    Each(String),
}

/// The outcome of a placement.
#[derive(Debug)]
pub(super) struct Placed {
    /// The periods.
    pub(super) periods: Periods,
    /// The first instant, and the first instant after, between which anchors count in some period.
    pub(super) range: (Option<Instant>, Option<Instant>),
    /// What stands for the instants that the question brings along.
    pub(super) moments: Moments,
    /// As of when sources are seen.
    pub(super) world: World,
}

/// Settles the placement of `pipeline`, adding the list of periods that it needs.
pub(super) fn place(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<Placed, RenderError> {
    let request = part.request;
    let anchored = |periods: Periods, range: (Option<Instant>, Option<Instant>)| Placed {
        periods,
        range,
        moments: Moments::of(request.as_of),
        world: World::At(request.as_of),
    };
    let own_range = (request.from, request.to);
    match &pipeline.filter.placement {
        Placement::Anchor { reach: Reach::Before(_), .. } if request.grain == Grain::All => {
            // Nothing lies before everything.
            Ok(anchored(Periods::Whole, (Some(request.as_of), Some(request.as_of))))
        }
        Placement::Anchor { reach, .. } if *reach == Reach::Own || request.grain == Grain::All => {
            let periods = match part.purpose {
                Purpose::Ledger => Periods::Whole,
                Purpose::Cells | Purpose::Component => {
                    let calendar = &part.plan.calendar;
                    let span = zone_span(part.plan, request);
                    let is_whole_days = request.grain > Grain::Hour && request.grain != Grain::All;
                    let list = if is_long(pipeline) && is_whole_days {
                        listed(query, calendar, request.grain, span).ok()
                    } else {
                        None
                    };
                    // Too long a list is none.
                    match list {
                        Some(list) => list,
                        None => cut(query, calendar, request.grain, span)?,
                    }
                }
            };
            Ok(anchored(periods, own_range))
        }
        Placement::Anchor { reach, .. } => {
            let reaches = reaches(&part.plan.calendar, request, *reach)?;
            let first = reaches.iter().map(|(_, reach)| reach.start).min();
            let last = reaches.iter().map(|(_, reach)| reach.end).max();
            // The reaches of successive periods leave no gap.
            let range = (first.or(Some(request.as_of)), last.or(Some(request.as_of)));
            if part.purpose == Purpose::Ledger {
                return Ok(anchored(Periods::Whole, range));
            }
            let rows = reaches.iter().map(|(own, reach)| vec![own.start, own.end, reach.start, reach.end]).collect();
            let columns = &["period_start", "period_end", "reach_start", "reach_end"];
            let step = query.listed(Listing { columns, rows });
            Ok(anchored(
                Periods::Found(Found { step, start: "reach_start", end: "reach_end", keeps_all: false }),
                range,
            ))
        }
        Placement::Snapshot(edge) => snapshot(query, part, *edge),
        Placement::Spread => spread(query, part),
    }
}

/// Returns how instants within `span` are put into periods of `grain`, one each.
pub(super) fn cut(
    query: &mut Query,
    calendar: &Calendar,
    grain: Grain,
    span: (Instant, Instant),
) -> Result<Periods, RenderError> {
    if grain == Grain::All {
        return Ok(Periods::Whole);
    }
    if !is_listed(calendar, grain) {
        return Ok(Periods::Cut(query.calendar(calendar, grain)?));
    }
    listed(query, calendar, grain, span)
}

/// Tells whether a query is long already. Bounds that are computed of periods read all steps before them twice, which
/// some engines answer by computing all of them twice; a list does not.
fn is_long(pipeline: &Pipeline) -> bool {
    pipeline.facts.iter().any(|fact| matches!(fact.rule, Rule::Clocked(_)))
}

fn listed(
    query: &mut Query,
    calendar: &Calendar,
    grain: Grain,
    span: (Instant, Instant),
) -> Result<Periods, RenderError> {
    let span = (span.0.min(span.1), span.0.max(span.1));
    let periods = calendar::Periods::of(calendar, grain)?.listed(span, 0)?;
    let rows = periods.iter().map(|period| vec![period.start, period.end]).collect();
    let step = query.listed(Listing { columns: &["period_start", "period_end"], rows });
    Ok(Periods::Found(Found { step, start: "period_start", end: "period_end", keeps_all: true }))
}

/// Tells whether periods of `grain` differ from those that dialects compute.
pub(super) fn is_listed(calendar: &Calendar, grain: Grain) -> bool {
    match calendar.year {
        Year::OfMonths { first } => first != 1 && matches!(grain, Grain::Quarter | Grain::Year),
        Year::OfWeeks { .. } => matches!(grain, Grain::Month | Grain::Quarter | Grain::Year),
    }
}

fn snapshot(query: &mut Query, part: Part, edge: Edge) -> Result<Placed, RenderError> {
    let request = part.request;
    let instant = |start: Instant, end: Instant| match edge {
        Edge::Start => start.min(request.as_of),
        Edge::End => end.min(request.as_of),
    };
    if request.grain == Grain::All {
        let end = request.to.unwrap_or(request.as_of);
        let at = match (edge, request.from) {
            (Edge::Start, None) => return Err(RenderError::NoPeriod("start")),
            (_, from) => instant(from.unwrap_or(end), end),
        };
        let moments = Moments {
            as_of: At::Instant(at),
            start: request.from.map(At::Instant),
            end: Some(At::Instant(end.min(at))),
        };
        return Ok(Placed { periods: Periods::Whole, range: (None, None), moments, world: World::At(at) });
    }
    let asked = asked(&part.plan.calendar, request, 0)?;
    let rows = asked.iter().map(|period| vec![period.start, period.end, instant(period.start, period.end)]).collect();
    let step = query.listed(Listing { columns: &["period_start", "period_end", "as_of"], rows });
    Ok(Placed {
        periods: Periods::Carried(step.clone()),
        range: (None, None),
        moments: Moments::by_period("period"),
        world: World::Each(step),
    })
}

fn spread(query: &mut Query, part: Part) -> Result<Placed, RenderError> {
    let request = part.request;
    let world = World::At(request.as_of);
    let as_of = At::Instant(request.as_of);
    if request.grain == Grain::All {
        let end = request.to.map_or(request.as_of, |to| to.min(request.as_of));
        let moments = Moments { as_of, start: request.from.map(At::Instant), end: Some(At::Instant(end)) };
        return Ok(Placed { periods: Periods::Whole, range: (None, None), moments, world });
    }
    let asked = asked(&part.plan.calendar, request, 0)?;
    let rows = asked.iter().map(|period| vec![period.start, period.end, period.end.min(request.as_of)]).collect();
    let step = query.listed(Listing { columns: &["period_start", "period_end", "period_until"], rows });
    let moments = Moments { as_of, start: Some(At::Column("period")), end: Some(At::Column("period_until")) };
    Ok(Placed { periods: Periods::Carried(step), range: (None, None), moments, world })
}

/// Returns the periods asked for, after `before` that precede the first of them if there is one.
fn asked(calendar: &Calendar, request: &Request, before: usize) -> Result<Vec<Period>, RenderError> {
    let first = request.from.unwrap_or(request.span.0);
    let last = request.to.unwrap_or(request.span.1).min(request.as_of);
    if last < first {
        return Ok(Vec::new());
    }
    let mut periods = calendar::Periods::of(calendar, request.grain)?.listed((first, last), before + 1)?;
    let is_early = |period: &Period| match request.from {
        Some(from) => period.start < from,
        None => period.end <= first,
    };
    let early = periods.iter().take_while(|period| is_early(period)).count();
    periods.drain(..early.saturating_sub(before));
    periods.retain(|period| period.start <= request.as_of && request.to.is_none_or(|to| period.start < to));
    let asked = periods.len().saturating_sub(before.min(early));
    match asked {
        0 => Ok(Vec::new()),
        count if count > MOST => Err(RenderError::TooManyPeriods),
        _ => Ok(periods),
    }
}

/// Returns the periods asked for, each with what it reaches.
fn reaches(calendar: &Calendar, request: &Request, reach: Reach) -> Result<Vec<(Period, Period)>, RenderError> {
    let before = match reach {
        Reach::Own | Reach::ToDate(_) => 0,
        Reach::Trailing(periods) => periods.saturating_sub(1) as usize,
        Reach::Before(periods) => periods as usize,
    };
    let periods = asked(calendar, request, before)?;
    let longer = match reach {
        Reach::ToDate(Grain::All) => return Err(RenderError::NoPeriod("start")),
        Reach::ToDate(grain) => Some(calendar::Periods::of(calendar, grain)?),
        _ => None,
    };
    let mut reaches = Vec::new();
    for (own, earlier) in periods.iter().skip(before).zip(&periods) {
        let reached = match (reach, &longer) {
            (Reach::Before(_), _) => *earlier,
            (_, Some(longer)) => Period { start: longer.holding(own.start)?.start, end: own.end },
            _ => Period { start: earlier.start, end: own.end },
        };
        reaches.push((*own, reached));
    }
    Ok(reaches)
}
