//! Replays of a metric, in each format.

mod human;
mod json;

pub use human::human;
pub use json::json;
