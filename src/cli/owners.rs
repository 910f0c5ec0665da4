use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::project::{self, Project};
use super::terminal::Terminal;
use crate::load;
use crate::owners::code_owners;
use crate::store::{self, Rewrite};
use crate::text::TextId;

/// Where code hosts look for it.
const FILE: &str = ".github/CODEOWNERS";

/// Write CODEOWNERS from the owners of definitions and the policy.
///
/// Whoever owns a definition is asked when it changes; who decides by the policy is asked when the policy, the lock or an
/// acceptance changes. People are named as the policy names them, with `@` before names that are no addresses.
///
/// Exit codes: 0 all is well, 1 the definitions have errors, 2 the arguments are wrong, 3 it could not be completed, 4
/// there is no definition.
#[derive(Debug, Args)]
pub(super) struct Owners {
    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// Write `.github/CODEOWNERS` in the repository instead of printing it; what stands there is replaced.
    #[arg(long)]
    write: bool,
}

impl Owners {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let project = project::open(self.path.as_deref())?;
        if project.is_broken() {
            return project.refuse(terminal);
        }
        let Some(root) = project.catalog.root.as_deref().filter(|_| project.catalog.files > 0) else {
            return project.tell_nothing(terminal);
        };
        let repository = repository(root);
        let text = text(&project, root, &repository);
        if !self.write {
            terminal.print(&text)?;
            return Ok(Exit::Ok);
        }
        let path = repository.join(FILE);
        let unreadable = |reason| Stop::Incomplete(format!("`{}` cannot be read: {reason}", load::shown(&path)));
        let there = load::file_inside(&repository, FILE).map_err(unreadable)?;
        let before = there.and_then(|path| std::fs::read_to_string(path).ok());
        if before.as_ref() == Some(&text) {
            terminal.print(&format!("{} says so already\n", load::shown(&path)))?;
            return Ok(Exit::Ok);
        }
        let rewrite = Rewrite { path: path.clone(), before, after: text };
        store::rewrite(&repository, &[rewrite]).map_err(|refusal| Stop::Incomplete(refusal.to_string()))?;
        terminal.print(&format!("wrote {}\n", load::shown(&path)))?;
        Ok(Exit::Ok)
    }
}

fn text(project: &Project, root: &Path, repository: &Path) -> String {
    let file = |text: TextId| {
        let path = project.files.iter().find(|file| file.id == text).and_then(|file| file.path.as_deref());
        path.map_or(String::new(), |path| inside(path, repository))
    };
    code_owners(&project.catalog, &inside(root, repository), file)
}

/// Returns the folder of the repository around a folder; without one, the folder the command runs in.
fn repository(folder: &Path) -> PathBuf {
    let mut above = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
    let depth = above.canonicalize().map_or(0, |place| place.components().count());
    for _ in 0..depth {
        if above.join(".git").exists() {
            return above;
        }
        above = match above.file_name().is_some() {
            true => above.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned(),
            false => above.join(".."),
        };
    }
    PathBuf::from(".")
}

/// Returns a path from the repository's folder, with forward slashes.
fn inside(path: &Path, repository: &Path) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let path = real(path);
    load::shown(path.strip_prefix(real(repository)).unwrap_or(&path))
}
