//! The periods that a request asks for, and how far each reaches.
//!
//! Knows no row.

use super::InterpretError;
use super::period::{Cutter, HOUR, Period};
use crate::plan::{Calendar, Reach, Request};
use crate::value::{Grain, Instant};

/// More periods than this have no answer: no reader would go through them.
pub(super) const LIMIT: usize = 100_000;

/// Returns the periods asked for, in order; the grain is not `all`.
pub(super) fn asked_for(calendar: &Calendar, request: &Request) -> Result<Vec<Period>, InterpretError> {
    let mut cutter = Cutter::new(calendar, request.grain)?;
    // An hour that a half-hour jump has cut short can hold instants of the next before and after it.
    let slack = if request.grain == Grain::Hour { HOUR } else { 0 };
    let first = request.from.unwrap_or(request.span.0).micros().saturating_sub(slack);
    let last = request.as_of.min(request.to.unwrap_or(request.span.1)).micros().saturating_add(slack);
    let mut periods = Vec::new();
    let mut at = Instant::from_micros(first);
    while at.micros() <= last {
        let Some(period) = cutter.period_of(at)? else { break };
        if is_asked_for(period, request) {
            periods.push(period);
        }
        if periods.len() > LIMIT {
            return Err(InterpretError::TooManyPeriods { limit: LIMIT });
        }
        at = cutter.next_after(period, at);
    }
    periods.sort_unstable();
    periods.dedup();
    Ok(periods)
}

fn is_asked_for(period: Period, request: &Request) -> bool {
    let begins = request.from.map_or(request.span.0 < period.end, |from| from <= period.start);
    let ends = request.to.map_or(period.start <= request.span.1, |to| period.start < to);
    begins && ends && period.start <= request.as_of
}

/// Returns the stretch of time in which each of `periods` reaches for anchors.
pub(super) fn reaches(
    periods: &[Period],
    reach: Reach,
    (calendar, grain): (&Calendar, Grain),
) -> Result<Vec<Period>, InterpretError> {
    let mut cutter = Cutter::new(calendar, grain)?;
    let mut longer = match reach {
        Reach::ToDate(longer) => Some(Cutter::new(calendar, longer)?),
        Reach::Own | Reach::Trailing(_) | Reach::Before(_) => None,
    };
    let mut found = Vec::with_capacity(periods.len());
    for period in periods {
        found.push(match (reach, &mut longer) {
            (Reach::Trailing(count), _) => {
                Period { start: before(&mut cutter, *period, count.saturating_sub(1))?.start, ..*period }
            }
            (Reach::Before(count), _) => before(&mut cutter, *period, count)?,
            (Reach::ToDate(_), Some(longer)) => {
                // Everything that was observed has no first instant.
                let whole = longer.period_of(period.start)?.map(|whole| whole.start);
                Period { start: whole.unwrap_or(Instant::from_micros(i64::MIN)), ..*period }
            }
            (Reach::Own | Reach::ToDate(_), _) => *period,
        });
    }
    Ok(found)
}

/// Returns the period that lies `count` periods before `period`.
fn before(cutter: &mut Cutter, period: Period, count: u32) -> Result<Period, InterpretError> {
    let mut period = period;
    for _ in 0..count {
        let last = Instant::from_micros(period.start.micros().saturating_sub(1));
        let Some(earlier) = cutter.period_of(last)? else { break };
        period = earlier;
    }
    Ok(period)
}

#[cfg(test)]
#[path = "tests/periods.rs"]
mod tests;
