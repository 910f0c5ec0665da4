#![doc = include_str!("ARCHITECTURE.md")]

pub mod text;
pub mod diagnostic;
pub mod load;
pub mod yaml;
pub mod value;
pub mod table;
pub mod shape;
pub mod expression;
pub mod plan;
pub mod kinds;
pub mod format;
pub mod source;
pub mod definition;
pub mod resolve;
pub mod lower;
pub mod catalog;
