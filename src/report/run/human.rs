//! Results of a run for people: one small table a metric, its guardrails and its ledger.

use jiff::tz::TimeZone;

use super::words;
use crate::inputs::Inputs;
use crate::report::number;
use crate::report::side_by_side::side_by_side;
use crate::report::table::Layout;
use crate::report::unit::{Unit, in_unit};
use crate::report::words::{counted, listed, wrapped};
use crate::run::{Disagreement, GuardrailRun, MetricRun, On, Run};
use crate::value::{Grain, Value};

/// Width to which lists are wrapped.
const WIDTH: usize = 100;

/// Writes a run.
pub fn human(run: &Run, inputs: &Inputs) -> String {
    let mut text = String::new();
    for (source, reading) in &inputs.readings {
        let left_out = match reading.left_out {
            0 => String::new(),
            rows => format!(", {} left out by the mapping", number::grouped(&rows.to_string())),
        };
        let rows = counted(reading.rows, "row");
        text.push_str(&format!("read {source}: {rows} from {}{left_out}\n", reading.path.display()));
        for note in &reading.notes {
            let count = number::grouped(&note.count.to_string());
            text.push_str(&format!("  {}: {count} {}\n", note.column, note.event));
        }
    }
    if let Some(on) = &run.on {
        text.push_str(&tables(on));
    }
    for metric in &run.metrics {
        text.push('\n');
        text.push_str(&one(metric));
    }
    if !run.skipped.is_empty() {
        text.push_str(&format!("\n{}", skipped(run)));
    }
    text.push_str(&agreement(run));
    text
}

/// Writes which tables of a target were asked.
fn tables(on: &On) -> String {
    let lines = on.tables.iter().map(|(source, table, observed)| {
        let complete = match observed {
            Some(instant) => format!("complete to {instant}"),
            None => "without rows".to_owned(),
        };
        format!("asked {source}: {table} on {} ({}), {complete}\n", on.target, on.engine)
    });
    lines.collect()
}

/// Writes what could not be asked, by reason.
pub fn skipped(run: &Run) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (name, reason) in &run.skipped {
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, names)) => names.push(name),
            None => reasons.push((reason, vec![name])),
        }
    }
    let lines = reasons.iter().map(|(reason, names)| {
        wrapped("", &format!("left out ({reason}): {}", names.join(", ")), 0, WIDTH)
            .replace('\n', "\n  ")
            .trim_end()
            .to_owned()
            + "\n"
    });
    lines.collect()
}

fn one(metric: &MetricRun) -> String {
    let zone = TimeZone::get(&metric.zone).unwrap_or(TimeZone::UTC);
    let mut text = format!("{} {}   {}\n", metric.name, metric.version, metric.title);
    let by = match metric.request.grain {
        Grain::All => "all periods".to_owned(),
        grain => format!("by {grain}"),
    };
    let range = words::range(metric, &zone);
    let state = common_state(metric).map(|state| format!("   {state}")).unwrap_or_default();
    let as_of = words::moment(metric.request.as_of, &zone);
    text.push_str(&format!("  {by}{range}, {}   as of {as_of}{state}\n", metric.zone));
    text.push_str(&cells(metric, &zone));
    for (column, values) in &metric.not_meant_for {
        text.push_str(&wrapped("  not meant for ", &format!("{column} {}", listed(values, "and")), 16, WIDTH));
    }
    let (beside, below): (Vec<_>, Vec<_>) =
        metric.guardrails.iter().partition(|guardrail| is_column(metric, guardrail));
    for guardrail in below {
        text.push_str(&guard(metric, guardrail));
    }
    for guardrail in beside.iter().filter(|guardrail| is_broken(guardrail)) {
        let lead = format!("  {} guards: ", guardrail.metric);
        text.push_str(&wrapped(&lead, &guardrail.because, lead.chars().count(), WIDTH));
    }
    text + &ledger(metric)
}

/// Returns the state that all rows share.
fn common_state(metric: &MetricRun) -> Option<String> {
    let mut states = (0..metric.cells.rows.len()).map(|row| metric.cells.cell(row, "state").to_string());
    let first = states.next()?;
    states.all(|state| state == first).then_some(first)
}

fn cells(metric: &MetricRun, zone: &TimeZone) -> String {
    let rows = metric.cells.rows.len();
    if rows == 0 {
        return "  no rows\n".to_owned();
    }
    let guardrails: Vec<&GuardrailRun> =
        metric.guardrails.iter().filter(|guardrail| is_column(metric, guardrail)).collect();
    let mut head: Vec<String> = Vec::new();
    if metric.request.grain != Grain::All {
        head.push("period".to_owned());
    }
    head.extend(metric.request.by.iter().cloned());
    let keys = head.len();
    head.extend([words::base_head(metric), "value".to_owned(), words::interval_head(metric), "state".to_owned()]);
    head.push(words::target_head(metric));
    head.extend(guardrails.iter().map(|guardrail| required(guardrail)));
    let mut layout = Layout::new(head);
    (keys..keys + 3).for_each(|column| layout.align_right(column));
    let alike = common_state(metric).is_some();
    for row in 0..rows {
        let mut line: Vec<String> = Vec::new();
        if metric.request.grain != Grain::All {
            line.push(words::period(metric, row));
        }
        line.extend(metric.request.by.iter().map(|name| dimension(metric.cells.cell(row, name))));
        line.extend([words::base(metric, row), words::value(metric, row, zone), words::interval(metric, row)]);
        line.push(if alike { String::new() } else { metric.cells.cell(row, "state").to_string() });
        line.push(words::target(metric, row));
        line.extend(guardrails.iter().map(|guardrail| verdict(guardrail, guardrail.values[row])));
        layout.push(line);
    }
    layout.without_empty_columns().render("  ")
}

fn dimension(value: &Value) -> String {
    if value.is_null() { "(none)".to_owned() } else { value.to_string() }
}

/// A guardrail of several rows is a column beside them, one of a single row a line below it.
fn is_column(metric: &MetricRun, guardrail: &GuardrailRun) -> bool {
    guardrail.absent.is_none() && metric.cells.rows.len() > 1
}

fn is_broken(guardrail: &GuardrailRun) -> bool {
    guardrail.values.iter().flatten().any(|value| !guardrail.require.holds(*value))
}

/// Writes what a guardrail requires, in its own unit: `csat_share >= 70 %`.
fn required(guardrail: &GuardrailRun) -> String {
    let require = &guardrail.require;
    let bound = in_unit(&guardrail.unit, require.bound.to_f64());
    format!("{} {} {bound}", guardrail.metric, require.comparison.symbol())
}

fn verdict(guardrail: &GuardrailRun, value: Option<f64>) -> String {
    let Some(value) = value else { return "no value".to_owned() };
    let outcome = if guardrail.require.holds(value) { "held" } else { "BROKEN" };
    format!("{} {outcome}", Unit::named(&guardrail.unit).real(value))
}

fn guard(metric: &MetricRun, guardrail: &GuardrailRun) -> String {
    let lead = format!("  guardrail {}: ", required(guardrail));
    let fact = match &guardrail.absent {
        Some(reason) => format!("not computed, {reason}"),
        None => listed(
            &(0..metric.cells.rows.len()).map(|row| verdict(guardrail, guardrail.values[row])).collect::<Vec<_>>(),
            "and",
        ),
    };
    let because = if is_broken(guardrail) { format!(". {}", guardrail.because) } else { String::new() };
    wrapped(&lead, &format!("{fact}{because}"), lead.chars().count(), WIDTH)
}

fn ledger(metric: &MetricRun) -> String {
    let rows = |row: &Vec<Value>| match &row[1] {
        Value::Number(number) => i64::try_from(number.mantissa()).unwrap_or(i64::MAX),
        _ => 0,
    };
    if metric.ledger.rows.is_empty() {
        return String::new();
    }
    if metric.has_suppressed_rows() {
        return "  ledger withheld, as it would tell what is suppressed\n".to_owned();
    }
    let total: i64 = metric.ledger.rows.iter().map(rows).sum();
    let mut parts: Vec<(String, i64)> =
        metric.ledger.rows.iter().map(|row| (words::fate(&row[0].to_string()), rows(row))).collect();
    // What is counted is what a reader looks for first.
    if let Some(counted) = parts.pop() {
        parts.insert(0, counted);
    }
    let list: Vec<String> = parts
        .iter()
        .enumerate()
        .filter(|(index, (_, rows))| *index == 0 || *rows > 0)
        .map(|(_, (name, rows))| format!("{} {name}", number::grouped(&rows.to_string())))
        .collect();
    let total = counted(usize::try_from(total).unwrap_or_default(), "row");
    let each = words::each(metric).map(|each| format!(" (each once for every {each})")).unwrap_or_default();
    wrapped("  ledger ", &format!("{total}{each} = {}", list.join(" + ")), 9, WIDTH)
}

fn agreement(run: &Run) -> String {
    let broken: Vec<&MetricRun> = run.metrics.iter().filter(|metric| !metric.disagreements.is_empty()).collect();
    if !broken.is_empty() {
        return broken
            .iter()
            .flat_map(|metric| metric.disagreements.iter().map(|found| disagreement(metric, found)))
            .collect();
    }
    if let (Some(on), false) = (&run.on, run.metrics.is_empty()) {
        let metrics = counted(run.metrics.len(), "metric");
        let target = &on.target;
        return format!(
            "\n{metrics}, computed by {target} alone: nothing is compared, and the rows are taken as they are\n  \
             `etalon verify --on {target}` proves its SQL on cases, `etalon check --on {target}` looks at the rows\n"
        );
    }
    let judges = listed(&run.judges, "and");
    match run.metrics.len() {
        0 => String::new(),
        1 => format!("\n1 metric, computed by {judges}: equal\n"),
        many => format!("\n{many} metrics, each computed by {judges}: all equal\n"),
    }
}

fn disagreement(metric: &MetricRun, found: &Disagreement) -> String {
    let judge = found.judge.as_str();
    let mut text = format!("\nDISAGREEMENT: {judge} gives other numbers than the interpreter for {}\n", metric.name);
    let tables =
        [(&metric.cells, &found.computed.cells, &found.cells), (&metric.ledger, &found.computed.ledger, &found.ledger)];
    for (interpreter, computed, differences) in tables {
        if !differences.is_empty() {
            text.push_str(&side_by_side(("interpreter", interpreter), (judge, computed), differences));
        }
    }
    text + "  This is a defect of etalon; neither number should be used.\n"
}
