//! Paths of strangers: whatever a project names or links to, nothing outside of its folder is read or written, and nothing waits.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::cli::{change, files};

/// What stands outside, and must never be told.
const SECRET: &str = "moonflower";
const FCR: &str = "definitions/metrics/first_contact_resolution";
const SOURCE: &str = "definitions/sources/contacts.yaml";
/// Longer than any command takes, shorter than patience.
const PATIENCE: Duration = Duration::from_secs(60);

/// A project beside a folder that it must not reach.
struct Scene {
    folder: TempDir,
}

/// What a command did.
struct Told {
    code: Option<i32>,
    text: String,
}

impl Scene {
    fn new() -> Self {
        let scene = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir(scene.outside()).expect("a folder");
        fs::write(scene.outside().join("secret.yaml"), format!("{SECRET}: {SECRET}\n")).expect("written");
        let rows = format!("contact_id,customer_id,channel,actor,closed_at\n{SECRET},{SECRET},{SECRET},{SECRET},x\n");
        fs::write(scene.outside().join("secret.csv"), rows).expect("written");
        fs::create_dir(scene.project()).expect("a folder");
        assert_eq!(scene.told("init").code, Some(0));
        scene
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    /// Puts a link into the project.
    fn link(&self, place: &str, target: impl AsRef<Path>) {
        let place = self.project().join(place);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        if place.symlink_metadata().is_ok() {
            fs::remove_file(&place).expect("removed");
        }
        symlink(target, place).expect("a link");
    }

    /// Puts a pipe into the project that nobody writes to.
    fn pipe(&self, place: &str) {
        let place = self.project().join(place);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        let _ = fs::remove_file(&place);
        assert!(Command::new("mkfifo").arg(&place).status().expect("run").success());
    }

    /// Runs a command; neither may it wait for ever nor tell what stands outside.
    #[track_caller]
    fn told(&self, arguments: &str) -> Told {
        let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
        command.args(arguments.split(' ')).current_dir(self.project()).env_remove("CLICOLOR_FORCE");
        let output = in_time(command, arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains(SECRET), "{arguments} tells what stands outside: {text}");
        assert!(!text.contains("panicked"), "{arguments}: {text}");
        Told { code: output.status.code(), text }
    }

    /// Runs a command that must not succeed, and must say this.
    #[track_caller]
    fn refused(&self, arguments: &str, because: &str) {
        let told = self.told(arguments);
        assert!(matches!(told.code, Some(1..=3)), "{arguments}: {:?} {}", told.code, told.text);
        assert!(told.text.contains(because), "{arguments}: {}", told.text);
    }
}

#[track_caller]
fn in_time(mut command: Command, what: &str) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    let (out, error) = (child.stdout.take().expect("piped"), child.stderr.take().expect("piped"));
    let read = |mut from: Box<dyn std::io::Read + Send>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            from.read_to_end(&mut bytes).map(|_| bytes).expect("read")
        })
    };
    let (out, error) = (read(Box::new(out)), read(Box::new(error)));
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a state") {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().expect("killed");
            panic!("{what} waits for ever");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    Output { status, stdout: out.join().expect("read"), stderr: error.join().expect("read") }
}

/// Puts these links to a file or folder outside into the project, one after the other: straight, relative, through another
/// link, through a folder.
fn each_link(scene: &Scene, place: &str, file: &str, mut judge: impl FnMut()) {
    scene.link(place, scene.outside().join(file));
    judge();
    let depth = Path::new(place).components().count();
    scene.link(place, format!("{}outside/{file}", "../".repeat(depth)));
    judge();
    scene.link("definitions/.step", scene.outside().join(file));
    scene.link(place, scene.project().join("definitions/.step"));
    judge();
    scene.link("definitions/.folder", scene.outside());
    scene.link(place, scene.project().join("definitions/.folder").join(file));
    judge();
}

#[test]
fn no_definition_is_read_through_a_link_that_leaves_the_project() {
    let scene = Scene::new();
    each_link(&scene, "definitions/linked.yaml", "secret.yaml", || {
        scene.refused("check", "the link `definitions/linked.yaml` leaves the project");
    });
    fs::remove_file(scene.project().join("definitions/linked.yaml")).expect("removed");
    scene.link("definitions/more", scene.outside());
    scene.refused("check", "the link `definitions/more` leaves the project");
    scene.refused("check --format json", "put the file itself into the project's folder");
}

#[test]
fn a_project_file_that_is_a_link_to_the_outside_is_refused() {
    let scene = Scene::new();
    each_link(&scene, "definitions/etalon.yaml", "secret.yaml", || {
        scene.refused("check", "leaves the project");
    });
}

#[test]
fn links_that_go_round_come_to_an_end() {
    let scene = Scene::new();
    scene.link("definitions/one.yaml", "two.yaml");
    scene.link("definitions/two.yaml", "one.yaml");
    scene.link("definitions/self", "self");
    scene.link("definitions/up", "..");
    scene.link("definitions/here", ".");
    scene.refused("check", "`definitions/one.yaml` cannot be read");
    for name in ["one.yaml", "two.yaml", "self", "up"] {
        fs::remove_file(scene.project().join("definitions").join(name)).expect("removed");
    }
    assert_eq!(scene.told("check").code, Some(0));
    scene.link("definitions/etalon.lock", "etalon.lock");
    scene.refused("release first_contact_resolution --date 2026-01-05", "etalon.lock` cannot be read");
}

#[test]
fn rows_that_a_source_names_are_read_inside_of_the_project_only() {
    let scene = Scene::new();
    let absolute = scene.outside().join("secret.csv").display().to_string();
    let mut before = "../data/contacts.csv".to_owned();
    for path in ["../../../outside/secret.csv", "../sources/../../../outside/secret.csv", &absolute] {
        change(&scene.project(), SOURCE, &before, path);
        path.clone_into(&mut before);
        scene.refused("run", "which is no file of the project; give it with `--data contacts=FILE`");
    }
    change(&scene.project(), SOURCE, &before, "../data/contacts.csv");
    each_link(&scene, "definitions/data/contacts.csv", "secret.csv", || {
        scene.refused("run", "which is no file of the project");
    });
}

#[test]
fn rows_of_a_case_are_read_inside_of_the_project_only() {
    let scene = Scene::new();
    let case = format!("{FCR}/cases/not_yet_known.yaml");
    let path = scene.project().join(&case);
    let text = fs::read_to_string(&path).expect("the case");
    let (head, rest) = text.split_once("given:").expect("tables");
    let (_, tail) = rest.split_once("worked:").expect("the working");
    let with = |file: &str| fs::write(&path, format!("{head}given: {{contacts: {{csv: {file}}}}}\nworked:{tail}"));
    let absolute = scene.outside().join("secret.csv").display().to_string();
    for file in ["../../../../../outside/secret.csv", &absolute] {
        with(file).expect("written");
        scene.refused("verify", "a case reads only files of its project");
    }
    with("rows.csv").expect("written");
    each_link(&scene, &format!("{FCR}/cases/rows.csv"), "secret.csv", || {
        scene.refused("verify", "a case reads only files of its project");
    });
    scene.pipe(&format!("{FCR}/cases/rows.csv"));
    scene.refused("verify", "a case reads only files of its project");
}

#[test]
fn an_export_and_what_is_looked_up_in_it_lie_in_the_given_folder() {
    let scene = Scene::new();
    let mapping = "mapping: shop\ntitle: Shop\ndescription: A shop.\nowner: web\nsources:\n  contacts:\n    file: rows.csv\n    \
                   look_up:\n      who: {file: people.csv, same: {contact_id: contact_id}, take: {latest: closed_at}}\n";
    fs::write(scene.project().join("definitions/shop.yaml"), mapping).expect("written");
    let rows = "contact_id,customer_id,channel,actor,closed_at\n1,a,email,human,2026-01-01T00:00:00Z\n";
    fs::create_dir(scene.project().join("export")).expect("a folder");
    fs::write(scene.project().join("export/people.csv"), rows).expect("written");
    each_link(&scene, "export/rows.csv", "secret.csv", || {
        scene.refused("run --mapping shop=export", "put the file itself there, or give it with `--data contacts=FILE`");
    });
    fs::remove_file(scene.project().join("export/rows.csv")).expect("removed");
    fs::write(scene.project().join("export/rows.csv"), rows).expect("written");
    each_link(&scene, "export/people.csv", "secret.csv", || {
        scene.refused("run --mapping shop=export", "put the files of one export into one folder");
    });
    scene.pipe("export/rows.csv");
    scene.refused("run --mapping shop=export", "not a regular file");
}

/// Every command that reads the lock.
const READERS: [&str; 6] = [
    "check",
    "release first_contact_resolution --date 2026-01-05",
    "changelog first_contact_resolution",
    "diff definitions definitions",
    "drift --deployed definitions",
    "compile first_contact_resolution --as view --dialect duckdb",
];

#[test]
fn the_lock_is_never_read_through_a_link_that_leaves_the_project() {
    let scene = Scene::new();
    each_link(&scene, "definitions/etalon.lock", "secret.yaml", || {
        for reader in READERS {
            scene.told(reader);
        }
        scene.refused(READERS[1], "etalon.lock` cannot be read: it leads out of the folder");
        scene.refused(READERS[0], "put the file itself there");
    });
    scene.pipe("definitions/etalon.lock");
    for reader in READERS {
        scene.told(reader);
    }
    scene.refused(READERS[1], "it is not a regular file");
}

/// Puts a decision record under the metric.
fn decided(scene: &Scene) {
    let record = "change: {from: 0.9.0, author: ada, because: asked, direction: down, decision: decisions/0001.md, \
                  history: {plan: splice, because: Asked.}, class: breaking}\nstatus: draft";
    change(&scene.project(), &format!("{FCR}/v1.yaml"), "status: draft", record);
}

#[test]
fn decision_records_are_read_inside_of_the_project_only() {
    let scene = Scene::new();
    decided(&scene);
    each_link(&scene, "definitions/decisions/0001.md", "secret.yaml", || {
        for reader in ["check", "diff definitions definitions"] {
            scene.refused(reader, "`decisions/0001.md` cannot be read");
        }
    });
    scene.pipe("definitions/decisions/0001.md");
    for reader in ["check", "diff definitions definitions"] {
        scene.refused(reader, "`decisions/0001.md` cannot be read");
    }
    for path in ["../../outside/secret.yaml", "/etc/passwd"] {
        change(&scene.project(), &format!("{FCR}/v1.yaml"), "decisions/0001.md", path);
        scene.refused("check", "a decision record is a file of its project");
        change(&scene.project(), &format!("{FCR}/v1.yaml"), path, "decisions/0001.md");
    }
}

/// Commits what is there to `main`.
fn commit(root: &Path) {
    let repository = git2::Repository::init(root).expect("a repository");
    let mut index = repository.index().expect("an index");
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).expect("added");
    index.write().expect("written");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
    let who = git2::Signature::new("Ada", "ada@example.org", &git2::Time::new(1_780_000_000, 0)).expect("a signature");
    repository.commit(Some("refs/heads/main"), &who, &who, "All", &tree, &[]).expect("a commit");
    repository.set_head("refs/heads/main").expect("checked out");
}

#[test]
fn no_link_of_a_revision_leads_out_of_the_project() {
    for target in ["/etc/passwd", "../../outside/secret.yaml", "../elsewhere/secret.yaml", "../../../../../etc/passwd"]
    {
        for place in ["linked.yaml", "etalon.lock", "decisions/0001.md"] {
            let scene = Scene::new();
            // In the repository and yet outside of the project.
            fs::create_dir(scene.project().join("elsewhere")).expect("a folder");
            fs::copy(scene.outside().join("secret.yaml"), scene.project().join("elsewhere/secret.yaml"))
                .expect("copied");
            let mut own = target.to_owned();
            if place.contains('/') && !target.starts_with('/') {
                own = format!("../{target}");
            }
            decided(&scene);
            fs::create_dir_all(scene.project().join("definitions/decisions")).expect("a folder");
            scene.link(&format!("definitions/{place}"), &own);
            commit(&scene.project());
            scene.refused("diff main", "lead");
            scene.refused("diff main definitions", "lead");
        }
    }
}

#[test]
fn nothing_waits_for_a_pipe_in_the_place_of_a_file() {
    let scene = Scene::new();
    scene.pipe("definitions/pipe.yaml");
    scene.refused("check", "`definitions/pipe.yaml` cannot be read: it is not a regular file");
    scene.refused("check definitions/pipe.yaml", "it is not a regular file");
    fs::remove_file(scene.project().join("definitions/pipe.yaml")).expect("removed");
    scene.pipe("definitions/data/contacts.csv");
    scene.refused("run", "which is no file of the project");
    scene.pipe("out/pipe.sql");
    for command in
        ["compile --as query --dialect duckdb --into out", "compile --check --into out", "drift --deployed out"]
    {
        scene.refused(command, "is not a regular file");
    }
    scene.pipe(".github/CODEOWNERS");
    scene.refused("owners --write", "it is not a regular file");
    scene.pipe("definitions/etalon.yaml");
    scene.refused("check", "it is not a regular file");
}

#[test]
fn nothing_is_written_through_a_link_that_leads_out_of_the_folder() {
    let scene = Scene::new();
    let compile = "compile --as query --dialect duckdb --into out";
    assert_eq!(scene.told(compile).code, Some(0));
    let written = fs::read_dir(scene.project().join("out")).expect("a folder").next().expect("a file").expect("a file");
    let name = written.file_name().into_string().expect("a text");
    // A stale text of our own, so that it would be written anew.
    let stale = fs::read_to_string(written.path()).expect("a text").replace("7 days", "9 days");
    fs::write(scene.outside().join("stale.sql"), stale).expect("written");
    let before = files(&scene.outside());
    for target in ["stale.sql", "absent.sql"] {
        scene.link(&format!("out/{name}"), scene.outside().join(target));
        scene.refused(compile, "lead");
        assert_eq!(files(&scene.outside()), before);
    }
    fs::remove_dir_all(scene.project().join("out")).expect("removed");
    scene.link(".github", scene.outside());
    scene.refused("owners --write", "lead");
    scene.link("definitions/etalon.lock", scene.outside().join("etalon.lock"));
    change(&scene.project(), &format!("{FCR}/v1.yaml"), "status: draft", "status: candidate");
    scene.refused("release first_contact_resolution --date 2026-01-05", "cannot be read");
    assert_eq!(files(&scene.outside()), before);
}

#[test]
fn no_folder_that_is_a_link_to_the_outside_is_written_into() {
    let scene = Scene::new();
    let before = files(&scene.outside());
    for compile in ["dbt-model", "view"].map(|form| format!("compile --as {form} --dialect duckdb --into out")) {
        assert_eq!(scene.told(&compile).code, Some(0));
        let inner: Vec<PathBuf> = files(&scene.project().join("out")).into_iter().map(|(path, _)| path).collect();
        let folder = inner[0].parent().expect("a folder");
        let is_nested = folder != scene.project().join("out");
        fs::remove_dir_all(scene.project().join("out")).expect("removed");
        if is_nested {
            let below = folder.strip_prefix(scene.project()).expect("below");
            scene.link(&below.to_string_lossy(), scene.outside());
            scene.refused(&compile, "leads out of the folder");
            assert_eq!(files(&scene.outside()), before);
            fs::remove_dir_all(scene.project().join("out")).expect("removed");
        }
    }
}

#[test]
fn of_files_whose_names_are_no_text_none_hides_the_other() {
    let scene = Scene::new();
    for name in [&b"definitions/\xFF.yaml"[..], b"definitions/\xFE.yaml", b"definitions/\xFC/x.yaml"] {
        let path = scene.project().join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, "metric: hidden\n").expect("written");
    }
    scene.refused("check", "several files are shown as `definitions/\u{FFFD}.yaml`, because their names are not UTF-8");
    scene.refused("check", "give each a name in UTF-8");
}

#[test]
fn a_name_of_a_file_reaches_no_terminal_and_no_build_server_as_a_command() {
    let scene = Scene::new();
    for name in ["definitions/\u{1b}[2J.yaml", "definitions/\n::error::x.yaml", "definitions/##vso[x]\u{202e}.yaml"] {
        fs::write(scene.project().join(name), "metric: [\n").expect("written");
    }
    for format in ["human", "github", "junit", "markdown", "json"] {
        let told = scene.told(&format!("check --format {format}"));
        assert_eq!(told.code, Some(1), "{}", told.text);
        assert!(!told.text.contains(['\u{1b}', '\u{202e}']), "{format}: {}", told.text);
        let obeyed = |line: &str| line.trim_start().starts_with("::error::x") || line.contains("##vso[");
        assert!(format == "json" || !told.text.lines().any(obeyed), "{format}: {}", told.text);
    }
}
