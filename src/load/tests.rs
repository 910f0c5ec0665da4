use super::*;
use std::fs;

/// Returns a folder with the given files, each holding its own name.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a fresh folder");
        fs::write(path, file).expect("a fresh file");
    }
    folder
}

/// Returns the names of the loaded files, relative to `folder`.
fn names(folder: &Path, loaded: &Loaded) -> Vec<String> {
    let prefix = format!("{}/", walk::shown(folder));
    let shown = |file: &LoadedFile| loaded.texts.get(file.id).name.clone();
    loaded.files.iter().map(|file| shown(file).strip_prefix(&prefix).expect("below the folder").to_owned()).collect()
}

/// Returns the code of each diagnostic with the name of its text.
fn findings(loaded: Loaded) -> Vec<(&'static str, String)> {
    let texts = loaded.texts;
    let found = loaded.diagnostics.into_sorted();
    found.iter().map(|found| (found.code.id, texts.get(found.span().text).name.clone())).collect()
}

#[test]
fn definition_files_are_read_in_order_of_their_paths() {
    let place = folder(&["b.yaml", "a/z.yml", "a-b.yaml", "a/b/c.YAML", "notes.md", "a/data.csv"]);
    let loaded = load(place.path());
    // `-` sorts before `/`: the order is that of the shown names.
    assert_eq!(names(place.path(), &loaded), ["a-b.yaml", "a/b/c.YAML", "a/z.yml", "b.yaml"]);
    assert!(loaded.diagnostics.is_empty());
    assert_eq!(loaded.texts.get(loaded.files[1].id).content, "a/b/c.YAML");
    assert_eq!(loaded.files[1].project.as_deref(), Some(place.path()));
    assert_eq!(loaded.asked, None);
}

#[test]
fn hidden_files_and_folders_are_left_out() {
    let place = folder(&[".git/a.yaml", ".b.yaml", "c.yaml"]);
    assert_eq!(names(place.path(), &load(place.path())), ["c.yaml"]);
}

#[test]
fn a_nested_project_is_listed_and_not_read_with_the_outer_one() {
    let place = folder(&["etalon.yaml", "a.yaml", "x/y/etalon.yaml", "x/y/b.yaml", "x/y/z/etalon.yaml", "x/c.yaml"]);
    let root = place.path();
    assert_eq!(names(root, &load(root)), ["a.yaml", "etalon.yaml", "x/c.yaml"]);
    assert_eq!(projects(root), [root.to_path_buf(), root.join("x/y"), root.join("x/y/z")]);
    assert_eq!(names(&root.join("x/y"), &load(&root.join("x/y"))), ["b.yaml", "etalon.yaml"]);
}

#[test]
fn a_folder_that_only_holds_projects_is_none_itself() {
    let place = folder(&["a/etalon.yaml", "b/etalon.yaml"]);
    assert_eq!(projects(place.path()), [place.path().join("a"), place.path().join("b")]);
    fs::write(place.path().join("stray.yaml"), "x").expect("a fresh file");
    assert_eq!(projects(place.path()).first().map(PathBuf::as_path), Some(place.path()));
    let empty = folder(&[]);
    assert_eq!(projects(empty.path()), [empty.path()]);
}

#[test]
fn a_file_stands_for_its_whole_project() {
    let place = folder(&["p/etalon.yaml", "p/metrics/csat/v1.yaml", "p/sources/calls.yaml", "outside.yaml"]);
    let loaded = load(&place.path().join("p/metrics/csat/v1.yaml"));
    let root = place.path().join("p");
    assert_eq!(names(&root, &loaded), ["etalon.yaml", "metrics/csat/v1.yaml", "sources/calls.yaml"]);
    assert_eq!(loaded.asked, Some(loaded.files[1].id));
    assert_eq!(loaded.files[1].project, Some(root.clone()));
    assert_eq!(projects(&place.path().join("p/sources/calls.yaml")), [root]);
}

#[test]
fn a_file_outside_all_projects_is_read_alone() {
    let place = folder(&["a.yaml", "b.yaml"]);
    let loaded = load(&place.path().join("a.yaml"));
    assert_eq!(names(place.path(), &loaded), ["a.yaml"]);
    assert_eq!(loaded.asked, Some(loaded.files[0].id));
    assert_eq!(loaded.files[0].project.as_deref(), Some(place.path()));
}

#[test]
fn a_file_that_its_project_leaves_out_is_read_with_it() {
    let place = folder(&["etalon.yaml", "draft.txt"]);
    let loaded = load(&place.path().join("draft.txt"));
    assert_eq!(names(place.path(), &loaded), ["etalon.yaml", "draft.txt"]);
    assert_eq!(loaded.asked, Some(loaded.files[1].id));
}

#[test]
fn names_follow_the_given_path() {
    assert_eq!(walk::shown(Path::new("./definitions/a.yaml")), "definitions/a.yaml");
    assert_eq!(walk::shown(Path::new("definitions/a.yaml")), "definitions/a.yaml");
    assert_eq!(walk::shown(Path::new("../a.yaml")), "../a.yaml");
    assert_eq!(walk::shown(Path::new(".")), ".");
}

#[test]
fn bytes_that_are_not_utf_8_are_located() {
    let place = folder(&[]);
    fs::write(place.path().join("a.yaml"), b"t: \xC3\xA9\nteam: K\xFCndigungen\n").expect("a fresh file");
    let loaded = load(place.path());
    assert!(loaded.files.is_empty());
    let found = loaded.diagnostics.into_sorted();
    assert_eq!(found[0].code.id, "not-utf-8");
    assert_eq!(loaded.texts.position(found[0].span()).to_string(), "2:8");
    assert_eq!(loaded.texts.slice(found[0].span()), "\u{FFFD}");
    assert!(found[0].labels[0].text.contains("0xFC"), "{found:?}");
}

#[test]
fn utf_16_is_recognised() {
    let loaded = load_standard_input(&b"\xFF\xFEa\0:\0"[..]);
    let found = loaded.diagnostics.into_sorted();
    assert!(found[0].help.as_ref().is_some_and(|help| help.contains("UTF-16")), "{found:?}");
}

#[test]
fn a_mebibyte_is_read_and_one_byte_more_is_not() {
    let content = format!("a: é\n{}", "#".repeat(MAX_FILE_BYTES - 6));
    let loaded = load_standard_input(content.as_bytes());
    assert_eq!((loaded.files.len(), loaded.diagnostics.is_empty()), (1, true));
    let loaded = load_standard_input(format!("{content}#").as_bytes());
    assert!(loaded.files.is_empty());
    let found = loaded.diagnostics.into_sorted();
    assert_eq!((found[0].code.id, loaded.texts.slice(found[0].span())), ("file-too-large", "a: é"));
}

#[test]
fn endless_input_is_not_read_to_its_end() {
    assert_eq!(findings(load_standard_input(std::io::repeat(b'a'))), [("file-too-large", STANDARD_INPUT.to_owned())]);
}

#[test]
fn standard_input_has_a_name_and_no_place() {
    let loaded = load_standard_input(&b"metric: csat\n"[..]);
    let expected = LoadedFile { id: loaded.files[0].id, path: None, project: None };
    assert_eq!((loaded.files.as_slice(), loaded.asked), (&[expected][..], Some(loaded.files[0].id)));
    assert_eq!(loaded.texts.get(loaded.files[0].id).name, "<stdin>");
}

#[test]
fn a_path_that_does_not_exist_is_reported() {
    let place = folder(&[]);
    let missing = place.path().join("absent");
    assert_eq!(findings(load(&missing)), [("unreadable-file", walk::shown(&missing))]);
}

#[cfg(unix)]
mod links {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_that_leaves_the_folder_is_refused() {
        let (place, other) = (folder(&["a.yaml"]), folder(&["b.yaml", "b.txt"]));
        symlink(other.path().join("b.yaml"), place.path().join("b.yaml")).expect("a fresh link");
        symlink(other.path().join("b.txt"), place.path().join("b.txt")).expect("a fresh link");
        symlink(other.path(), place.path().join("folder")).expect("a fresh link");
        let loaded = load(place.path());
        assert_eq!(names(place.path(), &loaded), ["a.yaml"]);
        let shown = |name: &str| ("outside-project", walk::shown(&place.path().join(name)));
        assert_eq!(findings(loaded), [shown("b.yaml"), shown("folder")]);
    }

    #[test]
    fn links_inside_the_folder_add_no_file_twice_and_make_no_circle() {
        let place = folder(&["b/a.yaml", ".hidden/c.yaml"]);
        symlink(place.path().join("b/a.yaml"), place.path().join("a.yaml")).expect("a fresh link");
        symlink(place.path(), place.path().join("b/up")).expect("a fresh link");
        symlink(place.path().join(".hidden/c.yaml"), place.path().join("c.yaml")).expect("a fresh link");
        let loaded = load(place.path());
        assert_eq!(names(place.path(), &loaded), ["b/a.yaml", "c.yaml"]);
        assert!(loaded.diagnostics.is_empty());
    }

    #[test]
    fn a_link_to_nothing_is_unreadable() {
        let place = folder(&[]);
        symlink("absent.yaml", place.path().join("a.yaml")).expect("a fresh link");
        symlink("absent.txt", place.path().join("a.txt")).expect("a fresh link");
        let expected = walk::shown(&place.path().join("a.yaml"));
        assert_eq!(findings(load(place.path())), [("unreadable-file", expected)]);
    }

    #[test]
    fn what_is_no_regular_file_is_not_opened() {
        assert_eq!(findings(load(Path::new("/dev/zero"))), [("unreadable-file", "/dev/zero".to_owned())]);
    }
}
