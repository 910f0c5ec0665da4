//! Findings in the forms that other programs read.
//!
//! Holds what the forms share: one entry for each finding, with its places and what tells it from all others. Each form
//! is a file; none of them decides what is reported.

mod entry;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
#[cfg(test)]
mod tests;

pub(in crate::report) use entry::{Entry, Place};

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::Finding;
use crate::text::Texts;

/// What was found in one project, or in a change of it.
pub struct Found<'a> {
    /// The texts that the findings point into.
    pub texts: &'a Texts,
    /// What is wrong with the definitions.
    pub diagnostics: &'a [Diagnostic],
    /// What rules have found.
    pub findings: &'a [Finding],
}

/// What a command has found, and what it has looked at.
pub struct Report<'a> {
    /// The command: `check`, `diff`.
    pub command: &'a str,
    /// What was found, project by project.
    pub found: Vec<Found<'a>>,
    /// Number of definition files that were read.
    pub files: usize,
    /// Revisions whose names stand in front of the names of their texts, as in `main:metrics/csat/v1.yaml`.
    pub revisions: Vec<&'a str>,
    /// What was looked at, for forms that also tell what is well.
    pub looked_at: Vec<Looked>,
    /// The least severity that makes the command end with findings.
    pub fail_on: Severity,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Looked {
    /// The metric it belongs to; `None` where it belongs to the project.
    pub metric: Option<String>,
    /// What it is called: a file, two versions.
    pub name: String,
    /// The file that findings about it stand in; `None` where they are all of the metric's.
    pub file: Option<String>,
}

impl Report<'_> {
    /// Returns the findings one by one, in the given order: mistakes of a project before what rules have found in it.
    pub(in crate::report) fn entries(&self) -> Vec<Entry<'_>> {
        entry::entries(self)
    }

    /// Tells whether a finding makes the command end with findings.
    pub fn is_stopped(&self) -> bool {
        let is_bad = |diagnostic: &Diagnostic| diagnostic.severity <= self.fail_on;
        self.found.iter().any(|found| {
            found.diagnostics.iter().any(is_bad) || found.findings.iter().any(|finding| finding.is_open(self.fail_on))
        })
    }

    /// Returns the findings, the worst first.
    fn worst_first(&self) -> Vec<Entry<'_>> {
        let mut entries = self.entries();
        entries.sort_by_key(|entry| entry.diagnostic.severity);
        entries
    }

    /// Tells whether a finding makes the command end with findings.
    fn stops(&self, entry: &Entry<'_>) -> bool {
        entry.accepted().is_none() && entry.diagnostic.severity <= self.fail_on
    }
}
