//! How far the clocks of a metric can reach: which opening hours and local days a query must carry.
//!
//! Knows no SQL.

use super::hours::{self, DAY};
use crate::expression::{Arithmetic, Expression};
use crate::plan::{Advance, Distance, Pipeline, Placement, Request, Rule};
use crate::sql::query::asked_span;
use crate::sql::{RenderError, zone};
use crate::value::{Duration, Grain, Instant, Type, Value};

/// How far to either side a length of time may lead that only the data knows, in microseconds.
const UNKNOWN_DISTANCE: i64 = 2 * 366 * DAY;

/// Returns a stretch of time that holds every instant that the clocks of `pipeline` can meet.
pub(super) fn of(pipeline: &Pipeline, request: &Request) -> Result<(Instant, Instant), RenderError> {
    // Local days begin and end up to a day and a half from those of UTC.
    let mut horizon = match pipeline.filter.placement {
        Placement::Anchor { .. } => zone::padded(request.span, Grain::Day),
        // Clocks may start and stop at the bounds of the periods asked for.
        Placement::Snapshot(_) | Placement::Spread => zone::padded(asked_span(request), request.grain),
    };
    horizon = derived(pipeline, horizon);
    for fact in &pipeline.facts {
        horizon = match &fact.rule {
            Rule::Derived(expression) => reaching(horizon, expression),
            Rule::Joined(join) => reaching(horizon, &join.value),
            Rule::Related(relate) => relate.summary.operand().map_or(horizon, |operand| reaching(horizon, operand)),
            Rule::Clocked(clock) => joined(reaching(horizon, &clock.from), reaching(horizon, &clock.to)),
            Rule::Advanced(advance) => advanced(advance, reaching(horizon, &advance.from))?,
        };
    }
    Ok(horizon)
}

/// Returns a stretch that holds the derived columns of all rows whose own instants lie in `span`.
pub(in crate::sql) fn derived(pipeline: &Pipeline, span: (Instant, Instant)) -> (Instant, Instant) {
    let columns = pipeline.scans().into_iter().flat_map(|scan| &scan.derived);
    // No derived column reads another.
    columns.fold(span, |reached, column| joined(reached, reaching(span, &column.value)))
}

/// Returns a stretch that holds what `expression` makes of instants in `horizon`.
fn reaching(horizon: (Instant, Instant), expression: &Expression) -> (Instant, Instant) {
    let mut reached = horizon;
    expression.walk(&mut |part| {
        if let Expression::Literal(Value::Instant(at), _) = part {
            reached = joined(reached, (*at, *at));
        }
    });
    widened(reached, far(expression))
}

fn joined(one: (Instant, Instant), other: (Instant, Instant)) -> (Instant, Instant) {
    (one.0.min(other.0), one.1.max(other.1))
}

fn advanced(advance: &Advance, horizon: (Instant, Instant)) -> Result<(Instant, Instant), RenderError> {
    let (start, end) = horizon;
    let mut reached = vec![start, end];
    match &advance.by {
        Distance::CalendarDays { days, .. } => {
            // Local days may be a little longer than those of UTC, and one more is needed to end in.
            let beyond = if *days < 0 { -3 } else { 3 };
            let far = (i64::from(*days) + beyond).saturating_mul(DAY);
            reached.extend([start, end].map(|at| Instant::from_micros(at.micros().saturating_add(far))));
        }
        Distance::BusinessDays { days, hours } => {
            for at in [start, end] {
                reached.extend(hours::business_days(hours, *days, (at, at))?.into_iter().map(|day| day.due));
            }
        }
        Distance::BusinessTime { length, hours } => {
            let Some(most) = most(length) else { return Ok(widened(horizon, UNKNOWN_DISTANCE)) };
            reached.extend(hours::reach(hours, start, Duration::from_micros(-most.micros()))?);
            reached.extend(hours::reach(hours, end, most)?);
        }
    }
    let earliest = reached.iter().min().copied().unwrap_or(start);
    Ok((earliest, reached.into_iter().max().unwrap_or(end)))
}

/// Returns how far an expression may lead from the instants it reads, either way, in microseconds.
fn far(expression: &Expression) -> i64 {
    let mut far = constants(expression);
    expression.walk(&mut |part| {
        if let Expression::Shift { by, .. } = part
            && most(by).is_none()
        {
            far = far.saturating_add(UNKNOWN_DISTANCE);
        }
    });
    far
}

/// Returns what a length of time made of constants is at most, either way; `None` where it depends on data.
fn most(length: &Expression) -> Option<Duration> {
    let mut is_constant = true;
    length.walk(&mut |part| match part {
        Expression::Column(_) | Expression::Outer(_) => is_constant &= part.ty() != Type::Duration,
        Expression::Elapsed { .. } => is_constant = false,
        Expression::Arithmetic(Arithmetic::Multiply, ..) => is_constant &= part.ty() != Type::Duration,
        _ => {}
    });
    is_constant.then(|| Duration::from_micros(constants(length)))
}

/// Returns the sum of the constant lengths in `expression`, in microseconds, whatever their sign.
fn constants(expression: &Expression) -> i64 {
    let mut sum = 0_i64;
    expression.walk(&mut |part| {
        if let Expression::Literal(Value::Duration(length), _) = part {
            sum = sum.saturating_add(length.micros().saturating_abs());
        }
    });
    sum
}

fn widened((start, end): (Instant, Instant), micros: i64) -> (Instant, Instant) {
    let (start, end) = (start.micros().saturating_sub(micros), end.micros().saturating_add(micros));
    (Instant::from_micros(start), Instant::from_micros(end))
}
