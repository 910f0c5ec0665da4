use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;

use super::arguments::{instant, source_file, unknown};
use super::cut::Cut;
use super::engines;
use super::exit::{Exit, Outcome, Stop};
use super::mapped;
use super::project::{self, Project};
use super::remotes;
use super::terminal::Terminal;
use crate::diagnostic::Diagnostics;
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::remote::{self, Live};
use crate::report;
use crate::run;
use crate::value::Instant;

/// Compute metrics over data files or the tables of a target, by period and dimension.
///
/// Each number is computed by the interpreter and by an engine's SQL, and the two must agree. With `--on` a target computes
/// over its own tables, and nothing else does.
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

    /// Compute on this target of `etalon.yaml`, over its own tables; the interpreter takes no part.
    #[arg(long, value_name = "TARGET", conflicts_with_all = ["engine", "data", "mapping"])]
    on: Option<String>,

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
        let mut inputs = Inputs::default();
        let run = match &self.on {
            Some(target) => match self.run_on(target, &mut project, &names, terminal)? {
                Some(run) => run,
                None => return project.refuse(terminal),
            },
            None => {
                let mapped = self.mapping.as_deref().map(|mapping| mapped::apply(mapping, &mut project)).transpose()?;
                inputs = self.inputs(&project, &names, mapped.unwrap_or_default())?;
                let mut engines = engines::open(std::slice::from_ref(&self.engine), terminal)?;
                let question = self.cut.question(self.as_of);
                let step = Steps::new(names.len(), terminal);
                run::run(&project.catalog, &mut inputs, &names, &question, &mut engines, &|name| step.of(name))
                    .map_err(|error| Stop::incomplete(&error, error.remedy()))?
            }
        };
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

    /// Computes on a target; nothing where its tables are not as the sources declare, which are findings of the project
    /// then.
    fn run_on(
        &self,
        target: &str,
        project: &mut Project,
        names: &[String],
        terminal: &Terminal,
    ) -> Result<Option<run::Run>, Stop> {
        let declared = remotes::find(target, std::slice::from_ref(project))?.clone();
        let mut engine = remote::open(target, &declared)?;
        let mut diagnostics = Diagnostics::new();
        let needed = self.needed(project, names);
        remote::check_columns(&project.catalog, engine.as_mut(), &needed, &mut diagnostics)?;
        if diagnostics.has_errors() {
            diagnostics.extend(std::mem::take(&mut project.findings));
            project.findings = diagnostics.into_sorted();
            return Ok(None);
        }
        let catalog = &project.catalog;
        let mut live = Live::new(catalog, (target, &declared), engine, &self.plans(project, names))?;
        let step = Steps::new(names.len(), terminal);
        let question = self.cut.question(self.as_of);
        let run = run::over(catalog, &mut live, names, &question, &mut [], &|name| step.of(name));
        let mut run = run.map_err(|error| Stop::incomplete(&error, error.remedy()))?;
        run.on = Some(live.on().clone());
        Ok(Some(run))
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
        let mut needed: Vec<&str> = self.plans(project, names).into_iter().flat_map(Plan::sources).collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    }

    /// Returns the plans of the metrics and of their guardrails.
    fn plans<'a>(&self, project: &'a Project, names: &[String]) -> Vec<&'a Plan> {
        let catalog = &project.catalog;
        let mut plans = Vec::new();
        for name in names {
            let guards = catalog.reading(name).map_or(&[][..], |(metric, _)| metric.guardrails.as_slice());
            let guarding = guards.iter().map(|guardrail| guardrail.metric.value.as_str());
            plans.extend(guarding.chain([name.as_str()]).filter_map(|name| catalog.plans.get(name)).map(Arc::as_ref));
        }
        plans
    }
}

/// A bar that moves on with each metric.
struct Steps(ProgressBar);

impl Steps {
    fn new(steps: usize, terminal: &Terminal) -> Self {
        Self(terminal.progress(steps, "run"))
    }

    fn of(&self, name: &str) {
        self.0.set_message(name.to_owned());
        self.0.inc(1);
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
