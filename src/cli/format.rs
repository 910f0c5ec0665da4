//! The forms of output that commands about findings and verdicts share.

use clap::ValueEnum;

/// Who the output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// For programs: one document, versioned.
    Json,
}
