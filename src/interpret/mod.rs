//! The reference interpreter: plans computed over tables in memory, slowly and obviously. The meaning of record.
//!
//! Shares no evaluation with any engine. Knows no SQL, no YAML and no metric kind.
//!
//! The steps of a measured plan stand in files of their own, in the order they act: `placing` (which periods, as of
//! when), `scan`, `facts` (`join`, `relate`, `clock`, `advance`), `fate` (filter, exclude, missing, mature), `measure`,
//! `publish`; `combine` and `scorecard` make cells of other plans' cells.

mod advance;
mod civil;
mod clock;
mod combine;
mod condition;
mod error;
mod facts;
mod fate;
mod gist;
mod hours;
mod interval;
mod join;
mod logic;
mod lookup;
mod maturity;
mod measure;
mod measured;
mod numbered;
mod period;
mod periods;
mod placing;
mod publish;
mod quantile;
mod relate;
mod rows;
mod scan;
mod scorecard;
mod shares;
mod spans;
#[cfg(test)]
mod tests;
mod total;
mod zone;

use std::collections::BTreeMap;

pub use condition::Condition;
pub use error::InterpretError;

use self::publish::{Cell, publish};
use crate::plan::result::ledger_contract;
use crate::plan::{Body, Calendar, Fate, Plan, Request, contract};
use crate::table::Table;
use crate::value::{Date, Grain, Instant, Value};

/// The tables a plan is computed over, by source name. A table may have columns that no plan reads.
pub type Tables = BTreeMap<String, Table>;

/// Computes the result of `plan`: the columns of [`contract`], rows in its order.
///
/// # Errors
///
/// Every fact that leaves the question without an answer: a table or column that is not there, a broken promise of
/// a source (null identity, duplicates), a plan that contradicts itself, a number too large to be exact.
pub fn cells(plan: &Plan, tables: &Tables, request: &Request) -> Result<Table, InterpretError> {
    let mut table = Table::new(contract(plan, request));
    for cell in answer(plan, tables, request)? {
        table.rows.push(row(plan, request, cell)?);
    }
    Ok(table)
}

/// Computes the ledger of `plan`: how many rows of its population's source met each fate, all fates present, in the
/// order of [`Fate::of`]. Empty unless the plan measures rows itself. A plan that is computed anew for each period
/// counts its rows once for each.
///
/// # Errors
///
/// As [`cells`].
pub fn ledger(plan: &Plan, tables: &Tables, request: &Request) -> Result<Table, InterpretError> {
    let mut table = Table::new(ledger_contract());
    let Body::Measured(pipeline) = &plan.body else { return Ok(table) };
    let counts = measured::ledger((pipeline, &plan.calendar), tables, request)?;
    for fate in Fate::of(plan) {
        let rows = measure::integer(counts.get(&fate).copied().unwrap_or(0))?;
        table.rows.push(vec![Value::text(&fate.name(plan)), rows]);
    }
    Ok(table)
}

/// Returns the start of the first period of `calendar` that begins on the local day `day` or later. With grain `all` there is
/// none.
///
/// # Errors
///
/// When the zone is not known or the day lies outside the calendar.
pub fn first_period(calendar: &Calendar, grain: Grain, day: Date) -> Result<Instant, InterpretError> {
    period::first_from(calendar, grain, day)
}

/// Computes the published cells of any plan, by period, then by dimensions, nulls last.
fn answer(plan: &Plan, tables: &Tables, request: &Request) -> Result<Vec<Cell>, InterpretError> {
    for name in &request.by {
        if !plan.dimensions.iter().any(|dimension| &dimension.name == name) {
            return Err(InterpretError::UnknownDimension { metric: plan.metric.clone(), name: name.clone() });
        }
    }
    let mut drafts = match &plan.body {
        Body::Measured(pipeline) => measured::drafts((pipeline, &plan.calendar), tables, request)?,
        Body::Combined(combination) => combine::combined(combination, tables, request)?,
        Body::Scored(card) => scorecard::scored(card, tables, request)?,
        Body::Averaged(average) => combine::averaged((average, &plan.calendar), tables, request)?,
    };
    drafts.sort_by(|a, b| combine::compare_places((a.period, &a.dimensions), (b.period, &b.dimensions)));
    Ok(drafts.into_iter().map(|draft| publish(draft, &plan.publish, request.as_of)).collect())
}

/// Lays a cell out in the order of [`contract`].
fn row(plan: &Plan, request: &Request, cell: Cell) -> Result<Vec<Value>, InterpretError> {
    let n = cell.n()?;
    let (start, end) = cell
        .period
        .map_or((Value::Null, Value::Null), |period| (Value::Instant(period.start), Value::Instant(period.end)));
    let mut row = vec![Value::text(&plan.metric), Value::text(&plan.version), start, end];
    row.push(Value::text(request.grain.name()));
    row.extend(cell.dimensions);
    row.extend([cell.numbers.numerator, cell.numbers.denominator, cell.numbers.value, n, cell.low, cell.high]);
    row.extend(cell.counts);
    row.push(Value::text(cell.state.name()));
    Ok(row)
}
