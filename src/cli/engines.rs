//! Opening engines by name.

use super::arguments::unknown;
use super::exit::Stop;
use super::terminal::Terminal;
use crate::engine::{ENGINES, Engine, EngineEntry, EngineError};

/// Opens the engines asked for, or all that are at hand: one that could be in this process and is not is remarked, a
/// server takes part where its address is set.
///
/// # Errors
/// When there is no engine of a name, or one that is meant is not at hand.
pub(super) fn open(asked: &[String], terminal: &mut Terminal) -> Result<Vec<Box<dyn Engine>>, Stop> {
    let names = || ENGINES.iter().map(|entry| entry.name);
    if let Some(wanted) = asked.iter().find(|wanted| !names().any(|name| name == wanted.as_str())) {
        return Err(Stop::Usage(unknown("engine", wanted, names())));
    }
    let is_meant = |entry: &&EngineEntry| match asked {
        [] => entry.is_meant(),
        asked => asked.iter().any(|name| name == entry.name),
    };
    let mut engines = Vec::new();
    for entry in ENGINES.iter().filter(is_meant) {
        match (entry.open)() {
            Ok(engine) => engines.push(engine),
            Err(EngineError::Unavailable { .. }) if asked.is_empty() && !entry.is_server => {
                terminal.remark(&format!("{0} takes no part; `--engine {0}` says why", entry.name));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(engines)
}
