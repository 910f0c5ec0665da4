//! Results as bytes: for people and for programs. Decides nothing.

pub mod changelog;
pub mod diagnostic;
pub mod drift;
pub mod differential;
pub mod findings;
pub mod impact;
mod lines;
mod markup;
pub mod mutate;
mod neutral;
mod number;
mod paint;
pub mod replay;
pub mod review;
pub mod run;
pub mod schema;
pub mod show;
mod side_by_side;
mod table;
mod unit;
pub mod verify;
mod words;
mod xml;
