use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::arguments::instant;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::judging::Judging;
use super::project::{self, Project, Root};
use super::remotes;
use super::terminal::Terminal;
use crate::cache::{Answer, Cache, Question, Visit};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::remote;
use crate::report::diagnostic;
use crate::report::findings::{Found, Looked, Report, json};
use crate::rules::Finding;
use crate::text::Texts;
use crate::value::Instant;

/// Check definitions: structure, references, types, policies.
///
/// Every mistake is reported with its place and a remedy. With `--on` the tables of a target are looked at too; nothing
/// is written there.
///
/// Of a large project without mistakes it keeps what was found, so that the next check judges what has changed; where, the
/// variable ETALON_CACHE says, else it is the user's folder for such things. What lies there can be removed at any time.
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

    /// Read and judge every file anew, and keep nothing for the next check.
    #[arg(long)]
    no_cache: bool,

    #[command(flatten)]
    judging: Judging,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

/// What was found in a project.
struct Checked {
    texts: Texts,
    /// Its mistakes.
    findings: Vec<Diagnostic>,
    /// What rules have found.
    judged: Vec<Finding>,
    files: usize,
    looked_at: Vec<Looked>,
}

impl Check {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let path = project::found(self.path.as_deref())?;
        let (mut all, mut tables) = (Vec::new(), String::new());
        if self.targets.is_empty() && !self.cases {
            for root in project::roots(&path) {
                all.push(self.check(&root)?);
            }
        } else {
            let mut projects = project::open_all(Some(&path))?;
            for project in &mut projects {
                project.check_cases();
                project.judge(&self.judging, self.cases, None)?;
            }
            tables = self.check_tables(&mut projects, terminal)?;
            all.extend(projects.into_iter().map(Checked::of));
        }
        let files: usize = all.iter().map(|checked| checked.files).sum();
        if files == 0 && !all.iter().any(Checked::is_broken) {
            return project::tell_nothing(&path.display().to_string(), terminal);
        }
        let report = self.report(&all, files);
        let text = match self.format {
            Format::Human => human(&all, files, terminal) + &tables,
            Format::Json => json::json(&report) + "\n",
            other => other.findings(&report).unwrap_or_default(),
        };
        terminal.print(&text)?;
        Ok(if report.is_stopped() { Exit::Findings } else { Exit::Ok })
    }

    /// Checks one project: what has changed since the last check, where that was kept, or all of it.
    fn check(&self, root: &Root) -> Result<Checked, Stop> {
        let question = Question { asked: self.judging.asked(), today: self.judging.today() };
        let cache = Cache::usual().filter(|_| !self.no_cache);
        let visit = match (&cache, root) {
            (Some(cache), Root::Folder(names)) => cache.visit(names, question),
            _ => None,
        };
        if let Some(answer) = visit.as_ref().and_then(Visit::recall) {
            return Ok(Checked::recalled(answer));
        }
        let mut project = root.read();
        project.check_cases();
        project.judge(&self.judging, false, visit.as_ref())?;
        Ok(Checked::of(project))
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

    fn report<'a>(&self, all: &'a [Checked], files: usize) -> Report<'a> {
        let found = |checked: &'a Checked| Found {
            texts: &checked.texts,
            diagnostics: &checked.findings,
            findings: &checked.judged,
        };
        Report {
            command: "check",
            found: all.iter().map(found).collect(),
            files,
            revisions: Vec::new(),
            looked_at: all.iter().flat_map(|checked| checked.looked_at.clone()).collect(),
            fail_on: self.judging.fail_on(),
        }
    }
}

impl Checked {
    fn of(project: Project) -> Self {
        let Project { texts, catalog, findings, judged, .. } = project;
        let documents = catalog.documents.values();
        let looked_at = documents.map(|it| project::looked(&it.object, &texts.get(it.text).name)).collect();
        let files = catalog.files;
        // Soon the program ends: the system takes all of it back at once, piece by piece takes long.
        std::mem::forget(catalog);
        Self { texts, findings, judged, files, looked_at }
    }

    fn recalled(answer: Answer) -> Self {
        let looked_at = answer.objects.iter().map(|(object, file)| project::looked(object, file)).collect();
        let files = answer.objects.len();
        Self { texts: answer.texts, findings: Vec::new(), judged: answer.findings, files, looked_at }
    }

    fn is_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Returns everything that was found, in order of place.
    fn everything(&self) -> Vec<Diagnostic> {
        let open = self.judged.iter().filter(|finding| finding.accepted.is_none());
        let mut everything = Diagnostics::new();
        everything.extend(self.findings.iter().cloned().chain(open.map(|finding| finding.diagnostic.clone())));
        everything.into_sorted()
    }
}

fn human(all: &[Checked], files: usize, terminal: &Terminal) -> String {
    let mut text = String::new();
    let mut findings = Vec::new();
    for checked in all {
        let found = checked.everything();
        text.push_str(&diagnostic::render(&found, &checked.texts, terminal.style()));
        findings.extend(found);
    }
    let of = if all.len() > 1 { format!(" of {} projects", all.len()) } else { String::new() };
    let accepted = all.iter().flat_map(|checked| &checked.judged).filter(|it| it.accepted.is_some()).count();
    let accepted = if accepted > 0 { format!("; {accepted} accepted") } else { String::new() };
    text + &format!("{}{of}{accepted}\n", diagnostic::summary(&findings, files))
}
