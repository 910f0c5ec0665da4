use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Outcome};
use super::project::{self, Project, no_such_metric};
use super::terminal::Terminal;
use crate::report;

/// Show a metric: its manual page, its definition with every default, or its plan.
///
/// Exit codes: 0 all is well, 1 the definitions have errors, 2 the arguments are wrong, 3 it could not be
/// completed, 4 there is no metric.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The metric, or a variant as `metric.variant`; left out, all metrics are listed.
    metric: Option<String>,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The definition and what it uses with every key: what is left out stands in its place with what that means.
    #[arg(long, requires = "metric", conflicts_with = "plan")]
    expanded: bool,

    /// The plan that interpreter and SQL follow.
    #[arg(long, requires = "metric")]
    plan: bool,
}

impl Show {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let project = project::open(self.path.as_deref())?;
        if project.catalog.files == 0 && !project.is_broken() {
            return project.tell_nothing(terminal);
        }
        // What an error takes out of a definition would be missing from its page without a word.
        if project.is_broken() {
            return project.refuse(terminal);
        }
        match &self.metric {
            Some(name) => self.one(name, &project, terminal),
            None => list(&project, terminal),
        }
    }

    fn one(&self, name: &str, project: &Project, terminal: &mut Terminal) -> Outcome {
        let catalog = &project.catalog;
        let Some(((metric, reading), plan)) = catalog.reading(name).zip(catalog.plans.get(name)) else {
            return Err(no_such_metric(name, &catalog.registry.metric_names()));
        };
        let text = if self.plan {
            report::show::plan(plan)
        } else if self.expanded {
            report::show::expanded(catalog, reading, plan, &project.texts)
        } else {
            report::show::manual(catalog, (metric, reading, plan), &project.texts)
        };
        terminal.print(&text)?;
        Ok(Exit::Ok)
    }
}

fn list(project: &Project, terminal: &mut Terminal) -> Outcome {
    let metrics = project.catalog.registry.metric_names();
    if metrics.is_empty() {
        terminal.complain(&format!("`{}` defines no metric", project.place));
        return Ok(Exit::NothingChecked);
    }
    let titles = metrics
        .iter()
        .map(|name| (name.as_str(), project.catalog.reading(name).map_or("", |(_, reading)| reading.title.as_str())));
    terminal.print(&report::show::list(titles))?;
    Ok(Exit::Ok)
}
