//! Cases against reality: each is computed by the interpreter and by every engine at hand, and all must equal what
//! was worked out by hand.
//!
//! Prints nothing and decides no exit code.

mod case;
mod expectation;

use crate::catalog::Catalog;
use crate::compare::{Difference, differences, same};
use crate::compute::{self, Answer, ComputeError, by_engine, by_interpreter};
use crate::definition::{Case, Metric, Reading};
use crate::diagnostic::Diagnostics;
use crate::engine::{Engine, EngineError};
use crate::interpret;
use crate::plan::{Body, Pipeline, Placement, Plan};
use crate::resolve::full_name;
use crate::sql::Header;
use crate::table::{Field, Table};
use crate::text::{Span, Texts};
use crate::value::Value;

pub use case::{Prepared, given, prepare, span};
pub use expectation::Expectation;

/// What became of all cases.
#[derive(Debug, Default)]
pub struct Verification {
    /// One verdict per case and variant, in file order.
    pub verdicts: Vec<Verdict>,
    /// Metrics and variants without a single case.
    pub unproven: Vec<String>,
    /// Who computed: the interpreter, then the engines.
    pub judges: Vec<String>,
    /// Each case of the catalog in its order, as it was computed; `None` where it was not looked at, or has a mistake.
    pub prepared: Vec<Option<Prepared>>,
    /// The engine that could not go on, where one could not: the cases after that were not tried.
    pub stopped: Option<EngineError>,
}

/// What became of one case for one metric or variant.
#[derive(Debug)]
pub struct Verdict {
    /// The case's name.
    pub case: String,
    /// The claim it proves.
    pub shows: String,
    /// The metric or variant.
    pub metric: String,
    /// Where the head of the case's expected table stands.
    pub span: Span,
    /// Where each expected cell stands, by row and column of the expected table.
    pub places: Vec<Vec<Span>>,
    /// Where the case's ledger stands.
    pub ledger: Option<Span>,
    /// What does not hold; empty where all is well.
    pub mismatches: Vec<Mismatch>,
}

/// One way in which a case does not hold.
#[derive(Debug)]
pub enum Mismatch {
    /// A judge's cells differ from what was expected.
    Cells {
        /// Who computed.
        judge: String,
        /// What was expected, in the columns the case names.
        expected: Table,
        /// What was computed, in the same columns.
        computed: Table,
        /// The differing places.
        differences: Vec<Difference>,
    },
    /// A line of a judge's ledger differs.
    Ledger {
        /// Who computed.
        judge: String,
        /// The line.
        line: String,
        /// Expected rows.
        expected: Value,
        /// Computed rows.
        computed: Value,
    },
    /// The rows do not add up: a row of the source met no fate, or two.
    Unbalanced {
        /// Who computed.
        judge: String,
        /// Rows of the source.
        rows: usize,
        /// Rows in the ledger.
        accounted: Value,
    },
    /// Two judges differ in columns that the case does not name.
    Disagreement {
        /// The engine that differs from the interpreter.
        judge: String,
        /// What the interpreter computed.
        interpreter: Table,
        /// What the engine computed.
        computed: Table,
        /// The differing places.
        differences: Vec<Difference>,
    },
    /// A judge gave no answer.
    Failure {
        /// Who failed.
        judge: String,
        /// Why.
        message: String,
    },
}

impl Verification {
    /// Returns the number of verdicts that do not hold.
    pub fn failed(&self) -> usize {
        self.verdicts.iter().filter(|verdict| !verdict.mismatches.is_empty()).count()
    }
}

/// Reports the mistakes in every case without computing any.
pub fn check(catalog: &Catalog, texts: &Texts, diagnostics: &mut Diagnostics) {
    for (_, case) in &catalog.registry.cases {
        case::prepare(case, catalog, texts, diagnostics);
    }
}

/// How cases are verified.
pub struct How<'a> {
    /// Who computes beside the interpreter.
    pub engines: &'a mut [Box<dyn Engine>],
    /// Which metrics are looked at.
    pub wanted: &'a dyn Fn(&str) -> bool,
    /// Who is told the metric of each case before its turn.
    pub step: &'a dyn Fn(&str),
}

/// Verifies every case of the catalog whose metric is looked at.
pub fn verify(catalog: &Catalog, texts: &Texts, how: How<'_>, diagnostics: &mut Diagnostics) -> Verification {
    let How { engines, wanted, step } = how;
    let mut verification = Verification::default();
    verification.judges.push("interpreter".to_owned());
    verification.judges.extend(engines.iter().map(|engine| engine.name().to_owned()));
    let mut proven: Vec<String> = Vec::new();
    for (_, case) in &catalog.registry.cases {
        let prepared = wanted(&case.metric.value).then(|| {
            step(&case.metric.value);
            case::prepare(case, catalog, texts, diagnostics)
        });
        let prepared = prepared.flatten();
        if let Some(prepared) = &prepared {
            match verdicts((case, prepared), catalog, texts, engines) {
                Ok(verdicts) => {
                    proven.extend(verdicts.iter().map(|verdict| verdict.metric.clone()));
                    verification.verdicts.extend(verdicts);
                }
                Err(stopped) => {
                    verification.stopped = Some(stopped);
                    return verification;
                }
            }
        }
        verification.prepared.push(prepared);
    }
    verification.unproven = catalog
        .registry
        .metric_names()
        .into_iter()
        .filter(|name| wanted(name.split('.').next().unwrap_or(name)) && !proven.contains(name))
        .collect();
    verification
}

/// Holds one case against every way of computing; variants ask other questions of the same tables. Fails where an
/// engine cannot go on.
fn verdicts(
    (case, prepared): (&Case, &Prepared),
    catalog: &Catalog,
    texts: &Texts,
    engines: &mut [Box<dyn Engine>],
) -> Result<Vec<Verdict>, EngineError> {
    let held: Result<Vec<Holder<'_>>, _> = engines.iter_mut().map(|engine| hold(prepared, engine.as_mut())).collect();
    let mut holders = held?;
    let mut verdicts = Vec::new();
    for expectation in &prepared.expectations {
        let asked = case.reading(expectation.variant.as_deref());
        let Some((plan, (metric, reading))) = catalog.plan(&asked).zip(catalog.reading(&asked)) else { continue };
        let header = compute::header(reading, plan);
        verdicts.push(Verdict {
            case: case.name.value.clone(),
            shows: case.shows.clone(),
            metric: shown(catalog, metric, reading),
            span: first_line(case.expect.span, texts),
            places: expectation.places.clone(),
            ledger: case.ledger.as_ref().map(|ledger| ledger.span),
            mismatches: judge((plan, &header), prepared, expectation, &mut holders)?,
        });
    }
    Ok(verdicts)
}

/// Returns the full name of a reading, with the version where it is not the current one.
fn shown(catalog: &Catalog, metric: &Metric, reading: &Reading) -> String {
    let name = full_name(&metric.id.value, reading.name());
    match catalog.registry.current(&metric.id.value).is_some_and(|current| current.version == metric.version) {
        true => name,
        false => format!("{name}@{}", metric.version),
    }
}

/// Returns the part of a span that lies on its first line; of a table that is the head.
fn first_line(span: Span, texts: &Texts) -> Span {
    let length = texts.slice(span).lines().next().map_or(0, |line| line.trim_end().len());
    let start = span.start as usize;
    Span::new(span.text, start, start + length)
}

/// Computes one case in every way and collects what does not hold.
fn judge(
    (plan, header): (&Plan, &Header),
    prepared: &Prepared,
    expectation: &Expectation,
    holders: &mut [Holder<'_>],
) -> Result<Vec<Mismatch>, EngineError> {
    let mut mismatches = Vec::new();
    let reference = match by_interpreter(plan, &prepared.tables, &prepared.request) {
        Ok(answer) => answer,
        Err(error) => {
            let (judge, message) = ("interpreter".to_owned(), error.to_string());
            return Ok(vec![Mismatch::Failure { judge, message }]);
        }
    };
    compare("interpreter", plan, prepared, (expectation, &reference), &mut mismatches);
    for Holder { engine, loaded } in holders {
        let judge = engine.name().to_owned();
        let answer = match loaded.clone().map(|()| by_engine(plan, header, &prepared.request, *engine)) {
            Ok(Err(ComputeError::Engine(down @ EngineError::Down { .. }))) => return Err(down),
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(message) => Err(message),
        };
        match answer {
            Ok(answer) => {
                compare(&judge, plan, prepared, (expectation, &answer), &mut mismatches);
                agree(&judge, (&reference.cells, answer.cells), &mut mismatches);
                agree(&judge, (&reference.ledger, answer.ledger), &mut mismatches);
            }
            Err(message) => mismatches.push(Mismatch::Failure { judge, message }),
        }
    }
    Ok(mismatches)
}

/// Tells whether a plan answers a case as the case expects; the interpreter alone judges.
pub fn holds(plan: &Plan, prepared: &Prepared, expectation: &Expectation) -> bool {
    let Prepared { tables, request, .. } = prepared;
    let Ok(cells) = interpret::cells(plan, tables, request) else { return false };
    if !differences(&expectation.table, &project(&cells, &expectation.table.fields)).is_empty() {
        return false;
    }
    // Few cases look at the ledger, which takes as long as the cells.
    expectation.ledger.is_empty() || {
        let Ok(ledger) = interpret::ledger(plan, tables, request) else { return false };
        let mut mismatches = Vec::new();
        compare("interpreter", plan, prepared, (expectation, &Answer { cells, ledger }), &mut mismatches);
        mismatches.is_empty()
    }
}

/// Holds an engine's table against the interpreter's, also in what the case does not name.
fn agree(judge: &str, (interpreter, computed): (&Table, Table), mismatches: &mut Vec<Mismatch>) {
    let differences = differences(interpreter, &computed);
    if !differences.is_empty() {
        let (judge, interpreter) = (judge.to_owned(), interpreter.clone());
        mismatches.push(Mismatch::Disagreement { judge, interpreter, computed, differences });
    }
}

/// An engine with the tables of a case, or why it would not take them.
struct Holder<'a> {
    engine: &'a mut dyn Engine,
    loaded: Result<(), String>,
}

/// Gives an engine the tables of a case in place of what it held. Fails where it cannot go on.
fn hold<'a>(prepared: &Prepared, engine: &'a mut dyn Engine) -> Result<Holder<'a>, EngineError> {
    let mut load = || {
        engine.clear()?;
        prepared.tables.iter().try_for_each(|(source, table)| engine.load(source, table))
    };
    let loaded = match load() {
        Err(down @ EngineError::Down { .. }) => return Err(down),
        loaded => loaded.map_err(|error: EngineError| error.to_string()),
    };
    Ok(Holder { engine, loaded })
}

fn compare(
    judge: &str,
    plan: &Plan,
    prepared: &Prepared,
    (expectation, answer): (&Expectation, &Answer),
    mismatches: &mut Vec<Mismatch>,
) {
    let computed = project(&answer.cells, &expectation.table.fields);
    let found = differences(&expectation.table, &computed);
    if !found.is_empty() {
        mismatches.push(Mismatch::Cells {
            judge: judge.to_owned(),
            expected: expectation.table.clone(),
            computed,
            differences: found,
        });
    }
    let Body::Measured(pipeline) = &plan.body else { return };
    balance(judge, pipeline, prepared, &answer.ledger, mismatches);
    for (line, expected) in &expectation.ledger {
        let computed =
            answer.ledger.rows.iter().find(|row| row[0] == Value::text(line)).map_or(&Value::Null, |r| &r[1]);
        if !same(expected, computed) {
            mismatches.push(Mismatch::Ledger {
                judge: judge.to_owned(),
                line: line.clone(),
                expected: expected.clone(),
                computed: computed.clone(),
            });
        }
    }
}

/// Every row of the source must stand in exactly one line of the ledger; where each period is asked anew, in one for
/// each of them.
fn balance(judge: &str, pipeline: &Pipeline, prepared: &Prepared, ledger: &Table, mismatches: &mut Vec<Mismatch>) {
    let rows = prepared.tables.get(&pipeline.scan.source).map_or(0, |table| table.rows.len());
    let accounted = ledger.rows.iter().filter_map(|row| row[1].as_real()).sum::<f64>();
    let times = match pipeline.filter.placement {
        Placement::Anchor { .. } => 1.0,
        // How many periods there are is the request's; that none has lost a row shows all the same.
        Placement::Snapshot(_) | Placement::Spread => (accounted / (rows as f64).max(1.0)).round(),
    };
    if (accounted - rows as f64 * times).abs() > 0.5 {
        mismatches.push(Mismatch::Unbalanced { judge: judge.to_owned(), rows, accounted: Value::Real(accounted) });
    }
}

/// Returns the table with only these columns, in their order.
fn project(table: &Table, fields: &[Field]) -> Table {
    let indices: Vec<Option<usize>> = fields.iter().map(|field| table.index(&field.name)).collect();
    let cell = |row: &Vec<Value>, index: &Option<usize>| index.map_or(Value::Null, |index| row[index].clone());
    let rows = table.rows.iter().map(|row| indices.iter().map(|index| cell(row, index)).collect()).collect();
    Table { fields: fields.to_vec(), rows }
}
