//! Opening engines by name.

use super::arguments::unknown;
use super::exit::Stop;
use super::terminal::Terminal;
use crate::engine::{ENGINES, Engine, EngineError};

/// Opens the engines asked for, or all that are at hand; what is not at hand is remarked.
///
/// # Errors
/// When there is no engine of a name, or one that was asked for is not at hand.
pub(super) fn open(asked: &[String], terminal: &mut Terminal) -> Result<Vec<Box<dyn Engine>>, Stop> {
    let names = || ENGINES.iter().map(|entry| entry.name);
    if let Some(wanted) = asked.iter().find(|wanted| !names().any(|name| name == wanted.as_str())) {
        return Err(Stop::Usage(unknown("engine", wanted, names())));
    }
    let mut engines = Vec::new();
    for entry in ENGINES.iter().filter(|entry| asked.is_empty() || asked.iter().any(|name| name == entry.name)) {
        match (entry.open)() {
            Ok(engine) => engines.push(engine),
            Err(EngineError::Unavailable { .. }) if asked.is_empty() => {
                terminal.remark(&format!("{0} takes no part; `--engine {0}` says why", entry.name));
            }
            Err(EngineError::Unavailable { what, remedy }) => {
                return Err(Stop::Incomplete(format!("{what}\n  help: {remedy}")));
            }
            Err(error) => return Err(Stop::Incomplete(error.to_string())),
        }
    }
    Ok(engines)
}
