use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::arguments::{instant, source_file, unknown};
use super::cut::Cut;
use super::exit::{Exit, Outcome, Stop};
use super::project;
use super::terminal::Terminal;
use crate::catalog::{self, Catalog};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::diff::{self, Comparison, MeaningChange, Scope};
use crate::impact::{self, Price, Projects, Rows};
use crate::inputs::Inputs;
use crate::load::{self, Loaded, LoadedFile};
use crate::plan::Plan;
use crate::report::{self, diagnostic};
use crate::run::Question;
use crate::text::Texts;
use crate::value::Instant;

/// Price a change: what each number was and is over the same rows, and which clause moved it by how much.
///
/// The shares of the clauses add up to the move exactly and do not depend on the order of the clauses. Rows are those of
/// the files that are given or that the sources name; where there are none, those of the cases.
///
/// Exit codes: 0 all is well, 1 definitions have errors, 2 the arguments are wrong, 3 it could not be completed, 4 there
/// was nothing to price.
#[derive(Debug, Args)]
pub(super) struct Impact {
    /// The definitions as they were: a folder, or one file of a project.
    old: PathBuf,

    /// The definitions as they are; left out, `definitions` or the project around this folder.
    new: Option<PathBuf>,

    /// Only this metric (may be repeated).
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    /// Rows of a source, where its definition names no file (may be repeated).
    #[arg(long = "data", value_name = "SOURCE=FILE", value_parser = source_file, conflicts_with = "fixtures")]
    data: Vec<(String, PathBuf)>,

    /// Price on the cases of each metric, also where there are files.
    #[arg(long)]
    fixtures: bool,

    #[command(flatten)]
    cut: Cut,

    /// The moment of knowledge; left out, what the sources are complete to.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<Instant>,

    /// How the prices are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines and small tables for people.
    Human,
    /// One document for programs, versioned.
    Json,
}

impl Impact {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.cut.refuse_empty()?;
        let opened = sides(&self.old, self.new.as_deref())?;
        if opened.is_broken() {
            return Ok(opened.refuse(terminal));
        }
        self.refuse_unknown(&opened)?;
        let scope = match self.metrics.is_empty() {
            true => Scope::Every,
            false => Scope::Only(self.metrics.iter().cloned().collect()),
        };
        let diff = diff::compare(&opened.old, &opened.new, &opened.texts, &scope);
        let moving = |it: &&Comparison| matches!(it.meaning, MeaningChange::Differs);
        let comparisons: Vec<&Comparison> = diff.comparisons.iter().filter(moving).collect();
        let bar = terminal.progress(comparisons.len(), "impact");
        let mut prices = Vec::new();
        for comparison in comparisons {
            let step = |name: &str| bar.set_message(name.to_owned());
            prices.extend(self.price(comparison, &opened, &step)?);
            bar.inc(1);
        }
        bar.finish_and_clear();
        let text = match self.format {
            Format::Human => report::impact::human(&prices),
            Format::Json => report::impact::json(&prices),
        };
        terminal.print(&text)?;
        self.concluded(&prices)
    }

    fn concluded(&self, prices: &[Price]) -> Outcome {
        let readings = || prices.iter().flat_map(|price| &price.grounds).flat_map(|ground| &ground.readings);
        match readings().find_map(|reading| reading.failed.as_ref()) {
            // What was asked for by name must not be lost in silence.
            Some(reason) if !self.metrics.is_empty() => Err(Stop::Incomplete(format!("not computed: {reason}"))),
            _ if !prices.is_empty() && readings().next().is_none() => Ok(Exit::NothingChecked),
            _ => Ok(Exit::Ok),
        }
    }

    fn price(&self, comparison: &Comparison, opened: &Opened, step: &dyn Fn(&str)) -> Result<Option<Price>, Stop> {
        let sides = Projects { old: &opened.old, new: &opened.new, texts: &opened.texts };
        let question = self.question();
        let rows = self.rows(comparison, opened, &question)?;
        // Only what differs on both sides was asked for, so that there is a price.
        Ok(impact::price(comparison, &sides, &rows, step).ok())
    }

    fn rows<'a>(
        &self,
        comparison: &'a Comparison,
        opened: &'a Opened,
        question: &'a Question,
    ) -> Result<Rows<'a>, Stop> {
        let old_id = comparison.renamed_from.as_deref().unwrap_or(&comparison.id);
        let cases = || Rows::cases((&opened.old, old_id), (&opened.new, &comparison.id), &opened.texts);
        if self.fixtures {
            return Ok(cases());
        }
        let given: BTreeMap<String, PathBuf> = self.data.iter().cloned().collect();
        let mut places = BTreeMap::new();
        for catalog in [&opened.old, &opened.new] {
            let names: Vec<&str> = catalog.registry.sources.keys().map(String::as_str).collect();
            let found = Inputs::places(catalog, &names, &given).map_err(|error| Stop::Incomplete(error.to_string()))?;
            places.extend(found);
        }
        let plans = comparison.readings.values().flat_map(|(old, new)| [old, new]).flatten();
        let mut needed = plans.flat_map(Plan::sources);
        match needed.all(|source| places.contains_key(source)) || !self.data.is_empty() {
            true => Ok(Rows::Data(places, question)),
            false => Ok(cases()),
        }
    }

    fn question(&self) -> Question {
        Question {
            grain: self.cut.grain,
            by: self.cut.by.clone(),
            from: self.cut.from,
            to: self.cut.to,
            as_of: self.as_of,
        }
    }

    /// Refuses names that neither side has.
    fn refuse_unknown(&self, opened: &Opened) -> Result<(), Stop> {
        let both = [&opened.old.registry, &opened.new.registry];
        let metrics: Vec<&String> = both.iter().flat_map(|registry| registry.metrics.keys()).collect();
        if let Some(wanted) = self.metrics.iter().find(|name| !metrics.contains(name)) {
            let known: Vec<String> = metrics.into_iter().cloned().collect();
            return Err(project::no_such_metric(wanted, &known));
        }
        let sources: Vec<&str> = both.iter().flat_map(|registry| registry.sources.keys()).map(String::as_str).collect();
        match self.data.iter().find(|(name, _)| !sources.contains(&name.as_str())) {
            Some((wanted, _)) => Err(Stop::Usage(unknown("source", wanted, sources))),
            None => Ok(()),
        }
    }
}

/// Two projects, read into one collection of texts.
struct Opened {
    texts: Texts,
    old: Catalog,
    new: Catalog,
    findings: Vec<Diagnostic>,
}

impl Opened {
    fn is_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn refuse(&self, terminal: &mut Terminal) -> Exit {
        let told = diagnostic::render(&self.findings, &self.texts, terminal.error_style());
        terminal.remark(told.trim_end());
        let files = self.old.files + self.new.files;
        terminal.remark(&format!("\n{}", diagnostic::summary(&self.findings, files)));
        Exit::Findings
    }
}

/// Reads and checks both sides of a change.
fn sides(old: &Path, new: Option<&Path>) -> Result<Opened, Stop> {
    let (old, new) = (project::found(Some(old))?, project::found(new)?);
    let mut texts = Texts::new();
    let mut diagnostics = Diagnostics::new();
    let loaded = [old, new].map(|path| moved(load::load(&path), &mut texts, &mut diagnostics));
    let catalogs = loaded.map(|files| {
        let loaded = Loaded { texts: texts.clone(), files, ..Loaded::default() };
        catalog::build(&loaded, &mut diagnostics)
    });
    let [old, new] = catalogs;
    Ok(Opened { texts, old, new, findings: diagnostics.into_sorted() })
}

/// Moves what was read over to a collection of texts.
fn moved(loaded: Loaded, texts: &mut Texts, diagnostics: &mut Diagnostics) -> Vec<LoadedFile> {
    let ids: BTreeMap<_, _> =
        loaded.texts.iter().map(|(id, text)| (id, texts.add(text.name.clone(), text.content.clone()))).collect();
    for mut finding in loaded.diagnostics.into_sorted() {
        finding.labels.iter_mut().for_each(|label| label.span.text = ids[&label.span.text]);
        diagnostics.push(finding);
    }
    loaded.files.into_iter().map(|file| LoadedFile { id: ids[&file.id], ..file }).collect()
}
