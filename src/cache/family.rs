//! Which family a file or a finding belongs to, and which families it names.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::record::File;
use crate::catalog::{Catalog, Document, Object};
use crate::definition::{Definition, Given};
use crate::format::FileKind;
use crate::lock;
use crate::rules::Finding;
use crate::yaml::Node;

/// Whose something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Owner {
    /// That of a metric with all that belongs to it.
    Family(String),
    /// That of all.
    Everyone,
    /// It cannot be told: it stands in no definition.
    Nobody,
}

/// Returns the family of what a file defines; `None` where it is shared by all.
pub(super) fn of_object(object: &Object) -> Option<&str> {
    match object.kind {
        FileKind::Metric | FileKind::Approval => Some(object.id()),
        FileKind::Case => object.name.split(['/', '.', '@']).next(),
        FileKind::Project | FileKind::Source | FileKind::Standard | FileKind::Mapping | FileKind::Acceptance => None,
    }
}

/// Returns whose a finding is; `object` is what the file defines that it stands in, where it is a definition.
pub(super) fn of_finding(finding: &Finding, object: Option<&Object>, catalog: &Catalog) -> Owner {
    if let Some(metric) = &finding.metric {
        return Owner::Family(metric.clone());
    }
    match object {
        // Whether somebody may accept something depends on who has changed the metric.
        Some(object) if object.kind == FileKind::Acceptance => accepted(object, catalog),
        Some(object) => of_object(object).map_or(Owner::Everyone, |id| Owner::Family(id.to_owned())),
        None => Owner::Nobody,
    }
}

fn accepted(object: &Object, catalog: &Catalog) -> Owner {
    match catalog.documents.get(object).map(|document| document.definition.as_ref()) {
        Some(Definition::Acceptance(acceptance)) => Owner::Family(acceptance.metric.value.clone()),
        _ => Owner::Nobody,
    }
}

/// Collects the words of a tree that are names of metrics, whatever they are there for: what is no reference costs a
/// moment, and no reference is missed.
pub(super) fn named<'a>(node: &Node, is_metric: &dyn Fn(&str) -> Option<&'a str>, found: &mut BTreeSet<&'a str>) {
    let mut of = |text: &str| {
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        found.extend(words.filter_map(is_metric));
    };
    if let Some(text) = node.as_text() {
        of(text);
    }
    node.entries().iter().for_each(|entry| of(&entry.key.value));
    node.items().iter().for_each(|item| named(item, is_metric, found));
    node.entries().iter().for_each(|entry| named(&entry.value, is_metric, found));
}

/// Returns the files beside the definitions that findings rest on, each with the family that names it; those of everyone
/// are told first.
pub(super) fn files_beside<'a>(
    catalog: &Catalog,
    documents: impl Iterator<Item = &'a Document>,
) -> Option<Vec<(PathBuf, Option<String>)>> {
    let root = catalog.root.as_ref()?;
    let mut found = vec![(root.join(lock::FILE), None)];
    for document in documents {
        let family = of_object(&document.object).map(str::to_owned);
        match document.definition.as_ref() {
            Definition::Metric(metric) => {
                let decision = metric.change.as_ref().and_then(|change| change.decision.as_ref());
                found.extend(decision.map(|path| (root.join(&path.value), family)));
            }
            Definition::Case(case) => {
                for (_, given) in &case.given {
                    if let Given::Csv(path) = given {
                        found.push((catalog.place(document.text, &path.value)?, family.clone()));
                    }
                }
            }
            _ => {}
        }
    }
    Some(found)
}

/// Returns the family of a file that was kept.
pub(super) fn of_file(file: &File) -> Option<&str> {
    of_object(&file.object)
}
