//! Names of revisions, and what is said where a name leads nowhere.

use super::*;
use crate::value::Instant;

#[test]
fn every_name_that_git_has_leads_to_the_commit() {
    let scratch = Scratch::new();
    let first = scratch.commit("main", &[], &[("a.yaml", "1")]);
    let second = scratch.commit("main", &[first], &[("a.yaml", "2")]);
    scratch.point("refs/remotes/origin/main", first);
    let tagger = Signature::new("ada", "ada@example.org", &Time::new(START, 0)).expect("a signature");
    let object = scratch.git.find_object(first, None).expect("the commit");
    scratch.git.tag("v1", &object, &tagger, "A release", false).expect("an annotated tag");
    let tag = scratch.git.find_reference("refs/tags/v1").expect("the tag").target().expect("an object");
    assert_ne!(tag, first, "the tag is an object of its own");
    let repository = scratch.open();
    let short = first.to_string()[..9].to_owned();
    for name in ["v1", "HEAD~1", "HEAD^", "main~1", "origin/main", "refs/tags/v1", &first.to_string(), &short] {
        assert_eq!(resolve(&repository, name).id, first, "{name}");
    }
    for name in ["HEAD", "@", "main"] {
        assert_eq!(resolve(&repository, name).id, second, "{name}");
    }
}

#[test]
fn a_snapshot_tells_who_when_and_what() {
    let scratch = Scratch::new();
    let message = "Count returns\n\nThey were left out.\n";
    let id = scratch.commit_as("grace", "main", &[], &plain(&[("a.yaml", "1")]), message);
    let snapshot = resolve(&scratch.open(), "main");
    assert_eq!((snapshot.id, snapshot.label.as_str(), snapshot.summary.as_str()), (id, "main", "Count returns"));
    assert_eq!(snapshot.time, Instant::parse("2026-01-01T00:00:00Z").expect("an instant"));
    assert_eq!(snapshot.author, Author { name: "grace".to_owned(), email: "grace@example.org".to_owned() });
    assert!(id.to_string().starts_with(&snapshot.short));
}

#[test]
fn a_misspelt_name_is_answered_with_those_it_resembles() {
    let scratch = Scratch::new();
    let id = scratch.commit("main", &[], &[("a.yaml", "1")]);
    scratch.point("refs/heads/release-2026", id);
    scratch.point("refs/remotes/origin/topic", id);
    let repository = scratch.open();
    let told = |revision: &str| repository.resolve(revision).expect_err("no revision").to_string();
    assert_eq!(told("mian"), "there is no revision `mian`\n  help: did you mean `main`?");
    assert_eq!(told("relaese-2026~3"), "there is no revision `relaese-2026~3`\n  help: did you mean `release-2026`?");
    assert_eq!(told("topic"), "there is no revision `topic`\n  help: did you mean `origin/topic`?");
    assert_eq!(told("zzz"), "there is no revision `zzz`\n  help: `git branch --all` and `git tag` list what there is");
    assert_eq!(
        told("main~9"),
        "there is no revision `main~9`\n  help: `git branch --all` and `git tag` list what there is"
    );
}

#[test]
fn the_branch_of_a_remote_that_is_absent_is_answered_with_the_line_that_fetches_it() {
    let scratch = Scratch::new();
    scratch.commit("main", &[], &[("a.yaml", "1")]);
    let fetch = |revision: &str| match scratch.open().resolve(revision).expect_err("no revision") {
        HistoryError::Unknown { fetch, .. } => fetch,
        error => panic!("{error}"),
    };
    let line = "git fetch origin main:refs/remotes/origin/main";
    assert_eq!(fetch("origin/main").as_deref(), Some(line));
    assert_eq!(fetch("origin/main~2").as_deref(), Some(line));
    assert_eq!(fetch("develop"), None, "without a remote nothing can be fetched");
    scratch.git.remote("upstream", "file:///nowhere").expect("a remote");
    assert_eq!(fetch("upstream/v2").as_deref(), Some("git fetch upstream v2:refs/remotes/upstream/v2"));
    assert_eq!(fetch("develop").as_deref(), Some("git fetch upstream develop:refs/remotes/upstream/develop"));
    assert_eq!(fetch("abcdef1"), None, "an id is no branch");
    assert_eq!(fetch("upstream/a b"), None, "no branch is called so");
    let told = scratch.open().resolve("upstream/v2").expect_err("no revision").to_string();
    assert!(told.contains("help: `git fetch upstream v2:refs/remotes/upstream/v2`"), "{told}");
}

#[test]
fn files_folders_and_ambiguous_ids_are_no_commits() {
    let scratch = Scratch::new();
    scratch.commit("main", &[], &[("a.yaml", "1"), ("b/c.yaml", "2")]);
    let repository = scratch.open();
    let no_commit =
        |revision: &str, what: &str| HistoryError::NoCommit { revision: revision.to_owned(), what: what.to_owned() };
    assert_eq!(repository.resolve("main:a.yaml").expect_err("a file"), no_commit("main:a.yaml", "file"));
    assert_eq!(repository.resolve("main:b").expect_err("a folder"), no_commit("main:b", "tree"));
    // Among 5000 objects two share their first four digits: 16 to the power of 4 is 65536, and nobody is that lucky.
    let mut seen = BTreeSet::new();
    let twice = (0..5000).find_map(|number: u32| {
        let id = scratch.git.blob(&number.to_le_bytes()).expect("a blob").to_string();
        (!seen.insert(id[..4].to_owned())).then(|| id[..4].to_owned())
    });
    let twice = twice.expect("two of 5000 ids share four digits");
    assert_eq!(
        repository.resolve(&twice).expect_err("two objects"),
        HistoryError::Ambiguous { revision: twice.clone() }
    );
}

#[test]
fn odd_names_are_no_revisions_and_no_panic() {
    let scratch = Scratch::new();
    scratch.commit("main", &[], &[("a.yaml", "1")]);
    let repository = scratch.open();
    for name in
        ["", " ", "~", "^", ":", "@{", "@{9999}", "-", "--help", "a\0b", "main:", "HEAD^{tree}", "é", "..", "HEAD:../x"]
    {
        let error = repository.resolve(name).expect_err("no commit");
        assert!(error.to_string().contains("\n  help: "), "{name:?}: {error}");
    }
}
