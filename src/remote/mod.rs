//! Databases that hold the tables of sources: the targets of a project.
//!
//! Opens them, asks their own tables, and holds these against what the sources declare. Nothing of theirs is changed: what
//! is loaded are temporary tables of the session. Prints nothing.

mod check;
mod live;

pub use check::{check, check_columns};
pub use live::Live;

use crate::catalog::Catalog;
use crate::definition::{Remote, SourceFile};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::engine::{Address, ENGINES, Engine, EngineEntry, EngineError, labelled};

/// Reports targets whose engine does not exist.
pub fn check_engines(catalog: &Catalog, diagnostics: &mut Diagnostics) {
    let remotes = catalog.registry.project.iter().flat_map(|project| project.remotes.values());
    for remote in remotes.filter(|remote| EngineEntry::find(&remote.engine.value).is_none()) {
        let known: Vec<&str> = ENGINES.iter().map(|entry| entry.name).collect();
        let name = &remote.engine;
        let diagnostic =
            Diagnostic::error(codes::UNKNOWN_REFERENCE, name.span, format!("there is no engine `{}`", name.value));
        diagnostics.push(match nearest(&name.value, &known) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("there are: {}", known.join(", "))),
        });
    }
}

/// Opens a session of the target called `name`.
///
/// # Errors
/// When its engine is not at hand, its variable is not set, or it refuses.
pub fn open(name: &str, remote: &Remote) -> Result<Box<dyn Engine>, EngineError> {
    let Some(entry) = EngineEntry::find(&remote.engine.value) else {
        let what = format!("there is no engine `{}`", remote.engine.value);
        return Err(EngineError::Unavailable { what, remedy: "Name another in `etalon.yaml`.".to_owned() });
    };
    let address = Address::in_variable(&remote.variable).in_schema(remote.schema.clone());
    Ok(labelled(name, (entry.open_at)(&address)?))
}

/// Returns the name of a source's table on a target.
fn table_of<'a>(source: &'a SourceFile, target: &str) -> &'a str {
    source.places.get(target).map_or(&source.source.table, |place| &place.value)
}
