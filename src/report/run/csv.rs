//! Results of a run as one CSV table with the columns of the result contract.

use jiff::tz::TimeZone;

use crate::run::{MetricRun, Run};
use crate::value::Value;

/// Writes a run. Columns that a metric lacks (another's exclusions) are empty; instants carry the zone's offset.
pub fn csv(run: &Run) -> String {
    let names = columns(run);
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(&names);
    for metric in &run.metrics {
        let zone = TimeZone::get(&metric.zone).unwrap_or(TimeZone::UTC);
        for row in 0..metric.cells.rows.len() {
            let record = names.iter().map(|name| cell(metric.cells.cell(row, name), &zone));
            let _ = writer.write_record(record);
        }
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Returns the columns of all metrics: what is common first, then every exclusion and split, then the common tail.
fn columns(run: &Run) -> Vec<String> {
    let fields = || run.metrics.iter().flat_map(|metric: &MetricRun| &metric.cells.fields).map(|field| &field.name);
    let is_tail = |name: &str| ["unknown", "missing", "immature", "state"].contains(&name);
    let mut names: Vec<String> = Vec::new();
    for part in [false, true] {
        for name in fields().filter(|name| is_tail(name) == part) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

fn cell(value: &Value, zone: &TimeZone) -> String {
    match value {
        Value::Instant(instant) => instant.display_in(zone),
        other => other.to_string(),
    }
}
