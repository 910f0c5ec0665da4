//! Where two answers to one question part.
//!
//! Rows of cells are paired by period and dimensions. Knows no plan and no table that was read.

use std::cmp::Ordering;

use crate::compare::same;
use crate::table::Table;
use crate::value::Value;

/// How much two answers differ, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Rows stand in other lines of the ledger, and no cell tells.
    Ledger,
    /// Other rows are counted as left out: excluded, unknown, missing or immature.
    Counts,
    /// The value is the same; what stands beside it (state, interval, numerator, period) is not.
    Shown,
    /// The value differs.
    Value,
}

/// One thing in which two answers differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Differing {
    /// A cell of the result.
    Cell {
        /// Its row in the old cells; `None` where they have no such row.
        old: Option<usize>,
        /// Its row in the new cells.
        new: Option<usize>,
        /// Its column; the other side may have no such column.
        column: String,
    },
    /// A line of the ledger.
    Ledger {
        /// Its name.
        line: String,
    },
}

/// What differs between two answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Contrast {
    pub(super) grade: Grade,
    pub(super) differing: Vec<Differing>,
}

/// Columns that name who answers, not what the answer is.
const NAMES: [&str; 3] = ["metric", "version", "grain"];

/// Returns how two results over the same dimensions differ; `None` where they do not.
pub(super) fn of_cells(old: &Table, new: &Table, by: &[String]) -> Option<Contrast> {
    let columns = columns(old, new);
    let mut found = Found { old, new, grade: Grade::Ledger, differing: Vec::new() };
    let (mut left, mut right) = (0, 0);
    while left < old.rows.len() || right < new.rows.len() {
        let order = match (left < old.rows.len(), right < new.rows.len()) {
            (true, true) => place(old, left, by).cmp_with(&place(new, right, by)),
            (true, false) => Ordering::Less,
            (false, _) => Ordering::Greater,
        };
        let pair = (order.is_le().then_some(left), order.is_ge().then_some(right));
        found.compare(pair, &columns);
        left += usize::from(order.is_le());
        right += usize::from(order.is_ge());
    }
    (!found.differing.is_empty()).then_some(Contrast { grade: found.grade, differing: found.differing })
}

/// Returns how two ledgers differ; lines that only one of them has count as 0 in the other.
pub(super) fn of_ledgers(old: &Table, new: &Table) -> Option<Contrast> {
    let rows = |table: &Table, line: &Value| {
        table.rows.iter().find(|row| row[0] == *line).map_or(Value::integer(0), |row| row[1].clone())
    };
    let mut differing: Vec<Differing> = Vec::new();
    for row in old.rows.iter().chain(&new.rows) {
        let line = Differing::Ledger { line: row[0].to_string() };
        if !same(&rows(old, &row[0]), &rows(new, &row[0])) && !differing.contains(&line) {
            differing.push(line);
        }
    }
    (!differing.is_empty()).then_some(Contrast { grade: Grade::Ledger, differing })
}

fn columns(old: &Table, new: &Table) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for field in old.fields.iter().chain(&new.fields) {
        if !NAMES.contains(&field.name.as_str()) && !names.contains(&field.name) {
            names.push(field.name.clone());
        }
    }
    names
}

/// Where a row of cells stands: the start of its period, then its dimensions.
struct Place<'a>(Vec<&'a Value>);

fn place<'a>(table: &'a Table, row: usize, by: &[String]) -> Place<'a> {
    let names = ["period_start"].into_iter().chain(by.iter().map(String::as_str));
    Place(names.map(|name| table.cell(row, name)).collect())
}

impl Place<'_> {
    fn cmp_with(&self, other: &Place<'_>) -> Ordering {
        self.0.iter().zip(&other.0).map(|(a, b)| a.order(b)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

struct Found<'a> {
    old: &'a Table,
    new: &'a Table,
    grade: Grade,
    differing: Vec<Differing>,
}

impl Found<'_> {
    fn compare(&mut self, (old, new): (Option<usize>, Option<usize>), columns: &[String]) {
        for column in columns {
            let grade = grade(column);
            let (left, right) = (cell(self.old, old, column), cell(self.new, new, column));
            let differs = match (&left, &right) {
                (Some(left), Some(right)) => !same(left, right),
                // What only one of them counts is 0 in the other; it is told only where it is more.
                (Some(only), None) | (None, Some(only)) => !only.is_null() && !same(only, &Value::integer(0)),
                (None, None) => false,
            };
            if differs {
                self.grade = self.grade.max(grade);
                self.differing.push(Differing::Cell { old, new, column: column.clone() });
            }
        }
        // A row that only one of them has is seen, whatever it holds.
        if old.is_none() || new.is_none() {
            self.grade = self.grade.max(Grade::Shown);
        }
    }
}

fn cell(table: &Table, row: Option<usize>, column: &str) -> Option<Value> {
    let row = row?;
    table.index(column).map(|index| table.rows[row][index].clone())
}

/// Returns how much it means that a column differs.
pub(super) fn grade(column: &str) -> Grade {
    match column {
        "value" => Grade::Value,
        "unknown" | "missing" | "immature" => Grade::Counts,
        column if column.starts_with("excluded_") => Grade::Counts,
        _ => Grade::Shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Field;
    use crate::value::Type;

    fn table(columns: &[&str], rows: &[&[Option<i64>]]) -> Table {
        let value = |cell: &Option<i64>| cell.map_or(Value::Null, Value::integer);
        Table {
            fields: columns.iter().map(|name| Field::new(*name, Type::Number(0))).collect(),
            rows: rows.iter().map(|row| row.iter().map(value).collect()).collect(),
        }
    }

    #[test]
    fn an_exclusion_that_only_one_side_has_differs_where_it_takes_a_row() {
        let old = table(&["value", "excluded_bots"], &[&[Some(1), Some(0)]]);
        let new = table(&["value"], &[&[Some(1)]]);
        assert_eq!(of_cells(&old, &new, &[]), None);
        let old = table(&["value", "excluded_bots"], &[&[Some(1), Some(2)]]);
        assert_eq!(of_cells(&old, &new, &[]).map(|found| found.grade), Some(Grade::Counts));
    }

    #[test]
    fn rows_are_paired_by_the_start_of_their_period() {
        let old = table(&["period_start", "value"], &[&[Some(1), Some(5)], &[Some(2), Some(5)]]);
        let new = table(&["period_start", "value"], &[&[Some(2), Some(5)]]);
        let found = of_cells(&old, &new, &[]).expect("a row is gone");
        assert_eq!(found.grade, Grade::Value);
        let is_of_first = |differing: &Differing| matches!(differing, Differing::Cell { old: Some(0), new: None, .. });
        assert!(found.differing.iter().all(is_of_first));
    }

    #[test]
    fn the_name_and_the_version_of_who_answers_are_no_answer() {
        let old = table(&["metric", "version", "value"], &[&[Some(1), Some(1), Some(5)]]);
        let new = table(&["metric", "version", "value"], &[&[Some(2), Some(2), Some(5)]]);
        assert_eq!(of_cells(&old, &new, &[]), None);
    }
}
