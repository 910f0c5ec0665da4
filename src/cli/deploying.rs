//! `compile --as`: what is deployed is written into a folder, printed, or held to what is there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::arguments::{date, instant, unknown};
use super::cut::Cut;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::judging;
use super::project::{Project, no_such_metric};
use super::terminal::Terminal;
use crate::deploy::committed::{self, Present};
use crate::deploy::{self, Deployment, Form, Kept, Moment, Settings, settings, told};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::diagnostic;
use crate::report::findings::{Found, Looked, Report, json};
use crate::sql::Dialect;
use crate::store::{self, Rewrite};
use crate::text::{TextId, Texts};
use crate::value::{Date, Duration, Instant};

/// What is deployed, and where it is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Deploying")]
pub(super) struct Deploying {
    /// The form in which metrics are deployed; left out with `--into`, each file there is written as it was before.
    #[arg(long = "as", value_enum, value_name = "FORM")]
    form: Option<FormName>,

    /// The folder that the files are written into; left out, they are printed.
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,

    /// Write nothing: tell which files in the folder are stale, edited, missing, or without a definition.
    #[arg(long, requires = "into")]
    check: bool,

    /// The schema of what is deployed.
    #[arg(long, value_name = "NAME", requires = "form")]
    schema: Option<String>,

    /// No instant in the data is earlier; calendars are listed from here. Left out, 1970-01-01T00:00:00Z.
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "form")]
    since: Option<Instant>,

    /// From this moment of knowledge on a query returns no rows, for calendars are listed until here. Left out,
    /// 2036-01-01T00:00:00Z.
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "form")]
    until: Option<Instant>,

    /// For how long after its instant a row may still arrive or change, such as 3d; needed where only the periods that can
    /// still move are written anew.
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "form")]
    settles: Option<Duration>,

    /// How dbt keeps a model; left out, as a table.
    #[arg(long, value_enum, value_name = "HOW", requires = "form")]
    materialized: Option<KeptName>,

    /// How the findings of `--check` are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// The day of the check; left out, today in UTC.
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormName {
    /// A query in a file.
    Query,
    /// A view.
    View,
    /// A table, written anew by each run of its script.
    Table,
    /// A table of which a script writes anew only the periods that can still move.
    Incremental,
    /// A model of dbt with its description and tests.
    DbtModel,
    /// A semantic model of dbt, for metrics that it can express exactly.
    DbtMetrics,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KeptName {
    /// As a view.
    View,
    /// As a table.
    Table,
    /// As a table of which a run writes anew only what can still move.
    Incremental,
}

fn duration(text: &str) -> Result<Duration, String> {
    let length = text.parse::<Duration>().map_err(|error| error.to_string())?;
    if length < Duration::ZERO { Err("write a length of time that is not negative".to_owned()) } else { Ok(length) }
}

/// What `compile` was asked besides.
pub(super) struct Asked<'a> {
    pub(super) metrics: &'a [String],
    pub(super) dialect: Dialect,
    pub(super) cut: &'a Cut,
    pub(super) as_of: Option<Moment>,
}

impl Deploying {
    /// Tells whether something is deployed at all.
    pub(super) fn is_asked(&self) -> bool {
        self.form.is_some() || self.into.is_some()
    }

    /// Writes, prints or checks what is deployed.
    pub(super) fn run(&self, project: &mut Project, asked: &Asked<'_>, terminal: &mut Terminal) -> Outcome {
        let present = self.present()?;
        let deployment = match self.form {
            Some(form) => self.deployment(form, project, asked)?,
            None if self.check => Deployment::default(),
            None => committed::renewed(&present, &project.catalog),
        };
        if self.check {
            return self.tell(project, &present, &deployment, terminal);
        }
        for (name, reason) in &deployment.refused {
            terminal.remark(&format!("not deployed: {name}: {reason}"));
        }
        for (name, remark) in &deployment.remarks {
            terminal.remark(&format!("{name}: {remark}"));
        }
        if deployment.files.is_empty() {
            terminal.complain("there is nothing to deploy");
            return Ok(Exit::NothingChecked);
        }
        match &self.into {
            Some(folder) => write(folder, &deployment, terminal),
            None => print(&deployment, terminal),
        }
    }

    fn present(&self) -> Result<Vec<Present>, Stop> {
        let Some(folder) = self.into.as_ref().filter(|folder| folder.exists()) else { return Ok(Vec::new()) };
        committed::present(folder)
            .map_err(|error| Stop::Incomplete(format!("`{}` cannot be read: {error}", folder.display())))
    }

    fn deployment(&self, form: FormName, project: &Project, asked: &Asked<'_>) -> Result<Deployment, Stop> {
        let catalog = &project.catalog;
        let known = catalog.registry.metric_names();
        if let Some(wanted) = asked.metrics.iter().find(|name| catalog.reading(name).is_none()) {
            return Err(no_such_metric(wanted, &known));
        }
        let settings = self.settings(form, asked)?;
        let names = if asked.metrics.is_empty() { &known } else { asked.metrics };
        let deployment = deploy::deployment(catalog, names, &settings);
        // What was asked for by name must not be lost in silence.
        match deployment.refused.first() {
            Some((name, reason)) if !asked.metrics.is_empty() => {
                Err(Stop::Usage(format!("`{name}` is not deployed as {}: {reason}", settings.form.name())))
            }
            _ => Ok(deployment),
        }
    }

    fn settings(&self, form: FormName, asked: &Asked<'_>) -> Result<Settings, Stop> {
        let form = form.form();
        if asked.cut.to.is_some() {
            let what = "what is deployed goes on: leave `--to` out, or say with `--until` how long it is good";
            return Err(Stop::Usage(what.to_owned()));
        }
        if self.materialized.is_some() && form != Form::DbtModel {
            return Err(Stop::Usage("`--materialized` is for `--as dbt-model`".to_owned()));
        }
        let kept = (form == Form::DbtModel).then(|| self.materialized.unwrap_or(KeptName::Table).kept());
        let mut settings = Settings {
            form,
            kept,
            dialect: asked.dialect,
            grain: asked.cut.grain,
            by: asked.cut.by.clone(),
            from: asked.cut.from,
            since: self.since.unwrap_or_else(settings::since),
            until: self.until.unwrap_or_else(settings::until),
            as_of: asked.as_of.unwrap_or(Moment::Data),
            settles: self.settles,
            schema: self.schema.clone(),
        };
        if self.settles.is_none() && settings.is_incremental() {
            let what =
                "say with `--settles` for how long after its instant a row may still arrive or change, such as 3d";
            return Err(Stop::Usage(what.to_owned()));
        }
        if self.settles.is_some() && !settings.is_incremental() {
            return Err(Stop::Usage("`--settles` is for what is written anew in part".to_owned()));
        }
        if let (Some(from), None) = (settings.from, self.since) {
            settings.since = settings.since.min(from);
        }
        if settings.until <= settings.since
            || settings.from.is_some_and(|from| from < settings.since || from >= settings.until)
        {
            let (since, until) = (settings.since, settings.until);
            return Err(Stop::Usage(format!("`--from` must lie between `--since` ({since}) and `--until` ({until})")));
        }
        Ok(settings)
    }

    /// Returns the command that writes the files again.
    fn command(&self) -> String {
        let folder = self.into.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default();
        match self.form {
            Some(form) => format!("etalon compile --as {} --into {folder}", form.form().name()),
            None => format!("etalon compile --into {folder}"),
        }
    }

    /// Tells in what the files of the folder deviate.
    fn tell(
        &self,
        project: &mut Project,
        present: &[Present],
        deployment: &Deployment,
        terminal: &mut Terminal,
    ) -> Outcome {
        let now = Instant::from_micros(self.today.unwrap_or_else(judging::today).days() * 86_400_000_000);
        let deviations = committed::deviations(present, deployment, &project.catalog, now);
        let stamped = present.iter().filter(|file| file.text.contains(deploy::stamp::MARK));
        let looked_at = stamped.clone().count() + deployment.files.len();
        if looked_at == 0 {
            terminal.complain("there is no deployed file");
            return Ok(Exit::NothingChecked);
        }
        let mut files: BTreeMap<String, TextId> = BTreeMap::new();
        let mut looked = Vec::new();
        for file in stamped {
            let name = file.path.display().to_string();
            files.insert(file.below.clone(), project.texts.add(name.clone(), file.text.clone()));
            looked.push(Looked { metric: None, name: name.clone(), file: Some(name) });
        }
        let home = |metric: Option<&str>| project.home(metric);
        let findings =
            told::findings(&deviations, &project.texts, |path| files.get(path).copied(), home, &self.command());
        self.show((&findings, &project.texts), looked, terminal)
    }

    fn show(
        &self,
        (findings, texts): (&[Diagnostic], &Texts),
        looked_at: Vec<Looked>,
        terminal: &mut Terminal,
    ) -> Outcome {
        let files = looked_at.len();
        let found = vec![Found { texts, diagnostics: findings, findings: &[] }];
        let report =
            Report { command: "compile", found, files, revisions: Vec::new(), looked_at, fail_on: Severity::Error };
        let text = match self.format {
            Format::Human => {
                let told = diagnostic::render(findings, texts, terminal.style());
                format!("{told}{}\n", diagnostic::summary(findings, files))
            }
            Format::Json => json::json(&report) + "\n",
            other => other.findings(&report).unwrap_or_default(),
        };
        terminal.print(&text)?;
        Ok(if report.is_stopped() { Exit::Findings } else { Exit::Ok })
    }
}

impl FormName {
    fn form(self) -> Form {
        Form::EVERY[self as usize]
    }
}

impl KeptName {
    fn kept(self) -> Kept {
        Kept::EVERY[self as usize]
    }
}

fn print(deployment: &Deployment, terminal: &mut Terminal) -> Outcome {
    match deployment.files.as_slice() {
        [only] => terminal.print(&only.text)?,
        files => {
            for file in files {
                terminal.print(&format!("-- {}\n{}\n", file.path, file.text))?;
            }
        }
    }
    Ok(Exit::Ok)
}

/// Writes the files that are not there as they should be, all or none.
fn write(folder: &Path, deployment: &Deployment, terminal: &mut Terminal) -> Outcome {
    let mut rewrites = Vec::new();
    for file in &deployment.files {
        let path = folder.join(&file.path);
        let before = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Stop::Incomplete(format!("`{}` cannot be read: {error}", path.display()))),
        };
        if before.as_ref().is_some_and(|text| !text.contains(deploy::stamp::MARK)) {
            return Err(Stop::Usage(format!(
                "`{}` is there and was not written by etalon; move it away first",
                path.display()
            )));
        }
        if before.as_ref() != Some(&file.text) {
            rewrites.push(Rewrite { path, before, after: file.text.clone() });
        }
    }
    store::rewrite(folder, &rewrites).map_err(|refusal| Stop::Incomplete(refusal.to_string()))?;
    let same = deployment.files.len() - rewrites.len();
    let mut text: String = rewrites.iter().map(|rewrite| format!("{}\n", rewrite.path.display())).collect();
    text.push_str(&format!("{} written, {same} as they were\n", rewrites.len()));
    terminal.print(&text)?;
    Ok(Exit::Ok)
}

/// Reads `data`, `now` or an instant.
pub(super) fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| {
        "write `data`, `now`, or an instant with its offset, such as 2026-05-01T00:00:00+02:00".to_owned()
    })
}

/// Finds a dialect.
pub(super) fn dialect(name: &str) -> Result<Dialect, Stop> {
    let known = crate::sql::DIALECTS.iter().map(|dialect| dialect.name);
    Dialect::find(name).ok_or_else(|| Stop::Usage(unknown("dialect", name, known)))
}
