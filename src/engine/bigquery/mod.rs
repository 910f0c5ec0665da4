//! BigQuery's SQL without BigQuery: GoogleSQL's analyzer and reference evaluator, in a child process that
//! `ETALON_BIGQUERY` starts.
//!
//! Stores numbers of scale 0 as `INT64`, others as `NUMERIC` up to 9 digits after the point and as `BIGNUMERIC` beyond,
//! durations as seconds in `NUMERIC`, instants as `TIMESTAMP`. `tests/engines/bigquery.py` is the child and says how it is
//! spoken to. Knows no plan.

mod child;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time;

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use crate::engine::cell::{self, Loading};
use crate::engine::error::excerpt;
use crate::engine::{Address, Engine, EngineEntry, EngineError, columns};
use crate::table::{Field, Table};
use crate::value::{Date, Duration, Instant, Number, Type, Value};
use child::{Child, Failure};

const NAME: &str = "bigquery";

/// BigQuery's SQL in the list of engines; the command that starts the evaluator is in `ETALON_BIGQUERY`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: NAME,
    evidence: "executed",
    is_server: true,
    open: || open(&Address::of_engine(NAME)),
    open_at: open,
};

/// How long the child may take for its start, at which it may have to translate the evaluator for this machine.
const START: time::Duration = time::Duration::from_secs(300);

/// How long the child may take for an answer.
const ANSWER: time::Duration = time::Duration::from_secs(300);

/// The first and the last instant of a `TIMESTAMP`, in microseconds: the years 1 to 9999.
const INSTANTS: RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// A session of the evaluator.
struct BigQuery {
    child: Child,
    /// The variable whose command started it.
    variable: String,
    version: String,
    loaded: BTreeSet<String>,
}

/// Starts an evaluator without tables.
fn open(address: &Address) -> Result<Box<dyn Engine>, EngineError> {
    let variable = address.variable().to_owned();
    let Some(command) = address.text() else {
        return Err(unavailable(
            &variable,
            format!("`{variable}` is not set, so there is no evaluator of {NAME}'s SQL"),
        ));
    };
    let child = match Child::start(command) {
        Ok(child) => child,
        Err(failure) => return Err(unavailable(&variable, format!("the command in `{variable}`: {failure}"))),
    };
    let mut engine = BigQuery { child, variable, version: String::new(), loaded: BTreeSet::new() };
    let greeting = engine.ask_within(&json!({"version": true}), "", START)?;
    let version = greeting.get("version").and_then(Json::as_str).and_then(|text| text.split_whitespace().last());
    engine.version = version.ok_or_else(|| engine.down(&Failure::Babble(greeting.to_string())))?.to_owned();
    Ok(Box::new(engine))
}

fn unavailable(variable: &str, what: String) -> EngineError {
    EngineError::Unavailable { what, remedy: remedy(variable) }
}

fn remedy(variable: &str) -> String {
    format!("`.ci/engines env bigquery` brings the evaluator and says what `{variable}` has to be.")
}

impl Engine for BigQuery {
    fn name(&self) -> &'static str {
        NAME
    }

    fn dialect(&self) -> &'static str {
        NAME
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError> {
        let loading = Loading { engine: NAME, table, data };
        loading.check_width()?;
        let columns = data.fields.iter().map(|field| json!([field.name, column_type(field.ty)]));
        let columns: Vec<Json> = columns.collect();
        let rows = rows_sent(&loading)?;
        if self.loaded.contains(table) {
            return Err(failed(format!("the table `{table}` exists"), ""));
        }
        self.ask(&json!({"load": table, "columns": columns, "rows": rows}), "")?;
        self.loaded.insert(table.to_owned());
        Ok(())
    }

    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError> {
        let answer = self.ask(&json!({ "query": sql }), sql)?;
        let babble = |what: &str| self.down(&Failure::Babble(format!("an answer without {what}")));
        let columns: Option<Vec<(String, String)>> = answer.get("columns").and_then(pairs);
        let columns = columns.ok_or_else(|| babble("columns"))?;
        columns::check(NAME, columns.iter().map(|(name, _)| name.as_str()), fields)?;
        let rows = answer.get("rows").and_then(Json::as_array).ok_or_else(|| babble("rows"))?;
        let mut table = Table::new(fields.to_vec());
        for row in rows {
            let cells = row.as_array().filter(|cells| cells.len() == fields.len()).ok_or_else(|| babble("cells"))?;
            let mut values = Vec::with_capacity(fields.len());
            for ((cell, field), (_, ty)) in cells.iter().zip(fields).zip(&columns) {
                let found = || format!("`{cell}` of type {ty}");
                let value = received(cell, ty, field.ty)
                    .ok_or_else(|| columns::mismatch(NAME, table.rows.len(), field, &found()))?;
                values.push(value);
            }
            table.rows.push(values);
        }
        Ok(table)
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        self.loaded.clear();
        self.ask(&json!({"clear": true}), "").map(drop)
    }
}

impl BigQuery {
    fn ask(&mut self, question: &Json, sql: &str) -> Result<Json, EngineError> {
        self.ask_within(question, sql, ANSWER)
    }

    fn ask_within(&mut self, question: &Json, sql: &str, patience: time::Duration) -> Result<Json, EngineError> {
        let answer = self.child.ask(question, patience).map_err(|failure| self.down(&failure))?;
        match answer.get("error").map(|error| error.as_str().unwrap_or_default().to_owned()) {
            None => Ok(answer),
            Some(message) => Err(failed(message, sql)),
        }
    }

    fn down(&self, failure: &Failure) -> EngineError {
        let what = format!("the evaluator that `{}` starts: {failure}", self.variable);
        EngineError::Down { engine: NAME, what, remedy: remedy(&self.variable) }
    }
}

/// Returns the error of the evaluator with the line of the SQL that it speaks of.
fn failed(message: String, sql: &str) -> EngineError {
    let sql = excerpt(sql, offset(&message, sql));
    EngineError::Failed { engine: NAME, message, sql }
}

/// Returns the names and types of columns.
fn pairs(columns: &Json) -> Option<Vec<(String, String)>> {
    let pair = |column: &Json| Some((column.get(0)?.as_str()?.to_owned(), column.get(1)?.as_str()?.to_owned()));
    columns.as_array()?.iter().map(pair).collect()
}

/// Returns where the line begins that a message speaks of as `[at 3:14]`.
fn offset(message: &str, sql: &str) -> Option<usize> {
    let (_, place) = message.rsplit_once("[at ")?;
    let line: usize = place.split_once(':')?.0.parse().ok()?;
    let before = sql.split_inclusive('\n').take(line.checked_sub(1)?);
    Some(before.map(str::len).sum())
}

fn column_type(ty: Type) -> &'static str {
    match ty {
        Type::Boolean => "bool",
        Type::Text => "string",
        Type::Number(0) => "int64",
        Type::Number(..=9) | Type::Duration => "numeric",
        Type::Number(_) => "bignumeric",
        Type::Instant => "timestamp",
        Type::Date => "date",
        Type::Real => "float64",
    }
}

fn rows_sent(loading: &Loading<'_>) -> Result<Vec<Json>, EngineError> {
    let mut rows = Vec::with_capacity(loading.data.rows.len());
    for (position, row) in loading.data.rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(row.len());
        for (column, (cell, field)) in row.iter().zip(&loading.data.fields).enumerate() {
            cells.push(sent(cell, field.ty).map_err(|reason| loading.refused(position, column, reason))?);
        }
        rows.push(Json::from(cells));
    }
    Ok(rows)
}

/// Returns `cell` as it is sent for a column of type `ty`, or why it cannot be.
fn sent(cell: &Value, ty: Type) -> Result<Json, String> {
    let text = match (ty, cell) {
        (_, Value::Null) => return Ok(Json::Null),
        (Type::Boolean, Value::Boolean(boolean)) => boolean.to_string(),
        (Type::Text, Value::Text(text)) => cell::plain(text)?.to_owned(),
        (Type::Number(0), Value::Number(number)) => cell::word(cell::mantissa(*number, 0)?, *number)?.to_string(),
        (Type::Number(scale), Value::Number(number)) => {
            let mantissa = cell::mantissa(*number, scale)?;
            if scale <= 9 && !fits_numeric(mantissa, scale) || mantissa.unsigned_abs() >= 10u128.pow(38) {
                return Err(format!("`{number}` has more digits than {} holds", column_type(ty)));
            }
            Number::new(mantissa, scale).to_string()
        }
        (Type::Duration, Value::Duration(duration)) => duration.seconds().to_string(),
        (Type::Instant, Value::Instant(instant)) if !INSTANTS.contains(&instant.micros()) => {
            return Err(format!("`{instant}` lies outside the years 1 to 9999"));
        }
        (Type::Instant, Value::Instant(instant)) => instant.in_zone(&TimeZone::UTC).to_string(),
        (Type::Date, Value::Date(date)) if !(1..=9999).contains(&date.civil().year()) => {
            return Err(format!("`{date}` lies outside the years 1 to 9999"));
        }
        (Type::Date, Value::Date(date)) => date.to_string(),
        (Type::Real, Value::Real(real)) => format!("{:?}", cell::finite(*real)?),
        _ => return Err(cell::other_type(cell, ty)),
    };
    Ok(Json::from(text))
}

/// Tells whether `NUMERIC`, of 38 digits with 9 after the point, holds the number.
fn fits_numeric(mantissa: i128, scale: u8) -> bool {
    mantissa.unsigned_abs().checked_mul(10u128.pow(9 - u32::from(scale))).is_some_and(|digits| digits < 10u128.pow(38))
}

/// Returns the value of type `ty` that a cell of a column of type `column` represents exactly.
fn received(cell: &Json, column: &str, ty: Type) -> Option<Value> {
    if cell.is_null() {
        return Some(Value::Null);
    }
    let text = cell.as_str()?;
    let value = match (ty, column) {
        (Type::Boolean, "bool") => Value::Boolean(text.parse().ok()?),
        (Type::Text, "string") => Value::text(text),
        (Type::Number(0), "int64") => Value::integer(text.parse().ok()?),
        (Type::Number(scale @ 1..), "numeric" | "bignumeric") => {
            Value::Number(text.parse::<Number>().ok()?.rescale(scale)?)
        }
        (Type::Duration, "numeric" | "bignumeric") => {
            let micros = text.parse::<Number>().ok()?.rescale(6)?.mantissa();
            Value::Duration(Duration::from_micros(i64::try_from(micros).ok()?))
        }
        (Type::Instant, "timestamp") => Value::Instant(Instant::parse(&format!("{text}Z"))?),
        (Type::Date, "date") => Value::Date(Date::parse(text)?),
        (Type::Real, "float64") => Value::Real(text.parse().ok()?),
        _ => return None,
    };
    Some(value)
}
