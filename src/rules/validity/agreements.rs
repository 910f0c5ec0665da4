//! What was agreed to be left out, by metrics and by standards: why, by whom, until when.

use crate::catalog::Document;
use crate::definition::{Definition, StandardKind};
use crate::rules::{About, Subject};
use crate::value::Date;
use crate::yaml::Node;

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
