//! What a plan names: the values, distances and instants at which its answer can turn.
//!
//! Knows no row. What only one of two plans names is where they are likely to part.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{self, DateTime};
use jiff::tz::TimeZone;

use super::lineage::{Origin, hours, of_event, of_row, pipelines};
use crate::expression::Expression;
use crate::plan::{Awaits, Body, Distance, Formula, Hours, Pipeline, Plan, Rule, Year};
use crate::value::{Duration, Instant, Number, Type, Value};

/// A second in microseconds.
pub(super) const SECOND: i64 = 1_000_000;
/// A day of 24 hours in microseconds.
pub(super) const DAY: i64 = 86_400 * SECOND;
/// The year in which rows are made.
pub(super) const YEAR: i16 = 2026;

/// What one plan names.
#[derive(Debug, Default, Clone)]
pub(super) struct Material {
    /// Values by the column that they are compared with.
    pub(super) values: BTreeMap<Origin, Vec<Value>>,
    /// Lengths of time, in microseconds.
    pub(super) distances: BTreeSet<i64>,
    /// Instants, in microseconds.
    pub(super) moments: BTreeSet<i64>,
}

impl Material {
    /// Returns what a plan names.
    pub(super) fn of(plan: &Plan) -> Self {
        let mut material = Material::default();
        material.add_calendar(plan);
        material.add_formulas(plan);
        for pipeline in pipelines(plan) {
            material.add_expressions(plan, pipeline);
            material.add_steps(pipeline);
        }
        material
    }

    fn add_calendar(&mut self, plan: &Plan) {
        let first = match plan.calendar.year {
            Year::OfMonths { first } | Year::OfWeeks { first, .. } => first,
        };
        self.add_midnights(&plan.calendar.zone);
        self.add_civil(&plan.calendar.zone, civil::date(YEAR, first.clamp(1, 12) as i8, 1).at(0, 0, 0, 0));
        plan.body.parts().into_iter().for_each(|part| self.add_calendar(part));
    }

    fn add_formulas(&mut self, plan: &Plan) {
        if let Body::Combined(combination) = &plan.body {
            self.add_steps_of(&combination.formula);
        }
        plan.body.parts().into_iter().for_each(|part| self.add_formulas(part));
    }

    fn add_steps_of(&mut self, formula: &Formula) {
        match formula {
            Formula::Stepwise(steps) => self.moments.extend(steps.iter().map(|(at, _)| at.micros())),
            Formula::Component(_) | Formula::Constant(_) => {}
            Formula::Add(left, right)
            | Formula::Subtract(left, right)
            | Formula::Multiply(left, right)
            | Formula::Divide(left, right) => {
                self.add_steps_of(left);
                self.add_steps_of(right);
            }
        }
    }

    fn add_expressions(&mut self, plan: &Plan, pipeline: &Pipeline) {
        let mut alone = Plan { body: Body::Measured(Box::new(pipeline.clone())), ..plan.clone() };
        alone.visit_expressions(&mut |slot, expression| {
            let scan = pipeline.scans().into_iter().find(|scan| scan.source == slot.source);
            let origins = |part: &Expression| match scan.filter(|_| slot.is_over_event) {
                Some(scan) => of_event(pipeline, scan, part),
                None => of_row(pipeline, part),
            };
            expression.walk(&mut |part| self.add_comparison(part, &origins));
        });
    }

    /// Adds the constants of a comparison to the columns they are compared with, and lengths of time and instants.
    fn add_comparison(&mut self, part: &Expression, origins: &dyn Fn(&Expression) -> Vec<Origin>) {
        let (sides, constants): (Vec<&Expression>, Vec<Value>) = match part {
            Expression::Compare(_, left, right) => {
                let mut constants = Vec::new();
                for side in [left, right] {
                    side.walk(&mut |inner| constants.extend(literal(inner).cloned()));
                }
                (vec![left, right], constants)
            }
            Expression::In(operand, values) => (vec![operand], values.clone()),
            Expression::Literal(Value::Duration(length), _) => {
                self.distances.insert(length.micros());
                return;
            }
            Expression::Literal(Value::Instant(at), _) => {
                self.moments.insert(at.micros());
                return;
            }
            _ => return,
        };
        for origin in sides.into_iter().flat_map(origins) {
            let known = self.values.entry(origin).or_default();
            let new: Vec<Value> = constants.iter().filter(|value| !known.contains(value)).cloned().collect();
            known.extend(new);
        }
    }

    fn add_steps(&mut self, pipeline: &Pipeline) {
        for mature in &pipeline.mature {
            if let Awaits::Covered { since, .. } = &mature.awaits {
                self.moments.insert(since.micros());
            }
        }
        for fact in &pipeline.facts {
            if let Rule::Advanced(advance) = &fact.rule {
                self.add_distance(&advance.by);
            }
            hours(fact).into_iter().for_each(|hours| self.add_hours(hours));
        }
    }

    fn add_distance(&mut self, distance: &Distance) {
        match distance {
            Distance::CalendarDays { days, zone } => {
                self.distances.extend([i64::from(*days) * DAY, i64::from(days + 1) * DAY]);
                self.add_midnights(zone);
            }
            // A week of five days makes seven of five.
            Distance::BusinessDays { days, .. } => {
                let days = i64::from(*days);
                self.distances.extend([days, days + 1, days * 7 / 5, days * 7 / 5 + 2].map(|days| days * DAY));
            }
            Distance::BusinessTime { .. } => {}
        }
    }

    /// Adds when a calendar opens and closes in one week, and the days on which it does otherwise.
    fn add_hours(&mut self, hours: &Hours) {
        self.add_midnights(&hours.zone);
        for schedule in &hours.schedules {
            let first = schedule.from.map_or(civil::date(YEAR, 3, 2), |from| monday_after(from.civil()));
            for (weekday, openings) in schedule.weekly.iter().enumerate() {
                let Ok(day) = first.checked_add(jiff::Span::new().days(weekday as i64)) else { continue };
                openings.iter().for_each(|opening| self.add_opening(&hours.zone, day, [opening.from, opening.to]));
            }
            if let Some(from) = schedule.from {
                self.add_civil(&hours.zone, from.civil().at(0, 0, 0, 0));
            }
        }
        for (day, openings) in &hours.days {
            self.add_civil(&hours.zone, day.civil().at(12, 0, 0, 0));
            openings.iter().for_each(|opening| self.add_opening(&hours.zone, day.civil(), [opening.from, opening.to]));
        }
    }

    fn add_opening(&mut self, zone: &str, day: civil::Date, minutes: [u16; 2]) {
        for minute in minutes.into_iter().filter(|minute| *minute < 1_440) {
            let (hour, minute) = ((minute / 60) as i8, (minute % 60) as i8);
            self.add_civil(zone, day.at(hour, minute, 0, 0));
        }
    }

    /// Adds the first instants of a day, a month and a year.
    fn add_midnights(&mut self, zone: &str) {
        for (month, day) in [(3, 3), (3, 30), (4, 1), (1, 1)] {
            self.add_civil(zone, civil::date(YEAR, month, day).at(0, 0, 0, 0));
        }
    }

    fn add_civil(&mut self, zone: &str, local: DateTime) {
        let Ok(zone) = TimeZone::get(zone) else { return };
        if let Ok(at) = zone.to_timestamp(local) {
            self.moments.insert(Instant::from(at).micros());
        }
    }

    /// Returns what only one of the two names.
    pub(super) fn difference(&self, other: &Material) -> Material {
        let mut values = BTreeMap::new();
        for (origin, own, theirs) in self.paired(other) {
            let once = |a: &[Value], b: &[Value]| a.iter().filter(|value| !b.contains(value)).cloned().collect();
            let mut only: Vec<Value> = once(own, theirs);
            only.extend::<Vec<Value>>(once(theirs, own));
            if !only.is_empty() {
                values.insert(origin, only);
            }
        }
        Material {
            values,
            distances: self.distances.symmetric_difference(&other.distances).copied().collect(),
            moments: self.moments.symmetric_difference(&other.moments).copied().collect(),
        }
    }

    /// Returns what either names.
    pub(super) fn union(&self, other: &Material) -> Material {
        let mut values = BTreeMap::new();
        for (origin, own, theirs) in self.paired(other) {
            let mut all = own.to_vec();
            all.extend(theirs.iter().filter(|value| !own.contains(value)).cloned());
            values.insert(origin, all);
        }
        Material {
            values,
            distances: self.distances.union(&other.distances).copied().collect(),
            moments: self.moments.union(&other.moments).copied().collect(),
        }
    }

    fn paired<'a>(&'a self, other: &'a Material) -> Vec<(Origin, &'a [Value], &'a [Value])> {
        let origins: BTreeSet<&Origin> = self.values.keys().chain(other.values.keys()).collect();
        let of = |material: &'a Material, origin| material.values.get(origin).map_or(&[][..], Vec::as_slice);
        origins.into_iter().map(|origin| (origin.clone(), of(self, origin), of(other, origin))).collect()
    }
}

fn literal(expression: &Expression) -> Option<&Value> {
    match expression {
        Expression::Literal(value, _) if !value.is_null() => Some(value),
        _ => None,
    }
}

fn monday_after(day: civil::Date) -> civil::Date {
    let into = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_add(jiff::Span::new().days((7 - into) % 7)).unwrap_or(day)
}

/// Returns the values of type `ty` next to a constant, itself first.
pub(super) fn beside(value: &Value, ty: Type) -> Vec<Value> {
    match (value, ty) {
        (Value::Number(number), Type::Number(scale)) => {
            let Some(number) = number.rescale(scale) else { return Vec::new() };
            [0, -1, 1].map(|step| Value::Number(Number::new(number.mantissa() + step, scale))).to_vec()
        }
        (Value::Duration(length), Type::Duration) => {
            let step = |step: i64| Value::Duration(Duration::from_micros(length.micros().saturating_add(step)));
            [0, -SECOND, SECOND].map(step).to_vec()
        }
        (Value::Instant(at), Type::Instant) => {
            let step = |step: i64| Value::Instant(Instant::from_micros(at.micros().saturating_add(step)));
            [0, -SECOND, SECOND].map(step).to_vec()
        }
        (Value::Date(day), Type::Date) => {
            let days = [0, -1, 1].into_iter().filter_map(|step| crate::value::Date::from_days(day.days() + step));
            days.map(Value::Date).collect()
        }
        (Value::Text(_), Type::Text) | (Value::Boolean(_), Type::Boolean) => vec![value.clone()],
        _ => Vec::new(),
    }
}
