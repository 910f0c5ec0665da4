//! Rows on the upper part of a scale less rows on its lower part, as in the Net Promoter Score.

use super::scale::{Band, Scale};
use super::{Kind, Lower, Operands};
use crate::plan::Measure;
use crate::shape::{Field, Record, Shape};
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "balance",
        Shape::Record(&BALANCE),
        "Share of the rows that count for, less the share of those that count against.",
    ),
    lower: Lower::Rows(lower),
};

const RANGE: Shape = Shape::Tuple(&Shape::Integer, 2);

static BALANCE: Record = Record {
    name: "balance",
    fields: &[
        Field::required("of", Shape::Identifier, "A whole-number column with a declared `range`."),
        Field::required("plus", RANGE, "Lowest and highest value that count for."),
        Field::optional("neutral", RANGE, "no value counts neither way", "Lowest and highest value that only count."),
        Field::required("minus", RANGE, "Lowest and highest value that count against."),
    ],
};

fn lower(node: &Node, operands: &mut Operands<'_>) -> Option<Measure> {
    let scale = Scale::of(node.get("of")?, operands)?;
    let mut band = |key: &str| node.get(key).map(|node| Band::read(node, key, operands));
    let (plus, neutral, minus) = (band("plus")??, band("neutral"), band("minus")??);
    let mut bands = vec![plus, minus];
    if let Some(neutral) = neutral {
        bands.push(neutral?);
    }
    scale.parted_by(&bands, operands)?;
    Some(Measure::Balance(scale.within(&bands[0]), scale.within(&bands[1])))
}
