//! The number of rows.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("count", Shape::Choice(&["rows"]), "Number of counted rows."),
    lower: Lower::Rows(|_, _| Some(Measure::Count)),
};
