use std::path::PathBuf;

use clap::Args;

use super::arguments::{day, today};
use super::engines;
use super::exit::{Exit, Outcome, Stop};
use super::site::{Site, Tried, judged, take};
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::lifecycle::{self, Staged};
use crate::report;
use crate::value::Date;
use crate::verify::{self, How, Verification};

/// The engine that every case has to hold on; the others are asked by `etalon verify`.
const ENGINE: &str = "sqlite";

/// Release a version: from now on its meaning is held to.
///
/// A candidate becomes `released` in its file, where comments and everything else stay, and gets a line in
/// `etalon.lock` with the fingerprints of what it means. The definitions must be free of errors, every case of the
/// metric must hold by the interpreter and by SQLite, and one must prove this version. Versions before it end where it
/// begins, so that the days of force tile.
///
/// A version that says `released` and is not locked is locked as it is. Nothing is written unless everything is well.
///
/// Exit codes: 0 it is released, 1 it is not ready, 2 the arguments are wrong, 3 it could not be completed, 4 there is
/// no definition.
#[derive(Debug, Args)]
pub(super) struct Release {
    /// The metric, or one version as `metric@1.0.0`; left out, the latest candidate, else the current version.
    metric: String,

    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    #[arg(long)]
    path: Option<PathBuf>,

    /// The day of the release; left out, today in the project's zone.
    #[arg(long, value_name = "DATE", value_parser = day)]
    date: Option<Date>,
}

impl Release {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let site = match Site::open(self.path.as_deref(), terminal)? {
            Tried::Done(site) => site,
            Tried::Stopped(exit) => return Ok(exit),
        };
        let on = today(self.date, &site.project.catalog);
        let mut staged = match judged(lifecycle::release(site.scene(), &self.metric, on), terminal)? {
            Tried::Done(staged) => staged,
            Tried::Stopped(exit) => return Ok(exit),
        };
        if let Some(exit) = prove(&site, &mut staged, terminal)? {
            return Ok(exit);
        }
        let next = "commit what was written together; a later change of meaning begins with `etalon new-version`";
        take(&staged, next, terminal)
    }
}

/// Verifies the cases of the metric as it will be; tells what does not hold.
fn prove(site: &Site, staged: &mut Staged, terminal: &mut Terminal) -> Result<Option<Exit>, Stop> {
    let Some((id, version)) = staged.about.split_once('@') else { return Ok(None) };
    let current = staged.catalog.registry.current(id).map(|metric| metric.version.as_str());
    let cases = staged.catalog.registry.cases.iter().map(|(_, case)| case).filter(|case| case.metric.value == id);
    let proving = cases.filter(|case| match &case.version {
        Some(own) => own.value.to_string() == version,
        None => current == Some(version),
    });
    let proving = proving.count();
    if proving == 0 {
        terminal.complain(&format!(
            "no case proves `{}`\n  help: write one beside it, as `cases/<name>.yaml`; a case of an old version says `version:`",
            staged.about
        ));
        return Ok(Some(Exit::Findings));
    }
    let mut engines = engines::open(&[ENGINE.to_owned()], terminal)?;
    let mut diagnostics = Diagnostics::new();
    let how = How { engines: &mut engines, wanted: &|name| name == id, step: &|_| () };
    let mut verification = verify::verify(&staged.catalog, &staged.texts, how, &mut diagnostics);
    if let Some(stopped) = verification.stopped.take() {
        return Err(stopped.into());
    }
    let findings = diagnostics.into_sorted();
    let is_broken = findings.iter().any(|finding| finding.severity == Severity::Error);
    if !is_broken && verification.failed() == 0 {
        let judges = verification.judges.join(" and ");
        let cases = if proving == 1 { "1 case holds".to_owned() } else { format!("{proving} cases hold") };
        staged.told.push(format!("{cases} by {judges}"));
        return Ok(None);
    }
    tell_failures(site, staged, (&findings, &verification), terminal);
    Ok(Some(Exit::Findings))
}

fn tell_failures(
    site: &Site,
    staged: &Staged,
    (findings, verification): (&[Diagnostic], &Verification),
    terminal: &mut Terminal,
) {
    let place = &site.project.place;
    let part = report::verify::Part { place, texts: &staged.texts, findings, verification };
    let told = report::verify::human(&[part], terminal.error_style());
    terminal.remark(told.trim_end());
    terminal.complain(&format!("`{}` is not proven; nothing was written", staged.about));
}
