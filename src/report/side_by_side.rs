//! Two tables of the same columns, row under row; a differing cell stands between arrows.

use super::table::Layout;
use crate::compare::Difference;
use crate::table::Table;
use crate::value::Value;

/// Writes the rows in which the tables differ, each table under its name.
pub(super) fn side_by_side(left: (&str, &Table), right: (&str, &Table), differences: &[Difference]) -> String {
    let fields = &left.1.fields;
    let differs = |row: usize, column: usize| differences.contains(&Difference::Cell { row, column });
    let mut head = vec!["row".to_owned(), String::new()];
    head.extend(fields.iter().map(|field| field.name.clone()));
    let mut layout = Layout::new(head);
    for row in 0..left.1.rows.len().max(right.1.rows.len()) {
        let changed = (0..fields.len()).any(|column| differs(row, column));
        let absent = row >= left.1.rows.len() || row >= right.1.rows.len();
        if !changed && !absent {
            continue;
        }
        for (who, table) in [left, right] {
            let Some(cells) = table.rows.get(row) else { continue };
            let mut line = vec![(row + 1).to_string(), who.to_owned()];
            line.extend(cells.iter().enumerate().map(|(column, cell)| marked(cell, differs(row, column))));
            layout.push(line);
        }
    }
    layout.render("    ")
}

fn marked(cell: &Value, differs: bool) -> String {
    let shown = plain(cell);
    if differs { format!(">{shown}<") } else { shown }
}

/// Writes a cell as a case does.
pub(super) fn plain(cell: &Value) -> String {
    if cell.is_null() { "null".to_owned() } else { cell.to_string() }
}
