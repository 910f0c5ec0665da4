use std::path::PathBuf;

use clap::Args;

use super::arguments::unknown;
use super::engines;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::project::{self, Project};
use super::random::{self, Asked};
use super::remotes;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::engine::Engine;
use crate::report;
use crate::report::findings::Looked;
use crate::verify::{self, How, Verification};

/// Prove definitions on their cases.
///
/// The interpreter and every engine must give what was worked out by hand. Without `--engine` all engines that are at
/// hand take part: those in this process, of which one that is missing is named, and servers whose address is set.
///
/// With `--random` no case is tried: tables are made at random for every metric and variant, dense in what goes wrong
/// (nulls, ties, duplicates, edges of windows and periods, changes of clocks, late and absent rows), and every engine must
/// agree with the interpreter. A difference is made small and printed as a case. The same seed makes the same tables.
///
/// Exit codes: 0 every case holds, 1 one does not, 2 the arguments are wrong, 3 it could not be completed, 4 there
/// was no case.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    path: Option<PathBuf>,

    /// Only this metric with its variants (may be repeated).
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    /// Only this engine (may be repeated); it must be at hand.
    #[arg(long = "engine", value_name = "ENGINE")]
    engines: Vec<String>,

    /// Also on this target of `etalon.yaml` (may be repeated); the tables of cases are temporary there.
    #[arg(long = "on", value_name = "TARGET")]
    targets: Vec<String>,

    /// Try so many sets of random tables instead of the cases, spread over the metrics and variants.
    #[arg(long, value_name = "N")]
    random: Option<usize>,

    /// What the random tables are made from.
    #[arg(long, value_name = "S", default_value_t = 1, requires = "random")]
    seed: u64,

    /// How the verdicts are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Verify {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let mut projects = project::open_all(self.path.as_deref())?;
        self.refuse_unknown(&projects)?;
        if let Some(sets) = self.random {
            let asked = Asked { sets, seed: self.seed, metrics: &self.metrics, format: self.format };
            return random::run(&asked, &projects, (&self.engines, &self.targets), terminal);
        }
        let mut engines = engines::open(&self.engines, terminal)?;
        engines.extend(remotes::open(&self.targets, &projects)?);
        let mut verified = Vec::new();
        for project in &mut projects {
            let mut verification = self.one(project, &mut engines, terminal);
            // A part of the cases could be taken for all.
            if let Some(stopped) = verification.stopped.take() {
                return Err(stopped.into());
            }
            verified.push(verification);
        }
        let tried: usize = verified.iter().map(|verification| verification.verdicts.len()).sum();
        let failed: usize = verified.iter().map(Verification::failed).sum();
        if failed > 0 || projects.iter().any(Project::is_broken) {
            self.tell(&projects, &verified, terminal)?;
            return Ok(Exit::Findings);
        }
        if tried == 0 {
            let place = projects.first().map_or("", |project| project.place.as_str());
            terminal.complain(&format!("there are no cases in `{place}`"));
            return Ok(Exit::NothingChecked);
        }
        self.tell(&projects, &verified, terminal)?;
        Ok(Exit::Ok)
    }

    fn refuse_unknown(&self, projects: &[Project]) -> Result<(), Stop> {
        let known: Vec<&String> = projects.iter().flat_map(|project| project.catalog.registry.metrics.keys()).collect();
        match self.metrics.iter().find(|wanted| !known.contains(wanted)) {
            Some(wanted) => Err(Stop::Usage(unknown("metric", wanted, known.iter().map(|name| name.as_str())))),
            None => Ok(()),
        }
    }

    fn one(&self, project: &mut Project, engines: &mut [Box<dyn Engine>], terminal: &Terminal) -> Verification {
        let wanted = |name: &str| self.metrics.is_empty() || self.metrics.iter().any(|metric| metric == name);
        let cases = project.catalog.registry.cases.iter().filter(|(_, case)| wanted(&case.metric.value)).count();
        let bar = terminal.progress(cases, "verify");
        let mut diagnostics = Diagnostics::new();
        let step = |name: &str| {
            bar.set_message(name.to_owned());
            bar.inc(1);
        };
        let how = How { engines, wanted: &wanted, step: &step };
        let verification = verify::verify(&project.catalog, &project.texts, how, &mut diagnostics);
        bar.finish_and_clear();
        project.findings.extend(diagnostics.into_sorted());
        verification
    }

    fn tell(&self, projects: &[Project], verified: &[Verification], terminal: &mut Terminal) -> Result<(), Stop> {
        let parts: Vec<report::verify::Part<'_>> = projects
            .iter()
            .zip(verified)
            .map(|(project, verification)| report::verify::Part {
                place: &project.place,
                texts: &project.texts,
                findings: &project.findings,
                verification,
            })
            .collect();
        let text = match self.format {
            Format::Human => report::verify::human(&parts, terminal.style()),
            Format::Json => report::verify::json(&parts) + "\n",
            other => self.findings(other, projects, verified),
        };
        terminal.print(&text)
    }

    /// Writes broken cases as findings beside those of the definitions.
    fn findings(&self, format: Format, projects: &[Project], verified: &[Verification]) -> String {
        let pairs = || projects.iter().zip(verified);
        let all: Vec<Vec<Diagnostic>> = pairs()
            .map(|(project, verification)| {
                let broken = report::verify::broken(verification);
                project.findings.iter().cloned().chain(broken).collect()
            })
            .collect();
        let looked_at = pairs().flat_map(|(project, verification)| looked_at(project, verification)).collect();
        project::findings((format, "verify"), projects, &all, looked_at)
    }
}

/// Returns the cases that were tried.
fn looked_at(project: &Project, verification: &Verification) -> Vec<Looked> {
    let looked = verification.verdicts.iter().map(|verdict| {
        let metric = Some(verdict.metric.clone());
        Looked { metric, name: verdict.case.clone(), file: Some(project.texts.get(verdict.span.text).name.clone()) }
    });
    looked.collect()
}
