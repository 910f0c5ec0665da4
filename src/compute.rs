//! One question, two ways to an answer: the interpreter, and an engine's SQL.
//!
//! Decides nothing about the answers; see `compare`.

use crate::definition::Reading;
use crate::engine::{Engine, EngineError};
use crate::interpret::{self, InterpretError, Tables};
use crate::plan::result::ledger_contract;
use crate::plan::{Body, Plan, Request, contract};
use crate::sql::{self, Dialect, Header, Output, RenderError, Values};
use crate::table::{Field, Table};

/// The cells of a metric and the ledger of its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The result, in the columns of the contract.
    pub cells: Table,
    /// Where the rows ended up; empty for metrics made of metrics.
    pub ledger: Table,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ComputeError {
    /// The interpreter gave up.
    #[error("the interpreter: {0}")]
    Interpret(#[from] InterpretError),
    /// The query could not be written.
    #[error("the query: {0}")]
    Render(#[from] RenderError),
    /// The engine gave up.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// There is no such dialect.
    #[error("there is no dialect `{0}`")]
    Dialect(String),
}

impl ComputeError {
    /// Returns what to do about it, where that is known.
    pub fn remedy(&self) -> Option<&str> {
        if let ComputeError::Engine(error) = self { error.remedy() } else { None }
    }
}

/// Returns what the comment at the head of a metric's queries says.
pub fn header(reading: &Reading, plan: &Plan) -> Header {
    Header {
        title: reading.title.clone(),
        statement: reading.statement.trim_end().to_owned(),
        fingerprint: plan.fingerprint(),
    }
}

/// Answers by the interpreter.
///
/// # Errors
/// When a table is absent or a number leaves its range.
pub fn by_interpreter(plan: &Plan, tables: &Tables, request: &Request) -> Result<Answer, ComputeError> {
    let cells = interpret::cells(plan, tables, request)?;
    let ledger = interpret::ledger(plan, tables, request)?;
    Ok(Answer { cells, ledger })
}

/// Answers by an engine that holds the tables, each under its source's name.
///
/// # Errors
/// When the query cannot be written or the engine refuses it.
pub fn by_engine(
    plan: &Plan,
    header: &Header,
    request: &Request,
    engine: &mut dyn Engine,
) -> Result<Answer, ComputeError> {
    by_sql(&plan.over_loaded_tables(), header, request, engine)
}

/// Answers by an engine that has the tables under the names that the plan gives them.
///
/// # Errors
/// When the query cannot be written or the engine refuses it.
pub fn by_sql(
    plan: &Plan,
    header: &Header,
    request: &Request,
    engine: &mut dyn Engine,
) -> Result<Answer, ComputeError> {
    Queries::of(plan, header, request, engine.dialect())?.ask(engine)
}

/// The queries behind an answer, written once for any number of tables.
#[derive(Debug, Clone)]
pub struct Queries {
    cells: (String, Vec<Field>),
    ledger: Option<String>,
}

impl Queries {
    /// Writes the queries of a plan in a dialect.
    ///
    /// # Errors
    /// When there is no such dialect, or it cannot say what the plan says.
    pub fn of(plan: &Plan, header: &Header, request: &Request, dialect: &str) -> Result<Self, ComputeError> {
        let dialect = Dialect::find(dialect).ok_or_else(|| ComputeError::Dialect(dialect.to_owned()))?;
        let cells = sql::render(plan, header, request, &dialect, Output::Cells)?;
        let has_ledger = matches!(plan.body, Body::Measured(_));
        let ledger = has_ledger.then(|| sql::render(plan, header, request, &dialect, Output::Ledger)).transpose()?;
        Ok(Self { cells: (cells, contract(plan, request)), ledger })
    }

    /// Asks an engine that has the tables.
    ///
    /// # Errors
    /// When the engine refuses a query.
    pub fn ask(&self, engine: &mut dyn Engine) -> Result<Answer, ComputeError> {
        let (query, fields) = &self.cells;
        let cells = engine.query(query, fields)?;
        let ledger = match &self.ledger {
            Some(query) => engine.query(query, &ledger_contract())?,
            None => Table::new(ledger_contract()),
        };
        Ok(Answer { cells, ledger })
    }
}

/// Adds the ledger to cells that an engine has found, as [`by_sql`] does.
///
/// # Errors
/// When the query cannot be written or the engine refuses it.
pub fn with_ledger(
    (plan, header): (&Plan, &Header),
    request: &Request,
    cells: Table,
    engine: &mut dyn Engine,
) -> Result<Answer, ComputeError> {
    if !matches!(plan.body, Body::Measured(_)) {
        return Ok(Answer { cells, ledger: Table::new(ledger_contract()) });
    }
    let query = sql::render(plan, header, request, &dialect(engine)?, Output::Ledger)?;
    let ledger = engine.query(&query, &ledger_contract())?;
    Ok(Answer { cells, ledger })
}

/// Finds the cells of metrics that one query answers, as [`sql::partition`] has found, by an engine that has the tables
/// under the names that the plans give them.
///
/// # Errors
/// When the query cannot be written or the engine refuses it.
pub fn together(
    metrics: &[(&Plan, Header)],
    request: &Request,
    values: Values,
    engine: &mut dyn Engine,
) -> Result<Vec<Table>, ComputeError> {
    let fused = sql::fused(metrics, request, &dialect(engine)?, values)?;
    let answer = engine.query(&fused.text, &fused.fields)?;
    let plans: Vec<&Plan> = metrics.iter().map(|(plan, _)| *plan).collect();
    let parted = sql::parted(&fused, &answer, (&plans, request));
    parted.ok_or(ComputeError::Render(RenderError::Contradiction("an engine tells of other metrics than it was asked")))
}

fn dialect(engine: &dyn Engine) -> Result<Dialect, ComputeError> {
    Dialect::find(engine.dialect()).ok_or_else(|| ComputeError::Dialect(engine.dialect().to_owned()))
}
