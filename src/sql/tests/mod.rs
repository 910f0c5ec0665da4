//! Plans built by hand, rendered, and run on every engine at hand and by the interpreter. Expected values are worked out by hand.

mod advancing;
mod agreeing;
mod aggregation;
mod clocking;
mod combining;
mod evenings;
mod expressions;
mod fates;
mod injection;
mod measures;
mod joining;
mod pairing;
mod periods;
mod placing;
mod placement;
mod plans;
mod relating;
mod sentinels;
mod template_lines;
mod text;
mod worlds;
