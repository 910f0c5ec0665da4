//! The tables of a target against what the sources declare: each difference is a finding at its line of the source.
//!
//! Changes nothing and computes no metric.

mod rows;

use super::table_of;
use crate::catalog::Catalog;
use crate::definition::SourceFile;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, codes, nearest};
use crate::engine::{Described, Engine, EngineError};
use crate::source::SourceColumn;
use crate::table::Field;
use crate::text::Span;
use crate::value::Instant;

/// A source and its table on a target.
#[derive(Clone, Copy)]
struct Placed<'a> {
    file: &'a SourceFile,
    target: &'a str,
    table: &'a str,
}

impl<'a> Placed<'a> {
    /// Returns a finding about the table; `what` goes on after its name.
    fn finding(&self, code: Code, span: Span, what: &str) -> Diagnostic {
        let message = format!("`{}` on `{}` {what}", self.table, self.target);
        let diagnostic = Diagnostic::error(code, span, message);
        match self.file.places.get(self.target) {
            Some(place) => diagnostic.also(place.span, "the table is named here"),
            None => diagnostic,
        }
    }

    /// Returns where a column is declared.
    fn declared(&self, column: &str) -> Span {
        self.file.columns.get(column).map_or(self.file.span, |(span, _)| *span)
    }
}

/// Holds the columns of the tables of `sources` against the declared ones; returns the number of tables that are there.
///
/// # Errors
/// When the target cannot be asked.
pub fn check_columns(
    catalog: &Catalog,
    engine: &mut dyn Engine,
    sources: &[&str],
    diagnostics: &mut Diagnostics,
) -> Result<usize, EngineError> {
    let target = engine.name().to_owned();
    let mut there = 0;
    for file in sources.iter().filter_map(|name| catalog.registry.sources.get(*name)) {
        let placed = Placed { file, target: &target, table: table_of(file, &target) };
        there += usize::from(columns(placed, engine, diagnostics)?.is_some());
    }
    Ok(there)
}

/// Holds the tables of all sources against what these declare, columns and rows; `now` is when freshness is judged.
/// `step` is told each source after its turn. Returns the number of tables that are there.
///
/// # Errors
/// When the target cannot be asked.
pub fn check(
    catalog: &Catalog,
    engine: &mut dyn Engine,
    now: Instant,
    step: &dyn Fn(&str),
    diagnostics: &mut Diagnostics,
) -> Result<usize, EngineError> {
    let target = engine.name().to_owned();
    let mut there = 0;
    for file in catalog.registry.sources.values() {
        let placed = Placed { file, target: &target, table: table_of(file, &target) };
        if let Some(sound) = columns(placed, engine, diagnostics)? {
            there += 1;
            rows::check(placed, &sound, engine, now, diagnostics)?;
        }
        step(&file.source.name);
    }
    Ok(there)
}

/// Returns the columns that are there as declared; nothing where there is no such table.
fn columns<'a>(
    placed: Placed<'a>,
    engine: &mut dyn Engine,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Vec<&'a SourceColumn>>, EngineError> {
    let declared = &placed.file.source.columns;
    let fields: Vec<Field> = declared.iter().map(|column| Field::new(&column.name, column.ty)).collect();
    let described = match engine.describe(placed.table, &fields) {
        Ok(described) => described,
        Err(EngineError::Failed { message, .. }) => {
            diagnostics.push(absent(placed, &message));
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let mut sound = Vec::new();
    for column in declared {
        match described.iter().find(|found| found.name == column.name) {
            None => diagnostics.push(missing(placed, column, &described)),
            Some(found) if found.fits != Some(true) => diagnostics.push(other_type(placed, column, found)),
            Some(_) => sound.push(column),
        }
    }
    Ok(Some(sound))
}

fn absent(placed: Placed<'_>, message: &str) -> Diagnostic {
    let help = match placed.file.places.contains_key(placed.target) {
        true => "correct its name under `location`, `at`".to_owned(),
        false => format!("say how it is called there: `location: {{at: {{{}: schema.table}}}}`", placed.target),
    };
    placed.finding(codes::SOURCE_TABLE_MISSING, placed.file.span, &format!("cannot be read: {message}")).help(help)
}

fn missing(placed: Placed<'_>, column: &SourceColumn, described: &[Described]) -> Diagnostic {
    let what = format!("has no column `{}`", column.name);
    let declared = |name: &str| placed.file.source.columns.iter().any(|column| column.name == name);
    let free: Vec<&str> = described.iter().map(|found| found.name.as_str()).filter(|name| !declared(name)).collect();
    let help = match nearest(&column.name, &free) {
        Some(near) => format!("it has `{near}`: name the column so, or give the target a view that does"),
        None => "add it there, give the target a view that has it, or take it from the source".to_owned(),
    };
    placed.finding(codes::SOURCE_COLUMN_MISSING, placed.declared(&column.name), &what).help(help)
}

fn other_type(placed: Placed<'_>, column: &SourceColumn, found: &Described) -> Diagnostic {
    let what = format!("has `{}` as {}, which is not always {}", column.name, found.ty, column.ty);
    placed
        .finding(codes::SOURCE_TYPE_DIFFERS, placed.declared(&column.name), &what)
        .help("give the target a view that casts it, or declare the type that it has")
}
