//! The smallest of a quantity.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("min", Shape::Expression, "Smallest value."),
    lower: Lower::Rows(|node, operands| operands.amount(node).map(Measure::Min)),
};
