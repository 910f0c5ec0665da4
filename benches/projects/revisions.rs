//! What a diff of two revisions takes, against a check of one of them.

use std::path::Path;
use std::process::Command;

use super::etalon_form::{self, Layout};
use super::usage;

/// Pairs that are measured.
const ROUNDS: usize = 7;

/// Prints both for a project of `count` metrics of which `changed` differ between the revisions.
pub(crate) fn print(count: usize, changed: usize, layout: Layout) {
    let folder = tempfile::tempdir().expect("a folder");
    let repository = git2::Repository::init(folder.path()).expect("a repository");
    etalon_form::write(folder.path(), count, layout, None);
    commit(&repository, "all");
    etalon_form::write(folder.path(), count, layout, Some(count / changed));
    commit(&repository, "some changed");
    pack(&repository);
    let (mut checks, mut diffs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        checks.push(usage::of_program(etalon(folder.path()).args(["check", "--no-cache", "."])));
        diffs.push(usage::of_program(etalon(folder.path()).args(["diff", "--quick", "HEAD~1..HEAD"])));
    }
    let (check, diff) = (usage::median(&checks), usage::median(&diffs));
    println!("{count} definitions, {changed} of them changed, median of {ROUNDS} pairs");
    println!("                     clock ms     CPU ms");
    println!("check of one side  {:>10.0} {:>10.0}", check.wall * 1e3, check.cpu * 1e3);
    println!("diff of two        {:>10.0} {:>10.0}", diff.wall * 1e3, diff.cpu * 1e3);
    println!("ratio diff / check {:>10.2} {:>10.2}", diff.wall / check.wall, diff.cpu / check.cpu);
}

fn etalon(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    command.current_dir(folder);
    command
}

pub(crate) fn commit(repository: &git2::Repository, message: &str) {
    let mut index = repository.index().expect("an index");
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).expect("added");
    index.write().expect("written");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
    let who = git2::Signature::now("bench", "bench@example.org").expect("a signature");
    let parent = repository.head().ok().and_then(|head| head.peel_to_commit().ok());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    repository.commit(Some("HEAD"), &who, &who, message, &tree, &parents).expect("a commit");
}

/// Puts everything that was committed into one pack, as a clone has it.
pub(crate) fn pack(repository: &git2::Repository) {
    let mut builder = repository.packbuilder().expect("a pack");
    let mut walk = repository.revwalk().expect("a walk");
    walk.push_head().expect("a commit");
    builder.insert_walk(&mut walk).expect("all objects");
    builder.write(&repository.path().join("objects/pack"), 0).expect("written");
}
