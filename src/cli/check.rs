use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::arguments::instant;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::judging::Judging;
use super::project::{self, Project};
use super::remotes;
use super::terminal::Terminal;
use crate::diagnostic::Diagnostics;
use crate::remote;
use crate::report::diagnostic;
use crate::report::findings::{Report, json};
use crate::value::Instant;

/// Check definitions: structure, references, types, policies.
///
/// Every mistake is reported with its place and a remedy. With `--on` the tables of a target are looked at too; nothing
/// is written there.
///
/// Exit codes: 0 all is well, 1 there are errors, 2 the arguments are wrong, 3 it could not be completed, 4 there
/// was nothing to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// A folder of definitions, one file of a project, or `-` for standard input; left out, `definitions` or the
    /// project around this folder.
    path: Option<PathBuf>,

    /// Compute the cases too, by the interpreter, and break each clause: what no case notices is a finding. Takes longer.
    #[arg(long)]
    cases: bool,

    /// Hold the tables of this target of `etalon.yaml` against the sources: columns, types, values, keys, age (may be
    /// repeated).
    #[arg(long = "on", value_name = "TARGET")]
    targets: Vec<String>,

    /// The moment at which the age of tables is judged; left out, now.
    #[arg(long, value_name = "INSTANT", value_parser = instant, requires = "targets")]
    as_of: Option<Instant>,

    #[command(flatten)]
    judging: Judging,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Check {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let mut projects = project::open_all(self.path.as_deref())?;
        for project in &mut projects {
            project.check_cases();
            project.judge(&self.judging, self.cases)?;
        }
        let tables = self.check_tables(&mut projects, terminal)?;
        let files: usize = projects.iter().map(|project| project.catalog.files).sum();
        if files == 0 && !projects.iter().any(Project::is_broken) {
            return match projects.first() {
                Some(project) => project.tell_nothing(terminal),
                None => Ok(Exit::NothingChecked),
            };
        }
        let report = self.report(&projects, files);
        let text = match self.format {
            Format::Human => human(&projects, files, terminal) + &tables,
            Format::Json => json::json(&report) + "\n",
            other => other.findings(&report).unwrap_or_default(),
        };
        terminal.print(&text)?;
        let exit = if report.is_stopped() { Exit::Findings } else { Exit::Ok };
        // The program ends: the system takes all of it back at once, piece by piece takes long.
        std::mem::forget(projects);
        Ok(exit)
    }

    /// Holds the tables of the targets against the sources of the projects that declare these; tells how many were seen.
    fn check_tables(&self, projects: &mut [Project], terminal: &Terminal) -> Result<String, Stop> {
        let now = self.as_of.unwrap_or_else(|| Instant::from_micros(Timestamp::now().as_microsecond()));
        let mut told = String::new();
        for name in &self.targets {
            remotes::find(name, projects)?;
            let declaring = projects.iter_mut().filter(|project| !project.is_broken());
            for project in declaring {
                let Some(remote) = remotes::declared(project, name) else { continue };
                let mut engine = remote::open(name, remote)?;
                let bar = terminal.progress(project.catalog.registry.sources.len(), name);
                let mut diagnostics = Diagnostics::new();
                let seen = remote::check(&project.catalog, engine.as_mut(), now, &|_| bar.inc(1), &mut diagnostics);
                bar.finish_and_clear();
                let seen = seen?;
                let tables = if seen == 1 { "table" } else { "tables" };
                told.push_str(&format!("on {name} ({} {}): {seen} {tables}\n", remote.engine.value, engine.version()));
                diagnostics.extend(std::mem::take(&mut project.findings));
                project.findings = diagnostics.into_sorted();
            }
        }
        Ok(told)
    }

    fn report<'a>(&self, projects: &'a [Project], files: usize) -> Report<'a> {
        Report {
            command: "check",
            found: projects.iter().map(Project::found_all).collect(),
            files,
            revisions: Vec::new(),
            looked_at: projects.iter().flat_map(Project::looked_at).collect(),
            fail_on: self.judging.fail_on(),
        }
    }
}

fn human(projects: &[Project], files: usize, terminal: &Terminal) -> String {
    let mut text = String::new();
    let mut findings = Vec::new();
    for project in projects {
        let found = project.everything();
        text.push_str(&diagnostic::render(&found, &project.texts, terminal.style()));
        findings.extend(found);
    }
    let of = if projects.len() > 1 { format!(" of {} projects", projects.len()) } else { String::new() };
    let accepted = projects.iter().flat_map(|project| &project.judged).filter(|it| it.accepted.is_some()).count();
    let accepted = if accepted > 0 { format!("; {accepted} accepted") } else { String::new() };
    text + &format!("{}{of}{accepted}\n", diagnostic::summary(&findings, files))
}
