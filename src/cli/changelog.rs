use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::judging::today;
use super::project::{self, no_such_metric};
use super::terminal::Terminal;
use crate::lock::{Lock, Refusal};
use crate::report::changelog::changelog;
use crate::review::releases;

/// Write the changelog of a metric: what each of its versions changes on the one before, by meaning.
///
/// Versions are those of the tree and of its git history; the days are those of the lock.
///
/// Exit codes: 0 it is written, 2 the arguments are wrong, 3 it could not be completed.
#[derive(Debug, Args)]
pub(super) struct Changelog {
    /// The metric.
    metric: String,

    /// A folder of definitions; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,
}

impl Changelog {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let folder = project::found(self.path.as_deref())?;
        let project = project::open(Some(&folder))?;
        if project.is_broken() {
            return project.refuse(terminal);
        }
        let registry = &project.catalog.registry;
        let Some(metric) = registry.current(&self.metric) else {
            let known: Vec<String> = registry.metrics.keys().cloned().collect();
            return Err(no_such_metric(&self.metric, &known));
        };
        let root = project.catalog.root.clone().unwrap_or(folder);
        let lock = match Lock::beside(&root) {
            Ok((lock, _)) => lock,
            Err(Refusal::Unreadable(reason)) => {
                return Err(Stop::Incomplete(format!("the lock cannot be read: {reason}")));
            }
            Err(Refusal::Broken(problems)) => {
                let first = problems.first().map_or("", |problem| problem.message.as_str());
                return Err(Stop::Incomplete(format!("the lock cannot be read: {first}")));
            }
        };
        let found = releases(&root, &self.metric, (&lock, today()));
        let found = found.map_err(|error| Stop::Incomplete(error.to_string()))?;
        let title = metric.readings.first().map_or("", |reading| reading.title.as_str());
        terminal.print(&changelog(&self.metric, title, &found))?;
        Ok(Exit::Ok)
    }
}
