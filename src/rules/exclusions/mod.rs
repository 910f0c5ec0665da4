//! The rules of this area: one file and one line each.

use super::{checks, rules};

rules! {}

checks! {}
