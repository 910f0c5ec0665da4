//! Exact quantiles of lists of values.
//!
//! Knows no row and no cell.

use super::InterpretError;
use super::error::{mismatch, overflow};
use crate::plan::{Quantile, QuantileMethod};
use crate::value::{Number, Value};

/// Returns the quantile of `values`, none of which is null; null without any.
pub(super) fn quantile(quantile: &Quantile, mut values: Vec<Value>) -> Result<Value, InterpretError> {
    let (parts, whole) = fraction(quantile.at)?;
    let Some(last) = (values.len() as i128).checked_sub(1).filter(|last| *last >= 0) else { return Ok(Value::Null) };
    values.sort_by(Value::order);
    let at = |index: i128| {
        let index = usize::try_from(index.clamp(0, last)).map_err(|_| overflow("a position"))?;
        values.get(index).ok_or_else(|| overflow("a position"))
    };
    match quantile.method {
        QuantileMethod::Discrete => {
            let scaled = parts.checked_mul(last + 1).ok_or_else(|| overflow("a position"))?;
            // The ceiling of a quotient that is not negative.
            let ceiling = (scaled + (whole - 1)) / whole;
            Ok(at(ceiling - 1)?.clone())
        }
        QuantileMethod::Continuous => {
            let scaled = parts.checked_mul(last).ok_or_else(|| overflow("a position"))?;
            let (below, rest) = (scaled / whole, scaled % whole);
            let above = if rest == 0 { below } else { below + 1 };
            between(at(below)?, at(above)?, (rest, whole)).map(Value::Real)
        }
    }
}

/// Returns a part from 0 to 1 as a fraction of integers.
fn fraction(part: Number) -> Result<(i128, i128), InterpretError> {
    let whole = 10_i128.checked_pow(u32::from(part.scale())).ok_or_else(|| overflow("a part"))?;
    if (0..=whole).contains(&part.mantissa()) {
        return Ok((part.mantissa(), whole));
    }
    Err(InterpretError::Contradiction { what: format!("{part} is no part from 0 to 1") })
}

/// Returns the value at `part / whole` of the way from `low` to `high`, as a float; times in seconds.
fn between(low: &Value, high: &Value, (part, whole): (i128, i128)) -> Result<f64, InterpretError> {
    if let (Value::Real(low), Value::Real(high)) = (low, high) {
        return Ok(low + (high - low) * (part as f64 / whole as f64));
    }
    let (low, high) = (exact(low)?, exact(high)?);
    let scale = low.scale().max(high.scale());
    let mixed = || {
        let low = low.rescale(scale)?.mantissa().checked_mul(whole - part)?;
        let high = high.rescale(scale)?.mantissa().checked_mul(part)?;
        low.checked_add(high)
    };
    // `whole` is a power of ten, so the quotient is a decimal: one rounding, at the very end.
    let digits = u8::try_from(whole.ilog10()).map_err(|_| overflow("a part"))?;
    let scale = scale.checked_add(digits).ok_or_else(|| overflow("a quantile"))?;
    Ok(Number::new(mixed().ok_or_else(|| overflow("a quantile"))?, scale).to_f64())
}

fn exact(value: &Value) -> Result<Number, InterpretError> {
    match value {
        Value::Number(number) => Ok(*number),
        Value::Duration(duration) => Ok(Number::new(i128::from(duration.micros()), 6)),
        // Seconds since 1970.
        Value::Instant(instant) => Ok(Number::new(i128::from(instant.micros()), 6)),
        _ => Err(mismatch("a quantile")),
    }
}

#[cfg(test)]
#[path = "tests/quantile.rs"]
mod tests;
