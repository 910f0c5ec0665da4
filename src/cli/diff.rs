use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;

use super::compared;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::judging::Judging;
use super::terminal::Terminal;
use crate::cache::{self, Cache};
use crate::report::review::{self as page, Page};
use crate::review::{Review, review};
use crate::sides::{Sides, Spot, Spots};
use crate::witness::Effort;

/// Tell what changes between two sides: every difference in meaning, and the version it needs.
///
/// A side is a folder, a file of a project, a revision of git, or a version of a metric, as in `csat@1.0.0`. Against a
/// branch the old side is where the new one parted from it. Meaning is compared, not text: what is written in another way
/// and means the same is told so.
///
/// Of a large project that was checked before, only what the change concerns is read.
///
/// Exit codes: 0 nothing stops the change, 1 something does, 2 the arguments are wrong, 3 it could not be completed.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The project as it was, or a range of revisions; left out, the last commit.
    old: Option<String>,

    /// The project as it is to be; left out, `definitions` or the project around this folder.
    new: Option<String>,

    /// Only this metric (may be repeated).
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    /// Leave out the witnesses and the price: the verdict alone.
    #[arg(long)]
    quick: bool,

    /// Read both sides whole, also where a check has kept what it found.
    #[arg(long)]
    no_cache: bool,

    #[command(flatten)]
    judging: Judging,

    /// How the review is written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Diff {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let (folder, spots) = compared::find(self.old.as_ref(), self.new.as_ref())?;
        let revisions: Vec<String> = [&spots.old, &spots.new].into_iter().filter_map(revision).collect();
        let mut review = match self.recalled(&folder, &spots) {
            Some(review) => review,
            None => self.review(compared::read(spots, terminal)?)?,
        };
        // What is found besides the metrics that were asked for was not asked for.
        let is_wanted =
            |metric: Option<&String>| self.metrics.is_empty() || metric.is_some_and(|it| self.metrics.contains(it));
        review.findings.retain(|finding| is_wanted(finding.metric.as_ref()));
        self.look_closer(&mut review, terminal);
        let known = page::known(&review);
        let page = Page { review: &review, known: &known, revisions: &revisions, fail_on: self.judging.fail_on() };
        let text = match self.format {
            Format::Human => page::human(page, terminal.style()),
            Format::Json => page::json(page) + "\n",
            Format::Markdown => page::markdown(page),
            other => other.findings(&page.findings()).unwrap_or_default(),
        };
        terminal.print(&text)?;
        let exit = if page.findings().is_stopped() { Exit::Findings } else { Exit::Ok };
        // The program ends here: two projects need not be taken apart piece by piece.
        std::mem::forget(review);
        Ok(exit)
    }

    /// Searches for witnesses and prices the change on cases, unless only the verdict is wanted.
    fn look_closer(&self, review: &mut Review, terminal: &Terminal) {
        if self.quick || !matches!(self.format, Format::Human | Format::Json | Format::Markdown) {
            return;
        }
        let bar = terminal.progress(2 * review.diff.comparisons.len(), "diff");
        let step = |name: &str| {
            bar.set_message(name.to_owned());
            bar.inc(1);
        };
        review.search(Effort::default(), &step);
        review.price(&step);
        bar.finish_and_clear();
    }

    /// Reviews the change by what a check has kept of the project, where that suffices.
    fn recalled(&self, folder: &Path, spots: &Spots) -> Option<Review> {
        let cache = Cache::usual().filter(|_| !self.no_cache)?;
        let question = cache::Question { asked: self.judging.asked(), today: self.judging.today() };
        cache.review((folder, spots), &self.wanted(), question)
    }

    fn review(&self, sides: Sides) -> Result<Review, Stop> {
        let scope = compared::scope(&sides, &self.wanted())?;
        let judged = (self.judging.today(), self.judging.asked());
        review(sides, &scope, judged).map_err(|error| Stop::Incomplete(error.to_string()))
    }

    fn wanted(&self) -> BTreeSet<String> {
        self.metrics.iter().cloned().collect()
    }
}

/// Returns the name that stands in front of the names of a revision's texts.
fn revision(spot: &Spot) -> Option<String> {
    match spot {
        Spot::Revision(snapshot, _) => Some(snapshot.label.clone()),
        Spot::Disk(_) => None,
    }
}
