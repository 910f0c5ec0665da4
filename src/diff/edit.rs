//! Edits: what differs between two trees of one format, and where.

use std::fmt;

use crate::catalog::Object;
use crate::shape::{Moves, Shape};
use crate::yaml::Node;

/// The way from a document's root to a value: keys, and of list items what tells them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Path(Vec<String>);

impl Path {
    /// Returns the way one step further.
    pub fn to(&self, step: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(step.to_owned());
        Self(steps)
    }

    /// Returns the steps.
    pub fn steps(&self) -> &[String] {
        &self.0
    }

    /// Returns the variant that the way leads into, and the way as it reads in a definition without variants.
    pub fn in_reading(&self) -> (Option<&str>, &[String]) {
        match self.0.as_slice() {
            [first, variant, rest @ ..] if first == "variants" && !rest.is_empty() => (Some(variant), rest),
            whole => (None, whole),
        }
    }

    /// Tells whether the way leads to `other` or into it.
    pub fn starts_with(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// What happened to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is there now.
    Added,
    /// It is not there any more.
    Removed,
    /// It says something else.
    Changed,
    /// Its items stand in another order.
    Moved,
}

impl Kind {
    /// Returns the word that rules and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
            Kind::Moved => "moved",
        }
    }

    /// Returns what the edit is when the sides are swapped.
    pub fn mirrored(self) -> Self {
        match self {
            Kind::Added => Kind::Removed,
            Kind::Removed => Kind::Added,
            other => other,
        }
    }
}

/// One difference between two versions of a document.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The document of the new side; of the old one where there is no new.
    pub object: Object,
    /// Where in the document.
    pub path: Path,
    /// What happened.
    pub kind: Kind,
    /// What may stand there.
    pub shape: &'static Shape,
    /// What a change of it can move.
    pub moves: Moves,
    /// What stood there.
    pub old: Option<Node>,
    /// What stands there.
    pub new: Option<Node>,
    /// Where the key of what stood there is.
    pub old_key: Option<crate::text::Span>,
    /// Where the key of what stands there is.
    pub new_key: Option<crate::text::Span>,
}

impl Edit {
    /// Tells which edit of its document this is.
    pub fn id(&self) -> EditId {
        EditId { object: self.object.clone(), path: self.path.clone(), kind: self.kind }
    }
}

/// Tells one edit from all others of a comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EditId {
    /// The document.
    pub object: Object,
    /// Where in it.
    pub path: Path,
    /// What happened there.
    pub kind: Kind,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        text.split('.').fold(Path::default(), |path, step| path.to(step))
    }

    #[test]
    fn a_way_has_steps_and_leads_into_what_it_begins_with() {
        let way = path("facts.later.window");
        assert_eq!(way.steps(), ["facts", "later", "window"]);
        assert_eq!(way.to_string(), "facts.later.window");
        assert!(way.starts_with(&path("facts.later")) && way.starts_with(&way));
        assert!(!way.starts_with(&path("facts.late")) && !path("facts").starts_with(&way));
    }

    #[test]
    fn a_way_into_a_variant_reads_as_without_variants() {
        let way = path("variants.strict.measure.share");
        let (variant, rest) = way.in_reading();
        assert_eq!((variant, rest), (Some("strict"), ["measure".to_owned(), "share".to_owned()].as_slice()));
        for whole in ["variants.strict", "variants", "measure.share.of"] {
            assert_eq!(path(whole).in_reading(), (None, path(whole).steps()), "{whole}");
        }
    }
}
