//! Clones that hold a part of the history: what cannot be known is refused, what can be known is answered.

use super::*;

const MENDED_BY: &str = "`git fetch --unshallow origin`";

fn refused<T: std::fmt::Debug>(answer: Result<T, HistoryError>) {
    let error = answer.expect_err("the history is cut");
    assert!(matches!(error, HistoryError::Shallow { .. }), "{error}");
    assert!(error.to_string().contains(MENDED_BY), "{error}");
}

/// `main` and `topic` part at the second of three common commits.
struct Parted {
    scratch: Scratch,
    common: [Oid; 2],
    main: Oid,
    topic: Oid,
}

fn parted() -> Parted {
    let scratch = Scratch::new();
    let first = scratch.commit("main", &[], &[("definitions/a.yaml", "1")]);
    let second = scratch.commit("main", &[first], &[("definitions/a.yaml", "2")]);
    let main = scratch.commit("main", &[second], &[("definitions/a.yaml", "3")]);
    let topic = scratch.commit("topic", &[second], &[("definitions/a.yaml", "4")]);
    Parted { scratch, common: [first, second], main, topic }
}

fn base(repository: &Repository, one: &str, other: &str) -> Result<Oid, HistoryError> {
    repository.merge_base(&resolve(repository, one), &resolve(repository, other)).map(|base| base.id)
}

#[test]
fn two_tips_without_history_do_not_tell_where_they_part() {
    let Parted { scratch, main, topic, .. } = parted();
    let repository = scratch.cut(&[main, topic]);
    assert!(repository.is_shallow());
    refused(base(&repository, "main", "topic"));
    refused(repository.range(&Range::parse("main...topic").expect("a range")));
    assert!(repository.range(&Range::parse("main..topic").expect("a range")).is_ok(), "both tips are there");
}

#[test]
fn a_base_at_which_the_history_is_cut_is_refused_and_one_above_the_cut_is_not() {
    let Parted { scratch, common: [first, second], .. } = parted();
    refused(base(&scratch.cut(&[second]), "main", "topic"));
    assert_eq!(base(&scratch.cut(&[first]), "main", "topic"), Ok(second));
}

#[test]
fn a_cut_on_one_side_hides_a_later_base() {
    // `topic` merged the tip of `main`, by way of a commit whose parents were not fetched.
    let Parted { scratch, common: [first, second], main, topic } = parted();
    let side = scratch.commit("side", &[main], &[("definitions/a.yaml", "5")]);
    scratch.commit("topic", &[topic, side], &[("definitions/a.yaml", "6")]);
    assert_eq!(base(&scratch.open(), "main", "topic"), Ok(main), "with the whole history");
    let repository = scratch.cut(&[side, first]);
    let seen = scratch.open().objects.merge_base(main, resolve(&repository, "topic").id);
    assert_eq!(seen.expect("a base"), second, "what git would answer from the cut history");
    refused(base(&repository, "main", "topic"));
}

#[test]
fn a_revision_that_is_itself_the_base_is_certain_in_any_history() {
    let Parted { scratch, common: [_, second], main, .. } = parted();
    assert_eq!(base(&scratch.cut(&[main]), "main", "HEAD"), Ok(main));
    let repository = scratch.cut(&[second]);
    assert_eq!(base(&repository, "main", &second.to_string()), Ok(second));
}

#[test]
fn an_ancestor_that_was_not_fetched_is_no_misspelling() {
    let Parted { scratch, common: [first, second], main, .. } = parted();
    let repository = scratch.cut(&[main]);
    for revision in ["HEAD~1", "main^", "@~2", "0123456789"] {
        refused(repository.resolve(revision));
    }
    let repository = scratch.cut(&[second]);
    assert_eq!(resolve(&repository, "HEAD~1").id, second);
    refused(repository.resolve("HEAD~2"));
    assert!(matches!(repository.resolve("mian"), Err(HistoryError::Unknown { .. })));
    assert!(matches!(scratch.cut(&[first]).resolve("mian~1"), Err(HistoryError::Unknown { .. })));
}

#[test]
fn a_cut_history_says_so() {
    let Parted { scratch, common: [first, second], main, .. } = parted();
    let repository = scratch.cut(&[second]);
    let folder = scratch.definitions(&repository);
    let history = repository.walk(&resolve(&repository, "main"), &folder).expect("a history");
    let ids: Vec<Oid> = history.steps.iter().map(|step| step.snapshot.id).collect();
    assert_eq!((ids, history.truncated), (vec![main, second], true));
    fs::remove_file(scratch.git.commondir().join(SHALLOW)).expect("the list of cut commits");
    let repository = scratch.open();
    let history = repository.walk(&resolve(&repository, "main"), &folder).expect("a history");
    let ids: Vec<Oid> = history.steps.iter().map(|step| step.snapshot.id).collect();
    assert_eq!((ids, history.truncated), (vec![main, second, first], false));
}

#[test]
fn authors_beyond_the_cut_are_not_passed_over() {
    let Parted { scratch, common: [first, second], main, topic } = parted();
    let repository = scratch.cut(&[main, topic]);
    let folder = scratch.definitions(&repository);
    refused(repository.authors(&resolve(&repository, "main"), &resolve(&repository, "topic"), &folder));
    let repository = scratch.cut(&[second]);
    let from = resolve(&repository, &second.to_string());
    assert_eq!(repository.authors(&from, &resolve(&repository, "topic"), &folder).map(|found| found.len()), Ok(1));
    assert!(repository.resolve(&first.to_string()).is_ok(), "the object is still there in this test");
}

#[test]
fn the_remote_there_is_stands_in_the_line() {
    let Parted { scratch, main, topic, .. } = parted();
    scratch.git.remote("upstream", "file:///nowhere").expect("a remote");
    let error = base(&scratch.cut(&[main, topic]), "main", "topic").expect_err("the history is cut");
    assert!(error.to_string().contains("`git fetch --unshallow upstream`"), "{error}");
}

#[test]
fn a_list_of_cut_commits_that_cannot_be_read_is_no_whole_history() {
    let Parted { scratch, .. } = parted();
    fs::write(scratch.git.commondir().join(SHALLOW), "nonsense\n").expect("the list of cut commits");
    let error = Repository::around(scratch.place.path()).expect_err("the list is broken");
    assert!(error.to_string().contains("\n  help: "), "{error}");
}
