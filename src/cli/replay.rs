use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{instant, source_file, unknown};
use super::cut::Cut;
use super::exit::{Exit, Outcome, Stop};
use super::project;
use super::terminal::Terminal;
use crate::impact::Rows;
use crate::inputs::Inputs;
use crate::replay::{self, Past};
use crate::report;
use crate::run::Question;
use crate::value::Instant;

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

    /// Rows of a source, where its definition names no file (may be repeated).
    #[arg(long = "data", value_name = "SOURCE=FILE", value_parser = source_file, conflicts_with = "fixtures")]
    data: Vec<(String, PathBuf)>,

    /// Compute on the cases of the metric, also where there are files.
    #[arg(long)]
    fixtures: bool,

    #[command(flatten)]
    cut: Cut,

    /// The moment of knowledge; left out, what the sources are complete to.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<Instant>,

    /// How the meanings are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Small tables for people.
    Human,
    /// One document for programs, versioned.
    Json,
}

impl Replay {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.cut.refuse_empty()?;
        let folder = project::found(self.path.as_deref())?;
        let id = self.metric.split('.').next().unwrap_or(&self.metric);
        let past = Past::read(&folder, id).map_err(|error| Stop::Incomplete(error.to_string()))?;
        let moments = past.moments();
        if moments.is_empty() {
            return Err(project::no_such_metric(&self.metric, &past.now().registry.metric_names()));
        }
        self.refuse_unknown_source(&past)?;
        let bar = terminal.progress(moments.len(), "replay");
        let step = |name: &str| bar.set_message(name.to_owned());
        let question = self.cut.question(self.as_of);
        let rows = self.rows(id, &past, &question);
        let replay = replay::replay(&self.metric, &moments, &past.texts, (&rows, &step));
        bar.finish_and_clear();
        if past.is_truncated {
            terminal.remark("older history was not fetched; `git fetch --unshallow` brings it");
        }
        terminal.print(&match self.format {
            Format::Human => report::replay::human(&replay),
            Format::Json => report::replay::json(&replay),
        })?;
        Ok(if replay.computed.is_some() { Exit::Ok } else { Exit::NothingChecked })
    }

    fn rows<'a>(&self, id: &str, past: &'a Past, question: &'a Question) -> Rows<'a> {
        let now = past.now();
        let cases = || Rows::cases((now, id), (now, id), &past.texts);
        if self.fixtures {
            return cases();
        }
        let given: BTreeMap<String, PathBuf> = self.data.iter().cloned().collect();
        let mut places = given.clone();
        for name in now.registry.sources.keys() {
            places.extend(Inputs::places(now, &[name.as_str()], &given).unwrap_or_default());
        }
        let plan = now.plan(&self.metric);
        let is_there = plan.is_some_and(|plan| plan.sources().iter().all(|source| places.contains_key(*source)));
        if is_there || !self.data.is_empty() { Rows::Data(places, question) } else { cases() }
    }

    /// Refuses rows of a source that the metric has at no time been able to read.
    fn refuse_unknown_source(&self, past: &Past) -> Result<(), Stop> {
        let moments = past.moments();
        let sources = moments.iter().flat_map(|moment| moment.catalog.registry.sources.keys());
        let mut known: Vec<&str> = sources.map(String::as_str).collect();
        known.sort_unstable();
        known.dedup();
        match self.data.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((wanted, _)) => Err(Stop::Usage(unknown("source", wanted, known))),
            None => Ok(()),
        }
    }
}
