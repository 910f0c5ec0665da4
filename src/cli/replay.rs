use std::path::PathBuf;

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::over_rows::{Form, OverRows};
use super::project;
use super::terminal::Terminal;
use crate::impact::Rows;
use crate::plan::Plan;
use crate::replay::{self, Past};
use crate::report;
use crate::run::Question;

/// Compute a metric over the same rows under everything it has meant: each version, each meaning in its history.
///
/// The history is that of the git repository around the project, along the first parents; without one the versions of the
/// project are held against each other. Rows are those of the files that are given or that the sources name; where there
/// are none, those of the cases.
///
/// Exit codes: 0 all is well, 2 the arguments are wrong, 3 it could not be completed, 4 no meaning could be computed.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// The metric, or one variant of it.
    metric: String,

    /// A folder of definitions; left out, `definitions` or the project around this folder.
    #[arg(long, value_name = "PATH")]
    path: Option<PathBuf>,

    #[command(flatten)]
    over: OverRows,
}

impl Replay {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.over.cut.refuse_empty()?;
        let folder = project::found(self.path.as_deref())?;
        let id = self.metric.split('.').next().unwrap_or(&self.metric);
        let past = Past::read(&folder, id).map_err(|error| Stop::Incomplete(error.to_string()))?;
        let moments = past.moments();
        if moments.is_empty() {
            return Err(project::no_such_metric(&self.metric, &past.now().registry.metric_names()));
        }
        self.over.refuse_unknown_source(moments.iter().map(|moment| moment.catalog))?;
        let bar = terminal.progress(moments.len(), "replay");
        let step = |name: &str| bar.set_message(name.to_owned());
        let question = self.over.question();
        let rows = self.rows(id, &past, &question);
        let replay = replay::replay(&self.metric, &moments, &past.texts, (&rows, &step));
        bar.finish_and_clear();
        if past.is_truncated {
            terminal.remark("older history was not fetched; `git fetch --unshallow` brings it");
        }
        terminal.print(&match self.over.format {
            Form::Human => report::replay::human(&replay),
            Form::Json => report::replay::json(&replay),
        })?;
        Ok(if replay.computed.is_some() { Exit::Ok } else { Exit::NothingChecked })
    }

    fn rows<'a>(&self, id: &str, past: &'a Past, question: &'a Question) -> Rows<'a> {
        let now = past.now();
        let needed = now.plan(&self.metric).map(Plan::sources);
        self.over.rows(&[now], needed, question, || Rows::cases((now, id), (now, id), &past.texts))
    }
}
