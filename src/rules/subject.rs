//! What rules judge: a project, and where there is one, the project it was before.
//!
//! Holds what was found out by others; finds nothing out itself.

use crate::catalog::Catalog;
use crate::definition::{Metric, Project, Reading, StandardKind};
use crate::diff::{Comparison, Diff};
use crate::plan::Plan;
use crate::resolve::full_name;
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

    /// Returns what differs, metric by metric; nothing where there is no old side.
    pub fn comparisons(&self) -> impl Iterator<Item = &'a Comparison> + use<'a> {
        self.diff.into_iter().flat_map(|diff| &diff.comparisons)
    }

    /// Returns the metric of a comparison as it is to be; as it was where it is gone.
    pub fn metric_of(&self, comparison: &Comparison) -> Option<&'a Metric> {
        comparison.metric(self.old.map_or(self.new.catalog, |old| old.catalog), self.new.catalog)
    }

    /// Returns the plan of one reading of a metric of the new side.
    pub fn plan(&self, metric: &Metric, reading: &Reading) -> Option<&'a Plan> {
        self.new.catalog.plan(&format!("{}@{}", full_name(&metric.id.value, reading.name()), metric.version))
    }

    /// Returns the text of the condition that a standard stands for.
    pub fn condition_of_standard(&self, name: &str) -> Option<String> {
        match &self.new.catalog.registry.find_standard(name)?.kind {
            StandardKind::Exclusion { when, .. } | StandardKind::Resolution { when } => Some(when.scalar_text()),
            _ => None,
        }
    }
}
