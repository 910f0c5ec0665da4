//! Metrics of a run that one query answers, so that a table is read once for all of them.
//!
//! What cannot be answered together is left to each metric's own query, which tells what is wrong with it.

use std::collections::BTreeMap;

use super::{Ground, Prepared};
use crate::catalog::Catalog;
use crate::compute::{self, header};
use crate::engine::Engine;
use crate::plan::{Plan, Request};
use crate::sql::{Header, partition};
use crate::table::Table;
use crate::value::Instant;

/// The cells that were found together: by engine and metric, both by their position.
pub(super) type Cells = BTreeMap<(usize, usize), Table>;

/// Has the ground and the engines find the cells of the metrics that go together.
pub(super) fn found(
    catalog: &Catalog,
    ground: &mut dyn Ground,
    prepared: &[Prepared<'_>],
    engines: &mut [Box<dyn Engine>],
) -> Cells {
    let values = |source: &str, column: &str| catalog.values_of(source, column);
    let mut moments: BTreeMap<Instant, Vec<usize>> = BTreeMap::new();
    for (position, one) in prepared.iter().enumerate() {
        moments.entry(one.request.as_of).or_default().push(position);
    }
    let mut cells = Cells::new();
    for positions in moments.values() {
        let plans: Vec<&Plan> = positions.iter().map(|position| prepared[*position].plan).collect();
        let Some(request) = request(prepared, positions) else { continue };
        for together in partition(&plans, &request, &values).together {
            let positions: Vec<usize> = together.metrics.iter().map(|place| positions[*place]).collect();
            let own = |position: &usize| {
                (prepared[*position].plan, header(prepared[*position].reading, prepared[*position].plan))
            };
            let metrics: Vec<(&Plan, Header)> = positions.iter().map(own).collect();
            ground.together(&metrics, &request, &values);
            let loaded: Vec<(Plan, Header)> =
                metrics.iter().map(|(plan, header)| (plan.over_loaded_tables(), header.clone())).collect();
            let loaded: Vec<(&Plan, Header)> = loaded.iter().map(|(plan, header)| (plan, header.clone())).collect();
            for (number, engine) in engines.iter_mut().enumerate() {
                let Ok(tables) = compute::together(&loaded, &request, &values, engine.as_mut()) else { continue };
                cells.extend(positions.iter().zip(tables).map(|(position, table)| ((number, *position), table)));
            }
        }
    }
    cells
}

/// Returns the request of all these metrics, over the instants of all.
fn request(prepared: &[Prepared<'_>], positions: &[usize]) -> Option<Request> {
    let requests = positions.iter().map(|position| &prepared[*position].request);
    let first = requests.clone().next()?.clone();
    let span = requests.fold(first.span, |(start, end), other| (start.min(other.span.0), end.max(other.span.1)));
    Some(Request { span, ..first })
}
