//! Where steps of a life are taken: a project without errors and its lock, what a step does told, its files written.

use std::path::Path;

use super::exit::{Exit, Outcome, Stop};
use super::project::{self, Project};
use super::terminal::Terminal;
use crate::diagnostic::Diagnostics;
use crate::lifecycle::{Refusal, Scene, Staged};
use crate::load;
use crate::lock::{self, FILE, Lock};
use crate::report::diagnostic;
use crate::store;
use crate::text::Texts;

/// A project and its lock.
pub(super) struct Site {
    pub(super) project: Project,
    lock: Lock,
    lock_text: Option<String>,
}

/// What came of opening a site or staging a step; what stopped it has been told.
pub(super) enum Tried<T> {
    /// It went well.
    Done(T),
    /// It did not.
    Stopped(Exit),
}

impl Site {
    /// Opens the project at `path`, which must be a folder or file and have no errors.
    ///
    /// # Errors
    /// When there is nothing at the path, or the lock cannot be read.
    pub(super) fn open(path: Option<&Path>, terminal: &mut Terminal) -> Result<Tried<Site>, Stop> {
        if path == Some(Path::new("-")) {
            return Err(Stop::Usage("a version lives in the files of a project, not on standard input".to_owned()));
        }
        let project = project::open(path)?;
        if project.is_broken() {
            return project.refuse(terminal).map(Tried::Stopped);
        }
        let Some(root) = project.catalog.root.as_deref() else {
            return project.tell_nothing(terminal).map(Tried::Stopped);
        };
        match Lock::beside(root) {
            Ok((lock, lock_text)) => Ok(Tried::Done(Site { project, lock, lock_text })),
            Err(lock::Refusal::Unreadable(reason)) => {
                let place = load::shown(&root.join(FILE));
                Err(Stop::Incomplete(format!("`{place}` cannot be read: {reason}")))
            }
            Err(lock::Refusal::Broken(problems)) => {
                tell_broken_lock(root, &problems, terminal)?;
                Ok(Tried::Stopped(Exit::Findings))
            }
        }
    }

    /// Returns what a step starts from.
    pub(super) fn scene(&self) -> Scene<'_> {
        Scene {
            catalog: &self.project.catalog,
            texts: &self.project.texts,
            files: &self.project.files,
            lock: &self.lock,
            lock_text: self.lock_text.as_deref(),
        }
    }
}

fn tell_broken_lock(root: &Path, problems: &[lock::Problem], terminal: &mut Terminal) -> Result<(), Stop> {
    let path = root.join(FILE);
    let text = load::text(&path).map_err(Stop::Incomplete)?;
    let mut texts = Texts::new();
    let id = texts.add(load::shown(&path), text);
    let mut diagnostics = Diagnostics::new();
    problems.iter().for_each(|problem| diagnostics.push(problem.diagnostic(&texts, id)));
    let told = diagnostic::render(&diagnostics.into_sorted(), &texts, terminal.error_style());
    terminal.remark(told.trim_end());
    Ok(())
}

/// Tells why a step is not taken.
///
/// # Errors
/// When the arguments are at fault.
pub(super) fn judged(step: Result<Staged, Refusal>, terminal: &mut Terminal) -> Result<Tried<Staged>, Stop> {
    match step {
        Ok(staged) => Ok(Tried::Done(staged)),
        Err(Refusal::Unknown(message)) => Err(Stop::Usage(message)),
        Err(Refusal::Refused(message)) => {
            terminal.complain(&message);
            Ok(Tried::Stopped(Exit::Findings))
        }
        Err(Refusal::Broken(findings, texts)) => {
            let told = diagnostic::render(&findings, &texts, terminal.error_style());
            terminal.remark(told.trim_end());
            terminal.complain("with this step the definitions would have errors; nothing was written");
            Ok(Tried::Stopped(Exit::Findings))
        }
    }
}

/// Tells what a step does, writes its files, and says what comes next.
pub(super) fn take(staged: &Staged, next: &str, terminal: &mut Terminal) -> Outcome {
    let root = staged.catalog.root.as_deref().unwrap_or(Path::new("."));
    store::rewrite(root, &staged.rewrites).map_err(|refusal| Stop::Incomplete(refusal.to_string()))?;
    let mut text = format!("{}\n", staged.about);
    for line in &staged.told {
        text.push_str(&format!("  {line}\n"));
    }
    for rewrite in &staged.rewrites {
        text.push_str(&format!("wrote {}\n", load::shown(&rewrite.path)));
    }
    if !staged.rewrites.is_empty() {
        text.push_str(&format!("\nnext: {next}\n"));
    }
    terminal.print(&text)?;
    Ok(Exit::Ok)
}

/// Opens the project, takes one step in it, and says what comes next.
pub(super) fn step(
    path: Option<&Path>,
    next: impl FnOnce(&Staged) -> String,
    terminal: &mut Terminal,
    step: impl FnOnce(&Site) -> Result<Staged, Refusal>,
) -> Outcome {
    let site = match Site::open(path, terminal)? {
        Tried::Done(site) => site,
        Tried::Stopped(exit) => return Ok(exit),
    };
    match judged(step(&site), terminal)? {
        Tried::Done(staged) => take(&staged, &next(&staged), terminal),
        Tried::Stopped(exit) => Ok(exit),
    }
}
