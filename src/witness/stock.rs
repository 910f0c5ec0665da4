//! What cells are filled with: for each column the values at which an answer can turn, and plain ones beside them.
//!
//! What only one of the two plans names is taken more often. Knows no row.

use std::collections::{BTreeMap, BTreeSet};

use super::dice::Dice;
use super::focus;
use super::ground::{Ground, Holds, Plot, Side};
use super::lineage::{Origin, matches, pipelines};
use super::material::{DAY, Material, SECOND, beside};
use crate::plan::{Fact, Plan};
use crate::value::{Date, Duration, Instant, Number, Type, Value};

/// Monday, 2 March 2026, 09:00 UTC: the instant that rows have where none is wanted.
pub(super) const BASE: i64 = 1_772_442_000 * SECOND;
/// An hour in microseconds.
const HOUR: i64 = 3_600 * SECOND;
/// Changes of clocks: of Berlin and London twice, of New York.
const CLOCK_CHANGES: [i64; 3] = [1_774_746_000 * SECOND, 1_792_890_000 * SECOND, 1_772_953_200 * SECOND];
/// Steps around an instant or a distance.
const STEPS: [i64; 5] = [0, 0, SECOND, -SECOND, 1];

/// The values to fill tables with.
#[derive(Debug)]
pub(super) struct Stock {
    pools: BTreeMap<Origin, Vec<Value>>,
    distances: Vec<i64>,
    moments: Vec<i64>,
    /// The values by column that only one plan names.
    telling: BTreeMap<Origin, Vec<Value>>,
    telling_distances: Vec<i64>,
    telling_moments: Vec<i64>,
    /// The columns behind the steps that differ, as far as tables have them.
    pub(super) focus: Vec<Origin>,
    /// The facts that differ.
    facts: BTreeSet<String>,
    /// The longest distance that either plan names.
    reach: i64,
}

impl Stock {
    /// Returns what either plan gives reason to try.
    pub(super) fn of(ground: &Ground, old: Side<'_>, new: Side<'_>) -> Self {
        let (before, after) = (Material::of(old.1), Material::of(new.1));
        let (all, telling) = (before.union(&after), before.difference(&after));
        let matched = Matched::of([old.1, new.1]);
        let mut pools = BTreeMap::new();
        for (source, plot) in &ground.plots {
            for (column, field) in plot.fields.iter().enumerate() {
                let origin = (source.clone(), field.name.clone());
                let mut named = all.values.get(&origin).cloned().unwrap_or_default();
                named.extend(matched.listed(&origin, ground));
                let pool = pool((plot, column), &named, matched.has(&origin));
                pools.insert(origin, pool);
            }
        }
        let has = |(source, column): &Origin| ground.plots.get(source).is_some_and(|plot| plot.place(column).is_some());
        let focus = focus::of(old.1, new.1);
        let columns: BTreeSet<Origin> =
            focus.columns.into_iter().chain(telling.values.keys().cloned()).filter(has).collect();
        let reach = all.distances.iter().map(|length| length.saturating_abs()).max().unwrap_or(0).min(400 * DAY);
        Self {
            pools,
            distances: all.distances.iter().copied().chain([0, SECOND, HOUR, DAY, 3 * DAY, 30 * DAY]).collect(),
            moments: all.moments.iter().copied().chain(spread()).collect(),
            telling: telling.values,
            telling_distances: telling.distances.into_iter().collect(),
            telling_moments: telling.moments.into_iter().collect(),
            focus: columns.into_iter().collect(),
            facts: focus.facts,
            reach,
        }
    }

    /// Returns the longest distance that either plan names.
    pub(super) fn reach(&self) -> i64 {
        self.reach
    }

    /// Returns one of the facts, more often one that differs.
    pub(super) fn fact<'f>(&self, facts: &'f [Fact], dice: &mut Dice) -> Option<&'f Fact> {
        let telling: Vec<&Fact> = facts.iter().filter(|fact| self.is_telling(&fact.name)).collect();
        match dice.pick(&telling).filter(|_| !dice.once_in(3)) {
            Some(fact) => Some(fact),
            None => dice.pick(facts),
        }
    }

    /// Tells whether a fact is found otherwise by either plan.
    pub(super) fn is_telling(&self, fact: &str) -> bool {
        self.facts.contains(fact)
    }

    /// Returns a value for a column; instants are taken at random.
    pub(super) fn value(&self, (source, column): (&str, &str), ty: Type, dice: &mut Dice) -> Option<Value> {
        let origin = (source.to_owned(), column.to_owned());
        if ty == Type::Instant && dice.once_in(2) {
            return Some(Value::Instant(Instant::from_micros(self.moment(dice))));
        }
        let known = self.telling.get(&origin).filter(|_| dice.once_in(2)).and_then(|known| dice.pick(known));
        let near = known.map(|known| beside(known, ty)).unwrap_or_default();
        dice.pick(&near).or_else(|| self.pools.get(&origin).and_then(|pool| dice.pick(pool))).cloned()
    }

    /// Returns a distance between two instants, not negative.
    pub(super) fn distance(&self, dice: &mut Dice) -> i64 {
        let telling = &self.telling_distances;
        let base = match (telling.is_empty(), dice.below(4)) {
            (false, 0 | 1) => *dice.pick(telling).unwrap_or(&0),
            // Between two bounds of which either plan has one.
            (false, 2) => (dice.pick(telling).unwrap_or(&0) + dice.pick(telling).unwrap_or(&0)) / 2,
            _ => *dice.pick(&self.distances).unwrap_or(&0),
        };
        base.saturating_abs().saturating_add(*dice.pick(&STEPS).unwrap_or(&0)).max(0)
    }

    /// Returns an instant to begin with.
    pub(super) fn moment(&self, dice: &mut Dice) -> i64 {
        let telling = !self.telling_moments.is_empty();
        let base = match dice.below(4) {
            0 | 1 if telling => *dice.pick(&self.telling_moments).unwrap_or(&BASE),
            0 | 2 => *dice.pick(&self.moments).unwrap_or(&BASE),
            _ => BASE,
        };
        let steps = [0, 0, 0, SECOND, -SECOND, HOUR, -HOUR, 2 * HOUR, 12 * HOUR, -12 * HOUR, DAY, -DAY];
        base.saturating_add(*dice.pick(&steps).unwrap_or(&0))
    }
}

/// Days of two years, so that every month and every weekday is met, and the days on which clocks change.
fn spread() -> impl Iterator<Item = i64> {
    (0..48).map(|step| BASE - 260 * DAY + step * 15 * DAY + (step % 7) * HOUR).chain(CLOCK_CHANGES)
}

/// Returns the values worth trying in a column: what it is compared with and what lies beside, then plain ones.
fn pool((plot, column): (&Plot, usize), named: &[Value], is_matched: bool) -> Vec<Value> {
    let (ty, holds) = (plot.ty(column), &plot.holds[column]);
    let mut pool: Vec<Value> = Vec::new();
    let candidates = named.iter().flat_map(|value| beside(value, ty)).chain(plain(ty, holds, is_matched));
    for value in candidates {
        if holds.admits(&value) && !pool.contains(&value) {
            pool.push(value);
        }
    }
    if holds.nullable {
        pool.push(Value::Null);
    }
    pool
}

/// Returns plain values of a type, the plainest first.
pub(super) fn plain(ty: Type, holds: &Holds, is_matched: bool) -> Vec<Value> {
    if let Some(values) = &holds.values {
        return values.iter().map(|value| Value::text(value)).collect();
    }
    let bounds = holds.range.iter().flat_map(|(low, high)| [*low, *high]);
    match ty {
        Type::Boolean => vec![Value::Boolean(false), Value::Boolean(true)],
        Type::Text if is_matched => ["a", "b"].map(Value::text).to_vec(),
        Type::Text => ["a", "b", "c"].map(Value::text).to_vec(),
        Type::Number(scale) => {
            let numbers = [1, 0, 2, 3, 5, 10, 100, -1].map(Number::integer);
            let numbers = numbers.into_iter().chain(bounds).filter_map(|number| number.rescale(scale));
            numbers.map(Value::Number).collect()
        }
        Type::Duration => {
            let lengths = [60 * SECOND, 0, SECOND, HOUR, 2 * HOUR, DAY, -SECOND];
            lengths.map(|length| Value::Duration(Duration::from_micros(length))).to_vec()
        }
        Type::Instant => [0, HOUR, DAY, 7 * DAY].map(|step| Value::Instant(Instant::from_micros(BASE + step))).to_vec(),
        Type::Date => {
            let first = BASE.div_euclid(DAY);
            [0, 1, 7].iter().filter_map(|step| Date::from_days(first + step)).map(Value::Date).collect()
        }
        Type::Real => Vec::new(),
    }
}

/// Columns that are matched with each other, by one of them.
struct Matched(BTreeMap<Origin, BTreeSet<Origin>>);

impl Matched {
    fn of(plans: [&Plan; 2]) -> Self {
        let mut partners: BTreeMap<Origin, BTreeSet<Origin>> = BTreeMap::new();
        for (own, other) in plans.into_iter().flat_map(pipelines).flat_map(matches) {
            partners.entry(own.clone()).or_default().insert(other.clone());
            partners.entry(other).or_default().insert(own);
        }
        Self(partners)
    }

    fn has(&self, origin: &Origin) -> bool {
        self.0.contains_key(origin)
    }

    /// Returns the texts that the partners of a column are said to hold.
    fn listed(&self, origin: &Origin, ground: &Ground) -> Vec<Value> {
        let partners = self.0.get(origin).into_iter().flatten();
        let holds = partners.filter_map(|(source, column)| {
            let plot = ground.plots.get(source)?;
            plot.holds[plot.place(column)?].values.as_ref()
        });
        holds.flatten().map(|value| Value::text(value)).collect()
    }
}
