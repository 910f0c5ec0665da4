//! A sum over a sum.

use super::{Kind, Lower};
use crate::plan::Measure;
use crate::shape::{Field, Record, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required("ratio", Shape::Record(&RATIO), "A sum over a sum; undefined where the lower sum is 0."),
    lower: Lower::Rows(|node, operands| {
        let numerator = node.get("of").and_then(|of| operands.quantity(of));
        let denominator = node.get("to").and_then(|to| operands.quantity(to));
        Some(Measure::Ratio(numerator?, denominator?))
    }),
};

static RATIO: Record = Record {
    name: "ratio",
    fields: &[
        Field::required("of", Shape::Expression, "What is summed above the line."),
        Field::required("to", Shape::Expression, "What is summed below the line."),
    ],
};
