//! The command line: arguments to an exit code.
//!
//! One command is one file; its doc comment is its `--help`. The only layer that prints, and it decides nothing about
//! metrics.

mod accept;
mod approve;
mod arguments;
mod changelog;
mod check;
mod compared;
mod compile;
mod completions;
mod cut;
mod deploying;
mod diff;
mod diff_driver;
mod deprecate;
mod drift;
mod engines;
mod exit;
mod explain;
mod format;
mod fusing;
mod impact;
mod init;
mod judging;
mod mapped;
mod mutate;
mod new_version;
mod over_rows;
mod owners;
mod project;
mod random;
mod remotes;
mod replay;
mod release;
mod retire;
mod run;
mod schema;
mod show;
mod site;
mod terminal;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use exit::Exit;
use terminal::Terminal;

/// Metric definitions that are said once, computed twice, changed in the open, and guarded.
#[derive(Debug, Parser)]
#[command(name = "etalon", version, propagate_version = true, max_term_width = 100, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,

    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: terminal::When,
}

#[derive(Debug, Subcommand)]
enum Command {
    Accept(accept::Accept),
    Approve(approve::Approve),
    Changelog(changelog::Changelog),
    Check(check::Check),
    Compile(compile::Compile),
    Completions(completions::Completions),
    Diff(diff::Diff),
    DiffDriver(diff_driver::DiffDriver),
    Deprecate(deprecate::Deprecate),
    Drift(drift::Drift),
    Explain(explain::Explain),
    Impact(impact::Impact),
    Init(init::Init),
    Mutate(mutate::Mutate),
    Replay(replay::Replay),
    NewVersion(new_version::NewVersion),
    Owners(owners::Owners),
    Release(release::Release),
    Retire(retire::Retire),
    Run(run::Run),
    Schema(schema::Schema),
    Show(show::Show),
    Verify(verify::Verify),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return exit::usage(&error),
    };
    let mut terminal = Terminal::new(arguments.color);
    let outcome = match &arguments.command {
        Command::Accept(command) => command.run(&mut terminal),
        Command::Approve(command) => command.run(&mut terminal),
        Command::Changelog(command) => command.run(&mut terminal),
        Command::Check(command) => command.run(&mut terminal),
        Command::Compile(command) => command.run(&mut terminal),
        Command::Completions(command) => command.run(&mut terminal),
        Command::Diff(command) => command.run(&mut terminal),
        Command::DiffDriver(command) => command.run(&mut terminal),
        Command::Deprecate(command) => command.run(&mut terminal),
        Command::Drift(command) => command.run(&mut terminal),
        Command::Explain(command) => command.run(&mut terminal),
        Command::Impact(command) => command.run(&mut terminal),
        Command::Init(command) => command.run(&mut terminal),
        Command::Mutate(command) => command.run(&mut terminal),
        Command::Replay(command) => command.run(&mut terminal),
        Command::NewVersion(command) => command.run(&mut terminal),
        Command::Owners(command) => command.run(&mut terminal),
        Command::Release(command) => command.run(&mut terminal),
        Command::Retire(command) => command.run(&mut terminal),
        Command::Run(command) => command.run(&mut terminal),
        Command::Schema(command) => command.run(&mut terminal),
        Command::Show(command) => command.run(&mut terminal),
        Command::Verify(command) => command.run(&mut terminal),
    };
    exit::code(outcome, &mut terminal)
}
