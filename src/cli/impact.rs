use std::collections::BTreeSet;

use clap::Args;

use super::compared;
use super::exit::{Exit, Outcome, Stop};
use super::over_rows::{Form, OverRows};
use super::terminal::Terminal;
use crate::diff::{self, Comparison, MeaningChange};
use crate::impact::{self, Price, Projects, Rows};
use crate::plan::Plan;
use crate::report;
use crate::run::Question;
use crate::sides::Sides;

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

    #[command(flatten)]
    over: OverRows,
}

impl Impact {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        self.over.cut.refuse_empty()?;
        let sides = compared::open(self.old.as_ref(), self.new.as_ref(), terminal)?;
        let wanted: BTreeSet<String> = self.metrics.iter().cloned().collect();
        let scope = compared::scope(&sides, &wanted)?;
        self.over.refuse_unknown_source([&sides.old.catalog, &sides.new.catalog])?;
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
        let text = match self.over.format {
            Form::Human => report::impact::human(&prices),
            Form::Json => report::impact::json(&prices),
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
        let question = self.over.question();
        let rows = self.rows(comparison, &projects, &question);
        impact::price(comparison, &projects, &rows, step).ok()
    }

    fn rows<'a>(&self, comparison: &'a Comparison, projects: &Projects<'a>, question: &'a Question) -> Rows<'a> {
        let old_id = comparison.renamed_from.as_deref().unwrap_or(&comparison.id);
        let cases = || Rows::cases((projects.old, old_id), (projects.new, &comparison.id), projects.texts);
        let plans = comparison.readings.values().flat_map(|(old, new)| [old, new]).flatten();
        let needed = plans.flat_map(Plan::sources).collect();
        self.over.rows(&[projects.old, projects.new], Some(needed), question, cases)
    }
}
