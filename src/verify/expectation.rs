//! The expected table and ledger of a case.

use crate::catalog::Catalog;
use crate::definition::{Case, LedgerLines, MAX_TOLD, table_text, tell};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::pipes::{PipeCell, PipeTable, pipe_table};
use crate::plan::{Fate, Plan, Request, contract};
use crate::resolve::unknown;
use crate::table::{Field, Table};
use crate::text::{Span, Spanned, Texts};
use crate::value::{Date, Duration, Instant, Number, Type, Value};

/// What a case expects of the metric or of one variant.
#[derive(Debug)]
pub struct Expectation {
    /// The variant; `None` for the metric itself.
    pub variant: Option<String>,
    /// The expected rows in the columns the case names, in the order of results.
    pub table: Table,
    /// Where each cell of `table` is written.
    pub places: Vec<Vec<Span>>,
    /// The expected ledger lines; empty where the case names none.
    pub ledger: Vec<(String, Value)>,
}

/// Reads what a case expects; every mistake is reported.
pub(super) fn read(
    case: &Case,
    request: &Request,
    catalog: &Catalog,
    texts: &Texts,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Expectation>> {
    let mut reader = Reader { case, request, catalog, texts, diagnostics, failed: false };
    let text = table_text(&case.expect, reader.diagnostics)?;
    let mut written = pipe_table(text);
    let problems = std::mem::take(&mut written.problems);
    reader.failed = !problems.is_empty();
    tell(&case.expect, problems, texts, reader.diagnostics);
    let variants = reader.variants(&written);
    let mut expectations = Vec::new();
    // The ledger is that of the metric itself, or of the one variant a case is about.
    let owner = variants.iter().find(|variant| variant.is_none()).or(variants.first()).cloned();
    for variant in variants {
        let has_ledger = owner.as_ref() == Some(&variant);
        let Some(mut expectation) = reader.expectation(variant, &written) else { continue };
        if has_ledger {
            expectation.ledger = reader.ledger(expectation.variant.as_deref());
        }
        expectations.push(expectation);
    }
    (!reader.failed).then_some(expectations)
}

struct Reader<'a, 'd> {
    case: &'a Case,
    request: &'a Request,
    catalog: &'a Catalog,
    texts: &'a Texts,
    diagnostics: &'d mut Diagnostics,
    failed: bool,
}

impl Reader<'_, '_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        self.failed = true;
    }

    fn at(&self, cell: &PipeCell<'_>) -> Span {
        self.case.expect.span_within(self.texts, cell.range.clone())
    }

    /// Returns the variants that the table names, in order; the metric itself where there is no such column.
    fn variants(&mut self, written: &PipeTable<'_>) -> Vec<Option<String>> {
        let Some(column) = variant_column(written) else { return vec![None] };
        let (mut variants, mut told) = (Vec::new(), 0);
        for row in &written.rows {
            let variant = variant_of(&row[column]);
            let name = self.case.reading(variant.as_deref());
            if self.catalog.plan(&name).is_none() {
                self.failed = true;
                told += 1;
                if told > MAX_TOLD {
                    break;
                }
                let name = Spanned::new(name, self.at(&row[column]));
                // A variant that exists but has no meaning has been reported where it is defined.
                if self.catalog.reading(&name.value).is_none() {
                    unknown("variant", &name, self.known().iter(), self.diagnostics);
                }
            } else if !variants.contains(&variant) {
                variants.push(variant);
            }
        }
        variants
    }

    /// Returns the names that a variant is looked for among.
    fn known(&self) -> Vec<String> {
        let registry = &self.catalog.registry;
        match self
            .case
            .version
            .as_ref()
            .and_then(|version| registry.metrics.get(&self.case.metric.value)?.get(&version.value))
        {
            Some(metric) => metric.readings.iter().map(|reading| self.case.reading(reading.name())).collect(),
            None => registry.metric_names(),
        }
    }

    fn expectation(&mut self, variant: Option<String>, written: &PipeTable<'_>) -> Option<Expectation> {
        let plan = self.catalog.plan(&self.case.reading(variant.as_deref()))?;
        let columns = self.columns(plan, written)?;
        let chosen = variant_column(written);
        let mut table = Table::new(columns.iter().map(|(_, field)| field.clone()).collect());
        let mut rows = Vec::new();
        for row in &written.rows {
            if chosen.is_some_and(|column| variant_of(&row[column]) != variant) {
                continue;
            }
            let places: Vec<Span> = columns.iter().map(|(position, _)| self.at(&row[*position])).collect();
            rows.push((self.row(row, &columns)?, places));
        }
        in_result_order(&mut rows, &table, self.request);
        let places;
        (table.rows, places) = rows.into_iter().unzip();
        Some(Expectation { variant, table, places, ledger: Vec::new() })
    }

    /// Returns the position and field of each result column the table names.
    fn columns(&mut self, plan: &Plan, written: &PipeTable<'_>) -> Option<Vec<(usize, Field)>> {
        let fields = contract(plan, self.request);
        let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let (mut columns, mut told) = (Vec::new(), 0);
        for (position, cell) in written.header.iter().enumerate().filter(|(_, cell)| cell.text != "variant") {
            if let Some(field) = fields.iter().find(|field| field.name == cell.text) {
                columns.push((position, field.clone()));
                continue;
            }
            told += 1;
            if told > MAX_TOLD {
                break;
            }
            let message = format!("the result has no column `{}`", cell.text);
            let diagnostic = Diagnostic::error(codes::UNKNOWN_COLUMN, self.at(cell), message);
            self.report(match nearest(cell.text, &known) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("it has: {}", known.join(", "))),
            });
        }
        (!self.failed).then_some(columns)
    }

    fn row(&mut self, row: &[PipeCell<'_>], columns: &[(usize, Field)]) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        for (position, field) in columns {
            let cell = &row[*position];
            match value(cell.text, field.ty) {
                Some(value) => values.push(value),
                None => {
                    let message = format!("`{}` is no {}", cell.text, field.ty);
                    let diagnostic = Diagnostic::error(codes::INVALID_TABLE, self.at(cell), message);
                    self.report(diagnostic.help(example(field.ty)));
                }
            }
        }
        (values.len() == columns.len()).then_some(values)
    }

    /// Returns every line of the ledger, lines left out as 0; nothing where the case looks at no ledger.
    fn ledger(&mut self, variant: Option<&str>) -> Vec<(String, Value)> {
        let Some(LedgerLines { span, lines: written }) = &self.case.ledger else { return Vec::new() };
        let Some(plan) = self.catalog.plan(&self.case.reading(variant)) else { return Vec::new() };
        let lines: Vec<String> = Fate::of(plan).iter().map(|fate| fate.name(plan)).collect();
        if lines.is_empty() {
            self.report(
                Diagnostic::error(codes::INVALID_VALUE, *span, "a metric made of metrics has no ledger of its own")
                    .help("put the ledger into the cases of the metrics it is made of"),
            );
            return Vec::new();
        }
        for (line, _) in written.iter().filter(|(line, _)| !lines.contains(&line.value)) {
            self.failed = true;
            unknown("line of the ledger called", line, lines.iter(), self.diagnostics);
        }
        let rows = |line: &String| written.iter().find(|(name, _)| name.value == *line).map(|(_, rows)| *rows);
        lines.into_iter().map(|line| (line.clone(), Value::Number(rows(&line).unwrap_or(Number::ZERO)))).collect()
    }
}

fn variant_column(written: &PipeTable<'_>) -> Option<usize> {
    written.header.iter().position(|cell| cell.text == "variant")
}

fn variant_of(cell: &PipeCell<'_>) -> Option<String> {
    match cell.text {
        "" | "base" | "null" => None,
        name => Some(name.to_owned()),
    }
}

/// Reads one expected cell; a real number may be written as a fraction.
fn value(text: &str, ty: Type) -> Option<Value> {
    if text.is_empty() || text == "null" {
        return Some(Value::Null);
    }
    match ty {
        Type::Boolean => text.parse().ok().map(Value::Boolean),
        Type::Text => Some(Value::text(unquoted(text))),
        Type::Number(_) => text.parse().ok().map(Value::Number),
        Type::Real => real(text).map(Value::Real),
        Type::Instant => Instant::parse(text).map(Value::Instant),
        Type::Date => Date::parse(text).map(Value::Date),
        Type::Duration => {
            let seconds = || {
                let micros = text.parse::<Number>().ok()?.rescale(6)?.mantissa();
                i64::try_from(micros).ok().map(Duration::from_micros)
            };
            text.parse().ok().or_else(seconds).map(Value::Duration)
        }
    }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(text)
}

fn real(text: &str) -> Option<f64> {
    let number = |part: &str| part.trim().parse::<Number>().ok().map(Number::to_f64);
    match text.split_once('/') {
        Some((numerator, denominator)) => Some(number(numerator)? / number(denominator).filter(|below| *below != 0.0)?),
        None => number(text),
    }
}

fn example(ty: Type) -> &'static str {
    match ty {
        Type::Real => "write a number such as `0.5`, or a fraction such as `2/3`",
        Type::Duration => "write seconds such as `95`, or `1m35s`",
        Type::Instant => "write an instant with its offset, such as `2026-01-31T09:00:00+01:00`",
        Type::Boolean => "write `true` or `false`",
        Type::Date => "write a day such as `2026-01-31`",
        _ => "write plain digits",
    }
}

/// Sorts rows as results are sorted: by period, then by the dimensions, nulls last.
fn in_result_order<T>(rows: &mut [(Vec<Value>, T)], table: &Table, request: &Request) {
    let mut keys = vec!["period_start"];
    keys.extend(request.by.iter().map(String::as_str));
    let indices: Vec<usize> = keys.iter().filter_map(|key| table.index(key)).collect();
    rows.sort_by(|(a, _), (b, _)| {
        indices
            .iter()
            .map(|index| a[*index].order(&b[*index]))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
}
