//! Verdicts in words and small tables, ready to be laid out.

use serde::Serialize;

use crate::compare::Difference;
use crate::drift::{Judged, Verdict, Witness};
use crate::report::side_by_side::plain;
use crate::table::Table;

/// Columns that tell what is counted; others are shown only where they differ.
const TELLING: [&str; 5] = ["numerator", "denominator", "value", "n", "state"];

/// A small table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Grid {
    /// Its name.
    pub(super) name: String,
    /// The names of its columns.
    pub(super) columns: Vec<String>,
    /// Its rows.
    pub(super) rows: Vec<Vec<String>>,
}

/// Returns the tables of a witness that have rows.
pub(super) fn tables(witness: &Witness) -> Vec<Grid> {
    let filled = witness.tables.iter().filter(|(_, table)| !table.rows.is_empty());
    filled.map(|(name, table)| grid(name, table, &|_| true)).collect()
}

/// Returns the answers of a witness, approved and deployed, in the columns that matter.
pub(super) fn answers(witness: &Witness) -> Vec<Grid> {
    let fields = &witness.approved.fields;
    let differs = |place: usize| {
        witness.differences.iter().any(|it| matches!(it, Difference::Cell { column, .. } if *column == place))
    };
    let is_key = |place: usize| {
        let cells = witness.approved.rows.iter().chain(witness.deployed.iter().flat_map(|table| &table.rows));
        let value = fields.iter().position(|field| field.name == "numerator").unwrap_or(0);
        place < value
            && place > 1
            && fields[place].name != "grain"
            && cells.into_iter().any(|row| !row[place].is_null())
    };
    let shown = |place: usize| differs(place) || is_key(place) || TELLING.contains(&fields[place].name.as_str());
    let deployed = witness.deployed.as_ref().ok().map(|table| grid("deployed", table, &shown));
    [Some(grid("approved", &witness.approved, &shown)), deployed].into_iter().flatten().collect()
}

fn grid(name: &str, table: &Table, shown: &dyn Fn(usize) -> bool) -> Grid {
    let places: Vec<usize> = (0..table.fields.len()).filter(|place| shown(*place)).collect();
    Grid {
        name: name.to_owned(),
        columns: places.iter().map(|place| table.fields[*place].name.clone()).collect(),
        rows: table.rows.iter().map(|row| places.iter().map(|place| plain(&row[*place])).collect()).collect(),
    }
}

/// Returns how many objects have each verdict, in the order of gravity: `2 same, 1 differs`.
pub(super) fn tally(judged: &[Judged]) -> String {
    let counted = Verdict::NAMES.iter().filter_map(|word| {
        let count = judged.iter().filter(|one| one.verdict.name() == *word).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}
