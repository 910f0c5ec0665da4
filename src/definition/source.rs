//! Sources: a logical table and how its raw text is read.

use std::collections::BTreeMap;

use super::Fields;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::plan::Dedupe;
use crate::source::{ClockPolicy, FileLayout, ObservedThrough, Source, SourceColumn, WallClock};
use crate::text::{Span, Spanned};
use crate::value::{Instant, Type};
use crate::yaml::Node;

/// A source as its file declares it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Where its name stands.
    pub span: Span,
    /// What it is called.
    pub title: String,
    /// What one row is.
    pub description: String,
    /// Who answers for the data.
    pub owner: String,
    /// The table; the file's path is relative to the declaring file's folder.
    pub source: Source,
    /// Where each column is declared, with its description.
    pub columns: BTreeMap<String, (Span, String)>,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<SourceFile> {
    let name = fields.text("source")?;
    let columns_node = fields.node.get("columns")?;
    let clock = fields.inside("wall_clock").and_then(|mut inner| wall_clock(&mut inner));
    let mut columns = Vec::new();
    let mut declared = BTreeMap::new();
    for entry in columns_node.entries() {
        let mut inner = fields.of(&entry.value);
        declared.insert(entry.key.value.clone(), (entry.value.span, inner.words("description")));
        columns.extend(super::column::decode(&entry.key, &mut inner));
    }
    let location = fields.inside("location").map(|mut inner| location(&mut inner));
    let key = column_names(fields, "primary_key", &columns);
    let order = order(fields, &columns);
    refuse_nullable(fields, "primary_key", &columns);
    wrap_columns(fields, columns_node, &columns);
    let unplaced = Location { file: None, layout: FileLayout::Csv { delimiter: b',' }, table: None };
    let location = location.unwrap_or(unplaced);
    let source = Source {
        name: name.value.clone(),
        table: location.table.unwrap_or_else(|| name.value.clone()),
        order: with_key(order?, &key),
        columns,
        key,
        dedupe: match fields.words("duplicates").as_str() {
            "keep_first" => Dedupe::First,
            "keep_latest" => Dedupe::Latest,
            _ => Dedupe::Unique,
        },
        clock,
        observed_through: observed_through(fields)?,
        file: location.file,
        layout: location.layout,
    };
    Some(SourceFile {
        span: name.span,
        title: fields.words("title"),
        description: fields.words("description"),
        owner: fields.words("owner"),
        source,
        columns: declared,
    })
}

fn wall_clock(fields: &mut Fields<'_, '_>) -> Option<WallClock> {
    let policy = |word: String| match word.as_str() {
        "earlier" => ClockPolicy::Earlier,
        "later" => ClockPolicy::Later,
        _ => ClockPolicy::Refuse,
    };
    let zone = fields.zone("zone")?.value;
    Some(WallClock { zone, gap: policy(fields.words("skipped")), fold: policy(fields.words("repeated")) })
}

/// Where a source's rows lie, as far as its file says.
struct Location {
    file: Option<String>,
    layout: FileLayout,
    table: Option<String>,
}

fn location(fields: &mut Fields<'_, '_>) -> Location {
    let layout = match fields.words("format").as_str() {
        "whitespace" => FileLayout::Whitespace,
        "json_lines" => FileLayout::JsonLines,
        "parquet" => FileLayout::Parquet,
        _ => FileLayout::Csv { delimiter: delimiter(fields) },
    };
    let text = |key: &str| fields.text(key).map(|text| text.value);
    Location { file: text("file"), layout, table: text("table") }
}

fn delimiter(fields: &mut Fields<'_, '_>) -> u8 {
    let Some(text) = fields.text("delimiter") else { return b',' };
    match text.value.as_bytes() {
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'"' => *byte,
        _ => {
            fields.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, text.span, "this cannot separate fields")
                    .help("write one ASCII character: `\",\"`, `\";\"`, `\"\\t\"` or `\"|\"`"),
            );
            b','
        }
    }
}

fn column_names(fields: &mut Fields<'_, '_>, key: &str, columns: &[SourceColumn]) -> Vec<String> {
    let mut names = Vec::new();
    for name in fields.texts_of(key) {
        if columns.iter().any(|column| column.name == name.value) {
            names.push(name.value);
        } else {
            report_unknown(fields, &name, columns);
        }
    }
    names
}

fn report_unknown(fields: &mut Fields<'_, '_>, name: &Spanned<String>, columns: &[SourceColumn]) {
    let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let diagnostic =
        Diagnostic::error(codes::UNKNOWN_COLUMN, name.span, format!("the source has no column `{}`", name.value));
    fields.diagnostics.push(match nearest(&name.value, &known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("declare it under `columns`"),
    });
}

fn order(fields: &mut Fields<'_, '_>, columns: &[SourceColumn]) -> Option<Vec<String>> {
    let names = column_names(fields, "order", columns);
    refuse_nullable(fields, "order", columns);
    let written = fields.texts_of("order");
    let first = written.first()?;
    let column = columns.iter().find(|column| column.name == first.value)?;
    if column.ty == Type::Instant {
        return Some(names);
    }
    let message = format!("the order begins with `{}`, which is {}", column.name, column.ty);
    fields.diagnostics.push(
        Diagnostic::error(codes::TYPE_MISMATCH, first.span, message)
            .help("begin with the instant at which a row came to be, then name tie-breakers"),
    );
    None
}

/// Key and order decide between rows, so they must be known on every row.
fn refuse_nullable(fields: &mut Fields<'_, '_>, key: &str, columns: &[SourceColumn]) {
    for name in fields.texts_of(key) {
        let nullable = columns.iter().any(|column| column.name == name.value && column.nullable);
        if nullable {
            let message = format!("`{}` is nullable, so it cannot be in `{key}`", name.value);
            fields.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, name.span, message)
                    .help("name columns that are known on every row"),
            );
        }
    }
}

fn wrap_columns<'a>(fields: &mut Fields<'a, '_>, node: &'a Node, columns: &[SourceColumn]) {
    for entry in node.entries() {
        let inner = fields.of(&entry.value);
        let Some(before) = inner.text("next_day_if_before") else { continue };
        let position = |name: &str| columns.iter().position(|column| column.name == name);
        let earlier = match (position(&before.value), position(&entry.key.value)) {
            (Some(other), Some(own)) => other < own && columns[other].ty == Type::Instant,
            _ => false,
        };
        if !earlier {
            let message = format!("`{}` is no instant declared before `{}`", before.value, entry.key.value);
            fields.diagnostics.push(
                Diagnostic::error(codes::UNKNOWN_COLUMN, before.span, message)
                    .help("name an instant column that stands further up"),
            );
        }
    }
}

fn observed_through(fields: &mut Fields<'_, '_>) -> Option<ObservedThrough> {
    if fields.words("observed_through") == "last_row" {
        return Some(ObservedThrough::LastRow);
    }
    fields.instant("observed_through").map(|instant: Spanned<Instant>| ObservedThrough::At(instant.value))
}

fn with_key(mut order: Vec<String>, key: &[String]) -> Vec<String> {
    for name in key {
        if !order.contains(name) {
            order.push(name.clone());
        }
    }
    order
}
