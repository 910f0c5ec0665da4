use std::path::PathBuf;

use clap::Args;

use super::arguments::{day, today};
use super::exit::Outcome;
use super::site;
use super::terminal::Terminal;
use crate::lifecycle;
use crate::value::Date;

/// Deprecate a released version: it stays computable until its sunset.
///
/// The file says `deprecated`, what takes its place and when it goes; its line in `etalon.lock` follows. The sunset
/// leaves the time that the project's policy grants (`policy.grace.deprecation`); it may be put off later, and not be
/// moved nearer.
///
/// Exit codes: 0 it is deprecated, 1 its state does not allow it, 2 the arguments are wrong, 3 it could not be
/// completed, 4 there is no definition.
#[derive(Debug, Args)]
pub(super) struct Deprecate {
    /// The version, as `metric@1.0.0`.
    #[arg(value_name = "METRIC@VERSION")]
    asked: String,

    /// The version that takes its place, as `metric@2.0.0`, or `none`.
    #[arg(long, value_name = "VERSION")]
    replaced_by: String,

    /// First day on which it may be retired.
    #[arg(long, value_name = "DATE", value_parser = day)]
    sunset: Date,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The day of the deprecation; left out, today in the project's zone.
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<Date>,
}

impl Deprecate {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let sunset = self.sunset;
        let next = |staged: &lifecycle::Staged| {
            format!(
                "commit what was written, tell whoever reads the number, and from {sunset} on `etalon retire {}`",
                staged.about
            )
        };
        site::step(self.path.as_deref(), next, terminal, |site| {
            let on = today(self.date, &site.project.catalog);
            lifecycle::deprecate(site.scene(), &self.asked, (&self.replaced_by, sunset), on)
        })
    }
}
