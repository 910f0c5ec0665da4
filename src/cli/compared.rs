//! Opening the two sides of a comparison: what every command about a change does first.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::arguments::unknown;
use super::exit::Stop;
use super::project;
use super::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Severity};
use crate::diff::Scope;
use crate::report::diagnostic;
use crate::resolve::Version;
use crate::sides::{Place, Question, Side, Sides, SidesError, Spots};

/// Opens both sides. One with errors has no meaning, so that nothing can be said of it.
///
/// # Errors
/// When a side cannot be had, has errors, or is a folder without definitions.
pub(super) fn open(old: Option<&String>, new: Option<&String>, terminal: &mut Terminal) -> Result<Sides, Stop> {
    read(find(old, new)?.1, terminal)
}

/// Finds both sides, and the project that they are of.
///
/// # Errors
/// When there is nothing under a name.
pub(super) fn find(old: Option<&String>, new: Option<&String>) -> Result<(PathBuf, Spots), Stop> {
    let question = Question { old: old.cloned(), new: new.cloned() };
    let folder = match project::found(None) {
        // Two folders need no project around them.
        Err(_) if new.is_some() => PathBuf::from("."),
        found => found?,
    };
    let spots = question.spots(&folder).map_err(stop)?;
    Ok((folder, spots))
}

fn stop(error: SidesError) -> Stop {
    match error {
        SidesError::Unknown(message) => Stop::Usage(message),
        other => Stop::Incomplete(other.to_string()),
    }
}

/// Reads both sides, as [`open`] does.
///
/// # Errors
/// When a side cannot be had, has errors, or is a folder without definitions.
pub(super) fn read(spots: Spots, terminal: &mut Terminal) -> Result<Sides, Stop> {
    let sides = spots.read().map_err(stop)?;
    for side in [&sides.old, &sides.new] {
        let errors: Vec<Diagnostic> =
            side.findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect();
        if !errors.is_empty() {
            let told = diagnostic::render(&errors, &sides.texts, terminal.error_style());
            terminal.remark(&format!("{}\n", told.trim_end()));
            let summary = diagnostic::summary(&errors, side.catalog.files);
            return Err(Stop::Incomplete(format!("`{}` cannot be compared: {summary}", side.label)));
        }
    }
    // A revision may be older than the definitions; a folder without any is the wrong one.
    let is_wrong = |side: &&Side| side.catalog.files == 0 && matches!(side.place, Place::Disk(_));
    if let Some(side) = [&sides.old, &sides.new].into_iter().find(is_wrong) {
        return Err(Stop::Usage(format!("there are no definition files in `{}`", side.label)));
    }
    Ok(sides)
}

/// Returns what is compared: two versions where the sides are that, else the metrics asked for, else all that a difference can
/// reach.
///
/// # Errors
/// When neither side has a metric that was asked for.
pub(super) fn scope(sides: &Sides, wanted: &BTreeSet<String>) -> Result<Scope, Stop> {
    let known: BTreeSet<&String> =
        [&sides.old, &sides.new].into_iter().flat_map(|side| side.catalog.registry.metrics.keys()).collect();
    if let Some(wanted) = wanted.iter().find(|wanted| !known.contains(wanted)) {
        return Err(Stop::Usage(unknown("metric", wanted, known.into_iter().map(String::as_str))));
    }
    let versions = sides.versions.as_ref().and_then(|(old, new)| Some((version(old)?, version(new)?)));
    Ok(match versions {
        Some((old, new)) => Scope::Versions(old, new),
        None if wanted.is_empty() => sides.reached.clone(),
        None => Scope::Only(wanted.clone()),
    })
}

/// Reads `csat@1.0.0`.
fn version(text: &str) -> Option<(String, Version)> {
    let (id, version) = text.split_once('@')?;
    Some((id.to_owned(), Version::parse(version)?))
}
