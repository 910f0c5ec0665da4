//! The option `--mapping`: sources read as one system has them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::arguments::unknown;
use super::exit::Stop;
use super::project::Project;
use crate::load;
use crate::mapping;

/// Puts the sources of the mapping `NAME[=FOLDER]` in place of the project's own; returns where their files lie.
pub(super) fn apply(argument: &str, project: &mut Project) -> Result<BTreeMap<String, PathBuf>, Stop> {
    let (name, folder) = match argument.split_once('=') {
        Some((name, folder)) => (name, Some(Path::new(folder))),
        None => (argument, None),
    };
    let catalog = &mut project.catalog;
    let known = catalog.registry.mappings.keys().map(String::as_str);
    let Some((text, found)) = catalog.registry.mappings.get(name) else {
        return Err(Stop::Usage(unknown("mapping", name, known)));
    };
    let (text, found) = (*text, found.clone());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Stop::Usage(format!("`{}` is no folder", folder.display())));
    }
    let mut files = BTreeMap::new();
    for (source, mapped) in &found.sources {
        let Some(file) = &mapped.file else { continue };
        let source = &source.value;
        let refused = |reason: &str| {
            let help = format!("or give it with `--data {source}=FILE`");
            Stop::Usage(format!("the mapping `{name}` names `{file}`: {reason}, {help}"))
        };
        let place = match folder {
            Some(folder) => load::file_inside(folder, file).map_err(|reason| refused(&reason))?,
            None => Some(
                catalog.place(text, file).ok_or_else(|| refused("it is no file of the project; put the file there"))?,
            ),
        };
        // A system need not have every table, and an export need not hold all of them.
        if let Some(place) = place.filter(|place| place.exists()) {
            files.insert(source.clone(), place);
        }
    }
    catalog.registry = mapping::apply(&catalog.registry, &found);
    Ok(files)
}
