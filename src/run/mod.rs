//! Metrics over data: the cells, the ledger, what targets and guardrails say of them, and whether the two ways of
//! computing agree.
//!
//! Prints nothing. A value is judged here, never changed.

mod ground;
mod guard;
mod together;

use jiff::tz::TimeZone;

use crate::catalog::Catalog;
use crate::compare::{Difference, differences};
use crate::compute::{self, Answer, ComputeError, by_engine, with_ledger};
use crate::definition::{Direction, Goal, Metric, Reading, Requirement, Target};
use crate::engine::{Engine, EngineError};
use crate::inputs::Inputs;
use crate::plan::{Plan, Request};
use crate::table::Table;
use crate::value::{Date, Grain, Instant, Number, Value};

pub use ground::Ground;
use guard::guard;

/// What is asked of a run.
#[derive(Debug, Clone)]
pub struct Question {
    /// Length of the periods.
    pub grain: Grain,
    /// Dimensions to split by; a metric without one of them is left out.
    pub by: Vec<String>,
    /// Start of the range.
    pub from: Option<Instant>,
    /// End of the range.
    pub to: Option<Instant>,
    /// The moment of knowledge; `None` takes what the sources are complete to.
    pub as_of: Option<Instant>,
}

/// The results of a run.
#[derive(Debug, Default)]
pub struct Run {
    /// One entry per metric or variant, in name order.
    pub metrics: Vec<MetricRun>,
    /// Metrics that could not be asked, with the reason.
    pub skipped: Vec<(String, String)>,
    /// Who computed.
    pub judges: Vec<String>,
    /// The database whose own tables were asked, where no files were read.
    pub on: Option<On>,
}

/// A database whose own tables are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct On {
    /// The name of the target.
    pub target: String,
    /// Its engine with the version, as `postgres 18.6`.
    pub engine: String,
    /// What it holds: a source, the table, and up to when it is complete.
    pub tables: Vec<(String, String, Option<Instant>)>,
}

/// The results of one metric or variant.
#[derive(Debug)]
pub struct MetricRun {
    /// Full name.
    pub name: String,
    /// Version.
    pub version: String,
    /// What it is called.
    pub title: String,
    /// What it counts.
    pub unit: String,
    /// Which way is good.
    pub direction: Direction,
    /// Zone the periods are cut in.
    pub zone: String,
    /// What was asked.
    pub request: Request,
    /// The result, in the columns of the contract.
    pub cells: Table,
    /// Where the rows ended up.
    pub ledger: Table,
    /// For each row of `cells`, the target in force and what became of it.
    pub targets: Vec<Option<Verdict>>,
    /// The guardrails with their value for each row of `cells`.
    pub guardrails: Vec<GuardrailRun>,
    /// By dimension, the values shown that the metric is not meant for.
    pub not_meant_for: Vec<(String, Vec<String>)>,
    /// The engines that differ from the interpreter; empty where all agree.
    pub disagreements: Vec<Disagreement>,
    /// The plan that was followed.
    pub plan: Plan,
    /// The measure's operand as the definition writes it, where it has one: `resolved`.
    pub operand: Option<String>,
}

impl MetricRun {
    /// Tells whether a row is suppressed: sums over all rows, such as the ledger, would then give it away.
    pub fn has_suppressed_rows(&self) -> bool {
        (0..self.cells.rows.len()).any(|row| *self.cells.cell(row, "state") == Value::text("suppressed"))
    }
}

/// An engine that gives other numbers than the interpreter.
#[derive(Debug)]
pub struct Disagreement {
    /// The engine.
    pub judge: String,
    /// What it computed.
    pub computed: Answer,
    /// The differing places of the cells.
    pub cells: Vec<Difference>,
    /// The differing places of the ledger.
    pub ledger: Vec<Difference>,
}

/// A target in force and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The bound.
    pub goal: Goal,
    /// Whether the value lies on the right side; `None` without a value.
    pub met: Option<bool>,
    /// Whether the interval around the value reaches over the bound.
    pub within_noise: bool,
}

/// A guardrail with its values.
#[derive(Debug)]
pub struct GuardrailRun {
    /// The guarding metric.
    pub metric: String,
    /// What its value counts.
    pub unit: String,
    /// What must hold.
    pub require: Requirement,
    /// What goes wrong otherwise.
    pub because: String,
    /// For each row of the guarded metric: the guarding value, where there is one.
    pub values: Vec<Option<f64>>,
    /// Why there are no values at all.
    pub absent: Option<String>,
}

/// Why a run could not be completed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A metric could not be computed.
    #[error("`{metric}`: {error}")]
    Compute {
        /// The metric.
        metric: String,
        /// Why.
        error: ComputeError,
    },
    /// An engine would not take the data.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl RunError {
    /// Returns what to do about it, where that is known.
    pub fn remedy(&self) -> Option<&str> {
        match self {
            RunError::Compute { error, .. } => error.remedy(),
            RunError::Engine(error) => error.remedy(),
        }
    }
}

/// Computes `names` over the inputs, by the interpreter and by every engine; `step` is told each name before its turn.
///
/// # Errors
/// When a metric cannot be computed; nothing is returned then, since part of a run could be taken for the whole.
pub fn run(
    catalog: &Catalog,
    inputs: &mut Inputs,
    names: &[String],
    question: &Question,
    engines: &mut [Box<dyn Engine>],
    step: &dyn Fn(&str),
) -> Result<Run, RunError> {
    for engine in engines.iter_mut() {
        for (source, table) in &inputs.tables {
            engine.load(source, table)?;
        }
    }
    over(catalog, inputs, names, question, engines, step)
}

/// Computes `names` over the rows of the ground, and by every engine that holds them too.
///
/// # Errors
/// When a metric cannot be computed; nothing is returned then, since part of a run could be taken for the whole.
pub fn over(
    catalog: &Catalog,
    ground: &mut dyn Ground,
    names: &[String],
    question: &Question,
    engines: &mut [Box<dyn Engine>],
    step: &dyn Fn(&str),
) -> Result<Run, RunError> {
    let mut run = Run { judges: vec![ground.judge().to_owned()], ..Run::default() };
    run.judges.extend(engines.iter().map(|engine| engine.name().to_owned()));
    let mut all = Vec::new();
    for name in names {
        match prepare(catalog, ground, name, question) {
            Ok(prepared) => all.push(prepared),
            Err(reason) => run.skipped.push((name.clone(), reason)),
        }
    }
    let mut cells = together::found(catalog, ground, &all, engines);
    for (position, prepared) in all.iter().enumerate() {
        step(prepared.name);
        let known = (0..engines.len()).map(|engine| cells.remove(&(engine, position))).collect();
        run.metrics.push(one((catalog, ground), prepared, engines, known)?);
    }
    Ok(run)
}

/// A metric that can be asked.
struct Prepared<'a> {
    name: &'a str,
    metric: &'a Metric,
    reading: &'a Reading,
    plan: &'a Plan,
    request: Request,
}

/// Returns a source and a column of it that the plan reads and the system behind the rows cannot tell.
fn unknown_column<'a>(catalog: &Catalog, plan: &'a Plan) -> Option<(&'a str, &'a str)> {
    plan.sources().into_iter().find_map(|source| {
        let unknown = &catalog.registry.sources.get(source)?.source.raw.unknown;
        let read = plan.columns_of(source);
        read.into_iter().find(|column| unknown.iter().any(|name| name == column)).map(|column| (source, column))
    })
}

/// Finds the plan and the request for one metric, or the reason why it cannot be asked.
fn prepare<'a>(
    catalog: &'a Catalog,
    ground: &dyn Ground,
    name: &'a str,
    question: &Question,
) -> Result<Prepared<'a>, String> {
    let (metric, reading) = catalog.reading(name).ok_or("it is not defined")?;
    let plan = catalog.plan(name).ok_or("its definition has errors")?;
    all_present(plan, ground)?;
    if let Some((source, column)) = unknown_column(catalog, plan) {
        return Err(format!("the mapped system cannot tell `{column}` of {source}"));
    }
    let request = request(plan, ground, question)?;
    Ok(Prepared { name, metric, reading, plan, request })
}

/// Tells which sources of a plan there are no rows of, if any.
fn all_present(plan: &Plan, ground: &dyn Ground) -> Result<(), String> {
    let mut absent = plan.sources();
    absent.retain(|source| !ground.has(source));
    if absent.is_empty() { Ok(()) } else { Err(format!("no data for {}", absent.join(", "))) }
}

/// Puts a question to a plan over these rows, or tells why it cannot be asked.
pub(crate) fn request(plan: &Plan, ground: &dyn Ground, question: &Question) -> Result<Request, String> {
    all_present(plan, ground)?;
    if question.grain != Grain::All && !plan.grains.contains(&question.grain) {
        return Err(format!("it is not reported by {}", question.grain));
    }
    let lacking = question.by.iter().find(|name| !plan.dimensions.iter().any(|dimension| dimension.name == **name));
    if let Some(lacking) = lacking {
        return Err(format!("it is not split by {lacking}"));
    }
    let observed = question.as_of.or_else(|| ground.observed_through(&plan.sources()));
    let as_of = observed.ok_or("its sources have no rows, so `--as-of` is needed")?;
    Ok(Request {
        grain: question.grain,
        by: question.by.clone(),
        from: question.from,
        to: question.to,
        as_of,
        span: ground.span(plan, as_of),
    })
}

/// Computes a metric; of each engine its cells may be known already.
fn one(
    (catalog, ground): (&Catalog, &mut dyn Ground),
    prepared: &Prepared<'_>,
    engines: &mut [Box<dyn Engine>],
    known: Vec<Option<Table>>,
) -> Result<MetricRun, RunError> {
    let Prepared { name, metric, reading, plan, request } = prepared;
    let failed = |error: ComputeError| RunError::Compute { metric: (*name).to_owned(), error };
    let header = compute::header(reading, plan);
    let Answer { cells, ledger } = ground.answer(plan, &header, request).map_err(failed)?;
    let mut disagreements = Vec::new();
    for (engine, known) in engines.iter_mut().zip(known) {
        let answer = match known {
            Some(cells) => {
                with_ledger((&plan.over_loaded_tables(), &header), request, cells, engine.as_mut()).map_err(failed)?
            }
            None => by_engine(plan, &header, request, engine.as_mut()).map_err(failed)?,
        };
        let found = (differences(&cells, &answer.cells), differences(&ledger, &answer.ledger));
        if !found.0.is_empty() || !found.1.is_empty() {
            let judge = engine.name().to_owned();
            disagreements.push(Disagreement { judge, computed: answer, cells: found.0, ledger: found.1 });
        }
    }
    let zone = TimeZone::get(&plan.calendar.zone).unwrap_or(TimeZone::UTC);
    let targets = (0..cells.rows.len()).map(|row| target(metric, &cells, row, (request, &zone))).collect();
    let mut guardrails = Vec::new();
    for guardrail in &metric.guardrails {
        guardrails.push(guard(catalog, ground, guardrail, (request, &cells)).map_err(failed)?);
    }
    Ok(MetricRun {
        name: (*name).to_owned(),
        version: plan.version.clone(),
        title: reading.title.clone(),
        unit: reading.unit.clone(),
        direction: reading.direction,
        zone: plan.calendar.zone.clone(),
        request: request.clone(),
        targets,
        guardrails,
        not_meant_for: not_meant_for(metric, &request.by, &cells),
        cells,
        ledger,
        disagreements,
        plan: (*plan).clone(),
        operand: operand(reading),
    })
}

/// Returns, by dimension, the values shown that the metric does not apply to.
fn not_meant_for(metric: &Metric, by: &[String], cells: &Table) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for (column, meant) in metric.purposes.applies_to.iter().filter(|(column, _)| by.contains(&column.value)) {
        let shown = (0..cells.rows.len()).map(|row| cells.cell(row, &column.value));
        let mut others: Vec<String> = shown.filter(|value| !value.is_null()).map(ToString::to_string).collect();
        others.retain(|value| meant.iter().all(|meant| meant.value != *value));
        others.sort_unstable();
        others.dedup();
        if !others.is_empty() {
            found.push((column.value.clone(), others));
        }
    }
    found
}

/// Returns the operand of the measure as the definition writes it.
fn operand(reading: &Reading) -> Option<String> {
    let [measure] = reading.node.get("measure")?.entries() else { return None };
    measure.value.as_text().map(|text| text.trim_end().to_owned())
}

/// Judges a row by the latest target that is in force when its period begins, or at `as_of` for the period `all`.
pub(crate) fn target(
    metric: &Metric,
    cells: &Table,
    row: usize,
    (request, zone): (&Request, &TimeZone),
) -> Option<Verdict> {
    let start = match cells.cell(row, "period_start") {
        Value::Instant(instant) => *instant,
        _ => request.as_of,
    };
    let day = Date::from(start.in_zone(zone).date());
    let in_force = metric.targets.iter().filter(|target| target.from <= day).max_by_key(|target| target.from);
    let Target { goal, .. } = in_force?;
    let real = |name: &str| cells.cell(row, name).as_real();
    let side = |value: f64| match goal {
        Goal::AtLeast(bound) => value >= bound.to_f64(),
        Goal::AtMost(bound) => value <= bound.to_f64(),
    };
    let (Goal::AtLeast(bound) | Goal::AtMost(bound)) = goal;
    let within_noise = match (real("low"), real("high")) {
        (Some(low), Some(high)) => low < bound.to_f64() && bound.to_f64() < high,
        _ => false,
    };
    Some(Verdict { goal: goal.clone(), met: real("value").map(side), within_noise })
}

/// Returns the bound of a goal.
pub fn bound(goal: &Goal) -> Number {
    let (Goal::AtLeast(bound) | Goal::AtMost(bound)) = goal;
    *bound
}
