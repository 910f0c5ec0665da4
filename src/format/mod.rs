//! The format of every definition file, said once as data.
//!
//! JSON Schema, structural checks, defaults and the reference page all come from the records of this module. Decides
//! structure only; what the words mean is for the modules after it.

mod accept;
mod approval;
mod case;
mod change;
mod check;
mod decision;
mod fact;
mod mapping;
mod metric;
mod policy;
mod project;
pub mod reference;
pub mod schema;
mod source;
mod standard;

pub use approval::{ACCEPTANCE, APPROVAL};
pub use case::CASE;
pub use check::{check, check_record, settled};
pub use decision::DECISION;
pub use mapping::MAPPING;
pub use metric::METRIC;
pub use project::{MONTHS, PROJECT};
pub use source::{COLUMN, SOURCE};
pub use standard::STANDARD;

use serde::{Deserialize, Serialize};

use crate::shape::{Record, Shape};

/// A kind of definition file, told by its head key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FileKind {
    /// `project:`
    Project,
    /// `source:`
    Source,
    /// `standard:`
    Standard,
    /// `mapping:`
    Mapping,
    /// `metric:`
    Metric,
    /// `case:`
    Case,
    /// `approval:`
    Approval,
    /// `acceptance:`
    Acceptance,
}

impl FileKind {
    /// All kinds, in the order a reader meets them. Cases and acceptances come before metrics: they have a `metric` key
    /// too.
    pub const EVERY: [FileKind; 8] = [
        FileKind::Project,
        FileKind::Source,
        FileKind::Standard,
        FileKind::Mapping,
        FileKind::Case,
        FileKind::Approval,
        FileKind::Acceptance,
        FileKind::Metric,
    ];

    /// Returns the key that heads a file of this kind.
    pub fn head(self) -> &'static str {
        match self {
            FileKind::Project => "project",
            FileKind::Source => "source",
            FileKind::Standard => "standard",
            FileKind::Mapping => "mapping",
            FileKind::Metric => "metric",
            FileKind::Case => "case",
            FileKind::Approval => "approval",
            FileKind::Acceptance => "acceptance",
        }
    }

    /// Returns the format of this kind.
    pub fn record(self) -> &'static Record {
        match self {
            FileKind::Project => &PROJECT,
            FileKind::Source => &SOURCE,
            FileKind::Standard => &STANDARD,
            FileKind::Mapping => &MAPPING,
            FileKind::Metric => &METRIC,
            FileKind::Case => &CASE,
            FileKind::Approval => &APPROVAL,
            FileKind::Acceptance => &ACCEPTANCE,
        }
    }

    /// Returns the format of this kind as what stands at a file's root.
    pub fn shape(self) -> &'static Shape {
        static SHAPES: [Shape; 8] = [
            Shape::Record(&PROJECT),
            Shape::Record(&SOURCE),
            Shape::Record(&STANDARD),
            Shape::Record(&MAPPING),
            Shape::Record(&CASE),
            Shape::Record(&APPROVAL),
            Shape::Record(&ACCEPTANCE),
            Shape::Record(&METRIC),
        ];
        &SHAPES[FileKind::EVERY.iter().position(|kind| *kind == self).unwrap_or_default()]
    }
}
