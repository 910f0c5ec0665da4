//! Cells of scorecards: weighted composites of other plans' cells.
//!
//! Knows no row; binary floats, but for the sum of weights.

use super::combine::{Found, NO_COUNTS, Place, joined, operand, real};
use super::error::overflow;
use super::measure::Numbers;
use super::publish::{Draft, State};
use super::{InterpretError, Tables};
use crate::plan::{Absent, Request, Scorecard, Weighed};
use crate::value::Number;

/// Computes the cells of a scorecard: one for each place where any component has one.
pub(super) fn scored(card: &Scorecard, tables: &Tables, request: &Request) -> Result<Vec<Draft>, InterpretError> {
    let components: Vec<_> = card.parts.iter().map(|part| &part.component).collect();
    joined(&components, (tables, request), |here, found| score(card, here, found))
}

fn score(card: &Scorecard, here: Place<'_>, found: &[Found<'_>]) -> Result<Draft, InterpretError> {
    let (mut sum, mut weights, mut is_complete, mut has_any) = (0.0, Number::ZERO, true, false);
    for (part, cell) in card.parts.iter().zip(found) {
        let Some(value) = operand(&part.component, *cell) else {
            is_complete = false;
            continue;
        };
        sum += part.weight.to_f64() * points(part, value)?;
        weights = weights.checked_add(part.weight).ok_or_else(|| overflow("a sum of weights"))?;
        has_any = true;
    }
    let (numerator, denominator) = match card.absent {
        Absent::Void if !is_complete => (None, None),
        Absent::Zero => (Some(sum), Some(1.0)),
        Absent::Void | Absent::Renormalise => (Some(sum), has_any.then(|| weights.to_f64())),
    };
    let value = numerator.zip(denominator).map(|(top, bottom)| top / bottom);
    Ok(Draft {
        period: here.0,
        dimensions: here.1.to_vec(),
        numbers: Numbers::rowless(real(numerator), real(denominator), real(value)),
        counts: NO_COUNTS.to_vec(),
        is_open: found.iter().flatten().any(|cell| cell.state == State::Provisional),
    })
}

/// Returns what a component's value scores, from 0 to 1.
fn points(part: &Weighed, value: f64) -> Result<f64, InterpretError> {
    let (worst, best) = (part.worst.to_f64(), part.best.to_f64());
    if worst == best {
        return Err(InterpretError::Contradiction { what: format!("{worst} scores both 0 and 1") });
    }
    let points = (value - worst) / (best - worst);
    if points.is_nan() { Err(overflow("a score")) } else { Ok(points.clamp(0.0, 1.0)) }
}
