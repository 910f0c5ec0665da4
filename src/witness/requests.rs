//! What is asked of made tables: grain, dimensions, range and moment of knowledge.

use super::dice::Dice;
use super::lineage::{hours, pipelines};
use super::material::{DAY, SECOND};
use super::stock::Stock;
use super::trial::{length, periods};
use crate::interpret::Tables;
use crate::plan::{Body, Placement, Plan, Reach, Request};
use crate::value::{Grain, Instant, Value};
use crate::verify::span;

/// Most periods that are asked for where each is computed anew, and elsewhere.
const MOST: [u64; 2] = [12, 120];

/// What both plans can be asked.
#[derive(Debug)]
pub(super) struct Requests<'a> {
    plans: [&'a Plan; 2],
    /// The grains that both have, without `all`.
    grains: Vec<Grain>,
    /// The dimensions that both have.
    pub(super) dimensions: Vec<String>,
    /// Whether rows are counted in periods that do not only hold their own anchor.
    is_periodic: bool,
    /// Whether each period is computed anew.
    is_anew: bool,
    /// Whether opening hours are counted.
    counts_hours: bool,
    /// Whether periods are cut otherwise.
    is_cut_otherwise: bool,
    /// The dimensions that are found otherwise by either plan.
    telling: Vec<String>,
    /// How far after the last instant everything is known, in microseconds.
    reach: i64,
}

impl<'a> Requests<'a> {
    pub(super) fn of(old: &'a Plan, new: &'a Plan, stock: &Stock) -> Self {
        let has = |name: &str, ty| new.dimensions.iter().any(|other| other.name == name && other.ty == ty);
        let dimensions = old.dimensions.iter().filter(|dimension| has(&dimension.name, dimension.ty));
        let placements = || [old, new].into_iter().flat_map(pipelines).map(|pipeline| &pipeline.filter.placement);
        let is_own = |placement: &Placement| matches!(placement, Placement::Anchor { reach: Reach::Own, .. });
        let is_anew = |placement: &Placement| matches!(placement, Placement::Snapshot(_) | Placement::Spread);
        let mut facts = [old, new].into_iter().flat_map(pipelines).flat_map(|pipeline| &pipeline.facts);
        let counts_hours = facts.any(|fact| !hours(fact).is_empty());
        let dimensions: Vec<String> = dimensions.map(|dimension| dimension.name.clone()).collect();
        Self {
            plans: [old, new],
            grains: old.grains.iter().copied().filter(|grain| new.grains.contains(grain)).collect(),
            telling: dimensions.iter().filter(|name| stock.is_telling(name)).cloned().collect(),
            dimensions,
            is_periodic: placements().any(|placement| !is_own(placement)) || needs_periods(old) || needs_periods(new),
            is_anew: placements().any(is_anew),
            counts_hours,
            is_cut_otherwise: !same_cut(old, new),
            reach: stock.reach(),
        }
    }

    /// Returns the plainest request for these tables, or one of the plain ones where there are several.
    pub(super) fn plain(&self, tables: &Tables, dice: &mut Dice) -> Request {
        let is_by_period = (self.is_periodic && !dice.once_in(4)) || (self.is_cut_otherwise && !dice.once_in(3));
        let grain = if is_by_period { dice.pick(&self.grains).copied().unwrap_or(Grain::All) } else { Grain::All };
        let (first, last) = bounds(tables);
        let later = match length(grain) {
            Some(length) if self.is_periodic => length * (1 + dice.below(4) as i64),
            _ if self.is_anew => DAY * (1 + dice.below(40) as i64),
            // A clock that is still running is read day by day.
            _ if self.counts_hours => [3, 20, 60][dice.below(3)] * DAY,
            _ => 2 * self.reach + 20 * DAY,
        };
        let as_of = Instant::from_micros(last.micros().saturating_add(later));
        let from = (self.is_anew && grain == Grain::All).then(|| Instant::from_micros(first.micros() - DAY));
        let mut by: Vec<String> = Vec::new();
        if dice.once_in(2) {
            by.extend(dice.pick(&self.telling).cloned());
        }
        self.whole(Request { grain, by, from, to: None, as_of, span: (as_of, as_of) }, tables)
    }

    /// Returns the request with one thing asked otherwise.
    pub(super) fn varied(&self, request: &Request, (tables, stock): (&Tables, &Stock), dice: &mut Dice) -> Request {
        let mut varied = request.clone();
        match dice.below(6) {
            0 | 1 => varied.as_of = near(tables, stock, dice),
            2 => {
                let grains: Vec<Grain> = self.grains.iter().copied().chain([Grain::All]).collect();
                varied.grain = *dice.pick(&grains).unwrap_or(&Grain::All);
            }
            3 => varied.by = dice.pick(&self.dimensions).cloned().into_iter().collect(),
            4 => {
                let from = near(tables, stock, dice);
                varied.from = (self.is_anew || dice.once_in(2)).then_some(from);
            }
            _ => varied.to = dice.once_in(2).then(|| near(tables, stock, dice)),
        }
        self.whole(varied, tables)
    }

    /// Returns the request with the instants of the tables noted, and cut to a bearable number of periods.
    pub(super) fn whole(&self, request: Request, tables: &Tables) -> Request {
        self.bearable(Request { span: self.span(&request, tables), ..request })
    }

    /// Returns the first and the last instant that the request is about.
    pub(super) fn span(&self, request: &Request, tables: &Tables) -> (Instant, Instant) {
        span(self.plans, tables, request.as_of)
    }

    /// Returns the request cut to a bearable number of periods.
    pub(super) fn bearable(&self, mut request: Request) -> Request {
        let most = if self.is_anew { MOST[0] } else { MOST[1] };
        if let Some(length) = length(request.grain).filter(|_| self.is_periodic && periods(&request) > most) {
            let first = request.from.unwrap_or(request.span.0);
            let to = Instant::from_micros(first.micros().saturating_add(length * most as i64));
            request.to = Some(request.to.map_or(to, |old| old.min(to)));
        }
        request
    }

    /// Returns the grains that both plans have, the plainest first.
    pub(super) fn grains(&self) -> impl Iterator<Item = Grain> {
        [Grain::All].into_iter().chain(self.grains.iter().copied())
    }
}

/// Tells whether a metric is made of values by period.
fn needs_periods(plan: &Plan) -> bool {
    matches!(plan.body, Body::Averaged(_)) || plan.body.parts().into_iter().any(needs_periods)
}

fn same_cut(old: &Plan, new: &Plan) -> bool {
    let parts = |plan: &Plan| plan.body.parts().into_iter().cloned().collect::<Vec<_>>();
    let (before, after) = (parts(old), parts(new));
    old.calendar == new.calendar && before.iter().zip(&after).all(|(old, new)| same_cut(old, new))
}

/// Returns the first and the last instant of the tables.
pub(super) fn bounds(tables: &Tables) -> (Instant, Instant) {
    let instants = instants(tables);
    let base = Instant::from_micros(super::stock::BASE);
    (instants.iter().copied().min().unwrap_or(base), instants.iter().copied().max().unwrap_or(base))
}

/// Returns every instant of the tables.
pub(super) fn instants(tables: &Tables) -> Vec<Instant> {
    let cells = tables.values().flat_map(|table| &table.rows).flatten();
    cells.filter_map(|cell| if let Value::Instant(at) = cell { Some(*at) } else { None }).collect()
}

/// Returns an instant of the tables, or one at a distance from it.
fn near(tables: &Tables, stock: &Stock, dice: &mut Dice) -> Instant {
    let at = dice.pick(&instants(tables)).map_or(super::stock::BASE, |at| at.micros());
    let step = [0, 0, SECOND, -SECOND][dice.below(4)];
    let distance = if dice.once_in(2) { 0 } else { stock.distance(dice) };
    Instant::from_micros(at.saturating_add(distance).saturating_add(step))
}
