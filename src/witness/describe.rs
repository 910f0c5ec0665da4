//! Rows in words: what one is, whose it is, when it happened, and what is special about it.

use std::collections::BTreeSet;

use super::lineage::{Origin, matches, pipelines};
use super::words::{moment, shown, singular, words};
use super::{At, Witness};
use crate::interpret::Tables;
use crate::plan::Plan;
use crate::table::Table;
use crate::value::{Type, Value};

/// Other rows that a sentence names at most.
const MOST_OTHERS: usize = 2;
/// Special cells that a sentence names at most.
const MOST_CELLS: usize = 3;

/// Says what rows are.
pub(super) struct Describe<'a> {
    tables: &'a Tables,
    /// The cells on which it depends that the plans differ, as far as they lie behind what differs.
    telling: Vec<&'a At>,
    /// Columns that rows belong together by.
    matched: Vec<Origin>,
    /// The columns that date and name the rows of each source.
    heads: Vec<Head>,
}

/// What dates and names the rows of a source.
struct Head {
    source: String,
    dated: Vec<String>,
    key: Vec<String>,
}

impl<'a> Describe<'a> {
    /// Describes the rows that `plan` reads; `focus` are the columns behind what differs.
    pub(super) fn new(witness: &'a Witness, plan: &Plan, focus: &BTreeSet<Origin>) -> Self {
        let mut heads: Vec<Head> = Vec::new();
        for pipeline in pipelines(plan) {
            let anchor = pipeline.filter.placement.anchor().map(str::to_owned);
            for (number, scan) in pipeline.scans().into_iter().enumerate() {
                if heads.iter().any(|head| head.source == scan.source) {
                    continue;
                }
                let dated = anchor.clone().filter(|_| number == 0).unwrap_or(scan.order_instant().to_owned());
                heads.push(Head { source: scan.source.clone(), dated: vec![dated], key: scan.key.clone() });
            }
        }
        let matched = pipelines(plan).into_iter().flat_map(matches).flat_map(|(own, other)| [own, other]);
        let is_behind = |at: &&At| {
            let field = witness.tables.get(&at.source).and_then(|table| table.fields.get(at.column));
            field.is_some_and(|field| focus.contains(&(at.source.clone(), field.name.clone())))
        };
        let telling = witness.telling.iter().filter(is_behind).collect();
        Self { tables: &witness.tables, telling, matched: matched.collect(), heads }
    }

    /// Says what a row is: `contact `c1` of customer `a`, opened on 2 March 09:00`.
    pub(super) fn row(&self, source: &str, row: usize) -> String {
        let Some(table) = self.tables.get(source) else { return singular(source) };
        let head = self.heads.iter().find(|head| head.source == source);
        let key: &[String] = head.map_or(&[], |head| &head.key);
        let dated: &[String] = head.map_or(&[], |head| &head.dated);
        let mut text = singular(source);
        let names: Vec<String> = key.iter().map(|name| table.cell(row, name).to_string()).collect();
        if !names.is_empty() {
            text.push_str(&format!(" `{}`", names.join(" ")));
        }
        for field in
            table.fields.iter().filter(|field| self.is_owner(source, &field.name) && !key.contains(&field.name))
        {
            let owner = table.cell(row, &field.name);
            if !owner.is_null() {
                let whose = words(field.name.strip_suffix("_id").unwrap_or(&field.name));
                text.push_str(&format!(" of {whose} {}", shown(owner)));
            }
        }
        let mut details: Vec<String> = dated.iter().filter_map(|name| happened(table, row, name)).collect();
        details.extend(self.special(source, (table, row), &[key, dated].concat()));
        if !details.is_empty() {
            text.push_str(&format!(", {}", details.join(", ")));
        }
        text
    }

    /// Says what the rows besides one are; nothing where there are too many.
    pub(super) fn others(&self, source: &str, row: usize) -> String {
        let all = self.tables.iter().flat_map(|(name, table)| (0..table.rows.len()).map(move |row| (name, row)));
        let others: Vec<(&String, usize)> = all.filter(|(name, other)| *name != source || *other != row).collect();
        if others.is_empty() || others.len() > MOST_OTHERS {
            return String::new();
        }
        let described: Vec<String> = others.into_iter().map(|(name, row)| self.row(name, row)).collect();
        format!("; beside it {}", described.join(", and "))
    }

    fn is_owner(&self, source: &str, column: &str) -> bool {
        self.matched.iter().any(|(other, name)| other == source && name == column) && column.ends_with("_id")
    }

    /// Says which of the other cells matter.
    fn special(&self, source: &str, (table, row): (&Table, usize), named: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for (column, field) in table.fields.iter().enumerate() {
            let is_telling = self.telling.iter().any(|at| at.source == source && at.row == row && at.column == column);
            if !is_telling || named.contains(&field.name) || self.is_owner(source, &field.name) {
                continue;
            }
            let value = &table.rows[row][column];
            let said = if value.is_null() { None } else { happened(table, row, &field.name) };
            found.push(said.unwrap_or_else(|| special(&field.name, field.ty, value)));
        }
        found.truncate(MOST_CELLS);
        found
    }
}

fn special(name: &str, ty: Type, value: &Value) -> String {
    match (ty, value) {
        (_, Value::Null) => format!("without {}", words(name)),
        (Type::Boolean, Value::Boolean(truth)) => {
            let name = words(name.strip_prefix("is_").unwrap_or(name));
            if *truth { name } else { format!("not {name}") }
        }
        _ => format!("{} {}", words(name), shown(value)),
    }
}

/// Says when something happened: `opened on 2 March 09:00` of `opened_at`.
fn happened(table: &Table, row: usize, name: &str) -> Option<String> {
    let Value::Instant(at) = table.cell(row, name) else { return None };
    Some(match name.strip_suffix("_at") {
        Some(verb) => format!("{} on {}", words(verb), moment(*at)),
        None => format!("{} {}", words(name), moment(*at)),
    })
}
