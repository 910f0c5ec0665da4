//! Plans built by hand, rendered, and run on SQLite in memory. Expected values are worked out by hand.

mod aggregation;
mod combining;
mod evenings;
mod expressions;
mod fates;
mod injection;
mod periods;
mod plans;
mod relating;
mod template_lines;
mod text;
