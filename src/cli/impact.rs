use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::arguments::{instant, source_file, unknown};
use super::compared;
use super::cut::Cut;
use super::exit::{Exit, Outcome, Stop};
use super::terminal::Terminal;
use crate::diff::{self, Comparison, MeaningChange};
use crate::impact::{self, Price, Projects, Rows};
use crate::inputs::Inputs;
use crate::plan::Plan;
use crate::report;
use crate::run::Question;
use crate::sides::Sides;
use crate::value::Instant;

/// Price a change: what each number was and is over the same rows, and which clause moved it by how much.
///
/// The shares of the clauses add up to the move exactly and do not depend on the order of the clauses. A side is a folder,
/// a file of a project, a revision of git, or a version of a metric. Rows are those of the files that are given or that the
/// sources name; where there are none, those of the cases.
///
/// Exit codes: 0 all is well, 2 the arguments are wrong, 3 it could not be completed, 4 there was nothing to price a change
/// on.
#[derive(Debug, Args)]
pub(super) struct Impact {
    /// The project as it was, or a range of revisions; left out, the last commit.
    old: Option<String>,

    /// The project as it is to be; left out, `definitions` or the project around this folder.
    new: Option<String>,

    /// Only this metric (may be repeated).
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    /// Rows of a source, where its definition names no file (may be repeated).
    #[arg(long = "data", value_name = "SOURCE=FILE", value_parser = source_file, conflicts_with = "fixtures")]
    data: Vec<(String, PathBuf)>,

    /// Price on the cases of each metric, also where there are files.
    #[arg(long)]
    fixtures: bool,

    #[command(flatten)]
    cut: Cut,

    /// The moment of knowledge; left out, what the sources are complete to.
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    as_of: Option<Instant>,

    /// How the prices are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines and small tables for people.
    Human,
    /// One document for programs, versioned.
    Json,
}

impl Impact {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.cut.refuse_empty()?;
        let sides = compared::open(self.old.as_ref(), self.new.as_ref(), terminal)?;
        let wanted: BTreeSet<String> = self.metrics.iter().cloned().collect();
        let scope = compared::scope(&sides, &wanted)?;
        self.refuse_unknown_source(&sides)?;
        let diff = diff::compare(&sides.old.catalog, &sides.new.catalog, &sides.texts, &scope);
        let comparisons = diff.comparisons.iter().filter(|it| it.meaning == MeaningChange::Differs);
        let bar = terminal.progress(comparisons.clone().count(), "impact");
        let step = |name: &str| bar.set_message(name.to_owned());
        let mut prices = Vec::new();
        for comparison in comparisons {
            prices.extend(self.price(comparison, &sides, &step));
            bar.inc(1);
        }
        bar.finish_and_clear();
        let text = match self.format {
            Format::Human => report::impact::human(&prices),
            Format::Json => report::impact::json(&prices),
        };
        terminal.print(&text)?;
        self.concluded(&prices)
    }

    fn concluded(&self, prices: &[Price]) -> Outcome {
        let readings = || prices.iter().flat_map(|price| &price.grounds).flat_map(|ground| &ground.readings);
        match readings().find_map(|reading| reading.failed.as_ref()) {
            // What was asked for by name must not be lost in silence.
            Some(reason) if !self.metrics.is_empty() => Err(Stop::Incomplete(format!("not computed: {reason}"))),
            _ if !prices.is_empty() && readings().next().is_none() => Ok(Exit::NothingChecked),
            _ => Ok(Exit::Ok),
        }
    }

    /// Prices what differs on both sides, which always has a price.
    fn price(&self, comparison: &Comparison, sides: &Sides, step: &dyn Fn(&str)) -> Option<Price> {
        let projects = Projects { old: &sides.old.catalog, new: &sides.new.catalog, texts: &sides.texts };
        let question = self.cut.question(self.as_of);
        let rows = self.rows(comparison, &projects, &question);
        impact::price(comparison, &projects, &rows, step).ok()
    }

    fn rows<'a>(&self, comparison: &'a Comparison, projects: &Projects<'a>, question: &'a Question) -> Rows<'a> {
        let old_id = comparison.renamed_from.as_deref().unwrap_or(&comparison.id);
        let cases = || Rows::cases((projects.old, old_id), (projects.new, &comparison.id), projects.texts);
        if self.fixtures {
            return cases();
        }
        let places = self.places(projects);
        let plans = comparison.readings.values().flat_map(|(old, new)| [old, new]).flatten();
        let mut needed = plans.flat_map(Plan::sources);
        match needed.all(|source| places.contains_key(source)) || !self.data.is_empty() {
            true => Rows::Data(places, question),
            false => cases(),
        }
    }

    /// Returns where the rows of each source lie; both sides are computed over the same ones. A file that a revision names
    /// cannot be read where the revision is not on the disk.
    fn places(&self, projects: &Projects<'_>) -> BTreeMap<String, PathBuf> {
        let given: BTreeMap<String, PathBuf> = self.data.iter().cloned().collect();
        let mut places = BTreeMap::new();
        for catalog in [projects.old, projects.new] {
            for name in catalog.registry.sources.keys() {
                let found = Inputs::places(catalog, &[name.as_str()], &given);
                places.extend(found.unwrap_or_default());
            }
        }
        places
    }

    fn refuse_unknown_source(&self, sides: &Sides) -> Result<(), Stop> {
        let both = [&sides.old.catalog.registry, &sides.new.catalog.registry];
        let known: Vec<&str> = both.iter().flat_map(|registry| registry.sources.keys()).map(String::as_str).collect();
        match self.data.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((wanted, _)) => Err(Stop::Usage(unknown("source", wanted, known))),
            None => Ok(()),
        }
    }
}
