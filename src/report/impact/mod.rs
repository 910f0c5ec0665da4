//! Prices of changes, in each format.

mod dependents;
mod human;
mod json;
mod parts;

pub use human::human;
pub use json::json;

pub(super) use dependents::reached;
pub(super) use human::{letter, place_of, shown};
pub(super) use json::{edit as json_edit, place as json_place, shown as json_shown};
pub(super) use parts::printed;
