//! What tables may hold: the columns that either plan reads, and what their sources promise of them.
//!
//! Knows no row that is looked for.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::AllowedBy;
use crate::catalog::Catalog;
use crate::interpret::Tables;
use crate::plan::{Dedupe, Plan, Scan};
use crate::source::{Source, SourceColumn};
use crate::table::{Field, Table};
use crate::value::{Duration, Number, Type, Value};

/// One side of a search: a plan, and the catalog that it stands in.
pub(super) type Side<'a> = (&'a Catalog, &'a Plan);

/// The tables that a search may fill.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) plots: BTreeMap<String, Plot>,
}

/// One table that a search may fill.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plot {
    pub(super) fields: Vec<Field>,
    /// What each column can hold.
    pub(super) holds: Vec<Holds>,
    /// The columns that name a row.
    pub(super) key: Vec<usize>,
    /// The column that dates a row.
    pub(super) dated: usize,
    /// Sets of columns that no two rows have in common, where none is null.
    unique: Vec<Vec<usize>>,
    /// Whether several rows may have one key.
    pub(super) has_duplicates: bool,
}

/// What a column can hold.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Holds {
    pub(super) nullable: bool,
    pub(super) values: Option<Vec<String>>,
    pub(super) range: Option<(Number, Number)>,
    /// Bounds that a reader brings values to.
    pub(super) clamps: [Option<Value>; 2],
    /// Texts that a reader takes for null.
    pub(super) null_tokens: Vec<String>,
}

impl Ground {
    /// Returns the tables that both sides can be asked over; the reason where there are none.
    pub(super) fn of(old: Side<'_>, new: Side<'_>, allowed_by: AllowedBy) -> Result<Self, String> {
        let mut plots = BTreeMap::new();
        let names: BTreeSet<&str> = old.1.sources().into_iter().chain(new.1.sources()).collect();
        for name in names {
            let found = [new, old].map(|(catalog, _)| catalog.registry.sources.get(name).map(|file| &file.source));
            let both = match (allowed_by, found) {
                (AllowedBy::New, [Some(own), _]) | (AllowedBy::Old, [_, Some(own)]) => vec![own],
                _ => found.into_iter().flatten().collect(),
            };
            alike(name, found)?;
            let scans = [new, old].into_iter().flat_map(|(_, plan)| plan.scans());
            let scans: Vec<&Scan> = scans.filter(|scan| scan.source == name).collect();
            if let Some(plot) = Plot::of(&both, &scans) {
                plots.insert(name.to_owned(), plot);
            }
        }
        Ok(Self { plots })
    }

    /// Tells whether other tables are allowed and refused alike.
    pub(super) fn is_like(&self, other: &Ground) -> bool {
        self.plots == other.plots
    }

    /// Returns the tables without rows.
    pub(super) fn empty(&self) -> Tables {
        self.plots.iter().map(|(name, plot)| (name.clone(), Table::new(plot.fields.clone()))).collect()
    }

    /// Returns other tables as far as they lie on this ground; columns they lack are null.
    pub(super) fn cut(&self, tables: &Tables) -> Tables {
        let mut cut = self.empty();
        for (name, table) in &mut cut {
            let Some(given) = tables.get(name) else { continue };
            let places: Vec<Option<usize>> = table.fields.iter().map(|field| given.index(&field.name)).collect();
            let cell = |row: &[Value], place: Option<usize>| place.map_or(Value::Null, |at| row[at].clone());
            let cut = |row: &Vec<Value>| places.iter().map(|place| cell(row, *place)).collect();
            table.rows = given.rows.iter().map(cut).collect();
        }
        cut
    }

    /// Tells whether the tables keep what their sources promise.
    pub(super) fn keeps(&self, tables: &Tables) -> bool {
        self.plots.iter().all(|(name, plot)| tables.get(name).is_some_and(|table| plot.keeps(table)))
    }
}

/// Refuses sources whose columns have one name and two types.
fn alike(name: &str, found: [Option<&Source>; 2]) -> Result<(), String> {
    let [Some(new), Some(old)] = found else { return Ok(()) };
    for column in &new.columns {
        let Some(other) = old.column(&column.name).filter(|other| other.ty != column.ty) else { continue };
        let (before, now) = (other.ty, column.ty);
        return Err(format!("`{}` of `{name}` is {before} before and {now} now, so no table has both", column.name));
    }
    Ok(())
}

impl Plot {
    fn of(sources: &[&Source], scans: &[&Scan]) -> Option<Self> {
        let first = scans.first()?;
        let read: BTreeSet<&str> = scans
            .iter()
            .flat_map(|scan| {
                let columns = scan.columns.iter().map(|column| &column.name);
                columns.chain(&scan.key).chain(&scan.order)
            })
            .map(String::as_str)
            .collect();
        let mut columns: Vec<&SourceColumn> = Vec::new();
        for column in sources.iter().flat_map(|source| &source.columns) {
            if read.contains(column.name.as_str()) && !columns.iter().any(|known| known.name == column.name) {
                columns.push(column);
            }
        }
        let place = |name: &String| columns.iter().position(|column| column.name == *name);
        let places = |names: &[String]| names.iter().map(place).collect::<Option<Vec<usize>>>();
        let mut unique: Vec<Vec<usize>> =
            sources.iter().flat_map(|source| &source.unique).filter_map(|names| places(names)).collect();
        let is_unique = |scan: &&&Scan| scan.dedupe == Dedupe::Unique;
        unique.extend(scans.iter().filter(is_unique).filter_map(|scan| places(&scan.key)));
        let has_duplicates = sources.iter().all(|source| source.dedupe != Dedupe::Unique);
        if has_duplicates {
            let keys: Vec<Option<Vec<usize>>> = scans.iter().map(|scan| places(&scan.key)).collect();
            unique.retain(|set| !keys.contains(&Some(set.clone())));
        }
        let never_null: BTreeSet<&str> =
            scans.iter().flat_map(|scan| scan.key.iter().chain(scan.order.first())).map(String::as_str).collect();
        let holds = columns.iter().map(|column| Holds::of(&column.name, sources, &never_null)).collect();
        let fields = columns.iter().map(|column| Field::new(&column.name, column.ty)).collect();
        let (key, dated) = (places(&first.key)?, place(first.order.first()?)?);
        Some(Self { fields, holds, key, dated, unique, has_duplicates })
    }

    fn keeps(&self, table: &Table) -> bool {
        let sound = |row: &Vec<Value>| row.iter().zip(&self.holds).all(|(cell, holds)| holds.admits(cell));
        table.rows.iter().all(sound) && self.unique.iter().all(|set| self.has_no_doubles(set, table))
    }

    /// Tells whether no two rows have these columns in common; where a key may occur twice, its rows have all in common.
    fn has_no_doubles(&self, set: &[usize], table: &Table) -> bool {
        let whole = |row: &&Vec<Value>| set.iter().all(|column| !row[*column].is_null());
        let rows: Vec<&Vec<Value>> = table.rows.iter().filter(whole).collect();
        let same = |set: &[usize], a: &[Value], b: &[Value]| set.iter().all(|column| a[*column] == b[*column]);
        let clash = |a: &[Value], b: &[Value]| same(set, a, b) && !(self.has_duplicates && same(&self.key, a, b));
        rows.iter().enumerate().all(|(index, row)| !rows[..index].iter().any(|other| clash(row, other)))
    }

    /// Returns the place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Returns the type of a column.
    pub(super) fn ty(&self, column: usize) -> Type {
        self.fields[column].ty
    }
}

impl Holds {
    fn of(name: &str, sources: &[&Source], never_null: &BTreeSet<&str>) -> Self {
        let declared: Vec<&SourceColumn> = sources.iter().filter_map(|source| source.column(name)).collect();
        let mut values: Option<Vec<String>> = None;
        for listed in declared.iter().filter_map(|column| column.values.as_ref()) {
            match &mut values {
                Some(values) => values.retain(|value| listed.contains(value)),
                None => values = Some(listed.clone()),
            }
        }
        let ranges = declared.iter().filter_map(|column| column.range);
        Self {
            nullable: declared.iter().all(|column| column.nullable) && !never_null.contains(name),
            values,
            range: ranges.reduce(|(low, high), (other_low, other_high)| (low.max(other_low), high.min(other_high))),
            clamps: [
                declared.iter().filter_map(|column| clamp(column, column.reading.at_least)).max_by(Value::order),
                declared.iter().filter_map(|column| clamp(column, column.reading.at_most)).min_by(Value::order),
            ],
            null_tokens: declared.iter().flat_map(|column| column.reading.null_tokens.clone()).collect(),
        }
    }

    /// Returns what a column of any values holds.
    pub(super) fn anything() -> Self {
        Self { nullable: false, values: None, range: None, clamps: [None, None], null_tokens: Vec::new() }
    }

    /// Tells whether a column can hold a value.
    pub(super) fn admits(&self, cell: &Value) -> bool {
        let listed = match (&self.values, cell) {
            (Some(values), Value::Text(text)) => values.iter().any(|value| **value == **text),
            _ => true,
        };
        let in_range = match (&self.range, cell) {
            (Some((low, high)), Value::Number(number)) => low <= number && number <= high,
            _ => true,
        };
        let [low, high] = &self.clamps;
        let lies = |bound: &Option<Value>, beyond: Ordering| {
            bound.as_ref().is_some_and(|bound| cell.compare(bound) == Some(beyond))
        };
        let is_clamped = lies(low, Ordering::Less) || lies(high, Ordering::Greater);
        let is_token = !self.null_tokens.is_empty() && self.null_tokens.contains(&cell.to_string());
        if cell.is_null() { self.nullable } else { listed && in_range && !is_clamped && !is_token }
    }
}

/// Returns a bound in raw units as a value of the column.
fn clamp(column: &SourceColumn, bound: Option<Number>) -> Option<Value> {
    match column.ty {
        Type::Number(scale) => bound?.rescale(scale).map(Value::Number),
        Type::Duration => {
            let micros = bound?.checked_mul(Number::integer(column.reading.duration_unit.micros()))?.rescale(0)?;
            Some(Value::Duration(Duration::from_micros(i64::try_from(micros.mantissa()).ok()?)))
        }
        _ => None,
    }
}
