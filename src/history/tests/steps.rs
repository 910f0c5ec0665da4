//! The course of a folder through the history.

use super::*;

/// Returns the commits at which the folder `definitions` changed, newest first, with where it stood.
fn steps(scratch: &Scratch, from: &str) -> Vec<(Oid, String)> {
    let repository = scratch.open();
    let folder = scratch.definitions(&repository);
    let history = repository.walk(&resolve(&repository, from), &folder).expect("a history");
    assert!(!history.truncated);
    let shown = |step: &Step| (step.snapshot.id, crate::load::shown(step.folder.inside()));
    assert!(history.steps.iter().all(|step| step.folder.place() == folder.place()));
    history.steps.iter().map(shown).collect()
}

fn here(ids: &[Oid]) -> Vec<(Oid, String)> {
    ids.iter().map(|id| (*id, "definitions".to_owned())).collect()
}

#[test]
fn only_commits_that_change_the_folder_count_and_merges_count_when_they_are_merged() {
    let scratch = Scratch::new();
    let (one, two) = (("definitions/a.yaml", "1"), ("definitions/a.yaml", "2"));
    let before = scratch.commit("main", &[], &[("README.md", "x")]);
    let born = scratch.commit("main", &[before], &[("README.md", "x"), one]);
    let told = scratch.commit("main", &[born], &[("README.md", "y"), one]);
    let side = scratch.commit("topic", &[born], &[("README.md", "x"), ("definitions/a.yaml", "3")]);
    let side = scratch.commit("topic", &[side], &[("README.md", "x"), two]);
    let merge = scratch.commit("main", &[told, side], &[("README.md", "y"), two]);
    let gone = scratch.commit("main", &[merge], &[("README.md", "y")]);
    let back = scratch.commit("main", &[gone], &[("README.md", "y"), two]);
    assert_eq!(steps(&scratch, "main"), here(&[back, gone, merge, born]));
    assert_eq!(steps(&scratch, &told.to_string()), here(&[born]));
    assert_eq!(steps(&scratch, &before.to_string()), here(&[]));
    assert!(loaded(&resolve(&scratch.open(), &gone.to_string()), &scratch.definitions(&scratch.open())).is_empty());
}

#[test]
fn a_folder_is_followed_through_a_move_that_changes_nothing_else() {
    let scratch = Scratch::new();
    let first = scratch.commit("main", &[], &[("docs/kpi/a.yaml", "1"), ("other/a.yaml", "9")]);
    let second = scratch.commit("main", &[first], &[("docs/kpi/a.yaml", "2"), ("other/a.yaml", "9")]);
    let moved = scratch.commit("main", &[second], &[("definitions/a.yaml", "2"), ("other/a.yaml", "9")]);
    let third = scratch.commit("main", &[moved], &[("definitions/a.yaml", "3"), ("other/a.yaml", "9")]);
    let expected = [(third, "definitions"), (second, "docs/kpi"), (first, "docs/kpi")];
    assert_eq!(steps(&scratch, "main"), expected.map(|(id, place)| (id, place.to_owned())));
}

#[test]
fn a_project_is_followed_through_a_move_with_edits() {
    let scratch = Scratch::new();
    let old = [("kpi/etalon.yaml", "p"), ("kpi/a.yaml", "1"), ("kpi/b.yaml", "1")];
    let other = [("else/etalon.yaml", "q"), ("else/c.yaml", "1")];
    let first = scratch.commit("main", &[], &[old[0], old[1], old[2], other[0], other[1]]);
    let new = [("definitions/etalon.yaml", "p"), ("definitions/a.yaml", "2"), ("definitions/b.yaml", "1")];
    let moved = scratch.commit("main", &[first], &[new[0], new[1], new[2], other[0], other[1]]);
    let expected = [(moved, "definitions"), (first, "kpi")];
    assert_eq!(steps(&scratch, "main"), expected.map(|(id, place)| (id, place.to_owned())));
    let repository = scratch.open();
    let (newer, older) = (resolve(&repository, "main"), resolve(&repository, "main~1"));
    let folder = repository.moved_from(&newer, &older, &scratch.definitions(&repository)).expect("trees");
    let folder = folder.expect("the old place");
    let names: Vec<String> = loaded(&older, &folder).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["main~1:kpi/a.yaml", "main~1:kpi/b.yaml", "main~1:kpi/etalon.yaml"]);
}

#[test]
fn a_copy_and_an_unlike_project_are_no_move() {
    let scratch = Scratch::new();
    let first = scratch.commit("main", &[], &[("kpi/etalon.yaml", "p"), ("kpi/a.yaml", "1")]);
    let both =
        [("kpi/etalon.yaml", "p"), ("kpi/a.yaml", "1"), ("definitions/etalon.yaml", "p"), ("definitions/a.yaml", "1")];
    let copied = scratch.commit("main", &[first], &both);
    assert_eq!(steps(&scratch, "main"), here(&[copied]));
    let unlike = [("definitions/etalon.yaml", "q"), ("definitions/x.yaml", "1"), ("definitions/y.yaml", "1")];
    let made = scratch.commit("other", &[first], &unlike);
    assert_eq!(steps(&scratch, "other"), here(&[made]));
}
