//! The arguments of commands that compute several meanings over the same rows: which rows, which question, which form.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{instant, source_file, unknown};
use super::cut::Cut;
use super::exit::Stop;
use crate::catalog::Catalog;
use crate::impact::Rows;
use crate::inputs::Inputs;
use crate::run::Question;
use crate::value::Instant;

#[derive(Debug, Args)]
pub(super) struct OverRows {
    /// Rows of a source, where its definition names no file (may be repeated).
    #[arg(long = "data", value_name = "SOURCE=FILE", value_parser = source_file, conflicts_with = "fixtures")]
    data: Vec<(String, PathBuf)>,

    /// Take the rows of the cases, also where there are files.
    #[arg(long)]
    fixtures: bool,

    #[command(flatten)]
    pub(super) cut: Cut,

    /// The moment of knowledge; left out, what the sources are complete to.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<Instant>,

    /// How the answer is written.
    #[arg(long, value_enum, default_value_t = Form::Human)]
    pub(super) format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// Lines and small tables for people.
    Human,
    /// One document for programs, versioned.
    Json,
}

impl OverRows {
    pub(super) fn question(&self) -> Question {
        self.cut.question(self.as_of)
    }

    /// Returns the rows of the files that are given, or that there are for all that is `needed`, if that is known; else those
    /// of the cases.
    pub(super) fn rows<'a, 'n>(
        &self,
        catalogs: &[&Catalog],
        needed: Option<Vec<&'n str>>,
        question: &'a Question,
        cases: impl FnOnce() -> Rows<'a>,
    ) -> Rows<'a> {
        if self.fixtures {
            return cases();
        }
        let places = self.places(catalogs);
        let are_there = needed.is_some_and(|needed| needed.iter().all(|source| places.contains_key(*source)));
        if are_there || !self.data.is_empty() { Rows::Data(places, question) } else { cases() }
    }

    /// Returns where the rows of each source lie; every meaning is computed over the same ones. A file that a revision
    /// names cannot be read where the revision is not on the disk.
    fn places(&self, catalogs: &[&Catalog]) -> BTreeMap<String, PathBuf> {
        let given: BTreeMap<String, PathBuf> = self.data.iter().cloned().collect();
        let mut places = given.clone();
        for catalog in catalogs {
            for name in catalog.registry.sources.keys() {
                places.extend(Inputs::places(catalog, &[name.as_str()], &given).unwrap_or_default());
            }
        }
        places
    }

    /// Refuses rows of a source that none of the catalogs has.
    pub(super) fn refuse_unknown_source<'a>(
        &self,
        catalogs: impl IntoIterator<Item = &'a Catalog>,
    ) -> Result<(), Stop> {
        let sources = catalogs.into_iter().flat_map(|catalog| catalog.registry.sources.keys());
        let mut known: Vec<&str> = sources.map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        match self.data.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((wanted, _)) => Err(Stop::Usage(unknown("source", wanted, known))),
            None => Ok(()),
        }
    }
}
