//! What the files of sources say about the columns behind a metric: privacy, listed values, retention.
//!
//! Follows the facts of a plan to the columns they are taken from; judges nothing.

use crate::catalog::{Catalog, Object};
use crate::expression::Expression;
use crate::format::FileKind;
use crate::plan::{Pipeline, Rule, Scan, Summary};
use crate::text::Span;
use crate::value::Duration;
use crate::yaml::{Entry, Node};

/// A column as its source's file declares it.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    /// Its name with what the file says of it.
    entry: &'a Entry,
}

impl<'a> Declared<'a> {
    /// Returns its name.
    pub(super) fn name(&self) -> &'a str {
        &self.entry.key.value
    }

    /// Returns the place of its name.
    pub(super) fn span(&self) -> Span {
        self.entry.key.span
    }

    /// Returns its privacy class, `none` where none is declared.
    pub(super) fn privacy(&self) -> &'a str {
        self.entry.value.get("privacy").and_then(Node::as_text).unwrap_or("none")
    }

    /// Tells whether the texts that it can hold are listed.
    pub(super) fn is_listed(&self) -> bool {
        self.entry.value.get("values").is_some()
    }

    /// Tells whether it holds text.
    pub(super) fn is_text(&self) -> bool {
        self.entry.value.get("type").and_then(Node::as_text) == Some("text")
    }
}

/// Returns the tree of a source's file.
pub(super) fn file<'a>(catalog: &'a Catalog, source: &str) -> Option<&'a Node> {
    let object = Object { kind: FileKind::Source, name: source.to_owned() };
    catalog.documents.get(&object).map(|document| document.root.as_ref())
}

/// Returns a column of a source; none where the name is that of a derived column.
pub(super) fn column<'a>(catalog: &'a Catalog, source: &str, name: &str) -> Option<Declared<'a>> {
    let columns = file(catalog, source)?.get("columns")?;
    columns.entries().iter().find(|entry| entry.key.value == name).map(|entry| Declared { entry })
}

/// Tells whether a column holds the currencies of amounts, whose codes everybody knows.
pub(super) fn holds_currencies(catalog: &Catalog, source: &str, name: &str) -> bool {
    let columns = file(catalog, source).and_then(|root| root.get("columns")).map_or(&[][..], Node::entries);
    columns.iter().any(|entry| entry.value.get("currency_in").and_then(Node::as_text) == Some(name))
}

/// Returns how long a source keeps its rows, with the place where that stands.
pub(super) fn retention(catalog: &Catalog, source: &str) -> Option<(Duration, Span)> {
    let node = file(catalog, source)?.get("retention")?;
    Some((node.as_text()?.parse().ok()?, node.span))
}

/// Returns the column that a column or fact of a row is, unchanged; none where it is computed.
pub(super) fn behind<'a>(catalog: &'a Catalog, pipeline: &Pipeline, name: &str) -> Option<Declared<'a>> {
    let fact = pipeline.facts.iter().find(|fact| fact.name == name);
    let of = |scan: &Scan, value: &Expression| match value {
        Expression::Column(found) => column(catalog, &scan.source, &found.name),
        _ => None,
    };
    match fact.map(|fact| &fact.rule) {
        None => column(catalog, &pipeline.scan.source, name),
        Some(Rule::Derived(Expression::Column(found))) if found.name != name => behind(catalog, pipeline, &found.name),
        Some(Rule::Joined(join)) => of(&join.other, &join.value),
        Some(Rule::Related(relate)) => match &relate.summary {
            Summary::First(value) | Summary::Last(value) | Summary::Min(value) | Summary::Max(value) => {
                of(&relate.events, value)
            }
            _ => None,
        },
        Some(_) => None,
    }
}
