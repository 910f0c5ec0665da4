//! Opening projects: what every command about definitions does first.

use std::path::{Path, PathBuf};

use super::arguments::unknown;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::judging::Judging;
use super::terminal::Terminal;
use crate::cache::{Visit, Whole};
use crate::catalog::{Catalog, Object};
use crate::checked;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::format::FileKind;
use crate::load::{self, Loaded, LoadedFile, Names};
use crate::report::diagnostic;
use crate::report::findings::{Found, Looked, Report};
use crate::review::Papers;
use crate::rules::{self, Finding, Outline, Subject};
use crate::sides::Place;
use crate::text::{Span, Texts};
use crate::verify::{self, How};

/// The folder that is meant where none is named and there is one.
const USUAL: &str = "definitions";
/// The file whose folder is a project.
const PROJECT_FILE: &str = "etalon.yaml";

/// A project that was read and checked.
pub(super) struct Project {
    /// The folder or file that was asked for, as it is shown.
    pub(super) place: String,
    pub(super) texts: Texts,
    pub(super) files: Vec<LoadedFile>,
    pub(super) catalog: Catalog,
    pub(super) findings: Vec<Diagnostic>,
    /// What rules have found; none where they have not been asked.
    pub(super) judged: Vec<Finding>,
}

impl Project {
    /// Returns whether there is an error among the findings.
    pub(super) fn is_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Adds what is wrong with the tables of the cases.
    pub(super) fn check_cases(&mut self) {
        let mut diagnostics = Diagnostics::new();
        diagnostics.extend(std::mem::take(&mut self.findings));
        verify::check(&self.catalog, &self.texts, &mut diagnostics);
        self.findings = diagnostics.into_sorted();
    }

    /// Judges the project by rules, and keeps what they find for the next time where there was a `visit` before it was read.
    /// What has errors is mended first: rules would repeat them.
    pub(super) fn judge(&mut self, judging: &Judging, with_cases: bool, visit: Option<&Visit<'_>>) -> Result<(), Stop> {
        if self.is_broken() {
            return Ok(());
        }
        let root = self.catalog.root.clone().unwrap_or_default();
        let place = Place::Disk(root);
        let papers = match Papers::read(&place, &self.catalog, (&place.shown(""), &mut self.texts)) {
            Ok(papers) => papers,
            Err(error) => return Err(Stop::Incomplete(error.to_string())),
        };
        let mut diagnostics = Diagnostics::new();
        let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
        let verification = with_cases.then(|| verify::verify(&self.catalog, &self.texts, how, &mut diagnostics));
        let alone = Subject::alone(papers.side(&self.catalog), &self.texts, (judging.today(), judging.asked()));
        let subject = Subject { verification: verification.as_ref(), ..alone };
        let outlines = rules::outlines(&subject);
        let everyone: Vec<&Outline> = outlines.iter().collect();
        self.judged = rules::judge_among(&subject, &everyone).expect("every metric is there");
        self.findings.extend(papers.findings);
        if let Some(visit) = visit.filter(|_| self.findings.is_empty()) {
            let (catalog, texts, findings) = (&self.catalog, &self.texts, self.judged.as_slice());
            visit.keep(&Whole { catalog, texts, outlines: &outlines, findings });
        }
        Ok(())
    }

    /// Returns where a metric is defined; without one, where the project is.
    pub(super) fn home(&self, metric: Option<&str>) -> Span {
        let found = metric.and_then(|metric| self.catalog.reading(metric)).map(|(metric, _)| metric.id.span);
        let first = self.texts.iter().next().map(|(id, _)| Span::new(id, 0, 0));
        found.or(first).unwrap_or_else(|| Span::new(Texts::new().add("", ""), 0, 0))
    }

    /// Tells on standard error that the definitions have errors: they are not what was asked for, so they must not
    /// mix with it.
    pub(super) fn refuse(&self, terminal: &mut Terminal) -> Outcome {
        let told = diagnostic::render(&self.findings, &self.texts, terminal.error_style());
        terminal.remark(told.trim_end());
        terminal.remark(&format!("\n{}", diagnostic::summary(&self.findings, self.catalog.files)));
        Ok(Exit::Findings)
    }

    /// Tells that there are no definitions.
    pub(super) fn tell_nothing(&self, terminal: &mut Terminal) -> Outcome {
        tell_nothing(&self.place, terminal)
    }

    /// Returns the full names that match what was asked for: all, a metric with its variants, or one variant.
    pub(super) fn names(&self, asked: &[String]) -> Result<Vec<String>, Stop> {
        let known = self.catalog.registry.metric_names();
        if asked.is_empty() {
            return Ok(known);
        }
        let mut names = Vec::new();
        for wanted in asked {
            let prefix = format!("{wanted}.");
            let found: Vec<&String> =
                known.iter().filter(|name| *name == wanted || name.starts_with(&prefix)).collect();
            if found.is_empty() {
                return Err(no_such_metric(wanted, &known));
            }
            names.extend(found.into_iter().cloned());
        }
        names.sort();
        names.dedup();
        Ok(names)
    }
}

/// Tells what was looked at in the file of an object.
pub(super) fn looked(object: &Object, file: &str) -> Looked {
    let metric = match object.kind {
        FileKind::Metric => Some(object.id()),
        FileKind::Case => object.name.split(['/', '.']).next(),
        _ => None,
    };
    Looked { metric: metric.map(str::to_owned), name: file.to_owned(), file: Some(file.to_owned()) }
}

/// Writes what was found in each of some projects, in a form that is the same for every command.
pub(super) fn findings(
    (format, command): (Format, &'static str),
    projects: &[Project],
    all: &[Vec<Diagnostic>],
    looked_at: Vec<Looked>,
) -> String {
    let found = projects.iter().zip(all);
    let report = Report {
        command,
        found: found.map(|(it, all)| Found { texts: &it.texts, diagnostics: all, findings: &[] }).collect(),
        files: projects.iter().map(|project| project.catalog.files).sum(),
        revisions: Vec::new(),
        looked_at,
        fail_on: Severity::Error,
    };
    format.findings(&report).unwrap_or_default()
}

/// Says that a metric does not exist.
pub(super) fn no_such_metric(wanted: &str, known: &[String]) -> Stop {
    Stop::Usage(unknown("metric", wanted, known.iter().map(String::as_str)))
}

/// Tells that there are no definitions in a place.
pub(super) fn tell_nothing(place: &str, terminal: &mut Terminal) -> Outcome {
    terminal.complain(&format!("there are no definition files in `{place}`"));
    terminal.remark("  help: `etalon init` writes a small working project");
    Ok(Exit::NothingChecked)
}

/// Reads and checks the project at `path`; `-` reads one file from standard input, `None` finds the project around the
/// current folder.
///
/// # Errors
/// When there is nothing at the path.
pub(super) fn open(path: Option<&Path>) -> Result<Project, Stop> {
    Ok(read(&found(path)?))
}

/// Reads and checks the project at `path` and every project nested in it, as [`open`] does.
///
/// # Errors
/// When there is nothing at the path.
pub(super) fn open_all(path: Option<&Path>) -> Result<Vec<Project>, Stop> {
    let path = found(path)?;
    Ok(roots(&path).iter().map(Root::read).collect())
}

/// Where a project is read.
pub(super) enum Root {
    /// In its folder.
    Folder(Names),
    /// Around a file that is named, or from standard input.
    File(PathBuf),
}

impl Root {
    /// Reads and checks the project.
    pub(super) fn read(&self) -> Project {
        match self {
            Root::Folder(names) => judge(&names.folder, names.load()),
            Root::File(path) => read(path),
        }
    }
}

/// Returns the project at `path` and every project nested in it.
pub(super) fn roots(path: &Path) -> Vec<Root> {
    match path.is_dir() {
        true => load::names(path).into_iter().map(Root::Folder).collect(),
        false => vec![Root::File(path.to_owned())],
    }
}

/// Reads and checks the project at a place that exists.
fn read(path: &Path) -> Project {
    let loaded = if path == Path::new("-") { load::load_standard_input(std::io::stdin()) } else { load::load(path) };
    judge(path, loaded)
}

fn judge(path: &Path, mut loaded: Loaded) -> Project {
    let mut diagnostics = Diagnostics::new();
    let catalog = checked::project(&mut loaded, &mut diagnostics);
    let place = path.display().to_string();
    let findings = diagnostics.into_sorted();
    Project { place, catalog, findings, judged: Vec::new(), texts: loaded.texts, files: loaded.files }
}

/// Returns the place that is meant, which exists.
pub(super) fn found(path: Option<&Path>) -> Result<PathBuf, Stop> {
    match path {
        Some(path) if path == Path::new("-") || path.exists() => Ok(path.to_owned()),
        Some(path) => Err(Stop::Usage(format!("there is no file or folder `{}`", path.display()))),
        None => around().ok_or_else(|| {
            Stop::Usage(format!(
                "there is no project here: neither a folder `{USUAL}` nor a file `{PROJECT_FILE}` in this folder or above\n  \
                 help: name a folder of definitions, or write a small working project with `etalon init`"
            ))
        }),
    }
}

/// Finds the project around the current folder: the usual folder in it, or the nearest project at or above it.
fn around() -> Option<PathBuf> {
    if Path::new(USUAL).is_dir() {
        return Some(PathBuf::from(USUAL));
    }
    let depth = std::env::current_dir().ok()?.components().count();
    let mut folder = PathBuf::from(".");
    for _ in 0..depth {
        if folder.join(PROJECT_FILE).is_file() {
            return Some(folder);
        }
        let usual = folder.join(USUAL);
        if usual.join(PROJECT_FILE).is_file() {
            return Some(usual);
        }
        folder = if folder == Path::new(".") { PathBuf::from("..") } else { folder.join("..") };
    }
    None
}
