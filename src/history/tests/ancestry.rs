//! Where revisions part, and authors.

use super::*;

/// A repository whose branch `topic` left `main` at the first commit; both went on.
fn parted() -> (Scratch, [Oid; 3]) {
    let scratch = Scratch::new();
    let root = scratch.commit("main", &[], &[("definitions/a.yaml", "1")]);
    let main = scratch.commit("main", &[root], &[("definitions/a.yaml", "1"), ("definitions/b.yaml", "new on main")]);
    let topic = scratch.commit("topic", &[root], &[("definitions/a.yaml", "2")]);
    (scratch, [root, main, topic])
}

#[test]
fn what_main_added_after_a_branch_left_is_no_change_of_the_branch() {
    let (scratch, [root, main, topic]) = parted();
    let repository = scratch.open();
    let side = |text: &str| repository.range(&Range::parse(text).expect("a range")).expect("two sides");
    let (from, to) = side("main...topic");
    assert_eq!((from.id, to.id), (root, topic));
    let folder = scratch.definitions(&repository);
    let name = format!("{}:definitions/a.yaml", from.short);
    assert_eq!(loaded(&from, &folder), [(name, "1".to_owned())]);
    let (from, to) = side("main..topic");
    assert_eq!((from.id, to.id), (main, topic), "two points compare the tips as they stand");
    let (from, to) = side("topic...");
    assert_eq!((from.id, to.id), (root, main), "the open end is the head");
}

#[test]
fn a_revision_that_contains_the_other_parts_from_it_there() {
    let (scratch, [root, main, _]) = parted();
    let repository = scratch.open();
    let (main, root) = (resolve(&repository, &main.to_string()), resolve(&repository, &root.to_string()));
    assert_eq!(repository.merge_base(&main, &root).expect("a base").id, root.id);
    assert_eq!(repository.merge_base(&root, &main).expect("a base").id, root.id);
    assert_eq!(repository.merge_base(&main, &main).expect("a base").id, main.id);
}

#[test]
fn histories_without_a_common_commit_are_said_to_be_unrelated() {
    let scratch = Scratch::new();
    scratch.commit("main", &[], &[("a.yaml", "1")]);
    scratch.commit("other", &[], &[("a.yaml", "2")]);
    let repository = scratch.open();
    let error = repository.merge_base(&resolve(&repository, "main"), &resolve(&repository, "other"));
    let expected = HistoryError::Unrelated { one: "main".to_owned(), other: "other".to_owned() };
    assert_eq!(error.expect_err("nothing in common"), expected);
}

#[test]
fn authors_are_those_who_touched_the_folder_between_the_two_revisions() {
    let scratch = Scratch::new();
    let commit = |author: &str, branch: &str, parents: &[Oid], files: &[(&str, &str)], message: &str| {
        scratch.commit_as(author, branch, parents, &plain(files), message)
    };
    let root = commit("root", "main", &[], &[("definitions/a.yaml", "1")], "Begin");
    let main = commit("mainer", "main", &[root], &[("definitions/a.yaml", "1"), ("definitions/m.yaml", "")], "On main");
    let with = "Change it\n\nCo-authored-by: Eve Doe <eve@example.org>\n";
    let one = commit("ada", "topic", &[root], &[("definitions/a.yaml", "2")], with);
    let two = commit("reader", "topic", &[one], &[("definitions/a.yaml", "2"), ("README.md", "x")], "Tell");
    let merged = [("definitions/a.yaml", "2"), ("definitions/m.yaml", ""), ("README.md", "x")];
    commit("merger", "topic", &[two, main], &[merged[0], merged[1], merged[2]], "Merge main");
    let repository = scratch.open();
    let folder = scratch.definitions(&repository);
    let names = |base: &str, head: &str| -> Vec<String> {
        let found = repository.authors(&resolve(&repository, base), &resolve(&repository, head), &folder);
        found.expect("authors").into_iter().map(|author| author.email).collect()
    };
    // Neither who wrote on main, nor who only wrote elsewhere, nor who merged without a change of their own.
    assert_eq!(names("main", "topic"), ["eve@example.org", "ada@example.org"]);
    assert_eq!(names("main", "main"), [""; 0]);
    // A merge that makes something neither side has is a change.
    commit(
        "merger",
        "topic",
        &[two, main],
        &[("definitions/a.yaml", "3"), merged[1], merged[2]],
        "Merge main, and more",
    );
    assert_eq!(names("main", "topic"), ["eve@example.org", "ada@example.org", "merger@example.org"]);
}

#[test]
fn authors_of_a_folder_under_its_old_name_count() {
    let scratch = Scratch::new();
    let root = scratch.commit("main", &[], &[("old/etalon.yaml", "p"), ("old/a.yaml", "1")]);
    let edited =
        scratch.commit_as("bob", "topic", &[root], &plain(&[("old/etalon.yaml", "p"), ("old/a.yaml", "2")]), "Edit");
    let moved = plain(&[("definitions/etalon.yaml", "p"), ("definitions/a.yaml", "2")]);
    scratch.commit_as("cleo", "topic", &[edited], &moved, "Move");
    let repository = scratch.open();
    let (main, topic) = (resolve(&repository, "main"), resolve(&repository, "topic"));
    let found = repository.authors(&main, &topic, &scratch.definitions(&repository)).expect("authors");
    let names: Vec<&str> = found.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["bob", "cleo"]);
}
