//! Repositories that open, and those that do not.

use super::*;

#[test]
fn the_repository_is_found_from_below_and_from_paths_that_do_not_exist() {
    let scratch = Scratch::new();
    let id = scratch.commit("main", &[], &[("definitions/a.yaml", "a")]);
    scratch.write(&[("definitions/x/a.yaml", "a")]);
    for path in ["", "definitions", "definitions/x/a.yaml", "absent/below"] {
        let repository = Repository::around(&scratch.path(path)).expect("a repository");
        assert_eq!(resolve(&repository, "HEAD").id, id, "{path}");
    }
}

#[test]
fn where_there_is_no_repository_the_remedy_is_said() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let error = Repository::around(place.path()).expect_err("no repository");
    assert_eq!(error, HistoryError::NoRepository { place: crate::load::shown(place.path()) });
    assert!(error.to_string().contains("`git init`"), "{error}");
}

#[test]
fn nothing_committed_is_said_for_the_head_and_for_any_branch() {
    let scratch = Scratch::new();
    let repository = scratch.open();
    for revision in ["HEAD", "HEAD~1", "@", "main", "origin/main"] {
        let expected = HistoryError::Unborn { revision: revision.to_owned() };
        assert_eq!(repository.resolve(revision).expect_err("nothing is committed"), expected);
    }
}

#[test]
fn a_head_without_a_commit_beside_branches_that_have_one_is_told_apart() {
    let scratch = Scratch::new();
    let id = scratch.commit("topic", &[], &[("a.yaml", "a")]);
    let repository = scratch.open();
    assert_eq!(resolve(&repository, "topic").id, id);
    assert!(matches!(repository.resolve("HEAD"), Err(HistoryError::Unborn { .. })));
    assert!(matches!(repository.resolve("topik"), Err(HistoryError::Unknown { .. })));
}

#[test]
fn a_bare_repository_is_read_by_paths_inside_it() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let git = git2::Repository::init_bare(place.path()).expect("a fresh repository");
    let scratch = Scratch { place, git, minutes: Cell::new(0) };
    scratch.commit("main", &[], &[("definitions/a.yaml", "a")]);
    let repository = scratch.open();
    let folder = repository.folder(Path::new("./definitions")).expect("a folder");
    let texts = loaded(&resolve(&repository, "main"), &folder);
    assert_eq!(texts, [("main:definitions/a.yaml".to_owned(), "a".to_owned())]);
}

#[test]
fn a_linked_worktree_has_a_head_and_a_folder_of_its_own() {
    let scratch = Scratch::new();
    let first = scratch.commit("main", &[], &[("definitions/a.yaml", "a")]);
    let second = scratch.commit("topic", &[first], &[("definitions/a.yaml", "b")]);
    let other = tempfile::tempdir().expect("a temporary folder");
    let place = other.path().join("linked");
    let branch = scratch.git.find_reference("refs/heads/topic").expect("the branch");
    let mut options = git2::WorktreeAddOptions::new();
    scratch.git.worktree("linked", &place, Some(options.reference(Some(&branch)))).expect("a worktree");
    let repository = Repository::around(&place).expect("a repository");
    assert_eq!((resolve(&repository, "HEAD").id, resolve(&repository, "main").id), (second, first));
    let folder = repository.folder(&place.join("definitions")).expect("a folder");
    assert_eq!(folder.inside(), Path::new("definitions"));
    // The list of cut commits is kept with the objects, where libgit2 does not look for it from here.
    scratch.cut(&[second]);
    let repository = Repository::around(&place).expect("a repository");
    assert!(repository.is_shallow());
    let history = repository.walk(&resolve(&repository, "HEAD"), &folder).expect("a history");
    assert_eq!((history.steps.len(), history.truncated), (1, true));
}

#[test]
fn folders_are_found_inside_the_repository_and_refused_outside() {
    let scratch = Scratch::new();
    scratch.write(&[("definitions/metrics/a.yaml", "a")]);
    let repository = scratch.open();
    let inside = |path: &str| repository.folder(&scratch.path(path)).map(|folder| folder.inside().to_path_buf());
    assert_eq!(inside(""), Ok(PathBuf::new()));
    assert_eq!(inside("definitions/../definitions/metrics"), Ok(PathBuf::from("definitions/metrics")));
    assert_eq!(inside("absent/folder"), Ok(PathBuf::from("absent/folder")));
    let other = tempfile::tempdir().expect("a temporary folder");
    for path in [other.path().to_path_buf(), scratch.path(".."), scratch.path("absent/../..")] {
        let error = repository.folder(&path).expect_err("a folder outside");
        assert!(matches!(error, HistoryError::Outside { .. }), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stands_for_that_folder() {
    let scratch = Scratch::new();
    scratch.write(&[("kept/here/a.yaml", "a")]);
    std::os::unix::fs::symlink("kept/here", scratch.path("definitions")).expect("a fresh link");
    let repository = scratch.open();
    let folder = scratch.definitions(&repository);
    assert_eq!((folder.inside(), folder.place()), (Path::new("kept/here"), scratch.path("definitions").as_path()));
}

#[test]
fn a_repository_of_another_user_is_refused_with_the_line_that_trusts_it() {
    let message = "repository path '/srv/it's/.git/' is not owned by current user";
    let error = git2::Error::new(git2::ErrorCode::Owner, git2::ErrorClass::Config, message.replace("it's", "a b"));
    let told = HistoryError::opening(Path::new("definitions"), &error).to_string();
    assert!(told.contains("git config --global --add safe.directory '/srv/a b'"), "{told}");
}

#[test]
fn a_clone_that_fetches_files_on_demand_is_refused() {
    let scratch = Scratch::new();
    let mut config = scratch.git.config().expect("a configuration");
    config.set_i32("core.repositoryformatversion", 1).expect("a setting");
    config.set_str("extensions.partialClone", "origin").expect("a setting");
    let error = Repository::around(scratch.place.path()).expect_err("a partial clone");
    assert!(matches!(error, HistoryError::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("`--filter`"), "{error}");
}

#[test]
fn the_user_is_whom_the_configuration_names() {
    let scratch = Scratch::new();
    let mut config = scratch.git.config().expect("a configuration");
    config.set_str("user.name", "Ada").expect("a setting");
    config.set_str("user.email", " ada@example.org ").expect("a setting");
    let ada = Author { name: "Ada".to_owned(), email: "ada@example.org".to_owned() };
    assert_eq!(scratch.open().user(), Some(ada));
}
