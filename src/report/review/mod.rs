//! A review of a change, for people, for a pull request and for programs.
//!
//! Lays out what is known; finds nothing out and decides nothing but length.

mod brief;
mod changed;
mod dependents;
mod elsewhere;
mod gathered;
mod human;
mod json;
mod known;
mod markdown;
#[cfg(test)]
mod tests;
mod signed;
mod told;
mod verdict;

pub use brief::brief;
pub use gathered::known;
pub use human::human;
pub use json::json;
pub use known::{Grid, Known, Move, Price, Witness};
pub use markdown::{MARKER, markdown};

use told::Told;

use super::findings::{Found, Looked, Report};
use crate::catalog::Object;
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::Comparison;
use crate::review::Review;
use crate::text::TextId;

/// What there is to lay out.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// The review.
    pub review: &'a Review,
    /// What else is known of each comparison, in their order; may be shorter, or empty.
    pub known: &'a [Known],
    /// Revisions whose names stand in front of the names of their texts.
    pub revisions: &'a [String],
    /// The least severity that stops the change.
    pub fail_on: Severity,
}

impl<'a> Page<'a> {
    /// Returns the findings in the form that other formats are made of.
    pub fn findings(&self) -> Report<'a> {
        let review = self.review;
        let found = Found { texts: &review.texts, diagnostics: self.mistakes(), findings: &review.findings };
        let mut looked_at: Vec<Looked> = review.diff.comparisons.iter().map(looked).collect();
        looked_at.push(Looked { metric: None, name: "everything else".to_owned(), file: None });
        Report {
            command: "diff",
            found: vec![found],
            files: review.new.files,
            revisions: self.revisions.iter().map(String::as_str).collect(),
            looked_at,
            fail_on: self.fail_on,
        }
    }

    /// Returns what is wrong with what lies beside the definitions of the new side.
    fn mistakes(&self) -> &'a [Diagnostic] {
        &self.review.papers.1.findings
    }

    fn known(&self, comparison: usize) -> Option<&'a Known> {
        self.known.get(comparison)
    }

    /// Returns the witnesses of one finding, or those of the whole change.
    fn witnesses(&self, comparison: usize, told: Option<&Told<'_>>) -> Vec<&'a Witness> {
        let witnesses = self.known(comparison).into_iter().flat_map(|known| &known.witnesses);
        witnesses.filter(|witness| witness.finding() == told.map(|told| told.finding.fingerprint.as_str())).collect()
    }
}

fn looked(comparison: &Comparison) -> Looked {
    Looked { metric: Some(comparison.id.clone()), name: versions(comparison), file: None }
}

/// Writes what is held against what: `1.0.0 -> 1.1.0`.
fn versions(comparison: &Comparison) -> String {
    match (comparison.old, comparison.new) {
        (Some(old), Some(new)) if old == new => new.to_string(),
        (Some(old), Some(new)) => format!("{old} -> {new}"),
        (Some(old), None) => format!("{old}, gone"),
        (None, Some(new)) => format!("{new}, new"),
        (None, None) => String::new(),
    }
}

/// Returns the texts of the definitions of both sides.
fn texts_of(review: &Review, comparison: &Comparison) -> Vec<TextId> {
    let old_id = comparison.renamed_from.as_ref().unwrap_or(&comparison.id);
    let new = comparison.new.and_then(|version| review.new.documents.get(&Object::metric(&comparison.id, version)));
    let beside = if comparison.is_beside { &review.new } else { &review.old };
    let old = comparison.old.and_then(|version| beside.documents.get(&Object::metric(old_id, version)));
    new.into_iter().chain(old).map(|document| document.text).collect()
}

/// Joins what is reached; where one has a comma in it, by semicolons.
fn joined(names: &[String]) -> String {
    let has_comma = names.iter().any(|name| name.contains(','));
    names.join(if has_comma { "; " } else { ", " })
}
