//! Deployed objects against the interpreter: at each moment of knowledge they hold the rows that a run gives.

mod dbt;
mod folder;
mod forms;
mod increments;
mod scripts;
mod standing;
