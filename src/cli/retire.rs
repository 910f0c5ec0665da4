use std::path::PathBuf;

use clap::Args;

use super::arguments::{day, today};
use super::exit::Outcome;
use super::site;
use super::terminal::Terminal;
use crate::lifecycle;
use crate::value::Date;

/// Retire a deprecated version whose sunset has come.
///
/// The file says `retired`; its line in `etalon.lock` stays for ever, also where the file is removed later, so that the
/// name is never given another meaning. A metric that others are made of, or are guarded by, is not retired.
///
/// Exit codes: 0 it is retired, 1 its state does not allow it, 2 the arguments are wrong, 3 it could not be completed,
/// 4 there is no definition.
#[derive(Debug, Args)]
pub(super) struct Retire {
    /// The version, as `metric@1.0.0`.
    #[arg(value_name = "METRIC@VERSION")]
    asked: String,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The day of the retirement; left out, today in the project's zone.
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<Date>,
}

impl Retire {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let next = |_: &lifecycle::Staged| {
            "commit what was written; the file may go once nobody computes past periods with it".to_owned()
        };
        site::step(self.path.as_deref(), next, terminal, |site| {
            lifecycle::retire(site.scene(), &self.asked, today(self.date, &site.project.catalog))
        })
    }
}
