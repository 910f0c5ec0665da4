//! What became of deployed objects: for people at a terminal, and as one JSON document.

mod human;
mod json;
mod shown;

pub use human::human;
pub use json::json;
