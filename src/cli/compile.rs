use std::path::PathBuf;

use clap::Args;

use super::arguments::unknown;
use super::cut::Cut;
use super::deploying::{Asked, Deploying, dialect, moment};
use super::exit::{Exit, Outcome, Stop};
use super::fusing;
use super::project::{self, Project, no_such_metric};
use super::terminal::Terminal;
use crate::compute;
use crate::deploy::Moment;
use crate::lock::Lock;
use crate::plan::{Plan, Request};
use crate::sql::{self, Dialect, Output, Part};
use crate::timeline::{Piece, Timeline, timeline};
use crate::value::{Duration, Grain, Instant};

/// How far beyond the moment of knowledge dates may lie where `--to` does not say it: ten years, in microseconds.
const AHEAD: i64 = 3_653 * 86_400_000_000;

/// Write the SQL of a metric for a dialect, or of many metrics as teams deploy them.
///
/// The query is complete: it needs no other query and no parameter (in SQLite an interval needs its mathematical functions). The moment
/// of knowledge is part of its meaning, so it has to be said. For an engine without time zones the query carries the
/// zone's rules, from 1970 to ten years after the moment of knowledge; `--from` and `--to` shorten them.
///
/// With `--as` the query stands: it finds its moment of knowledge itself each time it is asked, and its file carries a stamp
/// that says what it was made of. `--into` writes the files of the metrics, or of all of them, into a folder that can be
/// committed; `--check` tells in what a folder deviates from the definitions.
///
/// Exit codes: 0 all is well, 1 definitions have errors or deployed files deviate, 2 the arguments are wrong, 3 it could
/// not be completed, 4 there was nothing to deploy or to check.
#[derive(Debug, Args)]
pub(super) struct Compile {
    /// The metric, or a variant as `metric.variant`; with `@1.0.0` behind it, that version. With `--as` and `--fused`,
    /// several; with `--as`, left out, all of the project.
    #[arg(value_name = "METRIC")]
    metrics: Vec<String>,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The dialect, such as `duckdb` or `bigquery`; a wrong one is answered with all of them.
    #[arg(long, default_value = "sqlite")]
    dialect: String,

    #[command(flatten)]
    cut: Cut,

    /// The moment of knowledge: what happened later, and what was not over by then, is not yet known. An instant; with
    /// `--as` also `data`, through which all sources are complete (the default), or `now`, the engine's clock.
    #[arg(long, value_name = "MOMENT", value_parser = moment)]
    as_of: Option<Moment>,

    /// Write the query of the ledger instead: where the rows end up.
    #[arg(long, conflicts_with_all = ["history", "form", "into"])]
    ledger: bool,

    /// Write one query for all metrics that read the same rows in the same periods, which reads them once; metrics that need
    /// a query of their own get one, and it is said why.
    #[arg(long, conflicts_with_all = ["ledger", "history", "form", "into"])]
    fused: bool,

    /// Write no SQL: tell which metrics can share a query and why others cannot, and how facts are found in events.
    #[arg(long, conflicts_with_all = ["ledger", "history", "form", "into"])]
    explain: bool,

    /// Answer each period by the version in force at its start, as the versions' `effective_from` and `history` say; left
    /// out, one version answers all periods.
    #[arg(long, conflicts_with_all = ["form", "into"])]
    history: bool,

    #[command(flatten)]
    deploying: Deploying,
}

impl Compile {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.cut.refuse_empty()?;
        let dialect = dialect(&self.dialect)?;
        let question = if self.deploying.is_asked() { None } else { Some(self.question()?) };
        let mut project = project::open(self.path.as_deref())?;
        if project.is_broken() {
            return project.refuse(terminal);
        }
        if project.catalog.files == 0 {
            return project.tell_nothing(terminal);
        }
        let Some((metric, as_of)) = question else {
            let (metrics, cut, as_of) = (&self.metrics, &self.cut, self.as_of);
            return self.deploying.run(&mut project, &Asked { metrics, dialect, cut, as_of }, terminal);
        };
        if self.fused || self.explain {
            let request = self.request(as_of);
            let asked = fusing::Asked::of(&self.metrics, &project, &request)?;
            for (plan, _) in &asked.metrics {
                self.refuse_unknown(plan)?;
            }
            return if self.explain { asked.explain(terminal) } else { asked.compile(&dialect, terminal) };
        }
        if self.history {
            return self.through_time(&project, (metric, as_of), &dialect, terminal);
        }
        let catalog = &project.catalog;
        let Some((plan, (_, reading))) = catalog.plan(metric).zip(catalog.reading(metric)) else {
            return Err(no_such_metric(metric, &catalog.registry.metric_names()));
        };
        self.refuse_unknown(plan)?;
        let output = if self.ledger { Output::Ledger } else { Output::Cells };
        let query = sql::render(plan, &compute::header(reading, plan), &self.request(as_of), &dialect, output)
            .map_err(|error| Stop::Usage(error.to_string()))?;
        terminal.print(&format!("{}\n", query.trim_end()))?;
        Ok(Exit::Ok)
    }

    /// Returns the one metric and the instant that a single query is about.
    fn question(&self) -> Result<(&str, Instant), Stop> {
        let (Some(metric), true) = (self.metrics.first(), self.metrics.len() == 1 || self.fused || self.explain) else {
            return Err(Stop::Usage("name one metric, or say with `--as` how several are deployed, or with `--fused` that they share a query".to_owned()));
        };
        match self.as_of {
            Some(Moment::At(at)) => Ok((metric, at)),
            Some(_) => {
                Err(Stop::Usage("a single query is as of an instant; `--as query` finds it out itself".to_owned()))
            }
            None => Err(Stop::Usage(
                "say with `--as-of INSTANT` as of when, or with `--as query` that the query finds it out itself"
                    .to_owned(),
            )),
        }
    }

    /// Writes the query that answers each period by the version that was in force.
    fn through_time(
        &self,
        project: &Project,
        (metric, as_of): (&str, Instant),
        dialect: &Dialect,
        terminal: &mut Terminal,
    ) -> Outcome {
        let (catalog, request) = (&project.catalog, self.request(as_of));
        let (id, variant) = match metric.split_once('.') {
            Some((id, variant)) => (id, Some(variant)),
            None => (metric, None),
        };
        if !catalog.registry.metrics.contains_key(id) {
            return Err(no_such_metric(metric, &catalog.registry.metric_names()));
        }
        let lock = match catalog.root.as_deref().map(Lock::beside) {
            Some(Ok((lock, _))) => lock,
            Some(Err(_)) => {
                return Err(Stop::Incomplete("the lock cannot be read; `etalon release` tells why".to_owned()));
            }
            None => Lock::default(),
        };
        let timeline =
            timeline((catalog, &lock), (id, variant), &request).map_err(|untold| Stop::Usage(untold.to_string()))?;
        let parts: Vec<Part<'_>> = timeline.pieces.iter().map(part).collect();
        let (query, _) = sql::spliced(&parts, &remarks(metric, &timeline), dialect)
            .map_err(|error| Stop::Usage(error.to_string()))?;
        terminal.print(&format!("{}\n", query.trim_end()))?;
        Ok(Exit::Ok)
    }

    fn refuse_unknown(&self, plan: &Plan) -> Result<(), Stop> {
        if self.cut.grain != Grain::All && !plan.grains.contains(&self.cut.grain) {
            let known: Vec<&str> = plan.grains.iter().map(|grain| grain.name()).collect();
            let (metric, grain) = (&plan.metric, self.cut.grain);
            let message = format!("`{metric}` is not reported by {grain}; its periods are: {}, all", known.join(", "));
            return Err(Stop::Usage(message));
        }
        let known = || plan.dimensions.iter().map(|dimension| dimension.name.as_str());
        match self.cut.by.iter().find(|name| !known().any(|known| known == name.as_str())) {
            Some(wanted) => Err(Stop::Usage(unknown("dimension", wanted, known()))),
            None => Ok(()),
        }
    }

    /// Rows outside the range are in no cell, so that a query needs the zone's rules for the range only.
    fn request(&self, as_of: Instant) -> Request {
        let earliest = self.cut.from.unwrap_or(Instant::from_micros(0));
        let latest = || as_of.checked_add(Duration::from_micros(AHEAD)).unwrap_or(as_of);
        let span = (earliest, self.cut.to.unwrap_or_else(latest));
        let (grain, by, from, to) = (self.cut.grain, self.cut.by.clone(), self.cut.from, self.cut.to);
        Request { grain, by, from, to, as_of, span }
    }
}

fn part<'a>(piece: &'a Piece<'_>) -> Part<'a> {
    let Piece { reading, plan, request, follows_break, .. } = piece;
    Part { plan, header: compute::header(reading, plan), request, follows_break: *follows_break }
}

/// Returns what the head of the query says: which version answers which days.
fn remarks(metric: &str, timeline: &Timeline<'_>) -> Vec<String> {
    let mut remarks = vec![format!("{metric}: each period by the version in force at its start.")];
    for Piece { version, days, follows_break, .. } in &timeline.pieces {
        let broken = if *follows_break { ", after a break" } else { "" };
        remarks.push(format!("{version} from {days}{broken}"));
    }
    for (version, days) in &timeline.unanswered {
        remarks.push(format!("{version} from {days} has no definition any more: nothing answers its periods"));
    }
    remarks
}
