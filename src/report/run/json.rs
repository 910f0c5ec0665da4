//! Results of a run as one JSON document. The shapes are a wire format of their own: changing one is a new version.

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};

use crate::inputs::Inputs;
use crate::run::{MetricRun, On, Run, bound};
use crate::value::{Number, Value};

/// The version of the document.
const FORMAT: &str = "etalon-run-1";

/// Writes a run.
pub fn json(run: &Run, inputs: &Inputs) -> String {
    let sources: Vec<Json> = inputs
        .readings
        .iter()
        .map(|(source, reading)| {
            let notes: Vec<Json> = reading
                .notes
                .iter()
                .map(|note| json!({ "column": note.column, "event": note.event.name(), "rows": note.count }))
                .collect();
            let (rows, left_out) = (reading.rows, reading.left_out);
            json!({ "source": source, "file": reading.path, "rows": rows, "left_out": left_out, "notes": notes })
        })
        .collect();
    let skipped: Vec<Json> =
        run.skipped.iter().map(|(name, reason)| json!({ "metric": name, "reason": reason })).collect();
    let mut document = json!({
        "format": FORMAT,
        "computed_by": run.judges,
        "sources": sources,
        "metrics": run.metrics.iter().map(|metric| one(metric, run.judges.len() > 1)).collect::<Vec<_>>(),
        "skipped": skipped,
    });
    if let Some(found) = &run.on {
        document["on"] = on(found);
    }
    format!("{document:#}\n")
}

/// Writes which tables of a target were asked.
fn on(on: &On) -> Json {
    let tables = on.tables.iter().map(|(source, table, observed)| {
        let observed = observed.map(|instant| instant.to_string());
        json!({ "source": source, "table": table, "complete_to": observed })
    });
    json!({ "target": on.target, "engine": on.engine, "tables": tables.collect::<Vec<_>>() })
}

fn one(metric: &MetricRun, is_compared: bool) -> Json {
    let zone = TimeZone::get(&metric.zone).unwrap_or(TimeZone::UTC);
    let ledger: Map<String, Json> =
        metric.ledger.rows.iter().map(|row| (row[0].to_string(), cell(&row[1], &zone))).collect();
    let guardrails: Vec<Json> = metric
        .guardrails
        .iter()
        .map(|guardrail| {
            json!({
                "metric": guardrail.metric,
                "unit": guardrail.unit,
                "require": guardrail.require.to_string(),
                "values": guardrail.values,
                "held": guardrail.values.iter().map(|value| value.map(|value| guardrail.require.holds(value))).collect::<Vec<_>>(),
                "absent": guardrail.absent,
            })
        })
        .collect();
    json!({
        "metric": metric.name,
        "version": metric.version,
        "title": metric.title,
        "unit": metric.unit,
        "direction": metric.direction.name(),
        "zone": metric.zone,
        "as_of": metric.request.as_of.display_in(&zone),
        "rows": (0..metric.cells.rows.len()).map(|row| result_row(metric, row, &zone)).collect::<Vec<_>>(),
        "ledger": (!metric.has_suppressed_rows()).then_some(ledger),
        "guardrails": guardrails,
        "engines_equal": is_compared.then_some(metric.disagreements.is_empty()),
    })
}

fn result_row(metric: &MetricRun, row: usize, zone: &TimeZone) -> Json {
    let mut object: Map<String, Json> = metric
        .cells
        .fields
        .iter()
        .map(|field| (field.name.clone(), cell(metric.cells.cell(row, &field.name), zone)))
        .collect();
    if let Some(verdict) = &metric.targets[row] {
        let target =
            json!({ "bound": number(bound(&verdict.goal)), "met": verdict.met, "within_noise": verdict.within_noise });
        object.insert("target".to_owned(), target);
    }
    Json::Object(object)
}

pub(in crate::report) fn cell(value: &Value, zone: &TimeZone) -> Json {
    match value {
        Value::Instant(instant) => json!(instant.display_in(zone)),
        Value::Duration(duration) => number(duration.seconds()),
        Value::Number(exact) => number(*exact),
        other => json!(other),
    }
}

/// A whole number as such, a decimal as text: a JSON number would lose digits on the way through a float.
fn number(number: Number) -> Json {
    match i64::try_from(number.mantissa()) {
        Ok(integer) if number.scale() == 0 => json!(integer),
        _ => json!(number.to_string()),
    }
}
