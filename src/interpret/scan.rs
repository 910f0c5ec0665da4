//! The rows of one source as of a moment, one per key.
//!
//! Knows no population and no fact.

use std::cmp::Ordering;
use std::ops::Range;

use super::logic::{Names, Term};
use super::numbered::Numbered;
use super::placing::Moments;
use super::rows::{Findings, Key, Layout, Place, Row, instant};
use super::shares;
use super::{InterpretError, Tables};
use crate::plan::{Dedupe, Scan};
use crate::table::Table;
use crate::value::{Instant, Value};

/// What a scan found.
#[derive(Debug)]
pub(super) struct Scanned<'a> {
    /// The source's table.
    table: &'a Table,
    /// Names and places of the scanned columns, and of the derived ones as facts.
    pub(super) layout: Layout,
    /// Positions in the table of the rows that stay, ascending.
    positions: Vec<usize>,
    /// The derived columns of those rows.
    derived: Findings,
    /// Rows that happened after `as_of`.
    pub(super) after_as_of: u64,
    /// Rows another row of their key stands for.
    pub(super) duplicates: u64,
    /// Places of the total order.
    order: Vec<usize>,
}

impl<'a> Scanned<'a> {
    /// Computes the derived columns of each row that stays.
    fn derived_for(mut self, scan: &Scan, moments: &Moments) -> Result<Self, InterpretError> {
        let names = Names::of(&self.layout, moments);
        let terms: Vec<Term> = scan.derived.iter().map(|column| names.bind(&column.value)).collect::<Result<_, _>>()?;
        self.derived = Findings::with_room(self.positions.len(), terms.len());
        if !terms.is_empty() {
            for (index, position) in self.positions.iter().enumerate() {
                let row = Row::new(&self.table.rows[*position], &[]);
                for (term, derived) in terms.iter().zip(self.derived.of_mut(index)) {
                    *derived = term.value(row)?.into_owned();
                }
            }
        }
        scan.derived.iter().for_each(|column| self.layout.add_fact(&column.name));
        Ok(self)
    }

    /// Returns how many rows stay.
    pub(super) fn len(&self) -> usize {
        self.positions.len()
    }

    /// Returns the cells of a row that stays, as its table has them.
    pub(super) fn cells(&self, index: usize) -> &'a [Value] {
        &self.table.rows[self.positions[index]]
    }

    /// Returns the derived columns of a row that stays.
    pub(super) fn derived(&self, index: usize) -> &[Value] {
        self.derived.of(index)
    }

    /// Returns a row that stays, with its derived columns.
    pub(super) fn row(&self, index: usize) -> Row<'_> {
        Row::new(self.cells(index), self.derived(index))
    }

    /// Returns where in its table a row that stays lies.
    pub(super) fn position(&self, index: usize) -> usize {
        self.positions[index]
    }

    /// Returns for each row that stays in `others`, of the same table, which row that stays it is here.
    pub(super) fn of_same_rows(&self, others: &Scanned<'_>) -> Vec<Option<usize>> {
        // Both ascend.
        let mut from = 0;
        let find = |position: &usize| {
            from += self.positions[from..].iter().take_while(|own| *own < position).count();
            (self.positions.get(from) == Some(position)).then_some(from)
        };
        others.positions.iter().map(find).collect()
    }

    /// Compares two rows of this source, by their cells, in its total order; null tie-breakers come last.
    pub(super) fn compare(&self, left: &[Value], right: &[Value]) -> Ordering {
        compare(&self.order, left, right)
    }

    /// Compares two rows that stay in the total order.
    pub(super) fn in_order(&self, left: usize, right: usize) -> Ordering {
        self.compare(self.cells(left), self.cells(right))
    }
}

fn compare(order: &[usize], left: &[Value], right: &[Value]) -> Ordering {
    order.iter().map(|column| left[*column].order(&right[*column])).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

/// Reads the rows of `scan` observed through `as_of`, resolves duplicates and computes the derived columns.
pub(super) fn scan<'a>(scan: &Scan, tables: &'a Tables, moments: &Moments) -> Result<Scanned<'a>, InterpretError> {
    let table = tables.get(&scan.source).ok_or_else(|| InterpretError::MissingTable { name: scan.source.clone() })?;
    let layout = layout(scan, table)?;
    let key = layout.cells(&scan.key)?;
    let order = layout.cells(&scan.order)?;
    let observed = observed(scan, table, (&key, layout.cell(scan.order_instant())?), moments.as_of)?;
    let after_as_of = (table.rows.len() - observed.len()) as u64;
    let places: Vec<Place> = key.iter().map(|column| Place::Cell(*column)).collect();
    let positions = Duplicates { scan, table, key: &places, order: &order }.resolve(&observed)?;
    let duplicates = (observed.len() - positions.len()) as u64;
    let stand = Scanned { table, layout, positions, derived: Findings::default(), after_as_of, duplicates, order };
    stand.derived_for(scan, moments)
}

/// Reads the rows that `other` has read, of the same source with the same key, order and moments, as `scan` sees them. No two of
/// them have one key, so which columns are read has no part in which row stands.
pub(super) fn scan_again<'a>(
    scan: &Scan,
    other: &Scanned<'a>,
    moments: &Moments,
) -> Result<Scanned<'a>, InterpretError> {
    let layout = layout(scan, other.table)?;
    let order = layout.cells(&scan.order)?;
    let positions = other.positions.clone();
    let stand = Scanned { layout, positions, derived: Findings::default(), order, ..*other };
    stand.derived_for(scan, moments)
}

/// Returns where the columns of `scan` stand.
fn layout(scan: &Scan, table: &Table) -> Result<Layout, InterpretError> {
    let mut layout = Layout::default();
    for column in &scan.columns {
        let index = table
            .index(&column.name)
            .ok_or_else(|| InterpretError::MissingColumn { name: scan.source.clone(), column: column.name.clone() })?;
        layout.add_cell(&column.name, index);
    }
    Ok(layout)
}

/// Returns the positions of the rows that happened by `as_of`, after checking that every row is whole.
fn observed(
    scan: &Scan,
    table: &Table,
    (key, dated): (&[usize], usize),
    as_of: Instant,
) -> Result<Vec<usize>, InterpretError> {
    let is_observed = |position: usize| {
        let cells = &table.rows[position];
        if cells.len() != table.fields.len() {
            return Err(InterpretError::Ragged {
                name: scan.source.clone(),
                row: position + 1,
                cells: cells.len(),
                columns: table.fields.len(),
            });
        }
        let null = |column: usize| InterpretError::NullIdentity {
            name: scan.source.clone(),
            column: table.fields[column].name.clone(),
            row: position + 1,
        };
        if let Some(column) = key.iter().find(|column| cells[**column].is_null()) {
            return Err(null(*column));
        }
        Ok(instant(&cells[dated])?.ok_or_else(|| null(dated))? <= as_of)
    };
    let observed = |share: Range<usize>| {
        let mut positions = Vec::with_capacity(share.len());
        for position in share {
            if is_observed(position)? {
                positions.push(position);
            }
        }
        Ok(positions)
    };
    shares::joined(table.rows.len(), observed)
}

/// The resolution of several rows of one key.
struct Duplicates<'a> {
    scan: &'a Scan,
    table: &'a Table,
    key: &'a [Place],
    order: &'a [usize],
}

/// The row that stands for its key so far, and another row that differs but has the same place in the order.
struct Standing {
    position: usize,
    rival: Option<usize>,
}

impl Duplicates<'_> {
    fn resolve(&self, observed: &[usize]) -> Result<Vec<usize>, InterpretError> {
        let key = |index: usize| Key::new(Row::new(&self.table.rows[observed[index]], &[]), self.key);
        let (_, numbers) = Numbered::of(self.key.len(), observed.len(), key);
        let mut standing: Vec<Standing> = Vec::with_capacity(observed.len());
        for (&position, number) in observed.iter().zip(numbers) {
            match standing.get_mut(number) {
                None => standing.push(Standing { position, rival: None }),
                Some(holder) => self.contend(holder, position)?,
            }
        }
        let mut positions = Vec::with_capacity(standing.len());
        for Standing { position, rival } in standing {
            if let Some(rival) = rival {
                let (first, second) = (position.min(rival) + 1, position.max(rival) + 1);
                return Err(InterpretError::AmbiguousDuplicate { name: self.scan.source.clone(), first, second });
            }
            positions.push(position);
        }
        positions.sort_unstable();
        Ok(positions)
    }

    fn contend(&self, standing: &mut Standing, position: usize) -> Result<(), InterpretError> {
        let preferred = match self.scan.dedupe {
            Dedupe::First => Ordering::Less,
            Dedupe::Latest => Ordering::Greater,
            Dedupe::Unique => {
                let (first, second) = (standing.position + 1, position + 1);
                return Err(InterpretError::DuplicateKey { name: self.scan.source.clone(), first, second });
            }
        };
        let (holder, row) = (&self.table.rows[standing.position], &self.table.rows[position]);
        let place = compare(self.order, row, holder);
        if place == preferred {
            *standing = Standing { position, rival: None };
        } else if place.is_eq() && !self.read_alike(holder, row) {
            standing.rival = Some(position);
        }
        Ok(())
    }

    fn read_alike(&self, left: &[Value], right: &[Value]) -> bool {
        let read = |column: &String| self.table.index(column).is_none_or(|index| left[index] == right[index]);
        self.scan.columns.iter().all(|column| read(&column.name))
    }
}
