//! Where output goes: colours where they are wanted, progress where somebody watches.

use std::io::{IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::exit::Stop;
use crate::report::diagnostic;

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless `NO_COLOR` is set; also where `CLICOLOR_FORCE` is.
    Auto,
    /// Also into files and pipes.
    Always,
    /// Not even on a terminal.
    Never,
}

/// Standard output and standard error with their colours.
pub(super) struct Terminal {
    out: AutoStream<std::io::Stdout>,
    err: AutoStream<std::io::Stderr>,
    style: diagnostic::Style,
    error_style: diagnostic::Style,
}

impl Terminal {
    /// Returns the process's terminal.
    pub(super) fn new(when: When) -> Self {
        let choice = match when {
            When::Auto => AutoStream::choice(&std::io::stdout()),
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        };
        let error_choice = match when {
            When::Auto => AutoStream::choice(&std::io::stderr()),
            _ => choice,
        };
        Self {
            out: AutoStream::new(std::io::stdout(), choice),
            err: AutoStream::new(std::io::stderr(), error_choice),
            style: style(choice),
            error_style: style(error_choice),
        }
    }

    /// Returns how diagnostics are drawn on standard output.
    pub(super) fn style(&self) -> diagnostic::Style {
        self.style
    }

    /// Returns how diagnostics are drawn on standard error.
    pub(super) fn error_style(&self) -> diagnostic::Style {
        self.error_style
    }

    /// Writes text to standard output.
    ///
    /// # Errors
    /// When the output is closed or full.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Stop> {
        self.out.write_all(text.as_bytes())?;
        Ok(self.out.flush()?)
    }

    /// Writes an error to standard error.
    pub(super) fn complain(&mut self, message: &str) {
        let red = Style::new().fg_color(Some(AnsiColor::Red.into())).bold();
        // Nothing can be done where even this cannot be written.
        let _ = writeln!(self.err, "{red}error{red:#}: {message}");
    }

    /// Writes a remark to standard error.
    pub(super) fn remark(&mut self, message: &str) {
        let _ = writeln!(self.err, "{message}");
    }

    /// Returns a progress bar over `steps` that is drawn only where somebody watches.
    pub(super) fn progress(&self, steps: usize, what: &str) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::stderr());
        if !std::io::stderr().is_terminal() {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        bar
    }
}

fn style(choice: ColorChoice) -> diagnostic::Style {
    match choice {
        ColorChoice::Never => diagnostic::Style::Plain,
        _ => diagnostic::Style::Coloured,
    }
}
