//! Small text tables: columns parted by blanks, no lines.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table under construction.
pub(super) struct Layout {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl Layout {
    /// Returns a table with this head.
    pub(super) fn new(head: Vec<String>) -> Self {
        Self { head, rows: Vec::new(), right: Vec::new() }
    }

    /// Returns a table without a head.
    pub(super) fn headless() -> Self {
        Self::new(Vec::new())
    }

    /// Aligns a column to the right, as numbers are read.
    pub(super) fn align_right(&mut self, column: usize) {
        self.right.push(column);
    }

    /// Adds a row as wide as the head.
    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Returns the table without the columns in which no row says anything.
    pub(super) fn without_empty_columns(self) -> Self {
        let kept: Vec<usize> =
            (0..self.width()).filter(|column| self.rows.iter().any(|row| !row[*column].is_empty())).collect();
        let pick = |line: &Vec<String>| kept.iter().filter_map(|column| line.get(*column).cloned()).collect();
        let right = self.right.iter().filter_map(|old| kept.iter().position(|column| column == old)).collect();
        Self { head: pick(&self.head), rows: self.rows.iter().map(pick).collect(), right }
    }

    fn width(&self) -> usize {
        self.rows.first().map_or(self.head.len(), Vec::len)
    }

    /// Writes the table, each line after `indent`.
    pub(super) fn render(&self, indent: &str) -> String {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if !self.head.is_empty() {
            table.set_header(&self.head);
        }
        for row in &self.rows {
            table.add_row(row);
        }
        for (index, column) in table.column_iter_mut().enumerate() {
            column.set_padding((0, 3));
            if self.right.contains(&index) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = String::new();
        for line in table.lines() {
            text.push_str(format!("{indent}{line}").trim_end());
            text.push('\n');
        }
        text
    }
}
