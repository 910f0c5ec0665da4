//! What became of a deployed object.

use super::deployed::Deployed;
use super::trial::Witness;
use crate::deploy::Stamp;

/// What became of a deployed object.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It is what is approved, comments and format aside.
    Same,
    /// Its text is another, and it gave the same rows over everything that was tried.
    Equal {
        /// Cases over whose tables it did.
        cases: usize,
        /// Other tables over which it did.
        made: usize,
    },
    /// It is not what is approved.
    Differs {
        /// In what.
        reason: String,
        /// The first line of it that is not as approved, from 1, and what should stand there.
        line: Option<(usize, String)>,
        /// Tables that show it.
        witness: Option<Box<Witness>>,
    },
    /// It says of no metric that it is its.
    Unstamped,
    /// Its stamp cannot be read.
    Unreadable(String),
    /// Nothing approved stands behind it.
    Orphaned(String),
    /// It was made of another version, or of another meaning of this one.
    Stale {
        /// What it was made of, and what is approved.
        reason: String,
    },
    /// Nothing can tell whether it is what is approved.
    Unprovable {
        /// Why not.
        reason: String,
        /// What makes it provable.
        remedy: &'static str,
    },
    /// It is approved and not deployed.
    Missing,
}

impl Verdict {
    /// The words for all verdicts, in the order of gravity.
    pub const NAMES: [&str; 9] =
        ["same", "equal", "differs", "stale", "unstamped", "unreadable", "orphaned", "unprovable", "missing"];

    /// Returns the word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Same => "same",
            Verdict::Equal { .. } => "equal",
            Verdict::Differs { .. } => "differs",
            Verdict::Unstamped => "unstamped",
            Verdict::Unreadable(_) => "unreadable",
            Verdict::Orphaned(_) => "orphaned",
            Verdict::Stale { .. } => "stale",
            Verdict::Unprovable { .. } => "unprovable",
            Verdict::Missing => "missing",
        }
    }

    /// Tells whether somebody has to look at it.
    pub fn is_finding(&self) -> bool {
        !matches!(self, Verdict::Same | Verdict::Equal { .. })
    }

    /// Returns the tables that show a difference.
    pub fn witness(&self) -> Option<&Witness> {
        match self {
            Verdict::Differs { witness, .. } => witness.as_deref(),
            _ => None,
        }
    }
}

/// An object with its verdict.
#[derive(Debug, Clone)]
pub struct Judged {
    /// What it is called.
    pub name: String,
    /// The object; `None` where it is missing.
    pub deployed: Option<Deployed>,
    /// Its stamp, where it has one.
    pub stamp: Option<Stamp>,
    /// The metric it is of, where that is known.
    pub metric: Option<String>,
    /// What became of it.
    pub verdict: Verdict,
}

impl Judged {
    /// An object of which no metric is known.
    pub(super) fn bare(deployed: Deployed, verdict: Verdict) -> Self {
        Self { name: deployed.name.clone(), deployed: Some(deployed), stamp: None, metric: None, verdict }
    }

    /// A metric that is not deployed.
    pub(super) fn missing(metric: &str) -> Self {
        let name = metric.to_owned();
        Self { metric: Some(name.clone()), name, deployed: None, stamp: None, verdict: Verdict::Missing }
    }
}
