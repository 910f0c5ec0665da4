use std::path::PathBuf;

use clap::Args;

use super::arguments::unknown;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::project::{self, Project};
use super::terminal::Terminal;
use crate::diagnostic::Diagnostic;
use crate::mutate::{self, How};
use crate::report::findings::Looked;
use crate::report::mutate::{self as report, Part};

/// Change every clause of definitions and see whether a case notices.
///
/// A window is made longer and shorter, an edge opened or closed, an exclusion dropped, a comparison flipped, a measure,
/// column or calendar exchanged, and so on; each such mutant must be refused or fail a case. One that does not is reported
/// at its line, with a case that would kill it. A mutant that cannot change a number is explained in a comment above its
/// clause: `# equivalent: zero -> negative: why`. The interpreter judges; no engine is needed.
///
/// Exit codes: 0 enough mutants are killed, 1 too few, or a case does not even hold unchanged, 2 the arguments are wrong,
/// 4 there was nothing to change.
#[derive(Debug, Args)]
pub(super) struct Mutate {
    /// A folder of definitions, or one file of a project; left out, `definitions` or the project around this folder.
    path: Option<PathBuf>,

    /// Only this metric with its variants (may be repeated), and nothing that metrics share.
    #[arg(long = "metric", value_name = "NAME")]
    metrics: Vec<String>,

    /// How much of each definition's mutants must be killed.
    #[arg(long, value_name = "PERCENT", default_value_t = 100.0)]
    at_least: f64,

    /// How the scores are written.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Mutate {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        if !(0.0..=100.0).contains(&self.at_least) {
            return Err(Stop::Usage(format!("`--at-least {}` is no part of 100", self.at_least)));
        }
        let projects = project::open_all(self.path.as_deref())?;
        let known: Vec<&String> = projects.iter().flat_map(|project| project.catalog.registry.metrics.keys()).collect();
        if let Some(wanted) = self.metrics.iter().find(|wanted| !known.contains(wanted)) {
            return Err(Stop::Usage(unknown("metric", wanted, known.iter().map(|name| name.as_str()))));
        }
        if let Some(broken) = projects.iter().find(|project| project.is_broken()) {
            return broken.refuse(terminal);
        }
        let outcomes: Vec<mutate::Outcome> = projects.iter().map(|project| self.one(project, terminal)).collect();
        if outcomes.iter().all(|outcome| outcome.scores.is_empty()) {
            let place = projects.first().map_or("", |project| project.place.as_str());
            terminal.complain(&format!("there is no clause to change in `{place}`"));
            return Ok(Exit::NothingChecked);
        }
        terminal.print(&self.told(&projects, &outcomes, terminal))?;
        let scores = || outcomes.iter().flat_map(|outcome| &outcome.scores);
        let is_enough = |score: &mutate::Score| {
            score.killed() as f64 * 100.0 >= self.at_least * score.counted() as f64 && score.unsound.is_empty()
        };
        Ok(if scores().all(is_enough) { Exit::Ok } else { Exit::Findings })
    }

    fn one(&self, project: &Project, terminal: &Terminal) -> mutate::Outcome {
        let registry = &project.catalog.registry;
        let all = registry.metrics.len() + registry.standards.len() + registry.sources.len();
        let bar = terminal.progress(if self.metrics.is_empty() { all } else { self.metrics.len() }, "mutate");
        let step = |name: &str| {
            bar.set_message(name.to_owned());
            bar.inc(1);
        };
        let how = How { metrics: &self.metrics, step: &step };
        let outcome = mutate::run(&project.catalog, &project.texts, &how);
        bar.finish_and_clear();
        outcome
    }

    fn told(&self, projects: &[Project], outcomes: &[mutate::Outcome], terminal: &Terminal) -> String {
        let parts: Vec<Part<'_>> = projects
            .iter()
            .zip(outcomes)
            .filter(|(_, outcome)| !outcome.scores.is_empty())
            .map(|(project, outcome)| Part { place: &project.place, texts: &project.texts, outcome })
            .collect();
        match self.format {
            Format::Human => report::human(&parts, terminal.style()),
            Format::Json => report::json(&parts) + "\n",
            other => findings(other, projects, outcomes),
        }
    }
}

/// Writes survivors as findings.
fn findings(format: Format, projects: &[Project], outcomes: &[mutate::Outcome]) -> String {
    let all: Vec<Vec<Diagnostic>> = outcomes.iter().map(report::found).collect();
    let looked_at = projects.iter().zip(outcomes).flat_map(|(project, outcome)| looked_at(project, outcome)).collect();
    project::findings((format, "mutate"), projects, &all, looked_at)
}

/// Returns the definitions that were mutated.
fn looked_at(project: &Project, outcome: &mutate::Outcome) -> Vec<Looked> {
    let looked = outcome.scores.iter().map(|score| {
        let metric = (score.kind == "metric").then(|| score.name.clone());
        let file = Some(project.texts.get(score.span.text).name.clone());
        Looked { metric, name: format!("{} {}", score.kind, score.name), file }
    });
    looked.collect()
}
