//! The sum of a quantity over rows.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("sum", Shape::Expression, "Sum of a quantity; null adds nothing."),
    lower: Lower::Rows(|node, operands| operands.amount(node).map(Measure::Sum)),
};
