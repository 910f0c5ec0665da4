//! Scripts of several statements, run on an engine.

use etalon::engine::{Engine, EngineError};

/// Returns the statements of a script without its comments; no text in them ends a line with a semicolon.
pub(crate) fn statements(script: &str) -> Vec<String> {
    let mut statements = vec![String::new()];
    for line in script.lines().filter(|line| !line.trim_start().starts_with("--")) {
        let last = statements.last_mut().expect("there is always one");
        match line.strip_suffix(';') {
            Some(end) => {
                last.push_str(end);
                statements.push(String::new());
            }
            None => last.push_str(&format!("{line}\n")),
        }
    }
    statements.retain(|statement| !statement.trim().is_empty());
    statements
}

/// Runs every statement of a script.
#[track_caller]
pub(super) fn run(engine: &mut dyn Engine, script: &str) {
    for statement in statements(script) {
        match engine.query(&statement, &[]) {
            // What a statement without rows returns is not what is looked at.
            Ok(_) | Err(EngineError::Mismatch { .. }) => {}
            Err(error) => panic!("{error}\n{statement}"),
        }
    }
}
