//! Files of revisions: the same rules as on the disk.

use super::*;
use crate::load::{self, Loaded};

/// A project with all that the rules leave out.
const FILES: [(&str, &str); 12] = [
    ("definitions/etalon.yaml", "project"),
    ("definitions/b.yaml", "same"),
    ("definitions/a-b.yaml", "same"),
    ("definitions/a/b/c.YAML", "c"),
    ("definitions/a/z.yml", "z"),
    ("definitions/a/cases/rows.csv", "x,y"),
    ("definitions/decisions/1.md", "why"),
    ("definitions/etalon.lock", "lock"),
    ("definitions/.hidden.yaml", "h"),
    ("definitions/.hidden/h.yaml", "h"),
    ("definitions/x/nested/etalon.yaml", "nested"),
    ("definitions/x/nested/n.yaml", "n"),
];

fn project() -> (Scratch, Repository, Folder) {
    let scratch = Scratch::new();
    scratch.commit("main", &[], &FILES);
    let repository = scratch.open();
    let folder = scratch.definitions(&repository);
    (scratch, repository, folder)
}

/// Returns the name, the place and the project of each loaded file.
fn places(loaded: &Loaded) -> Vec<(String, PathBuf, PathBuf)> {
    let place = |path: &Option<PathBuf>| path.clone().expect("a file of a folder");
    let shown =
        |file: &load::LoadedFile| (loaded.texts.get(file.id).name.clone(), place(&file.path), place(&file.project));
    loaded.files.iter().map(shown).collect()
}

/// Returns the code of each diagnostic with the name of its text.
fn findings(loaded: Loaded) -> Vec<(&'static str, String)> {
    let texts = loaded.texts;
    let found = loaded.diagnostics.into_sorted();
    found.iter().map(|found| (found.code.id, texts.get(found.span().text).name.clone())).collect()
}

/// Loads the folder `definitions` of a revision with these files.
fn load_files(files: &[File<'_>]) -> Loaded {
    let scratch = Scratch::new();
    scratch.commit_as("ada", "main", &[], files, "Begin");
    let repository = scratch.open();
    resolve(&repository, "main").load(Texts::new(), &scratch.definitions(&repository), &mut Known::new())
}

#[test]
fn a_revision_holds_the_definitions_that_its_checkout_holds() {
    let (scratch, repository, folder) = project();
    scratch.write(&FILES);
    let here = load::load(folder.place());
    let there = resolve(&repository, "main").load(Texts::new(), &folder, &mut Known::new());
    let names: Vec<String> = places(&there).into_iter().map(|(name, ..)| name).collect();
    let expected = ["a-b.yaml", "a/b/c.YAML", "a/z.yml", "b.yaml", "etalon.yaml"];
    assert_eq!(names, expected.map(|name| format!("main:definitions/{name}")));
    let without_name = |loaded: &Loaded| -> Vec<(String, PathBuf, PathBuf)> {
        let content = |id| loaded.texts.get(id).content.clone();
        let places = places(loaded).into_iter().zip(&loaded.files);
        places.map(|((_, path, project), file)| (content(file.id), path, project)).collect()
    };
    assert_eq!(without_name(&here), without_name(&there));
}

#[test]
fn two_sides_share_their_texts_and_what_did_not_change_is_one_text() {
    let (scratch, repository, folder) = project();
    scratch.write(&FILES);
    scratch.write(&[("definitions/a/z.yml", "changed")]);
    let mut known = Known::new();
    let mut new = load::load(folder.place());
    known.remember(&new);
    let count = new.texts.iter().count();
    let old = resolve(&repository, "main").load(std::mem::take(&mut new.texts), &folder, &mut known);
    let differing: Vec<bool> = old.files.iter().zip(&new.files).map(|(old, new)| old.id != new.id).collect();
    assert_eq!(differing, [false, false, true, false, false]);
    assert_eq!(old.texts.iter().count(), count + 1);
    assert_eq!(old.texts.get(old.files[2].id).name, "main:definitions/a/z.yml");
    assert_ne!(old.files[0].id, old.files[3].id, "the same content at two places is two texts");
    // What the first revision added is known to the next one.
    let again = resolve(&repository, "HEAD").load(old.texts, &folder, &mut known);
    assert_eq!((again.files, again.texts.iter().count()), (old.files, count + 1));
}

#[test]
fn texts_of_another_side_are_not_taken_for_the_file_that_is_asked_for() {
    let (scratch, ..) = project();
    scratch.write(&FILES);
    fs::write(scratch.path("definitions/a/z.yml"), b"\xFF").expect("a file");
    let path = scratch.path("definitions/a/z.yml");
    let mut first = load::load(&path);
    let asked = first.asked.expect("the file");
    let second = load::load_into(std::mem::take(&mut first.texts), &path);
    assert!(second.asked.is_some_and(|other| other > asked));
}

#[test]
fn a_folder_that_the_revision_does_not_have_is_empty() {
    let (scratch, repository, _) = project();
    let folder = repository.folder(&scratch.path("absent/deep")).expect("a folder");
    let snapshot = resolve(&repository, "main");
    assert!(loaded(&snapshot, &folder).is_empty());
    assert_eq!((snapshot.files(&folder), snapshot.folder_id(&folder)), (Ok(Vec::new()), Ok(None)));
    assert!(snapshot.projects(&folder).is_empty());
}

#[test]
fn nested_projects_are_listed_with_their_places() {
    let (_scratch, repository, folder) = project();
    let snapshot = resolve(&repository, "main");
    let found = snapshot.projects(&folder);
    let inside: Vec<&Path> = found.iter().map(Folder::inside).collect();
    assert_eq!(inside, [Path::new("definitions"), Path::new("definitions/x/nested")]);
    assert_eq!(found[1].place(), folder.place().join("x/nested"));
    let names: Vec<String> = loaded(&snapshot, &found[1]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["main:definitions/x/nested/etalon.yaml", "main:definitions/x/nested/n.yaml"]);
}

#[test]
fn definitions_at_the_root_of_the_repository_are_read() {
    let scratch = Scratch::new();
    scratch.commit("main", &[], &[("etalon.yaml", "p"), ("metrics/a.yaml", "1")]);
    let repository = scratch.open();
    let folder = repository.folder(scratch.place.path()).expect("a folder");
    let loaded = resolve(&repository, "main").load(Texts::new(), &folder, &mut Known::new());
    let root = scratch.place.path().to_path_buf();
    let file = |path: &str| (format!("main:{path}"), root.join(path), root.clone());
    assert_eq!(places(&loaded), [file("etalon.yaml"), file("metrics/a.yaml")]);
}

#[test]
fn companions_are_read_by_their_path_and_told_from_what_is_not_there() {
    let (_scratch, repository, folder) = project();
    let snapshot = resolve(&repository, "main");
    let file = |path: &str| snapshot.file(&folder, path);
    assert_eq!(file("etalon.lock"), Ok(Some(b"lock".to_vec())));
    assert_eq!(file("./decisions/1.md"), Ok(Some(b"why".to_vec())));
    assert_eq!(file("a/cases/../cases/rows.csv"), Ok(Some(b"x,y".to_vec())));
    assert_eq!((file("absent"), file("decisions"), file("etalon.lock/x")), (Ok(None), Ok(None), Ok(None)));
    assert_eq!(file("../x"), Ok(None));
    assert!(file("../../x").is_err(), "nothing outside is read");
}

#[test]
fn files_are_told_apart_by_ids_without_reading_them() {
    let (_scratch, repository, folder) = project();
    let snapshot = resolve(&repository, "main");
    let files = snapshot.files(&folder).expect("trees");
    assert_eq!(files.len(), FILES.len());
    for (path, content) in FILES {
        let path = Path::new(path.strip_prefix("definitions/").expect("in the folder"));
        let file = files.iter().find(|file| file.path == path).expect("listed");
        assert_eq!(Some(file.oid), blob_id(content.as_bytes()));
        assert_eq!(snapshot.read(file.oid), Ok(content.as_bytes().to_vec()));
    }
    let error = snapshot.read(blob_id(b"elsewhere").expect("an id")).expect_err("no such content");
    assert!(matches!(error, HistoryError::Missing { .. }), "{error}");
}

#[test]
fn what_cannot_be_read_is_reported_as_on_the_disk() {
    let large = vec![b'#'; load::MAX_FILE_BYTES + 1];
    let loaded = load_files(&[
        ("definitions/a.yaml", PLAIN, b"team: K\xFCndigungen\n"),
        ("definitions/b.yaml", PLAIN, &large),
        ("definitions/c.yaml", PLAIN, b"c"),
        ("definitions/vendored", SUBMODULE, b""),
    ]);
    assert_eq!(loaded.files.len(), 1);
    let shown = |code, name: &str| (code, format!("main:definitions/{name}"));
    let mut found = findings(loaded);
    found.sort_by(|one, other| one.1.cmp(&other.1));
    assert_eq!(
        found,
        [shown("not-utf-8", "a.yaml"), shown("file-too-large", "b.yaml"), shown("unreadable-file", "vendored")]
    );
}

#[test]
fn content_that_a_partial_clone_left_out_is_missing_and_not_empty() {
    let (scratch, repository, folder) = project();
    let id = blob_id(b"z").expect("an id").to_string();
    let object = scratch.git.commondir().join("objects").join(&id[..2]).join(&id[2..]);
    fs::remove_file(object).expect("the object");
    let snapshot = resolve(&repository, "main");
    let error = snapshot.file(&folder, "a/z.yml").expect_err("no content");
    assert!(matches!(error, HistoryError::Missing { .. }), "{error}");
    let loaded = snapshot.load(Texts::new(), &folder, &mut Known::new());
    assert_eq!(loaded.files.len(), 4);
    assert_eq!(findings(loaded), [("unreadable-file", "main:definitions/a/z.yml".to_owned())]);
}

#[test]
fn links_are_followed_inside_the_folder_and_nowhere_else() {
    let loaded = load_files(&[
        ("definitions/.hidden/c.yaml", PLAIN, b"c"),
        ("definitions/b/a.yaml", PLAIN, b"a"),
        ("definitions/a.yaml", LINK, b"b/a.yaml"),
        ("definitions/b/up", LINK, b".."),
        ("definitions/c.yaml", LINK, b"./.hidden/c.yaml"),
        ("definitions/circle.yaml", LINK, b"circle.yaml"),
        ("definitions/dangling.yaml", LINK, b"absent.yaml"),
        ("definitions/folder", LINK, b"../elsewhere"),
        ("definitions/notes.txt", LINK, b"../elsewhere/e.yaml"),
        ("definitions/out.yaml", LINK, b"../elsewhere/e.yaml"),
        ("definitions/root.yaml", LINK, b"/etc/hosts"),
        ("elsewhere/e.yaml", PLAIN, b"e"),
    ]);
    let contents: Vec<(&str, &str)> = loaded
        .files
        .iter()
        .map(|file| loaded.texts.get(file.id))
        .map(|text| (text.name.as_str(), text.content.as_str()))
        .collect();
    assert_eq!(contents, [("main:definitions/b/a.yaml", "a"), ("main:definitions/c.yaml", "c")]);
    let shown = |code, name: &str| (code, format!("main:definitions/{name}"));
    let mut found = findings(loaded);
    found.sort_by(|one, other| one.1.cmp(&other.1));
    let expected = [
        shown("unreadable-file", "circle.yaml"),
        shown("unreadable-file", "dangling.yaml"),
        shown("outside-project", "folder"),
        shown("outside-project", "out.yaml"),
        shown("unreadable-file", "root.yaml"),
    ];
    assert_eq!(found, expected);
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf_8_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = Scratch::new();
    let blob = scratch.git.blob(b"content").expect("a blob");
    let mut builder = scratch.git.treebuilder(None).expect("a builder");
    builder.insert(b"K\xFCndigungen.yaml".as_slice(), blob, PLAIN as i32).expect("an entry");
    let tree = scratch.git.find_tree(builder.write().expect("a tree")).expect("the tree");
    let ada = Signature::new("ada", "ada@example.org", &Time::new(START, 0)).expect("a signature");
    scratch.git.commit(Some("HEAD"), &ada, &ada, "Begin", &tree, &[]).expect("a commit");
    let repository = scratch.open();
    let folder = repository.folder(scratch.place.path()).expect("a folder");
    let loaded = resolve(&repository, "HEAD").load(Texts::new(), &folder, &mut Known::new());
    assert_eq!(loaded.texts.get(loaded.files[0].id).name, "HEAD:K\u{FFFD}ndigungen.yaml");
    let name = loaded.files[0].path.as_deref().and_then(Path::file_name).expect("a name");
    assert_eq!(name.as_bytes(), b"K\xFCndigungen.yaml");
}
