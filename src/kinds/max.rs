//! The largest of a quantity.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("max", Shape::Expression, "Largest value."),
    lower: Lower::Rows(|node, operands| operands.amount(node).map(Measure::Max)),
};
