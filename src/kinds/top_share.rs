//! The share of rows that fall to the most frequent values.

use super::{Kind, Lower, whole};
use crate::plan::Measure;
use crate::shape::{Field, Record, Shape};

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "top_share",
        Shape::Record(&TOP_SHARE),
        "Share of the rows that have one of the most frequent values, among those that have any.",
    ),
    lower: Lower::Rows(|node, operands| {
        let of = node.get("of").and_then(|of| operands.expression(of));
        let top = whole(node, "top", 1, operands.diagnostics);
        Some(Measure::TopShare(of?, top?))
    }),
};

static TOP_SHARE: Record = Record {
    name: "top share",
    fields: &[
        Field::required("of", Shape::Expression, "What the rows are counted by."),
        Field::required("top", Shape::Integer, "How many of the most frequent values count; at least 1."),
    ],
};
