//! Mappings: how the sources of a project are read from the tables of one system.

use super::Fields;
use super::column;
use super::source::{location, wall_clock};
use crate::source::{Given, LookUp, Mapped, MappedColumn, Take};
use crate::text::Spanned;
use crate::yaml::{Entry, Node};

/// A mapping as its file says it; whether its names exist, the registry tells.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name.
    pub name: Spanned<String>,
    /// What the mapped system is called.
    pub title: String,
    /// The sources it has rows for.
    pub sources: Vec<(Spanned<String>, Mapped)>,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Mapping> {
    let name = fields.text("mapping")?;
    let title = fields.words("title");
    let mut sources = Vec::new();
    for entry in fields.node.get("sources")?.entries() {
        sources.push((entry.named(), mapped(&mut fields.of(&entry.value))));
    }
    Some(Mapping { name, title, sources })
}

fn mapped(fields: &mut Fields<'_, '_>) -> Mapped {
    let place = location(fields);
    let clock = fields.inside("wall_clock").and_then(|mut clock| wall_clock(&mut clock));
    let mut look_ups = Vec::new();
    for entry in entries(fields.node.get("look_up")) {
        look_ups.extend(look_up(&entry.named(), &mut fields.of(&entry.value)));
    }
    let mut columns = Vec::new();
    for entry in entries(fields.node.get("columns")) {
        columns.push(mapped_column(&entry.named(), &mut fields.of(&entry.value)));
    }
    Mapped {
        file: place.file,
        layout: place.layout,
        clock,
        keep: lists(fields.node.get("keep")),
        drop: lists(fields.node.get("drop")),
        look_ups,
        absent: fields.texts_of("absent"),
        unknown: fields.texts_of("unknown"),
        columns,
    }
}

fn look_up(name: &Spanned<String>, fields: &mut Fields<'_, '_>) -> Option<LookUp> {
    let place = location(fields);
    Some(LookUp {
        name: name.clone(),
        file: place.file?,
        layout: place.layout,
        same: pairs(fields.node.get("same")),
        keep: lists(fields.node.get("keep")),
        drop: lists(fields.node.get("drop")),
        take: take(fields.node.get("take")?)?,
    })
}

fn take(node: &Node) -> Option<Take> {
    let Some(entry) = node.entries().first() else { return Some(Take::Count) };
    let field = entry.value.as_text()?.to_owned();
    Some(match entry.key.value.as_str() {
        "earliest" => Take::Earliest(field),
        "latest" => Take::Latest(field),
        _ => Take::One(field),
    })
}

fn mapped_column(name: &Spanned<String>, fields: &mut Fields<'_, '_>) -> MappedColumn {
    let mut reading = column::reading(&name.value, column::raw_unit(fields), fields);
    reading.given = fields.text("always").map(|text| Given::Text(text.value));
    reading.only_if = lists(fields.node.get("only_if"));
    reading.texts = pairs(fields.node.get("texts"));
    reading.others = fields.text("others").map(|text| text.value);
    reading.if_null = fields.text("if_null").map(|text| text.value);
    let said = |key: &str| fields.node.get(key).is_some();
    MappedColumn {
        name: name.clone(),
        is_read: ["from", "null_tokens"].into_iter().any(said),
        unit: said("unit").then_some(reading.duration_unit),
        invalid: said("invalid").then_some(reading.invalid),
        reading,
    }
}

fn entries(node: Option<&Node>) -> &[Entry] {
    node.map_or(&[][..], Node::entries)
}

/// Returns the texts behind the keys of a mapping.
fn pairs(node: Option<&Node>) -> Vec<(String, String)> {
    let pair = |entry: &Entry| Some((entry.name(), entry.value.as_text()?.to_owned()));
    entries(node).iter().filter_map(pair).collect()
}

/// Returns the lists of texts behind the keys of a mapping.
fn lists(node: Option<&Node>) -> Vec<(String, Vec<String>)> {
    let texts = |node: &Node| node.items().iter().filter_map(|item| item.as_text().map(str::to_owned)).collect();
    entries(node).iter().map(|entry| (entry.name(), texts(&entry.value))).collect()
}
