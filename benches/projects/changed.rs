//! What a check takes after one file has changed, against a check of everything.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::etalon_form::{self, Layout};
use super::usage::{self, Usage};

/// Times that each check is measured, in turn with the other.
const ROUNDS: usize = 5;

/// Prints how both grow with the number of definitions.
pub(crate) fn print(layout: Layout) {
    println!("definitions   whole: clock ms   CPU ms   one changed: clock ms   CPU ms   whole / changed, CPU");
    for count in [1_000, 10_000, 100_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let (project, kept) = (folder.path().join("project"), folder.path().join("kept"));
        etalon_form::write(&project, count, layout, None);
        // The first writes what is kept, the second trusts the times of files that were just written.
        std::thread::sleep(std::time::Duration::from_secs(3));
        check(&project, &kept, &[]);
        let changing = one_of(&project, count);
        let (mut whole, mut changed) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS.min(300_000 / count) {
            change(&changing, round);
            changed.push(check(&project, &kept, &[]));
            whole.push(check(&project, &kept, &["--no-cache"]));
        }
        let (whole, changed) = (usage::median(&whole), usage::median(&changed));
        let (of_whole, of_changed) = ((whole.wall * 1e3, whole.cpu * 1e3), (changed.wall * 1e3, changed.cpu * 1e3));
        println!(
            "{count:>11} {:>17.0} {:>8.0} {:>23.0} {:>8.0} {:>22.1}",
            of_whole.0,
            of_whole.1,
            of_changed.0,
            of_changed.1,
            whole.cpu / changed.cpu
        );
    }
}

fn check(project: &Path, kept: &Path, arguments: &[&str]) -> Usage {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    usage::of_program(command.arg("check").args(arguments).arg(project).env(etalon::cache::VARIABLE, kept))
}

/// Returns a file of a metric in the middle of the project.
fn one_of(project: &Path, count: usize) -> PathBuf {
    let names = etalon::load::Names::of(project);
    let metrics: Vec<&PathBuf> =
        names.files.iter().map(|(_, path)| path).filter(|path| path.starts_with(project.join("metrics"))).collect();
    metrics[metrics.len().min(count) / 2].clone()
}

/// Gives the metric another sentence, and so another meaning to nobody but a reader.
fn change(file: &Path, round: usize) {
    let text = std::fs::read_to_string(file).expect("a metric");
    let lines = text.lines().map(|line| match line.strip_prefix("purpose: ") {
        Some(_) => format!("purpose: Changed {round} times, so that the next check has something to judge.\n"),
        None => format!("{line}\n"),
    });
    std::fs::write(file, lines.collect::<String>()).expect("written");
}
