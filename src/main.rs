//! The `etalon` command: arguments in, exit code out.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Trees, definitions and plans are made of millions of small pieces.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    etalon::cli::main()
}
