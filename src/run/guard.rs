//! The metrics that must hold beside another: their values on the same periods and dimensions.
//!
//! Judges none of them.

use std::collections::BTreeMap;

use super::{Ground, GuardrailRun, Question, prepare};
use crate::catalog::Catalog;
use crate::compute::{self, ComputeError};
use crate::definition::Guardrail;
use crate::engine::EngineError;
use crate::plan::Request;
use crate::table::Table;

/// Returns what a guardrail says of the cells of a run.
///
/// # Errors
/// When the engine can go no further.
pub(super) fn guard(
    catalog: &Catalog,
    ground: &mut dyn Ground,
    guardrail: &Guardrail,
    run: (&Request, &Table),
) -> Result<GuardrailRun, ComputeError> {
    let metric = guardrail.metric.value.clone();
    let unit = catalog.reading(&metric).map(|(_, reading)| reading.unit.clone()).unwrap_or_default();
    let (values, absent) = match guard_values(catalog, ground, &metric, run) {
        Ok(values) => (values, None),
        Err(Lacking::Value(reason)) => (Vec::new(), Some(reason)),
        Err(Lacking::Engine(error)) => return Err(error),
    };
    let (require, because) = (guardrail.require.clone(), guardrail.because.trim_end().to_owned());
    Ok(GuardrailRun { metric, unit, require, because, values, absent })
}

/// Why a guarding metric has no value.
enum Lacking {
    /// It could not be asked or computed.
    Value(String),
    /// The engine can go no further.
    Engine(ComputeError),
}

impl From<String> for Lacking {
    fn from(reason: String) -> Self {
        Lacking::Value(reason)
    }
}

impl From<ComputeError> for Lacking {
    fn from(error: ComputeError) -> Self {
        match error {
            ComputeError::Engine(EngineError::Down { .. }) => Lacking::Engine(error),
            error => Lacking::Value(error.to_string()),
        }
    }
}

/// Returns the guarding metric's value for each row, on the same period and, where it has them, the same dimensions.
fn guard_values(
    catalog: &Catalog,
    ground: &mut dyn Ground,
    name: &str,
    (request, cells): (&Request, &Table),
) -> Result<Vec<Option<f64>>, Lacking> {
    let question = Question {
        grain: request.grain,
        by: Vec::new(),
        from: request.from,
        to: request.to,
        as_of: Some(request.as_of),
    };
    let prepared = prepare(catalog, ground, name, &question)?;
    let plan = prepared.plan;
    let shared: Vec<String> = request
        .by
        .iter()
        .filter(|by| plan.dimensions.iter().any(|dimension| dimension.name == **by))
        .cloned()
        .collect();
    let asked = Request { by: shared.clone(), ..prepared.request };
    let answer = ground.answer(plan, &compute::header(prepared.reading, plan), &asked)?;
    let mut keys = vec!["period_start".to_owned()];
    keys.extend(shared);
    let key = |table: &Table, row: usize| -> Vec<String> {
        keys.iter().map(|name| format!("{:?}", table.cell(row, name))).collect()
    };
    let known: BTreeMap<Vec<String>, Option<f64>> = (0..answer.cells.rows.len())
        .map(|row| (key(&answer.cells, row), answer.cells.cell(row, "value").as_real()))
        .collect();
    Ok((0..cells.rows.len()).map(|row| known.get(&key(cells, row)).copied().flatten()).collect())
}
