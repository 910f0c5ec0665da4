use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use super::arguments::unknown;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::judging::Judging;
use super::sides::{self, Sides};
use super::terminal::Terminal;
use crate::diff::Scope;
use crate::report::review::{self as page, Page};
use crate::review::{Review, review};
use crate::rules;

/// Tell what changes between two projects: every difference in meaning, and the version it needs.
///
/// Meaning is compared, not text: what is written in another way and means the same is told so.
///
/// Exit codes: 0 nothing stops the change, 1 something does, 2 the arguments are wrong, 3 it could not be completed.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The folder of definitions as they were.
    old: PathBuf,

    /// The folder of definitions as they are to be; left out, `definitions` or the project around this folder.
    new: Option<PathBuf>,

    /// Only this metric (may be repeated).
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    #[command(flatten)]
    judging: Judging,

    /// How the review is written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Diff {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let sides = sides::sides(&self.old, self.new.as_deref(), terminal)?;
        let review = self.review(sides)?;
        let page = Page { review: &review, known: &[], fail_on: self.judging.fail_on() };
        let text = match self.format {
            Format::Human => page::human(page, terminal.style()),
            Format::Json => page::json(page) + "\n",
            Format::Markdown => page::markdown(page),
            other => other.findings(&page.findings()).unwrap_or_default(),
        };
        terminal.print(&text)?;
        let is_open = review.findings.iter().any(|finding| finding.is_open(self.judging.fail_on()));
        Ok(if is_open { Exit::Findings } else { Exit::Ok })
    }

    fn review(&self, sides: Sides) -> Result<Review, Stop> {
        let wanted: BTreeSet<String> = self.metrics.iter().cloned().collect();
        let known: BTreeSet<&String> =
            [&sides.old.1, &sides.new.1].into_iter().flat_map(|catalog| catalog.registry.metrics.keys()).collect();
        if let Some(wanted) = wanted.iter().find(|wanted| !known.contains(wanted)) {
            return Err(Stop::Usage(unknown("metric", wanted, known.into_iter().map(String::as_str))));
        }
        let scope = if wanted.is_empty() { Scope::Every } else { Scope::Only(wanted.clone()) };
        let mut review = review(sides.old, sides.new, sides.texts, (&scope, self.judging.today()));
        review.findings = rules::within(self.judging.profile(), review.findings);
        // What is found besides the metrics that were asked for was not asked for.
        let is_wanted = |metric: Option<&String>| wanted.is_empty() || metric.is_some_and(|it| wanted.contains(it));
        review.findings.retain(|finding| is_wanted(finding.metric.as_ref()));
        Ok(review)
    }
}
