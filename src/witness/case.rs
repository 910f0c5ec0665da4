//! A witness written as a case, ready to be put among the cases of its metric.

use super::Witness;
use super::ground::Holds;
use super::stock::{BASE, plain};
use super::trial::Question;
use crate::catalog::Catalog;
use crate::compute::Answer;
use crate::interpret::Tables;
use crate::source::{Source, SourceColumn};
use crate::table::{Field, Table};
use crate::value::{Grain, Instant, Type, Value};

/// Longest line of prose.
const WIDTH: usize = 110;

impl Witness {
    /// Writes the tables as a case that expects what the new plan answers; `None` where that has no answer.
    ///
    /// `catalog` is the new side's, `metric` the full name there and `name` the case's name.
    pub fn as_case(&self, catalog: &Catalog, metric: &str, name: &str) -> Option<String> {
        let worked = format!("Found where two versions of the definition disagree. {}", self.sentence);
        let told = Told { name, shows: &self.sentence, worked: &worked };
        let question = Question { tables: self.tables.clone(), request: self.request.clone() };
        case(&question, (catalog, metric), &told, self.new.as_ref().ok()?)
    }
}

/// What a case says beside its tables.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Its name.
    pub name: &'a str,
    /// The claim it proves.
    pub shows: &'a str,
    /// How the numbers come about.
    pub worked: &'a str,
}

/// Writes a question to the reading `metric` of `catalog` as a case that expects the answer.
pub fn case(
    question: &Question,
    (catalog, metric): (&Catalog, &str),
    told: &Told<'_>,
    answer: &Answer,
) -> Option<String> {
    let Question { tables, request } = question;
    let (id, variant) = match metric.split_once('.') {
        Some((id, variant)) => (id, Some(variant)),
        None => (metric, None),
    };
    let mut text = format!("case: {}\nshows: >\n{}", told.name, prose(told.shows));
    text.push_str(&format!("metric: {id}\nas_of: {}\n", request.as_of));
    if request.grain != Grain::All {
        text.push_str(&format!("grain: {}\n", request.grain));
    }
    for (key, at) in [("from", request.from), ("to", request.to)] {
        text.push_str(&at.map(|at| format!("{key}: {at}\n")).unwrap_or_default());
    }
    if !request.by.is_empty() {
        text.push_str(&format!("by: [{}]\n", request.by.join(", ")));
    }
    text.push_str(&given(tables, catalog)?);
    text.push_str(&format!("worked: >\n{}expect: |\n", prose(told.worked)));
    text.push_str(&pipes(&expected(&answer.cells, variant), 2));
    Some(text)
}

/// Writes the tables that have rows.
fn given(tables: &Tables, catalog: &Catalog) -> Option<String> {
    let mut text = String::new();
    for (source, table) in tables.iter().filter(|(_, table)| !table.rows.is_empty()) {
        let file = catalog.registry.sources.get(source)?;
        text.push_str(&format!("  {source}: |\n{}", pipes(&whole(&file.source, table), 4)));
    }
    Some(if text.is_empty() { "given: {}\n".to_owned() } else { format!("given:\n{text}") })
}

/// Writes a sentence as the lines of a block.
fn prose(sentence: &str) -> String {
    let mut lines = vec![String::new()];
    for word in sentence.split_whitespace() {
        let is_full = lines.last().is_some_and(|line| !line.is_empty() && line.len() + word.len() > WIDTH);
        if is_full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let blank = if line.is_empty() { "" } else { " " };
            line.push_str(&format!("{blank}{word}"));
        }
    }
    lines.into_iter().map(|line| format!("  {line}\n")).collect()
}

/// Returns the table with every column that a case has to give, in the order of the source.
fn whole(source: &Source, table: &Table) -> Vec<Vec<String>> {
    let is_given = |column: &&SourceColumn| {
        let is_named = source.key.contains(&column.name) || source.order.first() == Some(&column.name);
        table.index(&column.name).is_some() || !column.nullable || is_named
    };
    let columns: Vec<&SourceColumn> = source.columns.iter().filter(is_given).collect();
    let mut lines = vec![columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()];
    for row in &table.rows {
        let cell = |column: &&SourceColumn| match table.index(&column.name) {
            Some(index) => written(&row[index]),
            None => written(&some(column)),
        };
        lines.push(columns.iter().map(cell).collect());
    }
    lines
}

/// Returns some value of a column that no plan reads.
fn some(column: &SourceColumn) -> Value {
    let holds = Holds { values: column.values.clone(), range: column.range, ..Holds::anything() };
    let first = plain(column.ty, &holds, true).into_iter().find(|value| holds.admits(value));
    match column.ty {
        Type::Instant => Value::Instant(Instant::from_micros(BASE)),
        _ => first.unwrap_or(Value::Null),
    }
}

/// Returns the columns of a result that say something.
fn expected(cells: &Table, variant: Option<&str>) -> Vec<Vec<String>> {
    let says = |field: &&Field| match field.name.as_str() {
        "metric" | "version" | "grain" | "period_end" | "n" => false,
        "numerator" | "denominator" | "value" | "state" => true,
        name => cells.rows.iter().enumerate().any(|(row, _)| {
            let cell = cells.cell(row, name);
            !cell.is_null() && cell.as_real() != Some(0.0)
        }),
    };
    let columns: Vec<&Field> = cells.fields.iter().filter(says).collect();
    let mut lines = vec![columns.iter().map(|field| field.name.clone()).collect::<Vec<_>>()];
    for row in 0..cells.rows.len() {
        lines.push(columns.iter().map(|field| result(cells, row, field)).collect());
    }
    if let Some(variant) = variant {
        for (number, line) in lines.iter_mut().enumerate() {
            line.insert(0, if number == 0 { "variant".to_owned() } else { variant.to_owned() });
        }
    }
    lines
}

/// Writes a cell of a result; a quotient of whole numbers as one.
fn result(cells: &Table, row: usize, field: &Field) -> String {
    let cell = cells.cell(row, &field.name);
    match (cell, cells.cell(row, "numerator"), cells.cell(row, "denominator")) {
        (Value::Real(_), Value::Number(top), Value::Number(bottom))
            if field.name == "value" && bottom.mantissa() != 0 =>
        {
            format!("{top}/{bottom}")
        }
        // Every digit counts: what is expected is held against what is computed.
        (Value::Real(real), ..) => format!("{real:.13}").trim_end_matches('0').trim_end_matches('.').to_owned(),
        _ => written(cell),
    }
}

/// Writes a cell so that it is read as the same value.
fn written(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Text(text) => {
            let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
            match is_plain && !text.is_empty() && &**text != "null" {
                true => text.to_string(),
                false => format!("'{}'", text.replace('\'', "''")),
            }
        }
        other => other.to_string(),
    }
}

/// Lays lines out as a table with cells parted by pipes.
fn pipes(lines: &[Vec<String>], indent: usize) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..lines.first().map_or(0, Vec::len)).map(width).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let laid = cells.collect::<Vec<_>>().join(" | ");
        text.push_str(&format!("{}{}\n", " ".repeat(indent), laid.trim_end()));
    }
    text
}
