//! The targets of a project, by the names that `--on` gives.

use super::arguments::unknown;
use super::exit::Stop;
use super::project::Project;
use crate::definition::Remote;
use crate::engine::Engine;
use crate::remote;

/// Opens the targets asked for, each once. The first of the projects that declares a target says what it is for all of
/// them: the cases of projects inside of it are computed where its own are.
///
/// # Errors
/// When there is no target of a name, or one cannot be opened.
pub(super) fn open(asked: &[String], projects: &[Project]) -> Result<Vec<Box<dyn Engine>>, Stop> {
    let mut engines = Vec::new();
    for name in asked.iter().enumerate().filter(|(position, name)| !asked[..*position].contains(name)).map(|it| it.1) {
        engines.push(remote::open(name, find(name, projects)?)?);
    }
    Ok(engines)
}

/// Returns what a target is.
///
/// # Errors
/// When no project declares it.
pub(super) fn find<'a>(name: &str, projects: &'a [Project]) -> Result<&'a Remote, Stop> {
    if let Some(remote) = projects.iter().find_map(|project| declared(project, name)) {
        return Ok(remote);
    }
    let files = projects.iter().filter_map(|project| project.catalog.registry.project.as_ref());
    let known: Vec<&str> = files.flat_map(|file| file.remotes.keys()).map(String::as_str).collect();
    Err(Stop::Usage(match known.as_slice() {
        [] => {
            let example = "targets: {warehouse: {engine: postgres, address_from: WAREHOUSE_URI}}";
            format!("there is no target `{name}`: `etalon.yaml` declares none\n  help: declare it there: `{example}`")
        }
        _ => unknown("target", name, known),
    }))
}

/// Returns the target of this name that the project itself declares.
pub(super) fn declared<'a>(project: &'a Project, name: &str) -> Option<&'a Remote> {
    project.catalog.registry.project.as_ref()?.remotes.get(name)
}
