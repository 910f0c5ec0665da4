//! Deployed objects against the interpreter: at each moment of knowledge they hold the rows that a run gives.

mod dbt;
mod folder;
mod forms;
mod increments;
pub(crate) mod scripts;
mod standing;
