//! The rules of this area: one file and one line each.

use super::rules;

rules! {}
