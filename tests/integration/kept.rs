//! Nothing is lost: a process that is killed, a second one, and a full disk leave the old files or the new ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use etalon::store::{self, Refusal, Rewrite};

/// The folder in which a process of this test writes until it is killed.
const FOLDER: &str = "ETALON_TEST_WRITES_IN";
/// Files that are written together.
const FILES: usize = 6;
const KILLS: usize = 200;

fn path(folder: &Path, number: usize) -> PathBuf {
    folder.join(format!("{}/{number}", if number.is_multiple_of(2) { "even" } else { "odd" }))
}

/// Returns the generation that a file is of, if it is whole.
fn generation(text: &str) -> Option<usize> {
    let (number, rest) = text.split_once('\n')?;
    (rest == "x".repeat(5_000)).then(|| number.parse().ok())?
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// Writes the generation after the one that is there; tells whether nobody else did so first.
fn write_the_next(folder: &Path) -> bool {
    let now: Vec<Option<String>> = (0..FILES).map(|number| read(&path(folder, number))).collect();
    let next = now[0].as_deref().map_or(0, |text| generation(text).expect("a whole file") + 1);
    let rewrites = now.into_iter().enumerate().map(|(number, before)| Rewrite {
        path: path(folder, number),
        before,
        after: format!("{next}\n{}", "x".repeat(5_000)),
    });
    match store::rewrite(folder, &rewrites.collect::<Vec<_>>()) {
        Ok(()) => true,
        Err(Refusal::Changed(_)) => false,
        Err(refusal) => panic!("{refusal}"),
    }
}

/// Does nothing as a test of its own: the others start it in a process.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    loop {
        write_the_next(&folder);
    }
}

fn writer(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", "kept::writes_until_it_is_killed"]).env(FOLDER, folder);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process")
}

/// Returns the one generation that all files are of; `None` before the first.
#[track_caller]
fn of_all(folder: &Path) -> Option<usize> {
    let texts: Vec<Option<String>> = (0..FILES).map(|number| read(&path(folder, number))).collect();
    let whole = |text: &Option<String>| text.as_deref().map(|text| generation(text).expect("a whole file"));
    let generations: Vec<Option<usize>> = texts.iter().map(whole).collect();
    assert!(generations.iter().all(|generation| *generation == generations[0]), "{generations:?}");
    generations[0]
}

#[test]
fn files_that_are_written_together_are_all_old_or_all_new_after_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut last, mut completed) = (None, 0);
    for kill in 0..KILLS as u64 {
        let before = read(&path(folder.path(), 0));
        let mut child = writer(folder.path());
        while read(&path(folder.path(), 0)) == before {
            std::thread::sleep(Duration::from_micros(500));
        }
        std::thread::sleep(Duration::from_micros(kill * 7_919 % 20_000));
        child.kill().expect("killed");
        child.wait().expect("ended");
        completed += usize::from(folder.path().join(store::PENDING).exists());
        store::settle(folder.path()).expect("settled");
        let now = of_all(folder.path());
        assert!(now >= last, "nothing goes back: {last:?}, then {now:?}");
        last = now;
    }
    assert!(last >= Some(KILLS - 1), "each had begun to write: {last:?}");
    assert!(completed > 0, "no kill came between two files");
}

#[test]
fn two_processes_that_write_at_once_never_mix_their_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut children = [writer(folder.path()), writer(folder.path())];
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(5));
        let _guard = store::settle(folder.path()).expect("settled");
        of_all(folder.path());
    }
    for child in &mut children {
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    store::settle(folder.path()).expect("settled");
    assert!(of_all(folder.path()) > Some(10));
}

/// Returns the texts of all files below a folder.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path).expect("a text"));
            }
        }
    }
    files
}

fn etalon(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    command.args(arguments.split(' ')).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Returns a project in which a version can be released.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(etalon(folder.path(), "init").status().expect("run").success());
    let metric = folder.path().join("definitions/metrics/first_contact_resolution/v1.yaml");
    let text = std::fs::read_to_string(&metric).expect("the metric");
    std::fs::write(&metric, text.replace("status: draft", "status: candidate")).expect("written");
    folder
}

const RELEASE: &str = "release first_contact_resolution --date 2026-11-29";

#[test]
fn a_release_that_is_killed_is_done_or_not() {
    let released = project();
    let before = tree(released.path());
    let begun = std::time::Instant::now();
    assert!(etalon(released.path(), RELEASE).status().expect("run").success());
    let whole = begun.elapsed();
    let after = tree(released.path());
    assert!(before.len() < after.len() || before != after);
    for part in 1..=20 {
        let folder = project();
        let mut child = etalon(folder.path(), RELEASE).spawn().expect("a process");
        std::thread::sleep(whole * part / 18);
        let _ = child.kill();
        child.wait().expect("ended");
        // Whoever reads next finds it done or not.
        let checked = etalon(folder.path(), "show first_contact_resolution").output().expect("run");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
        let now: BTreeMap<String, String> =
            tree(folder.path()).into_iter().filter(|(name, _)| !name.contains(".etalon-staged/")).collect();
        assert!(now == before || now == after, "{:?}", now.keys());
    }
}

/// A limit on the size of files stands in for a full disk: the system refuses to write on.
#[cfg(unix)]
#[test]
fn where_the_disk_is_full_nothing_changes_and_the_command_says_so() {
    let folder = project();
    let before = tree(folder.path());
    let program = env!("CARGO_BIN_EXE_etalon");
    let script = format!("trap '' XFSZ; ulimit -f 0; exec '{program}' {RELEASE}");
    let output = Command::new("bash").args(["-c", &script]).current_dir(folder.path()).output().expect("run");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("cannot be written") && told.contains("nothing was written"), "{told}");
    assert_eq!(tree(folder.path()), before);
}

/// Else a pull request could bring a list by which the first command moves its files.
#[test]
fn what_was_not_left_by_a_write_on_this_machine_is_refused_and_moves_nothing() {
    for list in [r#"[["0", 1, "definitions/etalon.yaml"]]"#, r#"[["0", 0, "../outside"]]"#, "nonsense"] {
        let folder = project();
        let pending = folder.path().join("definitions").join(store::PENDING);
        std::fs::create_dir(&pending).expect("a folder");
        std::fs::write(pending.join("0"), "theirs").expect("written");
        std::fs::write(pending.join("list.json"), list).expect("written");
        let before = tree(folder.path());
        let output = etalon(folder.path(), "show first_contact_resolution").output().expect("run");
        assert_eq!(output.status.code(), Some(1), "{list}");
        assert_eq!(tree(folder.path()), before, "{list}");
        assert!(!folder.path().join("outside").exists());
    }
}

/// A folder of deployed files has no definitions that would be loaded: whoever looks at it completes it.
#[cfg(unix)]
#[test]
fn what_was_interrupted_in_a_folder_of_deployed_files_is_completed_by_a_check() {
    use std::os::unix::fs::MetadataExt as _;
    let folder = project();
    let deploy = "compile --as view --into sql";
    assert!(etalon(folder.path(), deploy).status().expect("run").success());
    let whole = tree(&folder.path().join("sql"));
    let pending = folder.path().join("sql").join(store::PENDING);
    std::fs::create_dir(&pending).expect("a folder");
    let moved = folder.path().join("sql/first_contact_resolution.sql");
    let staged = pending.join("0");
    std::fs::rename(&moved, &staged).expect("moved");
    let identity = std::fs::metadata(&staged).expect("there").ino();
    let list = format!(r#"[["0", {identity}, "first_contact_resolution.sql"]]"#);
    std::fs::write(pending.join("list.json"), list).expect("written");
    let checked = etalon(folder.path(), "compile --check --into sql").output().expect("run");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    assert_eq!(tree(&folder.path().join("sql")), whole);
}
