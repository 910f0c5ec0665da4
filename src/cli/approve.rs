use std::path::PathBuf;

use clap::Args;

use super::arguments::{day, today};
use super::exit::Outcome;
use super::site;
use super::terminal::Terminal;
use crate::lifecycle::{self, Signing};
use crate::value::Date;

/// Sign what a version means.
///
/// The signature goes into `approvals/` and is bound to the data fingerprint: other words keep it, a change that can
/// move the number makes it void. The project's policy says who is in which role; the author of a change does not sign
/// it, unless the policy allows that.
///
/// Exit codes: 0 it is signed, 1 the policy or the state does not allow it, 2 the arguments are wrong, 3 it could not be
/// completed, 4 there is no definition.
#[derive(Debug, Args)]
pub(super) struct Approve {
    /// The metric, or one version as `metric@2.0.0`; left out, the latest candidate or draft, else the current version.
    metric: String,

    /// Who signs, as the policy names people.
    #[arg(long = "as", value_name = "NAME")]
    by: String,

    /// In which role: `owner`, or one of the policy's.
    #[arg(long, value_name = "ROLE")]
    role: String,

    /// First day on which the signature counts no more; left out, it has no end.
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<Date>,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The day of the signature; left out, today in the project's zone.
    #[arg(long, value_name = "DATE", value_parser = day)]
    today: Option<Date>,
}

impl Approve {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let next = |_: &lifecycle::Staged| {
            "commit what was written: the signature counts where it is reviewed, and as long as the meaning stays"
                .to_owned()
        };
        site::step(self.path.as_deref(), next, terminal, |site| {
            let on = today(self.today, &site.project.catalog);
            let signing = Signing { by: &self.by, role: &self.role, on, until: self.until };
            lifecycle::approve(site.scene(), &self.metric, signing)
        })
    }
}
