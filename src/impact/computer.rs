//! Plans computed over rows, each distinct question once.
//!
//! Attributes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::cells::Cells;
use super::rows::{Described, Rows, Sheet, Sheets};
use crate::interpret;
use crate::plan::{Plan, Request};
use crate::table::Table;

/// What has been computed so far.
pub(crate) struct Computer<'a> {
    sheets: Sheets<'a>,
    cells: BTreeMap<(usize, String, String), Rc<Result<Cells, String>>>,
    step: &'a dyn Fn(&str),
}

/// A plan that is computed: its fingerprint, how its rows are described, which sources are read with it.
pub(crate) struct Asked<'a> {
    /// The plan.
    pub(crate) plan: &'a Plan,
    /// The fingerprint of its meaning.
    pub(crate) fingerprint: &'a str,
    /// How the sources are described.
    pub(crate) described: &'a Described,
    /// The sources that are read.
    pub(crate) needed: &'a BTreeSet<String>,
    /// The plans that say how far the periods of a case reach.
    pub(crate) readings: &'a [&'a Plan],
    /// Which of the question's dimensions it is split by; all of them where nothing is said.
    pub(crate) within: Option<&'a [String]>,
}

/// An answer and the request it answers.
#[derive(Clone)]
pub(crate) struct Answered {
    /// The cells.
    pub(crate) cells: Rc<Result<Cells, String>>,
    /// The request.
    pub(crate) request: Request,
    /// The zone its periods are cut in.
    pub(crate) zone: String,
}

impl Answered {
    /// Returns the cells, or why there are none.
    pub(crate) fn cells(&self) -> Result<&Cells, &str> {
        self.cells.as_ref().as_ref().map_err(String::as_str)
    }
}

impl<'a> Computer<'a> {
    /// Returns a computer that has computed nothing; `step` is told each metric before its turn.
    pub(crate) fn new(rows: &'a Rows<'a>, step: &'a dyn Fn(&str)) -> Self {
        Self { sheets: Sheets::new(rows), cells: BTreeMap::new(), step }
    }

    /// Computes a plan over a sheet, or tells why it cannot be asked.
    pub(crate) fn cells(&mut self, sheet: usize, asked: &Asked<'_>) -> Result<Answered, String> {
        let sheets = self.sheets.of(asked.described, asked.needed);
        let (sheet_, request) = put(&sheets, sheet, asked)?;
        let key = (sheet, asked.fingerprint.to_owned(), format!("{request:?}"));
        let step = self.step;
        let compute = || {
            step(&asked.plan.metric);
            Rc::new(Cells::compute(asked.plan, &sheet_.inputs.tables, &request))
        };
        let cells = self.cells.entry(key).or_insert_with(compute).clone();
        Ok(Answered { cells, request, zone: asked.plan.calendar.zone.clone() })
    }

    /// Counts where the rows of a plan end up; empty where it measures none itself.
    pub(crate) fn ledger(&mut self, sheet: usize, asked: &Asked<'_>) -> Result<Table, String> {
        let sheets = self.sheets.of(asked.described, asked.needed);
        let (sheet, request) = put(&sheets, sheet, asked)?;
        interpret::ledger(asked.plan, &sheet.inputs.tables, &request).map_err(|error| error.to_string())
    }
}

/// Puts the question of a sheet to a plan.
fn put<'s>(
    sheets: &'s [Result<Sheet, String>],
    sheet: usize,
    asked: &Asked<'_>,
) -> Result<(&'s Sheet, Request), String> {
    let sheet = sheets[sheet].as_ref().map_err(Clone::clone)?;
    let request = sheet.request(asked.plan, asked.readings, asked.within)?;
    Ok((sheet, request))
}
