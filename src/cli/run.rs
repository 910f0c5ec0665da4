use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{instant, source_file, unknown};
use super::cut::Cut;
use super::engines;
use super::exit::{Exit, Outcome, Stop};
use super::mapped;
use super::project::{self, Project};
use super::terminal::Terminal;
use crate::inputs::Inputs;
use crate::report;
use crate::run;
use crate::value::Instant;

/// Compute metrics over data files, by period and dimension.
///
/// Each number is computed by the interpreter and by an engine's SQL, and the two must agree.
///
/// Exit codes: 0 all is well, 1 definitions have errors or the two ways disagree, 2 the arguments are wrong, 3 it
/// could not be completed, 4 no metric had data.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    path: Option<PathBuf>,

    /// Only this metric with its variants, or one variant (may be repeated).
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    /// Read the sources as this mapping says, its files from FOLDER or from beside the mapping.
    #[arg(long, value_name = "NAME[=FOLDER]")]
    mapping: Option<String>,

    /// Rows of a source, where its definition names no file (may be repeated).
    #[arg(long = "data", value_name = "SOURCE=FILE", value_parser = source_file)]
    data: Vec<(String, PathBuf)>,

    #[command(flatten)]
    cut: Cut,

    /// The moment of knowledge; left out, what the sources are complete to.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<Instant>,

    /// The engine that computes beside the interpreter.
    #[arg(long, default_value = "sqlite")]
    engine: String,

    /// How the numbers are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people.
    Human,
    /// One table for programs.
    Csv,
    /// One document for programs, versioned.
    Json,
}

impl Run {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.cut.refuse_empty()?;
        let mut project = project::open(self.path.as_deref()).map_err(|stop| self.hinted(stop))?;
        if project.is_broken() {
            return project.refuse(terminal);
        }
        if project.catalog.files == 0 {
            return project.tell_nothing(terminal);
        }
        let names = project.names(&self.metrics)?;
        self.refuse_unknown_dimension(&project, &names)?;
        let mapped =
            self.mapping.as_deref().map_or(Ok(BTreeMap::new()), |mapping| mapped::apply(mapping, &mut project))?;
        let inputs = self.inputs(&project, &names, mapped)?;
        let mut engines = engines::open(std::slice::from_ref(&self.engine), terminal)?;
        let bar = terminal.progress(names.len(), "run");
        let step = |name: &str| {
            bar.set_message(name.to_owned());
            bar.inc(1);
        };
        let run = run::run(&project.catalog, &inputs, &names, &self.cut.question(self.as_of), &mut engines, &step);
        bar.finish_and_clear();
        let run = run.map_err(|error| Stop::incomplete(&error, error.remedy()))?;
        if run.metrics.is_empty() {
            terminal.complain("no metric could be computed");
            terminal.remark(report::run::skipped(&run).trim_end());
            self.tell_missing_data(&project, &names, &inputs, terminal);
            return Ok(Exit::NothingChecked);
        }
        self.tell(&run, &inputs, terminal)?;
        if run.metrics.iter().any(|metric| !metric.disagreements.is_empty()) {
            return Ok(Exit::Findings);
        }
        // What was asked for by name must not be lost in silence.
        match run.skipped.first() {
            Some((name, reason)) if !self.metrics.is_empty() => {
                Err(Stop::Incomplete(format!("`{name}` could not be computed: {reason}")))
            }
            _ => Ok(Exit::Ok),
        }
    }

    fn tell_missing_data(&self, project: &Project, names: &[String], inputs: &Inputs, terminal: &mut Terminal) {
        let needed = self.needed(project, names);
        let absent: Vec<String> = needed
            .iter()
            .filter(|source| !inputs.tables.contains_key(**source))
            .map(|source| format!("`--data {source}=FILE`"))
            .collect();
        if !absent.is_empty() {
            terminal.remark(&format!("help: rows are given with {}", absent.join(", ")));
        }
    }

    /// A metric in the place of a folder is a likely slip.
    fn hinted(&self, stop: Stop) -> Stop {
        let text = self.path.as_ref().map(|path| path.to_string_lossy()).unwrap_or_default();
        let is_name = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        match stop {
            Stop::Usage(message) if is_name => {
                Stop::Usage(format!("{message}\n  help: a metric is named with `--metric {text}`"))
            }
            other => other,
        }
    }

    fn tell(&self, run: &run::Run, inputs: &Inputs, terminal: &mut Terminal) -> Result<(), Stop> {
        match self.format {
            Format::Human => terminal.print(&report::run::human(run, inputs)),
            Format::Json => terminal.print(&report::run::json(run, inputs)),
            Format::Csv => {
                // A table has no place for what it lacks.
                if !run.skipped.is_empty() {
                    terminal.remark(report::run::skipped(run).trim_end());
                }
                terminal.print(&report::run::csv(run))
            }
        }
    }

    /// A dimension that none of the metrics has is a mistake of writing.
    fn refuse_unknown_dimension(&self, project: &Project, names: &[String]) -> Result<(), Stop> {
        let plans = names.iter().filter_map(|name| project.catalog.plans.get(name));
        let mut known: Vec<&str> =
            plans.flat_map(|plan| plan.dimensions.iter().map(|dimension| dimension.name.as_str())).collect();
        known.sort_unstable();
        known.dedup();
        match self.cut.by.iter().find(|name| !known.contains(&name.as_str())) {
            Some(wanted) => Err(Stop::Usage(unknown("dimension", wanted, known))),
            None => Ok(()),
        }
    }

    fn inputs(&self, project: &Project, names: &[String], mapped: BTreeMap<String, PathBuf>) -> Result<Inputs, Stop> {
        let sources = &project.catalog.registry.sources;
        let mut given = mapped;
        given.extend(self.data.iter().cloned());
        if let Some(wanted) = given.keys().find(|name| !sources.contains_key(*name)) {
            return Err(Stop::Usage(unknown("source", wanted, sources.keys().map(String::as_str))));
        }
        let needed = self.needed(project, names);
        Inputs::read(&project.catalog, &needed, &given).map_err(|error| Stop::Incomplete(error.to_string()))
    }

    /// Returns the sources of the metrics and of their guardrails, sorted.
    fn needed<'a>(&self, project: &'a Project, names: &[String]) -> Vec<&'a str> {
        let catalog = &project.catalog;
        let mut needed = Vec::new();
        for name in names {
            let guards = catalog.reading(name).map_or(&[][..], |(metric, _)| metric.guardrails.as_slice());
            let guarding = guards.iter().map(|guardrail| guardrail.metric.value.as_str());
            for plan in guarding.chain([name.as_str()]).filter_map(|name| catalog.plans.get(name)) {
                needed.extend(plan.sources());
            }
        }
        needed.sort_unstable();
        needed.dedup();
        needed
    }
}
