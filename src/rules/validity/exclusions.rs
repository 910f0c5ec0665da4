//! The exclusions of a reading and of the standards, as they are written.

use crate::catalog::Document;
use crate::definition::{Definition, StandardKind};
use crate::expression::Expression;
use crate::rules::{About, Meant, Subject};
use crate::text::Span;
use crate::value::Date;
use crate::yaml::Node;

/// An exclusion of a reading.
pub(super) struct Excluded<'a> {
    /// Its line in the ledger.
    pub(super) id: &'a str,
    /// Leaves a row out when TRUE.
    pub(super) when: &'a Expression,
    /// Where it is named.
    pub(super) span: Span,
}

/// Returns the exclusions that a reading lists, in their order.
pub(super) fn of<'a>(meant: &Meant<'a>) -> Vec<Excluded<'a>> {
    let (Some(pipeline), Some(list)) = (meant.pipeline(), meant.reading.node.get("exclusions")) else {
        return Vec::new();
    };
    // A treatment adds one behind those that are listed.
    let listed = pipeline.exclude.iter().zip(list.items());
    listed
        .map(|(exclusion, item)| Excluded { id: &exclusion.id, when: &exclusion.when, span: name(item).span })
        .collect()
}

fn name(item: &Node) -> &Node {
    item.get("use").or(item.get("id")).unwrap_or(item)
}

/// What somebody agreed to leave out, and until when.
pub(super) struct Agreement<'a> {
    /// The exclusion's name.
    pub(super) id: String,
    /// The metric that has it; none where it is a standard.
    pub(super) about: About<'a>,
    /// Who answers for the definition that it stands in.
    pub(super) owner: &'a str,
    /// Why rows are left out.
    pub(super) reason: &'a Node,
    /// Who agreed.
    pub(super) approved_by: &'a Node,
    /// Until when.
    pub(super) expires: &'a Node,
}

impl Agreement<'_> {
    /// Returns the day by which it is reviewed.
    pub(super) fn day(&self) -> Option<Date> {
        Date::parse(self.expires.as_text()?)
    }
}

/// Returns what is left out by the live metrics themselves, and by every standard.
pub(super) fn agreements<'a>(subject: &Subject<'a>) -> Vec<Agreement<'a>> {
    let mut found = Vec::new();
    for metric in subject.live() {
        for reading in &metric.readings {
            let items = reading.node.get("exclusions").map_or(&[][..], Node::items);
            let about = About::metric(metric);
            found.extend(items.iter().filter_map(|item| agreement(item, item.get("id")?, about, &metric.owner)));
        }
    }
    for document in subject.new.catalog.documents.values() {
        found.extend(of_standard(document));
    }
    found
}

fn of_standard(document: &Document) -> Option<Agreement<'_>> {
    let Definition::Standard(standard) = document.definition.as_ref() else { return None };
    let StandardKind::Exclusion { .. } = standard.kind else { return None };
    let owner = document.root.get("owner").and_then(Node::as_text).unwrap_or_default();
    agreement(&document.root, document.root.get("standard")?, About::PROJECT, owner)
}

fn agreement<'a>(node: &'a Node, name: &Node, about: About<'a>, owner: &'a str) -> Option<Agreement<'a>> {
    let (reason, approved_by, expires) = (node.get("reason")?, node.get("approved_by")?, node.get("expires")?);
    Some(Agreement { id: name.as_text()?.to_owned(), about, owner, reason, approved_by, expires })
}
