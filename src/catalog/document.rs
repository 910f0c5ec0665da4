//! Definition files one by one: what each defines, its tree and its object.
//!
//! Judges a file from itself alone; knows no plan.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::definition::{self, Definition};
use crate::diagnostic::Diagnostics;
use crate::format::{self, FileKind};
use crate::text::{TextId, Texts};
use crate::yaml::{self, Node};

/// What a file defines: its kind and the name that is its own in a project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Object {
    /// The kind of file.
    pub kind: FileKind,
    /// The name: `id@version` of a metric or standard and of what is signed, `metric/case` of a case, `fingerprint/rule` of
    /// an acceptance, empty of the project.
    pub name: String,
}

impl Object {
    /// Returns the object of a metric's version.
    pub fn metric(id: &str, version: impl fmt::Display) -> Self {
        Self { kind: FileKind::Metric, name: format!("{id}@{version}") }
    }

    /// Returns the name without the version.
    pub fn id(&self) -> &str {
        self.name.split('@').next().unwrap_or(&self.name)
    }

    fn of(definition: &Definition) -> Self {
        match definition {
            Definition::Project(_) => Self { kind: FileKind::Project, name: String::new() },
            Definition::Source(source) => Self { kind: FileKind::Source, name: source.source.name.clone() },
            Definition::Standard(standard) => {
                Self { kind: FileKind::Standard, name: format!("{}@{}", standard.name.value, standard.version) }
            }
            Definition::Mapping(mapping) => Self { kind: FileKind::Mapping, name: mapping.name.value.clone() },
            Definition::Metric(metric) => Self::metric(&metric.id.value, &metric.version),
            Definition::Case(case) => {
                Self { kind: FileKind::Case, name: format!("{}/{}", case.metric.value, case.name.value) }
            }
            Definition::Approval(approval) => Self { kind: FileKind::Approval, name: approval.version.value.clone() },
            Definition::Acceptance(acceptance) => {
                let name = format!("{}/{}", acceptance.fingerprint.value, acceptance.rule.value);
                Self { kind: FileKind::Acceptance, name }
            }
        }
    }
}

impl fmt::Display for Object {
    /// Writes the object as messages name it: `standard bot_contacts@1.0.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FileKind::Project => f.write_str("the project file"),
            kind => write!(f, "{} {}", kind.head(), self.name),
        }
    }
}

/// One file: its tree, and the definition that was read from it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Document {
    /// What it defines.
    pub object: Object,
    /// The text it stands in.
    pub text: TextId,
    /// Its tree.
    pub root: Arc<Node>,
    /// What was read from the tree.
    pub definition: Arc<Definition>,
}

impl Document {
    /// Reads one file; every mistake in it is reported. `None` where too little of it is there.
    pub fn read(text: TextId, texts: &Texts, diagnostics: &mut Diagnostics) -> Option<Self> {
        let root = yaml::parse(texts, text, diagnostics)?;
        let kind = format::check(&root, diagnostics)?;
        Self::of_tree(kind, root, text, (texts, diagnostics))
    }

    /// Reads a tree whose structure is known to be right.
    pub fn of_tree(
        kind: FileKind,
        root: Node,
        text: TextId,
        (texts, diagnostics): (&Texts, &mut Diagnostics),
    ) -> Option<Self> {
        let root = Arc::new(root);
        let definition = definition::decode(kind, &root, texts, diagnostics)?;
        let object = Object::of(&definition);
        Some(Self { object, text, root, definition: Arc::new(definition) })
    }
}
