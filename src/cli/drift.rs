use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::project::{self, Project, no_such_metric};
use super::remotes;
use super::terminal::Terminal;
use crate::deploy::committed;
use crate::diagnostic::{Diagnostic, Severity};
use crate::drift::{Approved, Bench, Deployed, Judged, Objects, of_catalogue, of_files, of_manifest, told};
use crate::engine::{ENGINES, Engine, EngineError};
use crate::lock::Lock;
use crate::remote;
use crate::report;
use crate::report::findings::{Found, Looked, Report};
use crate::sql::Dialect;
use crate::text::{TextId, Texts};

/// Compare deployed SQL with what is approved.
///
/// Approved are the released versions of `etalon.lock`; where nothing is locked, the current definitions. An object is the same
/// where a parser understands both texts alike: comments, format, case and needless parentheses do not matter. Where texts
/// differ, both are run over the tables of the metric's cases and over others, and what they answer decides; a difference is
/// shown on the smallest tables. With `--on` they are run on the target, over temporary tables.
///
/// Exit codes: 0 all is as approved, 1 something is not, 2 the arguments are wrong, 3 it could not be completed, 4 there was
/// nothing to look at.
#[derive(Debug, Args)]
pub(super) struct Drift {
    /// Only what is deployed of these metrics; each must be deployed.
    #[arg(value_name = "METRIC")]
    metrics: Vec<String>,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// A folder of deployed scripts or models.
    #[arg(long, value_name = "FOLDER", required_unless_present_any = ["manifest", "on"], conflicts_with_all = ["manifest", "on"])]
    deployed: Option<PathBuf>,

    /// The manifest of a dbt project, `target/manifest.json`.
    #[arg(long, value_name = "FILE", conflicts_with = "on")]
    manifest: Option<PathBuf>,

    /// The views of this target of `etalon.yaml`, as its catalogue has them.
    #[arg(long, value_name = "TARGET")]
    on: Option<String>,

    /// A part is deployed on purpose: what is released and not deployed is no finding.
    #[arg(long)]
    subset: bool,

    /// Tables that are tried besides those of cases, where texts differ.
    #[arg(long, value_name = "NUMBER", default_value_t = 300)]
    tries: usize,

    /// How verdicts are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Drift {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let mut project = project::open(self.path.as_deref())?;
        if project.is_broken() {
            return project.refuse(terminal);
        }
        if project.catalog.files == 0 {
            return project.tell_nothing(terminal);
        }
        let known = project.catalog.registry.metric_names();
        let lock = lock(&project)?;
        let is_locked = |name: &String| lock.of(name.split('.').next().unwrap_or(name)).next().is_some();
        if let Some(wanted) = self.metrics.iter().find(|name| !known.contains(name) && !is_locked(name)) {
            return Err(no_such_metric(wanted, &known));
        }
        let found = self.deployed(&known, &project)?;
        let judged = self.judged(&project, &lock, found, terminal)?;
        if judged.is_empty() {
            terminal.complain("nothing that is deployed has a stamp or the name of a metric");
            return Ok(Exit::NothingChecked);
        }
        self.tell(&mut project, &judged, terminal)
    }

    /// Reads what is deployed.
    fn deployed(&self, known: &[String], project: &Project) -> Result<Vec<Deployed>, Stop> {
        let objects = Objects::of(known);
        let is_known = |name: &str| objects.has(name);
        if let Some(target) = &self.on {
            let remote = remotes::find(target, std::slice::from_ref(project))?;
            let mut engine = remote::open(target, remote)?;
            return Ok(of_catalogue(engine.as_mut(), (target, remote.schema.as_deref()), is_known)?);
        }
        if let Some(path) = &self.manifest {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Stop::Incomplete(format!("`{}` cannot be read: {error}", path.display())))?;
            return of_manifest(&text, is_known)
                .map_err(|reason| Stop::Incomplete(format!("`{}` cannot be read: {reason}", path.display())));
        }
        let folder = self.deployed.clone().unwrap_or_default();
        if !folder.is_dir() {
            return Err(Stop::Usage(format!("there is no folder `{}`", folder.display())));
        }
        let files = committed::present(&folder)
            .map_err(|error| Stop::Incomplete(format!("`{}` cannot be read: {error}", folder.display())))?;
        Ok(of_files(&files, is_known))
    }

    fn judged(
        &self,
        project: &Project,
        lock: &Lock,
        found: Vec<Deployed>,
        terminal: &Terminal,
    ) -> Result<Vec<Judged>, Stop> {
        let approved = Approved { catalog: &project.catalog, lock };
        let engine = |dialect: Dialect| self.engine(project, dialect);
        let bench = Bench { approved, texts: &project.texts, tries: self.tries, engine: &engine };
        let bar = terminal.progress(found.len(), "drift");
        let mut judged = Vec::new();
        for deployed in found {
            bar.set_message(deployed.name.clone());
            bar.inc(1);
            judged.push(bench.judge(deployed)?);
        }
        bar.finish_and_clear();
        let released: Vec<String> = approved.released().into_iter().map(str::to_owned).collect();
        let expected: &[String] = match (self.metrics.is_empty(), self.subset) {
            (false, _) => &self.metrics,
            (true, true) => &[],
            (true, false) => &released,
        };
        if !self.metrics.is_empty() {
            let is_wanted = |one: &Judged| match &one.metric {
                Some(metric) => self.metrics.contains(metric),
                None => one.verdict.name() == "unreadable",
            };
            judged.retain(is_wanted);
        }
        judged.extend(bench.missing(expected, &judged));
        Ok(judged)
    }

    /// Opens an engine that runs a dialect: the target that is looked at, else one that is at hand.
    fn engine(&self, project: &Project, dialect: Dialect) -> Result<Option<Box<dyn Engine>>, EngineError> {
        if let Some(target) = &self.on {
            let remote = remotes::declared(project, target);
            return remote.map(|remote| remote::open(target, remote)).transpose();
        }
        let engines = ENGINES.iter().filter(|entry| entry.dialect == dialect.name);
        Ok(engines.into_iter().find_map(|entry| (entry.open)().ok()))
    }

    fn tell(&self, project: &mut Project, judged: &[Judged], terminal: &mut Terminal) -> Outcome {
        let mut files: BTreeMap<String, TextId> = BTreeMap::new();
        let mut looked_at = Vec::new();
        for one in judged {
            let file = one.deployed.as_ref().map(|deployed| {
                let id = project.texts.add(deployed.place.clone(), deployed.text.clone());
                files.insert(deployed.place.clone(), id);
                deployed.place.clone()
            });
            looked_at.push(Looked { metric: one.metric.clone(), name: one.name.clone(), file });
        }
        let home = |metric: Option<&str>| project.home(metric);
        let found = told::findings(judged, &project.texts, |place| files.get(place).copied(), home);
        let text = match self.format {
            Format::Human => report::drift::human(judged, &found, &project.texts, terminal.style()),
            Format::Json => report::drift::json(judged, &found) + "\n",
            other => {
                let findings: Vec<Diagnostic> = found.iter().map(|(_, finding)| finding.clone()).collect();
                in_form(other, &findings, &project.texts, looked_at)
            }
        };
        terminal.print(&text)?;
        Ok(if judged.iter().any(|one| one.verdict.is_finding()) { Exit::Findings } else { Exit::Ok })
    }
}

fn in_form(format: Format, findings: &[Diagnostic], texts: &Texts, looked_at: Vec<Looked>) -> String {
    let found = vec![Found { texts, diagnostics: findings, findings: &[] }];
    let files = looked_at.len();
    let report = Report { command: "drift", found, files, revisions: Vec::new(), looked_at, fail_on: Severity::Error };
    format.findings(&report).unwrap_or_default()
}

fn lock(project: &Project) -> Result<Lock, Stop> {
    match project.catalog.root.as_deref().map(Lock::beside) {
        Some(Ok((lock, _))) => Ok(lock),
        Some(Err(_)) => Err(Stop::Incomplete("the lock cannot be read; `etalon check` tells why".to_owned())),
        None => Ok(Lock::default()),
    }
}
