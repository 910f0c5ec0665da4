//! What rules judge: a project, and where there is one, the project it was before.
//!
//! Holds what was found out by others; finds nothing out itself.

use crate::catalog::Catalog;
use crate::definition::{Metric, Project};
use crate::diff::Diff;
use crate::text::Texts;
use crate::value::Date;
use crate::verify::Verification;

/// One side of a review.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What it defines.
    pub catalog: &'a Catalog,
}

/// What rules judge.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The project as it is to be.
    pub new: Side<'a>,
    /// The project as it was; `None` where a project is judged by itself.
    pub old: Option<Side<'a>>,
    /// What differs between the two.
    pub diff: Option<&'a Diff>,
    /// The texts behind both.
    pub texts: &'a Texts,
    /// The day on which it is judged.
    pub today: Date,
    /// What became of the cases, where they were computed.
    pub verification: Option<&'a Verification>,
}

impl<'a> Subject<'a> {
    /// Returns what the project file of the new side says.
    pub fn project(&self) -> Option<&'a Project> {
        self.new.catalog.registry.project.as_ref()
    }

    /// Returns every version of every metric of the new side, sorted by name and version.
    pub fn metrics(&self) -> impl Iterator<Item = &'a Metric> + use<'a> {
        self.new.catalog.registry.metrics.values().flat_map(|versions| versions.values())
    }
}
