//! Where rows are put: how often a pipeline is computed for a request, as of when, and the periods of each anchor.
//!
//! Knows no row but by its anchor.

use super::InterpretError;
use super::interval::Interval;
use super::period::{Cutter, Period};
use super::periods::{asked_for, reaches};
use crate::expression::Moment;
use crate::plan::{Calendar, Edge, Placement, Reach, Request};
use crate::value::{Grain, Instant};

/// The instants that a question brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moments {
    /// The moment of knowledge.
    pub(super) as_of: Instant,
    /// The bounds of the row's period, where rows have one before they are placed.
    pub(super) bounds: Option<Bounds>,
}

/// The bounds of a period as expressions see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Its first instant, if it has one.
    start: Option<Instant>,
    /// The first instant after it that counts.
    end: Instant,
}

impl Moments {
    /// Returns the moments of a question without periods.
    pub(super) fn at(as_of: Instant) -> Self {
        Self { as_of, bounds: None }
    }

    /// Returns the instant that `moment` stands for.
    pub(super) fn instant(&self, moment: Moment) -> Result<Instant, InterpretError> {
        let bounds = || {
            let what = "a row has no period before it is placed by its anchor".to_owned();
            self.bounds.ok_or(InterpretError::Contradiction { what })
        };
        match moment {
            Moment::AsOf => Ok(self.as_of),
            Moment::PeriodStart => bounds()?.start.ok_or(InterpretError::NoPeriodStart),
            // The moment of knowledge of a snapshot is the snapshot's.
            Moment::PeriodEnd => Ok(bounds()?.end.min(self.as_of)),
        }
    }
}

/// One computation of a pipeline.
#[derive(Debug)]
pub(super) struct Run {
    /// What is known.
    pub(super) moments: Moments,
    /// Where rows are put.
    pub(super) placing: Placing,
}

/// The periods that rows are put in.
#[derive(Debug, Clone)]
pub(super) enum Placing {
    /// The one that holds the anchor, if the request asks for the anchor.
    Own { cutter: Cutter, from: Option<Instant>, to: Option<Instant> },
    /// Those whose reach (beside them) holds the anchor; both in order.
    Reaching(Vec<(Period, Interval)>),
    /// This one, whatever the row; `None` with grain `all`.
    Fixed(Option<Period>),
}

/// The periods that a row counts in; the only one of grain `all` is `None`.
#[derive(Debug)]
pub(super) enum Periods {
    /// In none.
    None,
    /// In one, as nearly every row does.
    One(Option<Period>),
    /// In these.
    Several(Vec<Option<Period>>),
}

impl Periods {
    /// Returns them in their order.
    pub(super) fn as_slice(&self) -> &[Option<Period>] {
        match self {
            Periods::None => &[],
            Periods::One(period) => std::slice::from_ref(period),
            Periods::Several(periods) => periods,
        }
    }
}

impl Placing {
    /// Returns the periods that a row with this anchor counts in.
    pub(super) fn periods_of(&mut self, at: Instant) -> Result<Periods, InterpretError> {
        match self {
            Placing::Own { cutter, from, to } => {
                let is_asked_for = from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
                Ok(if is_asked_for { Periods::One(cutter.period_of(at)?) } else { Periods::None })
            }
            Placing::Reaching(periods) => {
                let first = periods.partition_point(|(_, reach)| reach.end <= at);
                let begun = periods.partition_point(|(_, reach)| reach.start <= at);
                let reached = periods.get(first..begun).unwrap_or_default();
                Ok(Periods::Several(reached.iter().map(|(period, _)| Some(*period)).collect()))
            }
            Placing::Fixed(period) => Ok(Periods::One(*period)),
        }
    }
}

/// Returns the computations that a request asks of a pipeline.
pub(super) fn runs(placement: &Placement, calendar: &Calendar, request: &Request) -> Result<Vec<Run>, InterpretError> {
    let edge = match placement {
        Placement::Anchor { reach, .. } => {
            let placing = anchored(*reach, calendar, request)?;
            return Ok(vec![Run { moments: Moments::at(request.as_of), placing }]);
        }
        Placement::Snapshot(edge) => Some(*edge),
        Placement::Spread => None,
    };
    if request.grain == Grain::All {
        let bounds = Bounds { start: request.from, end: request.to.unwrap_or(request.as_of) };
        return Ok(vec![fixed(None, bounds, edge, request)?]);
    }
    let periods = asked_for(calendar, request)?.into_iter();
    periods
        .map(|period| {
            let bounds = Bounds { start: Some(period.start), end: period.end };
            fixed(Some(period), bounds, edge, request)
        })
        .collect()
}

fn anchored(reach: Reach, calendar: &Calendar, request: &Request) -> Result<Placing, InterpretError> {
    match (reach, request.grain) {
        (Reach::Before(_), Grain::All) => Ok(Placing::Reaching(Vec::new())),
        (Reach::Own, _) | (_, Grain::All) => {
            let cutter = Cutter::new(calendar, request.grain)?;
            Ok(Placing::Own { cutter, from: request.from, to: request.to })
        }
        (reach, grain) => {
            let periods = asked_for(calendar, request)?;
            let reaches = reaches(&periods, reach, (calendar, grain))?;
            Ok(Placing::Reaching(periods.into_iter().zip(reaches).collect()))
        }
    }
}

fn fixed(
    period: Option<Period>,
    bounds: Bounds,
    snapshot: Option<Edge>,
    request: &Request,
) -> Result<Run, InterpretError> {
    let as_of = match snapshot {
        None => request.as_of,
        Some(Edge::Start) => bounds.start.ok_or(InterpretError::NoPeriodStart)?,
        Some(Edge::End) => bounds.end,
    };
    // Nothing after the request's own moment of knowledge has been observed.
    let moments = Moments { as_of: as_of.min(request.as_of), bounds: Some(bounds) };
    Ok(Run { moments, placing: Placing::Fixed(period) })
}
