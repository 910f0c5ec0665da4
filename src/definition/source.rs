//! Sources: a logical table and how its raw text is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Fields;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::expression::Name;
use crate::plan::Dedupe;
use crate::source::{ClockPolicy, FileLayout, ObservedThrough, RawRows, Source, SourceColumn, WallClock};
use crate::text::{Span, Spanned};
use crate::value::{Duration, Instant, Type};
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
    /// Where each column is declared, with its description; derived columns too.
    pub columns: BTreeMap<String, (Span, String)>,
    /// The names of its table on targets, by target, where they differ from the usual one.
    pub places: BTreeMap<String, Spanned<String>>,
    /// The longest time since the latest row that is expected, and where that stands.
    pub fresh_within: Option<Spanned<Duration>>,
    /// The derived columns as they are written; the table holds those that have a meaning.
    pub derived: Vec<DerivedColumn>,
    /// What expressions over its rows can name; filled in with the derived columns.
    pub names: Arc<BTreeMap<String, Name>>,
}

/// A column computed from others, as its file declares it.
#[derive(Debug, Clone)]
pub struct DerivedColumn {
    /// Its name.
    pub name: Spanned<String>,
    /// Its value.
    pub is: Node,
    /// What a number counts.
    pub unit: Option<String>,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<SourceFile> {
    let name = fields.text("source")?;
    let columns_node = fields.node.get("columns")?;
    let clock = fields.inside("wall_clock").and_then(|mut inner| wall_clock(&mut inner));
    let mut columns = Vec::new();
    let mut declared = BTreeMap::new();
    for entry in columns_node.entries() {
        let mut inner = fields.of(&entry.value);
        declared.insert(entry.name(), (entry.value.span, inner.words("description")));
        columns.extend(super::column::decode(&entry.named(), &mut inner));
    }
    let derived = derived(fields, &mut declared);
    let places = fields.inside("location").map(|inner| places(&inner)).unwrap_or_default();
    let location = fields.inside("location").map(|mut inner| location(&mut inner));
    let fresh_within = fields.duration("fresh_within");
    let key = column_names(fields, "primary_key", &columns);
    let order = order(fields, &columns);
    refuse_nullable(fields, "primary_key", &columns);
    wrap_columns(fields, columns_node, &columns);
    currencies(fields, columns_node, &columns);
    let from_beginning = fields.words("observed_from") == "beginning";
    let unplaced = Location { file: None, layout: FileLayout::Csv { delimiter: b',' }, table: None };
    let location = location.unwrap_or(unplaced);
    let source = Source {
        name: name.value.clone(),
        table: location.table.unwrap_or_else(|| name.value.clone()),
        unique: unique(fields, &columns),
        order: with_key(order?, &key),
        columns,
        derived: Vec::new(),
        key,
        dedupe: match fields.words("duplicates").as_str() {
            "keep_first" => Dedupe::First,
            "keep_latest" => Dedupe::Latest,
            _ => Dedupe::Unique,
        },
        clock,
        observed_from: if from_beginning { None } else { fields.instant("observed_from").map(|instant| instant.value) },
        observed_through: observed_through(fields)?,
        raw: RawRows::default(),
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
        places,
        fresh_within,
        derived,
        names: Arc::default(),
    })
}

/// Reads the names that the table has on targets; each is entered with the place of the target's name.
fn places(fields: &Fields<'_, '_>) -> BTreeMap<String, Spanned<String>> {
    let entries = fields.node.get("at").map_or(&[][..], Node::entries);
    let places = entries
        .iter()
        .filter_map(|entry| Some((entry.name(), Spanned::new(entry.value.as_text()?.to_owned(), entry.key.span))));
    places.collect()
}

/// Reads the derived columns and enters where they are declared; a name that a column has is refused.
fn derived(fields: &mut Fields<'_, '_>, declared: &mut BTreeMap<String, (Span, String)>) -> Vec<DerivedColumn> {
    let entries = fields.node.get("derived").map_or(&[][..], Node::entries);
    let mut derived = Vec::new();
    for entry in entries {
        if let Some((first, _)) = declared.get(entry.key.value.as_str()) {
            let message = format!("the source has a column `{}` already", entry.key.value);
            fields.diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_NAME, entry.key.span, message)
                    .also(*first, "declared here")
                    .help("give the derived column a name of its own"),
            );
            continue;
        }
        let inner = fields.of(&entry.value);
        let Some(is) = entry.value.get("is") else { continue };
        declared.insert(entry.name(), (entry.value.span, inner.words("description")));
        let unit = inner.text("unit").map(|unit| unit.value);
        derived.push(DerivedColumn { name: entry.named(), is: is.clone(), unit });
    }
    derived
}

/// Reads the further sets of columns that identify a row.
fn unique(fields: &mut Fields<'_, '_>, columns: &[SourceColumn]) -> Vec<Vec<String>> {
    let lists = fields.node.get("unique").map_or(&[][..], Node::items);
    let mut sets = Vec::new();
    for list in lists {
        let mut set = Vec::new();
        for name in list.items().iter().filter_map(|item| Some(Spanned::new(item.as_text()?.to_owned(), item.span))) {
            if columns.iter().any(|column| column.name == name.value) {
                set.push(name.value);
            } else {
                report_unknown(fields, &name, columns);
            }
        }
        sets.push(set);
    }
    sets
}

/// The currency of an amount stands in a text column of the same row.
fn currencies<'a>(fields: &mut Fields<'a, '_>, node: &'a Node, columns: &[SourceColumn]) {
    for entry in node.entries() {
        let inner = fields.of(&entry.value);
        let Some(currency) = inner.text("currency_in") else { continue };
        let Some(column) = columns.iter().find(|column| column.name == currency.value) else {
            report_unknown(fields, &currency, columns);
            continue;
        };
        if column.ty != Type::Text {
            let message = format!("`{}` is {}, so it holds no currency code", column.name, column.ty);
            fields.diagnostics.push(
                Diagnostic::error(codes::TYPE_MISMATCH, currency.span, message)
                    .help("name the text column with the code of the amount's currency, as `EUR`"),
            );
        }
    }
}

pub(super) fn wall_clock(fields: &mut Fields<'_, '_>) -> Option<WallClock> {
    let policy = |word: String| match word.as_str() {
        "earlier" => ClockPolicy::Earlier,
        "later" => ClockPolicy::Later,
        _ => ClockPolicy::Refuse,
    };
    let zone = fields.zone("zone")?.value;
    Some(WallClock { zone, gap: policy(fields.words("skipped")), fold: policy(fields.words("repeated")) })
}

/// Where a source's rows lie, as far as its file says.
pub(super) struct Location {
    pub(super) file: Option<String>,
    pub(super) layout: FileLayout,
    table: Option<String>,
}

pub(super) fn location(fields: &mut Fields<'_, '_>) -> Location {
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
