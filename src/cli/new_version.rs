use std::path::PathBuf;

use clap::Args;
use jiff::ToSpan;

use super::arguments::{day, today};
use super::exit::Outcome;
use super::site;
use super::terminal::Terminal;
use crate::lifecycle::{self, Step, Succession};
use crate::value::Date;

/// Begin a new version of a released metric, as a draft that still means the same.
///
/// A major version is a copy beside the old file (`v2.yaml`), because numbers or their reading will change. Every case
/// of the old version is held to it with `version:` and copied for the new one, so that the copies that fail after a
/// change show what it moves. A minor or a patch version takes the old file over.
///
/// The record `change:` says from what version it came, who made it and why. No shared standard is held at a version.
///
/// Exit codes: 0 it is begun, 1 there is nothing released to begin from, 2 the arguments are wrong, 3 it could not be
/// completed, 4 there is no definition.
#[derive(Debug, Args)]
pub(super) struct NewVersion {
    /// The metric, or the version to begin from as `metric@1.0.0`; left out, the latest that is released.
    metric: String,

    /// Numbers or their reading will change (the default).
    #[arg(long, conflicts_with_all = ["minor", "patch"])]
    major: bool,

    /// Something will be added.
    #[arg(long, conflicts_with = "patch")]
    minor: bool,

    /// Only words will change.
    #[arg(long)]
    patch: bool,

    /// Who makes the change; somebody else signs it.
    #[arg(long, value_name = "NAME")]
    author: String,

    /// Why.
    #[arg(long, value_name = "TEXT")]
    because: String,

    /// First day it is meant to be in force; left out, the first of next month.
    #[arg(long, value_name = "DATE", value_parser = day)]
    effective_from: Option<Date>,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The day that counts as today; left out, today in the project's zone.
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
}

impl NewVersion {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let next = |staged: &lifecycle::Staged| {
            let id = staged.about.split('@').next().unwrap_or_default();
            format!(
                "change the draft and what its cases expect, `etalon verify --metric {id}`; then `status: candidate`, the \
                 signatures, and `etalon release {}`",
                staged.about
            )
        };
        site::step(self.path.as_deref(), next, terminal, |site| {
            let effective_from = self.effective_from.unwrap_or_else(|| {
                let today = today(self.today, &site.project.catalog).civil();
                // The last days of the calendar have no next month.
                today.first_of_month().checked_add(1.month()).unwrap_or(today).into()
            });
            let (author, because) = (self.author.as_str(), self.because.as_str());
            let succession = Succession { step: self.step(), author, because, effective_from };
            lifecycle::new_version(site.scene(), &self.metric, succession)
        })
    }

    fn step(&self) -> Step {
        match (self.minor, self.patch) {
            (true, _) => Step::Minor,
            (_, true) => Step::Patch,
            _ => Step::Major,
        }
    }
}
