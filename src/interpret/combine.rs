//! Cells made of other plans' cells: combinations and averages over shorter periods.
//!
//! Knows no row and no source; binary floats from here on.

use std::cmp::Ordering;

use super::error::overflow;
use super::measure::{Numbers, integer};
use super::period::{Cutter, Period};
use super::publish::{Cell, Draft, State};
use super::{InterpretError, Tables, answer};
use crate::plan::result::is_single_cell;
use crate::plan::{Average, Calendar, Combination, Component, Formula, Request};
use crate::value::{Instant, Value};

/// Counts of unknown, missing and immature rows, which mixed populations do not have.
pub(super) const NO_COUNTS: [Value; 3] = [Value::Null, Value::Null, Value::Null];

/// Where a cell stands in a result.
pub(super) type Place<'a> = (Option<Period>, &'a [Value]);

/// The cell of a component at a place, if it has one there.
pub(super) type Found<'a> = Option<&'a Cell>;

fn place(cell: &Cell) -> Place<'_> {
    (cell.period, &cell.dimensions)
}

/// Orders places by period, then by dimensions, nulls last.
pub(super) fn compare_places(left: Place<'_>, right: Place<'_>) -> Ordering {
    let dimensions = || left.1.iter().zip(right.1).map(|(a, b)| a.order(b)).find(|ordering| ordering.is_ne());
    left.0.cmp(&right.0).then_with(|| dimensions().unwrap_or(Ordering::Equal))
}

/// Computes one draft for each place where any component has a cell, from the cells there in the components' order.
pub(super) fn joined(
    components: &[&Component],
    (tables, request): (&Tables, &Request),
    draft: impl Fn(Place<'_>, &[Found<'_>]) -> Result<Draft, InterpretError>,
) -> Result<Vec<Draft>, InterpretError> {
    let answers = components.iter().map(|component| answer(&component.plan, tables, request));
    let answers: Vec<Vec<Cell>> = answers.collect::<Result<_, _>>()?;
    let mut places: Vec<Place<'_>> = answers.iter().flatten().map(place).collect();
    places.sort_by(|a, b| compare_places(*a, *b));
    places.dedup_by(|a, b| compare_places(*a, *b).is_eq());
    // Every answer is sorted by place, so each is walked once beside the places.
    let mut walks: Vec<_> = answers.iter().map(|cells| cells.iter().peekable()).collect();
    let mut drafts = Vec::with_capacity(places.len());
    for here in places {
        let found = walks.iter_mut().map(|walk| walk.next_if(|cell| compare_places(place(cell), here).is_eq()));
        drafts.push(draft(here, &found.collect::<Vec<_>>())?);
    }
    Ok(drafts)
}

/// Computes the cells of a combination: one for each place where any component has one.
pub(super) fn combined(
    combination: &Combination,
    tables: &Tables,
    request: &Request,
) -> Result<Vec<Draft>, InterpretError> {
    let components: Vec<_> = combination.components.iter().collect();
    joined(&components, (tables, request), |here, found| combine(combination, here, found, request.as_of))
}

fn combine(
    combination: &Combination,
    here: Place<'_>,
    found: &[Found<'_>],
    as_of: Instant,
) -> Result<Draft, InterpretError> {
    let components = combination.components.iter().zip(found);
    let values = components.map(|(component, cell)| operand(component, *cell)).collect();
    let operands = Operands { values, begins: here.0.map_or(as_of, |period| period.start) };
    let value = compute(&combination.formula, &operands)?;
    let (numerator, denominator) = match &combination.formula {
        Formula::Divide(top, bottom) => (compute(top, &operands)?, compute(bottom, &operands)?),
        _ => (value, None),
    };
    let numbers = Numbers::rowless(real(numerator), real(denominator), real(value));
    let is_open = found.iter().flatten().any(|cell| cell.state == State::Provisional);
    Ok(Draft { period: here.0, dimensions: here.1.to_vec(), numbers, counts: NO_COUNTS.to_vec(), is_open })
}

/// Returns the value of a component where it has this cell.
pub(super) fn operand(component: &Component, cell: Found<'_>) -> Option<f64> {
    match cell {
        Some(cell) => cell.numbers.value.as_real(),
        None => component.zero_when_absent.then_some(0.0),
    }
}

/// Returns a float as a value; null for none.
pub(super) fn real(real: Option<f64>) -> Value {
    real.map_or(Value::Null, Value::Real)
}

/// What a formula is computed over.
struct Operands {
    /// The values of the components.
    values: Vec<Option<f64>>,
    /// The instant whose constants hold.
    begins: Instant,
}

fn compute(formula: &Formula, operands: &Operands) -> Result<Option<f64>, InterpretError> {
    let (left, right) = match formula {
        Formula::Component(index) => {
            let outside = || InterpretError::Contradiction { what: format!("there is no component {index}") };
            return operands.values.get(*index).copied().ok_or_else(outside);
        }
        Formula::Constant(number) => return Ok(Some(number.to_f64())),
        Formula::Stepwise(steps) => {
            let begun = steps.iter().rev().find(|(begins, _)| *begins <= operands.begins);
            return Ok(begun.map(|(_, number)| number.to_f64()));
        }
        Formula::Add(left, right)
        | Formula::Subtract(left, right)
        | Formula::Multiply(left, right)
        | Formula::Divide(left, right) => (compute(left, operands)?, compute(right, operands)?),
    };
    let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
    let result = match formula {
        Formula::Add(..) => left + right,
        Formula::Subtract(..) => left - right,
        Formula::Multiply(..) => left * right,
        _ if right == 0.0 => return Ok(None),
        _ => left / right,
    };
    if result.is_finite() { Ok(Some(result)) } else { Err(overflow("a combination")) }
}

/// Computes the cells of an average: one for each place that holds a cell of the shorter periods.
pub(super) fn averaged(
    (average, calendar): (&Average, &Calendar),
    tables: &Tables,
    request: &Request,
) -> Result<Vec<Draft>, InterpretError> {
    if !calendar.nests(average.each, request.grain) {
        let what = format!("an average over each {} has no {}", average.each, request.grain);
        return Err(InterpretError::Contradiction { what });
    }
    let inner = Request { grain: average.each, ..request.clone() };
    let cells = answer(&average.component, tables, &inner)?;
    let mut cutter = Cutter::new(calendar, request.grain)?;
    let mut placed: Vec<(Place<'_>, &Cell)> = Vec::with_capacity(cells.len());
    for cell in &cells {
        let outer = cell.period.map(|period| cutter.period_of(period.start)).transpose()?.flatten();
        placed.push(((outer, &cell.dimensions), cell));
    }
    placed.sort_by(|(a, _), (b, _)| compare_places(*a, *b));
    let groups = placed.chunk_by(|(a, _), (b, _)| compare_places(*a, *b).is_eq());
    let mut drafts = groups.map(|group| mean(group[0].0, group)).collect::<Result<Vec<_>, _>>()?;
    if drafts.is_empty() && is_single_cell(request) {
        drafts.push(mean((None, &[]), &[])?);
    }
    Ok(drafts)
}

fn mean(here: Place<'_>, group: &[(Place<'_>, &Cell)]) -> Result<Draft, InterpretError> {
    let known = group.iter().filter_map(|(_, cell)| cell.numbers.value.as_real().map(|value| (value, cell.state)));
    let (mut sum, mut periods, mut is_open) = (0.0, 0_u64, false);
    for (value, state) in known {
        sum += value;
        periods += 1;
        is_open |= state == State::Provisional;
    }
    if !f64::is_finite(sum) {
        return Err(overflow("a sum of values"));
    }
    let value = if periods == 0 { Value::Null } else { Value::Real(sum / periods as f64) };
    let numbers = Numbers { n: Some(periods), ..Numbers::rowless(Value::Real(sum), integer(periods)?, value) };
    Ok(Draft { period: here.0, dimensions: here.1.to_vec(), numbers, counts: NO_COUNTS.to_vec(), is_open })
}
