//! Verifying over random tables: `verify --random`.

use super::engines;
use super::exit::{Exit, Outcome, Stop};
use super::format::Format;
use super::project::{self, Project};
use super::remotes;
use super::terminal::Terminal;
use crate::definition::Remote;
use crate::diagnostic::Diagnostic;
use crate::differential::{self, How};
use crate::engine::{Engine, EngineEntry, EngineError};
use crate::remote;
use crate::report::differential::{self as report, Part, Run};
use crate::report::findings::Looked;

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) sets: usize,
    pub(super) seed: u64,
    pub(super) metrics: &'a [String],
    pub(super) format: Format,
}

/// Who computes beside the interpreter, so that each thread can open its own sessions.
struct Judges<'a> {
    engines: Vec<&'static EngineEntry>,
    targets: Vec<(&'a str, &'a Remote)>,
}

impl Judges<'_> {
    fn open(&self) -> Result<Vec<Box<dyn Engine>>, EngineError> {
        let engines = self.engines.iter().map(|entry| (entry.open)());
        let targets = self.targets.iter().map(|(name, remote)| remote::open(name, remote));
        engines.chain(targets).collect()
    }
}

/// Tries random tables on the readings of the projects.
pub(super) fn run(
    asked: &Asked<'_>,
    projects: &[Project],
    (engines, targets): (&[String], &[String]),
    terminal: &mut Terminal,
) -> Outcome {
    if let Some(broken) = projects.iter().find(|project| project.is_broken()) {
        return broken.refuse(terminal);
    }
    let judges = judges((engines, targets), projects, terminal)?;
    let wanted = |name: &str| asked.metrics.is_empty() || asked.metrics.iter().any(|metric| metric == name);
    let bar = terminal.progress(asked.sets, "verify");
    let step = |name: &str, sets: usize| {
        bar.set_message(name.to_owned());
        bar.inc(sets as u64);
    };
    let (open, parts) = (|| judges.open(), projects.iter());
    let parts: Vec<_> = parts.map(|it| differential::Project { catalog: &it.catalog, texts: &it.texts }).collect();
    let how = How { sets: asked.sets, seed: asked.seed, wanted: &wanted, open: &open, step: &step };
    let outcome = differential::run(&parts, &how)?;
    bar.finish_and_clear();
    if outcome.asked() == 0 {
        let place = projects.first().map_or("", |project| project.place.as_str());
        terminal.complain(&format!("no random tables were asked of the metrics in `{place}`"));
        return Ok(Exit::NothingChecked);
    }
    let parts = projects.iter().map(|project| Part { place: &project.place, texts: &project.texts }).collect();
    let run = Run { seed: asked.seed, parts, outcome: &outcome };
    terminal.print(&match asked.format {
        Format::Human => report::human(&run, terminal.style()),
        Format::Json => report::json(&run) + "\n",
        other => findings(other, projects, &run),
    })?;
    Ok(if outcome.disagreements.is_empty() { Exit::Ok } else { Exit::Findings })
}

/// Returns who takes part; each was opened once, so that what is absent is told before anything is asked.
fn judges<'a>(
    (engines, targets): (&[String], &'a [String]),
    projects: &'a [Project],
    terminal: &mut Terminal,
) -> Result<Judges<'a>, Stop> {
    let opened = engines::open(engines, terminal)?;
    let engines = opened.iter().filter_map(|engine| EngineEntry::find(engine.name())).collect();
    let once = targets.iter().enumerate().filter(|(place, name)| !targets[..*place].contains(name));
    let found: Result<Vec<_>, Stop> =
        once.map(|(_, name)| Ok((name.as_str(), remotes::find(name, projects)?))).collect();
    Ok(Judges { engines, targets: found? })
}

/// Writes disagreements as findings.
fn findings(format: Format, projects: &[Project], run: &Run<'_>) -> String {
    let all: Vec<Vec<Diagnostic>> = (0..projects.len()).map(|project| report::found(run, project)).collect();
    let looked_at = run.outcome.readings.iter().map(|reading| looked_at(reading)).collect();
    project::findings((format, "verify"), projects, &all, looked_at)
}

fn looked_at(reading: &str) -> Looked {
    Looked { metric: Some(reading.to_owned()), name: "random tables".to_owned(), file: None }
}
