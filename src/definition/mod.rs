//! Definition files as typed objects: what one file says, judged from that file alone.
//!
//! Structure has been checked by the format; here dates must exist, zones be known and keys name columns. Sees no
//! other file and compiles no expression.

mod approval;
mod calendar;
mod case;
mod change;
mod column;
mod decision;
mod fields;
mod mapping;
mod metric;
mod policy;
mod project;
mod purpose;
mod source;
mod standard;
mod table;
mod targets;
#[cfg(test)]
mod tests;

pub use approval::{Acceptance, Approval, Signature};
pub use case::{Case, Given, LedgerLines};
pub use change::{Change, Impact, Past, Replacement, Restatement};
pub use decision::{Decision, Standing};
pub use fields::Fields;
pub use mapping::Mapping;
pub use metric::{Direction, Goal, Guardrail, Metric, Reading, Requirement, Status, Target, folded};
pub use policy::{ChangeClass, OWNER, Policy, Profile, RoleNeed};
pub use project::{Project, Remote, Reported, year};
pub use purpose::{Purposes, Timing};
pub use source::{DerivedColumn, SourceFile};
pub use standard::{Standard, StandardKind, TargetRow, TreatmentVariant};
pub use table::{MAX_TOLD, table_text, tell};

use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::format::FileKind;
use crate::text::Texts;
use crate::yaml::Node;

/// The object of one file. Small itself: there is one beside each file.
#[derive(Debug, Clone)]
pub enum Definition {
    /// The project.
    Project(Box<Project>),
    /// A source.
    Source(Box<SourceFile>),
    /// A standard.
    Standard(Box<Standard>),
    /// A mapping.
    Mapping(Box<Mapping>),
    /// A metric.
    Metric(Arc<Metric>),
    /// A case.
    Case(Box<Case>),
    /// Signatures.
    Approval(Box<Approval>),
    /// An accepted finding.
    Acceptance(Box<Acceptance>),
}

/// Reads a file's tree as the object of its kind; `None` where too little of it is there.
pub fn decode(kind: FileKind, root: &Arc<Node>, texts: &Texts, diagnostics: &mut Diagnostics) -> Option<Definition> {
    let mut fields = Fields::new(root, texts, diagnostics);
    match kind {
        FileKind::Project => project::decode(&mut fields).map(Box::new).map(Definition::Project),
        FileKind::Source => source::decode(&mut fields).map(Box::new).map(Definition::Source),
        FileKind::Standard => standard::decode(&mut fields).map(Box::new).map(Definition::Standard),
        FileKind::Mapping => mapping::decode(&mut fields).map(Box::new).map(Definition::Mapping),
        FileKind::Metric => metric::decode(root, &mut fields).map(Arc::new).map(Definition::Metric),
        FileKind::Case => case::decode(&mut fields).map(Box::new).map(Definition::Case),
        FileKind::Approval => approval::decode(&mut fields).map(Box::new).map(Definition::Approval),
        FileKind::Acceptance => approval::decode_acceptance(&mut fields).map(Box::new).map(Definition::Acceptance),
    }
}
