//! The rows that versions are held against each other on: the cases of a metric, or data files.
//!
//! The same raw rows are read as each version describes its sources, since what a text means can change too. Knows no
//! comparison.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::catalog::{self, Catalog, Object};
use crate::definition::{Case, SourceFile};
use crate::format::FileKind;
use crate::inputs::Inputs;
use crate::plan::{Plan, Request};
use crate::run::{self, Question};
use crate::shape::Moves;
use crate::text::Texts;
use crate::verify;

/// How a project describes its sources.
#[derive(Debug)]
pub(crate) struct Described {
    /// The sources by name.
    sources: BTreeMap<String, SourceFile>,
    /// What is said of each that can move a number, in one form.
    said: BTreeMap<String, String>,
}

impl Described {
    /// Returns the descriptions of a catalog.
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let sources = catalog.registry.sources.clone();
        let said = sources.keys().filter_map(|name| {
            let object = Object { kind: FileKind::Source, name: name.clone() };
            let root = &catalog.documents.get(&object)?.root;
            Some((name.clone(), catalog::said(FileKind::Source.shape(), root, Moves::Number).to_string()))
        });
        Self { said: said.collect(), sources }
    }
}

/// Where rows come from.
#[derive(Clone)]
pub enum Rows<'a> {
    /// Worked examples, each with the project it belongs to and the texts of both.
    Cases(Vec<(&'a Case, &'a Catalog)>, &'a Texts),
    /// Files by source, and what is asked of them.
    Data(BTreeMap<String, PathBuf>, &'a Question),
}

/// The rows of one case or of all files, read, with the question to be asked of them.
#[derive(Debug)]
pub struct Sheet {
    /// The case; `None` for data files.
    pub case: Option<String>,
    /// The rows.
    pub inputs: Inputs,
    /// The question.
    pub question: Question,
    /// Sources whose file cannot be read as they are described, with the reason.
    unread: BTreeMap<String, String>,
}

impl<'a> Rows<'a> {
    /// Returns the cases of a metric on the new side, and those that only the old side has; a metric may have had another
    /// name.
    pub fn cases(old: (&'a Catalog, &str), new: (&'a Catalog, &str), texts: &'a Texts) -> Self {
        let of = |(catalog, id): (&'a Catalog, &str)| -> Vec<(&'a Case, &'a Catalog)> {
            let own = catalog.registry.cases.iter().filter(|(_, case)| case.metric.value == id);
            own.map(|(_, case)| (case, catalog)).collect()
        };
        let mut cases = of(new);
        for (case, home) in of(old) {
            if !cases.iter().any(|(known, _)| known.name.value == case.name.value) {
                cases.push((case, home));
            }
        }
        cases.sort_by(|(a, _), (b, _)| a.name.value.cmp(&b.name.value));
        Self::Cases(cases, texts)
    }

    /// Reads all rows of the needed sources as they are described: one sheet a case, or one for all files.
    fn read(&self, described: &Described, needed: &BTreeSet<String>) -> Vec<Result<Sheet, String>> {
        match self {
            Rows::Cases(cases, texts) => {
                cases.iter().map(|(case, home)| of_case(case, described, needed, (home, texts))).collect()
            }
            Rows::Data(places, question) => {
                let mut sheet = Sheet {
                    case: None,
                    inputs: Inputs::default(),
                    question: (*question).clone(),
                    unread: BTreeMap::new(),
                };
                for (name, path) in places.iter().filter(|(name, _)| needed.contains(*name)) {
                    sheet.add(described, name, path);
                }
                vec![Ok(sheet)]
            }
        }
    }

    /// Returns the names of the cases; of data a single nameless one.
    pub fn names(&self) -> Vec<Option<String>> {
        match self {
            Rows::Cases(cases, _) => cases.iter().map(|(case, _)| Some(case.name.value.clone())).collect(),
            Rows::Data(..) => vec![None],
        }
    }
}

/// Reads a case as its rows are described, or, where they do not fit (a column was added with the rows that have it), as
/// its own project describes them.
fn of_case(
    case: &Case,
    described: &Described,
    needed: &BTreeSet<String>,
    (home, texts): (&Catalog, &Texts),
) -> Result<Sheet, String> {
    let (sources, own) = (&described.sources, &home.registry.sources);
    let tables = verify::given(case, |name| sources.get(name), needed, (home, texts))
        .or_else(|_| verify::given(case, |name| own.get(name).or_else(|| sources.get(name)), needed, (home, texts)))?;
    let question = Question {
        grain: case.grain.value,
        by: case.by.iter().map(|name| name.value.clone()).collect(),
        from: case.from,
        to: case.to,
        as_of: Some(case.as_of),
    };
    let inputs = Inputs { tables, ..Inputs::default() };
    Ok(Sheet { case: Some(case.name.value.clone()), inputs, question, unread: BTreeMap::new() })
}

/// The rows, read once for each way of describing them.
pub(crate) struct Sheets<'a> {
    rows: &'a Rows<'a>,
    known: BTreeMap<String, Rc<Vec<Result<Sheet, String>>>>,
}

impl<'a> Sheets<'a> {
    /// Returns the sheets of some rows, none read yet.
    pub(crate) fn new(rows: &'a Rows<'a>) -> Self {
        Self { rows, known: BTreeMap::new() }
    }

    /// Returns all sheets, as the needed sources are described.
    pub(crate) fn of(&mut self, described: &Described, needed: &BTreeSet<String>) -> Rc<Vec<Result<Sheet, String>>> {
        let said = needed.iter().map(|name| format!("{name}={:?};", described.said.get(name)));
        let sheets = self.known.entry(said.collect()).or_insert_with(|| Rc::new(self.rows.read(described, needed)));
        sheets.clone()
    }
}

impl Sheet {
    /// Reads the file of one source.
    fn add(&mut self, described: &Described, name: &str, path: &Path) {
        let source = |name: &str| described.sources.get(name).map(|file| &file.source);
        match Inputs::read_as(source, &BTreeMap::from([(name.to_owned(), path.to_owned())])) {
            Ok(read) => {
                self.inputs.tables.extend(read.tables);
                self.inputs.readings.extend(read.readings);
                self.inputs.observed.extend(read.observed);
            }
            Err(error) => {
                self.unread.insert(name.to_owned(), error.to_string());
            }
        }
    }

    /// Puts the question to a plan, split only by dimensions `within` those given, or tells why it cannot be asked. The
    /// periods of a case reach as far as the instants that any reading of its metric puts in a period, as where it is
    /// verified.
    pub(crate) fn request(
        &self,
        plan: &Plan,
        readings: &[&Plan],
        within: Option<&[String]>,
    ) -> Result<Request, String> {
        if let Some(reason) = plan.sources().into_iter().find_map(|source| self.unread.get(source)) {
            return Err(reason.clone());
        }
        let mut by = self.question.by.clone();
        by.retain(|name| within.is_none_or(|within| within.contains(name)));
        let request = run::request(plan, &self.inputs, &Question { by, ..self.question.clone() })?;
        Ok(match self.case {
            Some(_) => {
                let span = verify::span(readings.iter().copied(), &self.inputs.tables, request.as_of);
                Request { span, ..request }
            }
            None => request,
        })
    }
}
