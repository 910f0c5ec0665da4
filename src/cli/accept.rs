use std::path::PathBuf;

use clap::Args;

use super::arguments::{day, today};
use super::exit::Outcome;
use super::site;
use super::terminal::Terminal;
use crate::lifecycle::{self, Finding};
use crate::value::Date;

/// Accept one finding about one change, for a time and with a reason.
///
/// The acceptance goes into `acceptances/`. It is bound to the fingerprint of the change, not to a line or a wording: it
/// holds wherever the change is found again, and for nothing else. One that is over, or that nothing finds any more, is
/// a finding itself.
///
/// Exit codes: 0 it is accepted, 1 the day is over, 2 the arguments are wrong, 3 it could not be completed, 4 there is no
/// definition.
#[derive(Debug, Args)]
pub(super) struct Accept {
    /// The fingerprint of the change, 12 digits, as reports show it.
    fingerprint: String,

    /// The rule that found it, as `window-length-changed`.
    #[arg(long, value_name = "RULE")]
    rule: String,

    /// The metric it was found at.
    #[arg(long, value_name = "NAME")]
    metric: String,

    /// Why it is accepted.
    #[arg(long, value_name = "TEXT")]
    reason: String,

    /// Who accepts it.
    #[arg(long, value_name = "NAME")]
    by: String,

    /// First day on which it is accepted no more.
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Date,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The day that counts as today; left out, today in the project's zone.
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
}

impl Accept {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let next = |_: &lifecycle::Staged| "commit what was written".to_owned();
        site::step(self.path.as_deref(), next, terminal, |site| {
            let finding = Finding {
                fingerprint: &self.fingerprint,
                rule: &self.rule,
                metric: &self.metric,
                reason: &self.reason,
                by: &self.by,
                until: self.until,
            };
            lifecycle::accept(site.scene(), finding, today(self.today, &site.project.catalog))
        })
    }
}
