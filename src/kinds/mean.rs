//! The mean of a quantity over the rows that have it.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("mean", Shape::Expression, "Sum of a quantity over the number of rows that have it."),
    lower: Lower::Rows(|node, operands| operands.amount(node).map(Measure::Mean)),
};
