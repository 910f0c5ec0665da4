//! Results as bytes: for people and for programs. Decides nothing.

pub mod check;
pub mod diagnostic;
mod neutral;
mod number;
pub mod run;
pub mod show;
mod side_by_side;
mod table;
mod unit;
pub mod verify;
mod words;
