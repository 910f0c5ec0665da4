use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::exit::{Exit, Outcome};
use super::terminal::Terminal;

/// Print the completion script for a shell.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::Arguments::command(), "etalon", &mut script);
        terminal.print(&String::from_utf8_lossy(&script))?;
        Ok(Exit::Ok)
    }
}
