//! From a case as written to tables, a request and what is expected.

use std::collections::BTreeSet;

use super::expectation::{self, Expectation};
use crate::catalog::Catalog;
use crate::definition::{Case, Given, SourceFile, table_text, tell};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::interpret::Tables;
use crate::plan::{Plan, Request};
use crate::read;
use crate::resolve::{Version, unknown};
use crate::source::FileLayout;
use crate::table::{Field, Table};
use crate::text::{Spanned, Texts};
use crate::value::{Grain, Instant, Value};
use crate::yaml::Node;

/// A case, ready to be computed.
#[derive(Debug)]
pub struct Prepared {
    /// The rows of every source the metric and its variants read.
    pub tables: Tables,
    /// The question.
    pub request: Request,
    /// What is expected, for the metric or each named variant.
    pub expectations: Vec<Expectation>,
}

/// Prepares a case; every mistake in it is reported.
pub fn prepare(case: &Case, catalog: &Catalog, texts: &Texts, diagnostics: &mut Diagnostics) -> Option<Prepared> {
    let plan = catalog.plan(&case.reading(None))?;
    let readings = readings(case, catalog);
    let mut tables = Tables::new();
    let mut complete = true;
    for (name, given) in &case.given {
        let source = catalog.registry.sources.get(&name.value)?;
        if !readings.iter().any(|plan| plan.sources().contains(&name.value.as_str())) {
            diagnostics.push(
                Diagnostic::error(
                    codes::UNUSED_POLICY,
                    name.span,
                    format!("the metric does not read `{}`", name.value),
                )
                .help("remove the table, or correct its name"),
            );
        }
        match rows(source, given, catalog, texts, diagnostics) {
            Some(table) => {
                tables.insert(name.value.clone(), table);
            }
            None => complete = false,
        }
    }
    for name in readings.iter().flat_map(|plan| plan.sources()) {
        let source = catalog.registry.sources.get(name)?;
        tables.entry(name.to_owned()).or_insert_with(|| empty(source));
    }
    let request = request(case, (plan, &readings), &tables, diagnostics)?;
    let expectations = expectation::read(case, &request, catalog, texts, diagnostics)?;
    complete.then_some(Prepared { tables, request, expectations })
}

/// Reads the rows that a case gives as `described` describes their sources, with empty tables for the rest of what is
/// `needed`; a file that the case names lies in the project of `home`.
///
/// # Errors
/// When the rows are not what a source allows, in the words of the first mistake.
pub fn given<'a>(
    case: &Case,
    described: impl Fn(&str) -> Option<&'a SourceFile>,
    needed: &BTreeSet<String>,
    (home, texts): (&Catalog, &Texts),
) -> Result<Tables, String> {
    let mut diagnostics = Diagnostics::new();
    let mut tables = Tables::new();
    for (name, given) in &case.given {
        let Some(source) = described(&name.value) else { continue };
        let Some(table) = rows(source, given, home, texts, &mut diagnostics) else {
            let first = diagnostics.into_sorted().into_iter().next();
            return Err(first.map_or_else(|| "its rows cannot be read".to_owned(), |mistake| mistake.message));
        };
        tables.insert(name.value.clone(), table);
    }
    for name in needed {
        if let Some(source) = described(name) {
            tables.entry(name.clone()).or_insert_with(|| empty(source));
        }
    }
    Ok(tables)
}

/// Returns the plans of the metric and of all its variants, in the version that the case proves.
fn readings<'a>(case: &Case, catalog: &'a Catalog) -> Vec<&'a Plan> {
    let Some((metric, _)) = catalog.reading(&case.reading(None)) else { return Vec::new() };
    let Some(version) = Version::parse(&metric.version) else { return Vec::new() };
    catalog.version(&metric.id.value, version).into_iter().map(|(_, plan)| plan).collect()
}

fn empty(file: &SourceFile) -> Table {
    Table::new(file.source.columns.iter().map(|column| Field::new(&column.name, column.ty)).collect())
}

fn rows(
    file: &SourceFile,
    given: &Given,
    catalog: &Catalog,
    texts: &Texts,
    diagnostics: &mut Diagnostics,
) -> Option<Table> {
    match given {
        Given::Inline(node) => inline(file, node, texts, diagnostics),
        Given::Csv(path) => csv(file, path, catalog, diagnostics),
    }
}

fn inline(file: &SourceFile, node: &Node, texts: &Texts, diagnostics: &mut Diagnostics) -> Option<Table> {
    match read::inline(&file.source, table_text(node, diagnostics)?) {
        Ok(table) => Some(table),
        Err(problems) => {
            tell(node, problems, texts, diagnostics);
            None
        }
    }
}

fn csv(file: &SourceFile, path: &Spanned<String>, catalog: &Catalog, diagnostics: &mut Diagnostics) -> Option<Table> {
    let Some(place) = catalog.place(path.span.text, &path.value) else {
        diagnostics.push(
            Diagnostic::error(codes::OUTSIDE_PROJECT, path.span, "a case reads only files of its project")
                .help("put the rows into a file inside the project's folder"),
        );
        return None;
    };
    let layout = FileLayout::Csv { delimiter: b',' };
    match read::file(&file.source, &place, layout, &[]) {
        Ok(reading) => Some(reading.table),
        Err(error) => {
            for problem in error.problems {
                diagnostics.push(in_file(path, problem));
            }
            None
        }
    }
}

fn in_file(path: &Spanned<String>, problem: read::Problem) -> Diagnostic {
    let row = problem.row.map(|row| format!(":{row}")).unwrap_or_default();
    let column = problem.column.map(|column| format!(": column `{column}`")).unwrap_or_default();
    let message = format!("{}{row}{column}: {}", path.value, problem.message);
    let help =
        problem.help.unwrap_or_else(|| "correct the file, or the source's description of its columns".to_owned());
    Diagnostic::error(codes::UNREADABLE_FILE, path.span, message).help(help)
}

fn request(
    case: &Case,
    (plan, readings): (&Plan, &[&Plan]),
    tables: &Tables,
    diagnostics: &mut Diagnostics,
) -> Option<Request> {
    for name in &case.by {
        if !plan.dimensions.iter().any(|dimension| dimension.name == name.value) {
            let known: Vec<String> = plan.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
            unknown("dimension", name, known.iter(), diagnostics);
            return None;
        }
    }
    if case.grain.value != Grain::All && !plan.grains.contains(&case.grain.value) {
        let message = format!("`{}` is not reported by {}", plan.metric, case.grain.value);
        diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_VALUE, case.grain.span, message)
                .help("add the grain to the metric's `period`, or ask for one that it has"),
        );
        return None;
    }
    Some(Request {
        grain: case.grain.value,
        by: case.by.iter().map(|name| name.value.clone()).collect(),
        from: case.from,
        to: case.to,
        as_of: case.as_of,
        span: span(readings.iter().copied(), tables, case.as_of),
    })
}

/// Returns the first and the last of `as_of` and the instants that the plans put in a period or on a clock.
pub fn span<'a>(plans: impl IntoIterator<Item = &'a Plan>, tables: &Tables, as_of: Instant) -> (Instant, Instant) {
    let mut span = (as_of, as_of);
    for (source, column) in plans.into_iter().flat_map(Plan::dated_columns) {
        let Some(table) = tables.get(source) else { continue };
        let Some(index) = table.index(column) else { continue };
        for row in &table.rows {
            if let Value::Instant(at) = row[index] {
                span = (span.0.min(at), span.1.max(at));
            }
        }
    }
    span
}
