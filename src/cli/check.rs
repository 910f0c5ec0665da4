use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::project::{self, Project};
use super::terminal::Terminal;
use crate::report;
use crate::report::diagnostic;

/// Check definitions: structure, references, types, policies.
///
/// Every mistake is reported with its place and a remedy.
///
/// Exit codes: 0 all is well, 1 there are errors, 2 the arguments are wrong, 3 it could not be completed, 4 there
/// was nothing to check.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// A folder of definitions, one file of a project, or `-` for standard input; left out, `definitions` or the
    /// project around this folder.
    path: Option<PathBuf>,

    /// How findings are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Check {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let mut projects = project::open_all(self.path.as_deref())?;
        projects.iter_mut().for_each(Project::check_cases);
        let files: usize = projects.iter().map(|project| project.catalog.files).sum();
        if files == 0 && !projects.iter().any(Project::is_broken) {
            return match projects.first() {
                Some(project) => project.tell_nothing(terminal),
                None => Ok(Exit::NothingChecked),
            };
        }
        match self.format {
            Format::Human => tell(&projects, files, terminal)?,
            Format::Json => {
                let parts: Vec<_> = projects.iter().map(|project| (&project.findings[..], &project.texts)).collect();
                terminal.print(&format!("{}\n", report::check::json(&parts, files)))?;
            }
        }
        Ok(if projects.iter().any(Project::is_broken) { Exit::Findings } else { Exit::Ok })
    }
}

fn tell(projects: &[Project], files: usize, terminal: &mut Terminal) -> Result<(), Stop> {
    for project in projects {
        let told = project.told_findings(terminal);
        terminal.print(&told)?;
    }
    let findings: Vec<_> = projects.iter().flat_map(|project| project.findings.clone()).collect();
    let of = if projects.len() > 1 { format!(" of {} projects", projects.len()) } else { String::new() };
    terminal.print(&format!("{}{of}\n", diagnostic::summary(&findings, files)))
}
