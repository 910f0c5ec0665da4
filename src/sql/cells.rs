//! The last steps of every metric: totals get period bounds and a value, then a state.
//!
//! Knows no dialect, and not where the totals come from.

use minijinja::{Value, context};

use super::RenderError;
use super::pipeline::Part;
use super::placement::Periods;
use super::query::{Query, list, type_value};
use super::quoting::Sql;
use crate::plan::{Bounds, Wilson};
use crate::value::{Grain, Type};

/// A step with one row per cell.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// The step's name.
    pub(super) name: String,
    /// The names of its dimension columns, in the order asked for.
    pub(super) dimensions: Vec<String>,
    /// The names of its other columns, without the period's.
    pub(super) numbers: Vec<String>,
}

/// How totals become cells.
#[derive(Debug)]
pub(super) struct Cut<'a> {
    /// How the totals came by their periods.
    pub(super) periods: &'a Periods,
    /// The types of numerator and denominator where the value is their quotient; else it is the numerator.
    pub(super) quotient: Option<(Type, Type)>,
}

/// What decides the state of a cell, beside its value, `n` and the end of its period.
#[derive(Debug)]
pub(super) struct Grading<'a> {
    /// The count column that makes a cell undefined.
    pub(super) undefined: Option<&'static str>,
    /// The count column that makes a cell provisional.
    pub(super) provisional: Option<&'static str>,
    /// The interval to compute.
    pub(super) interval: Option<&'a Wilson>,
    /// The best and worst case to compute, with the type of the numerator; they need the count `bounded_rows`.
    pub(super) bounds: Option<(&'a Bounds, Type)>,
}

/// Returns the columns that totals are grouped by.
pub(super) fn grouping(periods: &Periods, dimensions: &[String]) -> Vec<String> {
    let period = periods.are_many().then(|| "period".to_owned());
    period.into_iter().chain(dimensions.iter().cloned()).collect()
}

/// Adds the steps that give `totals` the bounds of their periods and a value.
pub(super) fn bounded(query: &mut Query, part: Part, (totals, cut): (Table, Cut)) -> Result<Table, RenderError> {
    let bounds = period_bounds(query, part, (&totals.name, cut.periods))?;
    valued(query, part, (totals, cut.quotient), &bounds)
}

/// Where the bounds of periods are found.
#[derive(Debug)]
pub(super) struct PeriodBounds {
    /// The step; false where there is only one period, without bounds.
    step: Value,
    /// Its column with what the rows of a period have in common.
    key: &'static str,
}

/// Returns where the bounds of the periods in the step `from` are found, adding a step where they are computed.
pub(super) fn period_bounds(
    query: &mut Query,
    part: Part,
    (from, periods): (&str, &Periods),
) -> Result<PeriodBounds, RenderError> {
    Ok(match (periods, periods.listed()) {
        (Periods::Cut(calendar), _) => {
            let step = context! { from => from, grain => part.request.grain.name(), calendar => calendar.clone() };
            PeriodBounds { step: query.step(&part.wish("periods"), "periods", step).into(), key: "period" }
        }
        (_, Some(listed)) => PeriodBounds { step: listed.into(), key: "period_start" },
        (_, None) => PeriodBounds { step: false.into(), key: "" },
    })
}

/// Adds the step that gives `totals` a value and the bounds of their periods.
pub(super) fn valued(
    query: &mut Query,
    part: Part,
    (totals, quotient): (Table, Option<(Type, Type)>),
    bounds: &PeriodBounds,
) -> Result<Table, RenderError> {
    let (numerator, denominator) = quotient.unwrap_or((Type::Real, Type::Real));
    let step = context! {
        from => totals.name.as_str(),
        periods => bounds.step.clone(),
        key => bounds.key,
        columns => totals.dimensions.iter().chain(&totals.numbers).map(String::as_str).collect::<Value>(),
        quotient => quotient.is_some(),
        numerator => type_value(numerator),
        denominator => type_value(denominator),
        instant => type_value(Type::Instant),
    };
    let name = query.step(&part.wish("cells"), "cells", step);
    let mut numbers = totals.numbers;
    numbers.push("value".to_owned());
    Ok(Table { name, numbers, ..totals })
}

/// Adds the step that gives `cells` their interval and state.
pub(super) fn graded(query: &mut Query, part: Part, cells: Table, grading: Grading) -> Result<Table, RenderError> {
    let mut columns = vec!["period_start".to_owned(), "period_end".to_owned()];
    columns.extend(cells.dimensions.iter().chain(&cells.numbers).cloned());
    let wilson = match grading.interval {
        Some(wilson) => context! { z => number(wilson.z)?, z_squared => number(wilson.z * wilson.z)? },
        None => Value::from(false),
    };
    let bounds = match grading.bounds {
        Some((bounds, ty)) => context! {
            low => Value::from(query.writer.real(bounds.low.to_f64())?),
            high => Value::from(query.writer.real(bounds.high.to_f64())?),
            numerator => type_value(ty),
            denominator => type_value(Type::Number(0)),
        },
        None => Value::from(false),
    };
    let step = context! {
        from => cells.name.as_str(),
        columns => list(&columns),
        wilson => wilson,
        bounds => bounds,
        zero => number(0.0)?,
        one => number(1.0)?,
        real => type_value(Type::Real),
        states => states(query, part, &grading)?,
    };
    let name = query.step(&part.wish("graded"), "publish", step);
    let mut numbers = cells.numbers;
    numbers.extend(["low", "high"].map(str::to_owned));
    Ok(Table { name, numbers, ..cells })
}

/// Returns the conditions of the states, strongest first.
fn states(query: &mut Query, part: Part, grading: &Grading) -> Result<Vec<Value>, RenderError> {
    let mut states = vec![("value is null".to_owned(), "undefined")];
    if let Some(count) = grading.undefined {
        states.push((format!("{count} > 0"), "undefined"));
    }
    if let Some(least) = part.publish.min_cell {
        states.push((format!("n > 0 and n < {least}"), "suppressed"));
    }
    if let Some(least) = part.publish.min_n {
        states.push((format!("n < {least}"), "insufficient"));
    }
    if let Some(count) = grading.provisional {
        states.push((format!("{count} > 0"), "provisional"));
    }
    if part.request.grain != Grain::All {
        let as_of = query.writer.instant(part.request.as_of)?;
        states.push((format!("period_end > {as_of}"), "provisional"));
    }
    Ok(states
        .into_iter()
        .map(|(when, state)| context! { when => Value::from(Sql::composed(when)), state => state })
        .collect())
}

/// Writes a float as the digits that macros take.
pub(super) fn number(real: f64) -> Result<Value, RenderError> {
    if !real.is_finite() {
        return Err(RenderError::Constant(real.to_string()));
    }
    Ok(Sql::composed(format!("{real:?}")).into())
}
