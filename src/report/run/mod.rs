//! Results of runs, in each format.

mod csv;
mod human;
mod json;
mod words;

pub use csv::csv;
pub use human::{human, skipped};
pub use json::json;
