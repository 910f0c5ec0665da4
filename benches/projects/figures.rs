//! The figures of `benches/README.md`.

use std::path::Path;
use std::process::Command;

use super::etalon_form::{self, Layout};
use super::usage::{self, Usage};
use super::{sidemantic, work};

/// Times that each thing is measured, in turn with the others.
const ROUNDS: usize = 5;

/// Does some work once in this process and prints what it took.
pub(crate) fn once(work: &str, project: &Path) {
    let taken = match work {
        "events" => {
            let texts = work::texts(project);
            usage::of(|| work::events(&texts))
        }
        "check" => usage::of(|| work::check(project)),
        "compile" => usage::of(|| work::compile(&work::catalog_of(project).1)),
        other => unreachable!("no work is called {other}"),
    };
    println!("{} {} {}", taken.wall, taken.cpu, taken.memory);
}

/// Does some work in a process of its own.
fn measured(work: &str, project: &Path) -> Usage {
    let own = std::env::current_exe().expect("this program");
    let output = Command::new(own).args(["once", work]).arg(project).output().expect("this program runs");
    let text = String::from_utf8(output.stdout).expect("numbers");
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [wall, cpu, memory] = numbers[..] else { panic!("{}", String::from_utf8_lossy(&output.stderr)) };
    Usage { wall, cpu, memory: memory as u64 }
}

/// Prints the figures of a project of this many definitions, a table for a hundred.
pub(crate) fn print(count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let (own, peer) = (folder.path().join("etalon"), folder.path().join("sidemantic"));
    etalon_form::write(&own, count, Layout::Sources, None);
    sidemantic::write(&peer, count);
    let mut runs: [Vec<Usage>; 5] = Default::default();
    for _ in 0..ROUNDS {
        runs[0].push(measured("events", &own));
        runs[1].push(measured("check", &own));
        runs[2].push(measured("compile", &own));
        runs[3].push(usage::of_program(
            Command::new(env!("CARGO_BIN_EXE_etalon")).args(["check", "--no-cache"]).arg(&own),
        ));
        if let Some(program) = std::env::var_os("ETALON_SIDEMANTIC") {
            let mut command = Command::new(program);
            runs[4].push(usage::of_program(command.arg("validate").arg(&peer).env_remove("PYTHONDONTWRITEBYTECODE")));
        }
    }
    println!("{count} definitions, median of {ROUNDS} runs in turn");
    println!("                            clock ms     CPU ms   peak MiB");
    let names = ["events of YAML, one core", "check, in process", "load, build and compile", "`etalon check`", "peer"];
    for (name, runs) in names.iter().zip(&runs).filter(|(_, runs)| !runs.is_empty()) {
        tell(name, usage::median(runs));
    }
    ratios(&runs, count);
}

fn ratios(runs: &[Vec<Usage>; 5], count: usize) {
    let [events, check, compile, program] = [0, 1, 2, 3].map(|at| usage::median(&runs[at]));
    let ratio = |name: &str, above: fn(&Usage) -> f64, (one, other): (&Usage, &Usage)| {
        println!("{name:<44} {:>7.2}", above(one) / above(other));
    };
    println!();
    ratio("check / events, clock", |it| it.wall, (&check, &events));
    ratio("check / events, CPU", |it| it.cpu, (&check, &events));
    ratio("load, build and compile / check, clock", |it| it.wall, (&compile, &check));
    println!("{:<44} {:>7.1}", "KiB of peak memory a definition", program.memory as f64 / count as f64);
    if !runs[4].is_empty() {
        let peer = usage::median(&runs[4]);
        ratio("peer / `etalon check`, clock", |it| it.wall, (&peer, &program));
        ratio("peer / `etalon check`, CPU", |it| it.cpu, (&peer, &program));
    }
}

/// Prints how a check grows with the number of definitions.
pub(crate) fn growth(layout: Layout) {
    let mut before: Option<(f64, f64)> = None;
    println!("definitions   clock ms     CPU ms   peak MiB   exponent of CPU");
    // A file of definitions is at most 1 MiB long.
    let counts = if layout == Layout::OneFile { [300, 900, 2_700] } else { [1_000, 10_000, 100_000] };
    for count in counts {
        let folder = tempfile::tempdir().expect("a folder");
        etalon_form::write(folder.path(), count, layout, None);
        let runs: Vec<Usage> = (0..ROUNDS.min(300_000 / count)).map(|_| measured("check", folder.path())).collect();
        let taken = usage::median(&runs);
        let exponent = before.map(|(count_before, cpu)| (taken.cpu / cpu).ln() / (count as f64 / count_before).ln());
        let exponent = exponent.map_or(String::new(), |exponent| format!("{exponent:.2}"));
        let mebibytes = taken.memory as f64 / 1024.0;
        println!("{count:>11} {:>10.0} {:>10.0} {mebibytes:>10.0} {exponent:>17}", taken.wall * 1e3, taken.cpu * 1e3);
        before = Some((count as f64, taken.cpu));
    }
}

fn tell(name: &str, taken: Usage) {
    let (clock, cpu, memory) = (taken.wall * 1e3, taken.cpu * 1e3, taken.memory as f64 / 1024.0);
    println!("{name:<25} {clock:>10.0} {cpu:>10.0} {memory:>10.0}");
}
