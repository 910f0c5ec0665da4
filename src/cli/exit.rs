//! Exit codes, the same for every command and format.

use std::process::ExitCode;

use super::terminal::Terminal;
use crate::engine::EngineError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Ok,
    /// Something was found that somebody has to look at.
    Findings,
    /// There was nothing to look at.
    NothingChecked,
}

/// Why a command did not end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// The arguments do not go together or name something that is not there.
    #[error("{0}")]
    Usage(String),
    /// The world did not play along.
    #[error("{0}")]
    Incomplete(String),
    /// Whoever read the output has gone away.
    #[error("the output was closed")]
    Closed,
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Stop::Closed,
            _ => Stop::Incomplete(format!("the output cannot be written: {error}")),
        }
    }
}

impl Stop {
    /// Says what kept a command from its end, and what to do about it where that is known.
    pub(super) fn incomplete(what: &dyn std::fmt::Display, remedy: Option<&str>) -> Self {
        Stop::Incomplete(match remedy {
            Some(remedy) => format!("{what}\n  help: {remedy}"),
            None => what.to_string(),
        })
    }
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Self {
        Stop::incomplete(&error, error.remedy())
    }
}

/// What a command returns.
pub(super) type Outcome = Result<Exit, Stop>;

const OK: u8 = 0;
const FINDINGS: u8 = 1;
const USAGE: u8 = 2;
const INCOMPLETE: u8 = 3;
const NOTHING_CHECKED: u8 = 4;

/// Turns an outcome into the process's exit code and tells what went wrong.
pub(super) fn code(outcome: Outcome, terminal: &mut Terminal) -> ExitCode {
    ExitCode::from(match outcome {
        Ok(Exit::Ok) => OK,
        Ok(Exit::Findings) => FINDINGS,
        Ok(Exit::NothingChecked) => NOTHING_CHECKED,
        // A pager that was closed early is no failure.
        Err(Stop::Closed) => OK,
        Err(Stop::Usage(message)) => {
            terminal.complain(&message);
            USAGE
        }
        Err(Stop::Incomplete(message)) => {
            terminal.complain(&message);
            INCOMPLETE
        }
    })
}

/// Prints what clap has to say: help on standard output, mistakes on standard error.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let asked = matches!(error.kind(), clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion);
    ExitCode::from(match error.print().map_err(Stop::from) {
        _ if !asked => USAGE,
        Ok(()) | Err(Stop::Closed) => OK,
        Err(_) => INCOMPLETE,
    })
}
