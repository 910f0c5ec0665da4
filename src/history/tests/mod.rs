//! Scratch repositories, made without the `git` program: every commit states its files, its author and its time.

mod ancestry;
mod files;
mod opening;
mod revisions;
mod shallow;
mod steps;

use super::*;
use crate::text::Texts;
use git2::{IndexEntry, IndexTime, Signature, Time};
use std::cell::Cell;
use std::fs;

/// The mode of a plain file.
const PLAIN: u32 = 0o100_644;
/// The mode of a link.
const LINK: u32 = 0o120_000;
/// The mode of a submodule.
const SUBMODULE: u32 = 0o160_000;
/// The time of the first commit: 2026-01-01T00:00:00Z. Each commit is a minute after the one before.
const START: i64 = 1_767_225_600;

/// A repository of its own.
struct Scratch {
    place: tempfile::TempDir,
    git: git2::Repository,
    minutes: Cell<i64>,
}

/// One file of a commit.
type File<'a> = (&'a str, u32, &'a [u8]);

fn plain<'a>(files: &[(&'a str, &'a str)]) -> Vec<File<'a>> {
    files.iter().map(|(path, content)| (*path, PLAIN, content.as_bytes())).collect()
}

impl Scratch {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a temporary folder");
        let mut options = git2::RepositoryInitOptions::new();
        let git = git2::Repository::init_opts(place.path(), options.initial_head("main")).expect("a fresh repository");
        Self { place, git, minutes: Cell::new(0) }
    }

    fn open(&self) -> Repository {
        Repository::around(self.place.path()).expect("the repository just made")
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.place.path().join(inside)
    }

    /// Writes files to the disk.
    fn write(&self, files: &[(&str, &str)]) {
        for (path, content) in files {
            let path = self.path(path);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
            fs::write(path, content).expect("a file");
        }
    }

    /// Returns the tree that holds exactly `files`.
    fn tree(&self, files: &[File<'_>]) -> Oid {
        let mut index = git2::Index::new().expect("an index in memory");
        for (path, mode, content) in files {
            let id = match *mode {
                SUBMODULE => Oid::from_str(&"1".repeat(40)).expect("forty digits"),
                _ => self.git.blob(content).expect("a blob"),
            };
            let zero = IndexTime::new(0, 0);
            let path = path.as_bytes().to_vec();
            let (dev, ino, uid, gid, file_size, flags, flags_extended) = (0, 0, 0, 0, 0, 0, 0);
            let entry = IndexEntry {
                ctime: zero,
                mtime: zero,
                dev,
                ino,
                mode: *mode,
                uid,
                gid,
                file_size,
                id,
                flags,
                flags_extended,
                path,
            };
            index.add(&entry).expect("an entry");
        }
        index.write_tree_to(&self.git).expect("a tree")
    }

    /// Commits `files` and nothing else as `author`, and points `branch` at the commit.
    fn commit_as(&self, author: &str, branch: &str, parents: &[Oid], files: &[File<'_>], message: &str) -> Oid {
        let time = Time::new(START + 60 * self.minutes.replace(self.minutes.get() + 1), 60);
        let author = Signature::new(author, &format!("{author}@example.org"), &time).expect("a signature");
        let tree = self.git.find_tree(self.tree(files)).expect("the tree just made");
        let parents: Vec<git2::Commit<'_>> =
            parents.iter().map(|id| self.git.find_commit(*id).expect("a parent")).collect();
        let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
        let id = self.git.commit(None, &author, &author, message, &tree, &parents).expect("a commit");
        self.point(&format!("refs/heads/{branch}"), id);
        id
    }

    fn commit(&self, branch: &str, parents: &[Oid], files: &[(&str, &str)]) -> Oid {
        self.commit_as("ada", branch, parents, &plain(files), "Change something")
    }

    fn point(&self, reference: &str, id: Oid) {
        self.git.reference(reference, id, true, "").expect("a reference");
    }

    /// Makes the history end at `ids`, as in a shallow clone.
    fn cut(&self, ids: &[Oid]) -> Repository {
        let lines: String = ids.iter().map(|id| format!("{id}\n")).collect();
        fs::write(self.git.commondir().join(SHALLOW), lines).expect("the list of cut commits");
        self.open()
    }

    /// Returns the folder `definitions`.
    fn definitions(&self, repository: &Repository) -> Folder {
        repository.folder(&self.path("definitions")).expect("a folder of the repository")
    }
}

/// Returns the names and contents of what a revision has in `folder`.
fn loaded(snapshot: &Snapshot, folder: &Folder) -> Vec<(String, String)> {
    let loaded = snapshot.load(Texts::new(), folder, &mut Known::new());
    assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics.into_sorted());
    let texts = loaded.files.iter().map(|file| loaded.texts.get(file.id));
    texts.map(|text| (text.name.clone(), text.content.clone())).collect()
}

fn resolve(repository: &Repository, revision: &str) -> Snapshot {
    repository.resolve(revision).expect("a revision of the repository")
}
