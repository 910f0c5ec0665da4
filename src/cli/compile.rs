use std::path::PathBuf;

use clap::Args;

use super::arguments::{instant, unknown};
use super::cut::Cut;
use super::exit::{Exit, Outcome, Stop};
use super::project::{self, Project, no_such_metric};
use super::terminal::Terminal;
use crate::compute;
use crate::lock::Lock;
use crate::plan::{Plan, Request};
use crate::sql::{self, Dialect, Output, Part};
use crate::timeline::{Piece, Timeline, timeline};
use crate::value::{Duration, Grain, Instant};

/// How far beyond the moment of knowledge dates may lie where `--to` does not say it: ten years, in microseconds.
const AHEAD: i64 = 3_653 * 86_400_000_000;

/// Write the SQL of a metric for a dialect.
///
/// The query is complete: it needs no other query and no parameter (in SQLite an interval needs its mathematical functions). The moment
/// of knowledge is part of its meaning, so it has to be said. For an engine without time zones the query carries the
/// zone's rules, from 1970 to ten years after the moment of knowledge; `--from` and `--to` shorten them.
///
/// Exit codes: 0 all is well, 1 definitions have errors, 2 the arguments are wrong, 3 it could not be completed.
#[derive(Debug, Args)]
pub(super) struct Compile {
    /// The metric, or a variant as `metric.variant`; with `@1.0.0` behind it, that version.
    metric: String,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The dialect, such as `duckdb` or `bigquery`; a wrong one is answered with all of them.
    #[arg(long, default_value = "sqlite")]
    dialect: String,

    #[command(flatten)]
    cut: Cut,

    /// The moment of knowledge: what happened later, and what was not over by then, is not yet known.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Instant,

    /// Write the query of the ledger instead: where the rows end up.
    #[arg(long, conflicts_with = "history")]
    ledger: bool,

    /// Answer each period by the version in force at its start, as the versions' `effective_from` and `history` say; left
    /// out, one version answers all periods.
    #[arg(long)]
    history: bool,
}

impl Compile {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.cut.refuse_empty()?;
        let dialect = Dialect::find(&self.dialect).ok_or_else(|| {
            Stop::Usage(unknown("dialect", &self.dialect, sql::DIALECTS.iter().map(|dialect| dialect.name)))
        })?;
        let project = project::open(self.path.as_deref())?;
        if project.is_broken() {
            return project.refuse(terminal);
        }
        if project.catalog.files == 0 {
            return project.tell_nothing(terminal);
        }
        if self.history {
            return self.through_time(&project, &dialect, terminal);
        }
        let catalog = &project.catalog;
        let Some((plan, (_, reading))) = catalog.plan(&self.metric).zip(catalog.reading(&self.metric)) else {
            return Err(no_such_metric(&self.metric, &catalog.registry.metric_names()));
        };
        self.refuse_unknown(plan)?;
        let output = if self.ledger { Output::Ledger } else { Output::Cells };
        let query = sql::render(plan, &compute::header(reading, plan), &self.request(), &dialect, output)
            .map_err(|error| Stop::Usage(error.to_string()))?;
        terminal.print(&format!("{}\n", query.trim_end()))?;
        Ok(Exit::Ok)
    }

    /// Writes the query that answers each period by the version that was in force.
    fn through_time(&self, project: &Project, dialect: &Dialect, terminal: &mut Terminal) -> Outcome {
        let (catalog, request) = (&project.catalog, self.request());
        let (id, variant) = match self.metric.split_once('.') {
            Some((id, variant)) => (id, Some(variant)),
            None => (self.metric.as_str(), None),
        };
        if !catalog.registry.metrics.contains_key(id) {
            return Err(no_such_metric(&self.metric, &catalog.registry.metric_names()));
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
        let (query, _) = sql::spliced(&parts, &remarks(&self.metric, &timeline), dialect)
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
    fn request(&self) -> Request {
        let earliest = self.cut.from.unwrap_or(Instant::from_micros(0));
        let latest = || self.as_of.checked_add(Duration::from_micros(AHEAD)).unwrap_or(self.as_of);
        let span = (earliest, self.cut.to.unwrap_or_else(latest));
        let (grain, by, from, to) = (self.cut.grain, self.cut.by.clone(), self.cut.from, self.cut.to);
        Request { grain, by, from, to, as_of: self.as_of, span }
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
