//! What a check and a diff take after one file has changed, against those of everything.

use std::path::{Path, PathBuf};
use std::process::Command;

use etalon::cores;
use etalon::history::{Known, Repository};
use etalon::load::Names;

use super::etalon_form::{self, Layout};
use super::revisions::{commit, pack};
use super::usage::{self, Usage};

/// Times that each command is measured, in turn with the other.
const ROUNDS: usize = 5;

/// Prints how both grow with the number of definitions.
pub(crate) fn print(layout: Layout) {
    println!("                      of everything          of one changed file     everything / one   names alone");
    println!(
        "definitions           clock ms   CPU ms      clock ms   CPU ms       clock    CPU      clock ms   CPU ms"
    );
    for count in [1_000, 10_000, 100_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let (project, kept) = (folder.path().join("project"), folder.path().join("kept"));
        etalon_form::write(&project, count, layout, None);
        let repository = git2::Repository::init(&project).expect("a repository");
        commit(&repository, "all");
        pack(&repository);
        let run = |command: &str, arguments: &[&str]| etalon(&project, &kept, command, arguments);
        // The first writes what is kept, the second trusts the times of files that were just written.
        std::thread::sleep(std::time::Duration::from_secs(3));
        run("check", &["."]);
        let changing = one_of(&project, count);
        let mut found: [Vec<Usage>; 4] = Default::default();
        for round in 0..ROUNDS.min(300_000 / count) {
            change(&changing, round);
            // Before a check has seen the change: `diff` keeps nothing itself.
            found[3].push(run("diff", &["--quick"]));
            found[1].push(run("check", &["."]));
            found[0].push(run("check", &["--no-cache", "."]));
            found[2].push(run("diff", &["--quick", "--no-cache"]));
        }
        let [check, check_one, diff, diff_one] = found.map(|found| usage::median(&found));
        let [names, of_both] = [false, true].map(|both| usage::median(&[(); 3].map(|()| look(&project, both))));
        for (name, all, one, names) in [("check", check, check_one, names), ("diff", diff, diff_one, of_both)] {
            println!(
                "{count:>11} {name:<6} {:>11.0} {:>8.0} {:>13.0} {:>8.0} {:>11.1} {:>6.1} {:>13.0} {:>8.0}",
                all.wall * 1e3,
                all.cpu * 1e3,
                one.wall * 1e3,
                one.cpu * 1e3,
                all.wall / one.wall,
                all.cpu / one.cpu,
                names.wall * 1e3,
                names.cpu * 1e3
            );
        }
    }
}

fn etalon(project: &Path, kept: &Path, command: &str, arguments: &[&str]) -> Usage {
    let mut program = Command::new(env!("CARGO_BIN_EXE_etalon"));
    program.current_dir(project).arg(command).args(arguments).env(etalon::cache::VARIABLE, kept);
    usage::of_program(&mut program)
}

/// Looks at the names and sizes of the files on the disk, and at the names and ids of those in the last commit.
fn look(project: &Path, both: bool) -> Usage {
    usage::of(|| {
        let names = Names::of(project);
        let sizes = cores::map(&names.files, |(_, path)| path.metadata().map_or(0, |metadata| metadata.len()));
        if both {
            let repository = Repository::around(project).expect("a repository");
            let (head, folder) = (repository.resolve("HEAD"), repository.folder(project));
            let (head, folder) = (head.expect("a commit"), folder.expect("a folder"));
            let listed = head.listed(&folder, &Known::new()).expect("plain files");
            assert_eq!(listed.ids.len(), sizes.len());
        }
        sizes.len()
    })
}

/// Returns a file of a metric in the middle of the project.
fn one_of(project: &Path, count: usize) -> PathBuf {
    let names = Names::of(project);
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
