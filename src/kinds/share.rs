//! The share of rows for which a condition holds.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("share", Shape::Expression, "Share of the counted rows for which the condition is true."),
    lower: Lower::Rows(|node, operands| operands.condition(node).map(Measure::Share)),
};
