//! Results of runs, in each format.

mod csv;
mod human;
mod json;
pub(super) mod words;

pub use csv::csv;
pub use human::{human, skipped};
pub(super) use json::cell as json_cell;
pub use json::json;
