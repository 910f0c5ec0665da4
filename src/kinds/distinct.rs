//! The number of distinct values.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("distinct", Shape::Expression, "Number of distinct values; null is none."),
    lower: Lower::Rows(|node, operands| operands.expression(node).map(Measure::Distinct)),
};
