//! The integration tests: one binary, one module a subject.

/// Random tables by every way of computing.
mod agreement;
/// Layers, sizes and names of the code.
mod architecture;
/// Metrics over a real bank's call log.
mod bank;
/// Every expected cell and every clause, broken on purpose.
mod breaking;
/// What checks keep, against whole checks.
mod cache;
/// Pairs of projects: what every rule finds in every change.
mod changes;
/// The command line, by transcripts.
mod cli;
/// Every case on every engine at hand.
mod conformance;
/// What the source documents ask for, and where it is shown.
mod coverage;
/// Deployed objects, executed.
mod deployed;
/// Every query in every dialect, by parsers.
mod dialects;
/// Deployed SQL against what is approved.
mod drift;
/// Edits of a project at random.
pub(crate) mod edits;
/// Every field of the format against the fingerprints.
mod fingerprints;
/// Texts of strangers in every place of a project.
mod hostile;
/// What changes of definitions do to numbers.
mod impact;
/// Data files in other forms.
mod inputs;
/// Files after a kill, beside a second process, on a full disk.
mod kept;
/// The definitions that ship with the product.
pub(crate) mod library;
/// Versions from a draft to their tombstone, by transcripts.
mod lifecycle;
/// Malformed input and what is said about it.
mod malformed;
/// Exports of ticket systems, read through mappings.
mod mappings;
/// Locks of two branches, merged by git.
mod merges;
/// Plans of Spark over many rows.
mod plans;
/// The command against a PostgreSQL server.
pub(crate) mod postgres;
/// Pull requests in scratch repositories.
mod pull_requests;
/// What checks keep, where changes are reviewed.
mod recalled;
/// What a change can reach, against everything.
mod reach;
/// What the README shows.
mod readme;
/// Findings and reviews in the forms that other programs read.
mod reports;
/// The catalogue of rules and its examples.
mod rules;
/// The published JSON Schemas.
mod schema;
/// The schemas against the checker, and our tree against another reader of YAML.
mod schemas;
/// What the product is made of.
mod supply;
/// Databases that hold the tables of sources.
mod targets;
/// The smallest tables on which changed clauses disagree.
mod witness;
