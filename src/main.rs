//! The `etalon` command: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    etalon::cli::main()
}
