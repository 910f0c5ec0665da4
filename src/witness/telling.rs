//! The cells on which it depends that two plans disagree.

use super::At;
use super::contrast::Grade;
use super::ground::Ground;
use super::stock::plain;
use super::trial::{Heard, Question, Trial};
use crate::value::{Instant, Type, Value};

/// Other values that are tried in a cell.
const TRIED: usize = 3;
/// Larger tables are not gone through cell by cell.
const MOST_ROWS: usize = 8;

/// Returns the cells that cannot have some other plain value without the plans agreeing.
pub(super) fn telling(trial: &mut Trial<'_>, ground: &Ground, question: &Question, grade: Grade) -> Vec<At> {
    let mut found = Vec::new();
    if question.rows() > MOST_ROWS || grade == Grade::Ledger {
        return found;
    }
    for (source, plot) in &ground.plots {
        for (row, cells) in question.tables[source].rows.iter().enumerate() {
            for (column, current) in cells.iter().enumerate().filter(|(column, _)| !plot.key.contains(column)) {
                let mut other = plain(plot.ty(column), &plot.holds[column], true);
                if plot.holds[column].nullable {
                    other.insert(0, Value::Null);
                }
                if let (Type::Instant, Value::Instant(at)) = (plot.ty(column), current) {
                    let days = [1, -1].map(|days| Instant::from_micros(at.micros() + days * super::material::DAY));
                    other = days.map(Value::Instant).to_vec();
                }
                other.retain(|value| value != current);
                let at = At { source: source.clone(), row, column };
                if other.into_iter().take(TRIED).any(|value| !is_apart((trial, ground, grade), question, (&at, value)))
                {
                    found.push(at);
                }
            }
        }
    }
    found
}

fn is_apart(
    (trial, ground, grade): (&mut Trial<'_>, &Ground, Grade),
    question: &Question,
    (at, value): (&At, Value),
) -> bool {
    let mut other = question.clone();
    if let Some(row) = other.tables.get_mut(&at.source).and_then(|table| table.rows.get_mut(at.row)) {
        row[at.column] = value;
    }
    // What a source does not allow tells nothing.
    !ground.keeps(&other.tables) || matches!(trial.ask(&other), Heard::Apart(contrast) if contrast.grade >= grade)
}
