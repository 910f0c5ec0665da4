//! A metric as files of a dbt project: a model with its description and tests, or a semantic model with its metric.
//!
//! The files stand below `models` and `tests`. Knows the words of dbt, not how dbt runs them.

mod jinja;
mod model;
mod properties;
mod semantic;
mod sources;
mod yaml;

pub(super) use model::files as model;
pub(super) use semantic::files as semantic;
pub(super) use sources::{SOURCE, file as source};
