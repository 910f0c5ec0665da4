//! Transcripts of the built command against the golden files of `tests/transcripts`: the command line, what it writes
//! to each stream, and how it ends.
//!
//! `ETALON_BLESS=1` writes the golden files anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use similar::TextDiff;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
pub(super) const METRIC: &str = "definitions/metrics/first_contact_resolution";

/// Returns the command in `folder`, without anything of the caller's surroundings that could show.
pub(super) fn etalon(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    command.args(arguments.split_whitespace()).current_dir(folder).stdin(Stdio::null());
    let of_engines =
        std::env::vars_os().map(|(name, _)| name).filter(|name| name.to_string_lossy().starts_with("ETALON_"));
    let of_looks = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "LD_LIBRARY_PATH", "COLUMNS"].map(Into::into);
    for variable in of_engines.chain(of_looks) {
        command.env_remove(variable);
    }
    // What checks keep is no business of the caller's either.
    command.env("ETALON_CACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"));
    command
}

pub(super) fn run(folder: &Path, arguments: &str) -> Output {
    etalon(folder, arguments).output().expect("the built command")
}

/// Runs the commands in `folder`, in order, and compares what they say with the golden file `name`.
#[track_caller]
pub(super) fn transcript(name: &str, folder: &Path, commands: &[&str]) {
    let said: String = commands.iter().map(|arguments| scene(folder, arguments)).collect();
    compare(name, &said);
}

/// Compares a text with the golden file `name`.
#[track_caller]
pub(super) fn compare(name: &str, said: &str) {
    let golden = Path::new(ROOT).join(format!("tests/transcripts/{name}.txt"));
    if std::env::var_os("ETALON_BLESS").is_some() {
        fs::create_dir_all(golden.parent().expect("a folder")).expect("the folder of transcripts");
        fs::write(&golden, said).expect("the golden file");
        return;
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    let diff = TextDiff::from_lines(expected.as_str(), said);
    let shown = diff.unified_diff().header("golden", "said").to_string();
    assert!(expected == said, "{name} differs; ETALON_BLESS=1 accepts it\n{shown}");
}

fn scene(folder: &Path, arguments: &str) -> String {
    let output = run(folder, arguments);
    let mut text = format!("$ etalon {arguments}\n{}", String::from_utf8_lossy(&output.stdout));
    if !output.stderr.is_empty() {
        text.push_str(&format!("[stderr]\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    text + &format!("[exit {}]\n\n", output.status.code().expect("no signal"))
}

/// Returns a folder with a new project.
pub(super) fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(run(folder.path(), "init").status.success());
    folder
}

/// Replaces a text that is there exactly once in a file of the project.
pub(super) fn change(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("a text");
    assert_eq!(text.matches(old).count(), 1, "`{old}` in {file}");
    fs::write(path, text.replace(old, new)).expect("written");
}

/// Returns every file below a folder with its content, sorted.
pub(super) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let content = fs::read(&path).expect("a file");
            found.push((path, content));
        }
    }
    found.sort();
    found
}

#[test]
fn every_command_explains_itself() {
    let commands = [
        "accept",
        "approve",
        "changelog",
        "check",
        "compile",
        "completions",
        "deprecate",
        "diff",
        "diff-driver",
        "drift",
        "explain",
        "impact",
        "init",
        "mutate",
        "new-version",
        "owners",
        "release",
        "replay",
        "retire",
        "run",
        "schema",
        "show",
        "verify",
    ];
    let mut helps = vec!["--help".to_owned()];
    helps.extend(commands.map(|command| format!("{command} --help")));
    let helps: Vec<&str> = helps.iter().map(String::as_str).collect();
    transcript("help", Path::new(ROOT), &helps);
}

#[test]
fn a_new_project_is_green_from_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let commands = ["init", "check", "verify --engine sqlite", "run", "run --grain week --by channel", "show"];
    transcript("new_project", folder.path(), &commands);
}

#[test]
fn random_tables_are_tried_by_number_and_seed() {
    let folder = project();
    let random = "verify --random 200 --seed 3 --engine sqlite";
    let commands = [
        random.to_owned(),
        format!("{random} --format json"),
        "verify --random 0 --engine sqlite".to_owned(),
        "verify --random 20 --metric first_contact".to_owned(),
        "verify --random 20 --on nowhere".to_owned(),
        "verify --seed 3".to_owned(),
    ];
    transcript("random", folder.path(), &commands.each_ref().map(String::as_str));
}

#[test]
fn the_same_numbers_come_in_every_format() {
    let retailer = "run definitions/examples/retailer --metric fcr --metric csat_mean";
    let commands = [
        retailer.to_owned(),
        format!("{retailer} --by channel"),
        format!("{retailer} --grain week"),
        format!("{retailer} --by channel --format csv"),
        format!("{retailer} --grain month --format json"),
    ];
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    transcript("run_formats", Path::new(ROOT), &commands);
}

#[test]
fn few_rows_and_small_cells_are_withheld_with_their_reason() {
    let folder = project();
    change(
        folder.path(),
        &format!("{METRIC}/v1.yaml"),
        "level: 0.95}",
        "level: 0.95, min_n: 5}\nprivacy: {min_cell: 2}",
    );
    let early = "run --by channel --to 2026-02-04T12:00:00Z";
    transcript("withheld", folder.path(), &["run --by channel", early, &format!("{early} --format json")]);
}

#[test]
fn a_change_has_a_price_clause_by_clause() {
    let folder = project();
    let before = folder.path().join("before");
    for (path, content) in files(&folder.path().join("definitions")) {
        let copied = before.join(path.strip_prefix(folder.path().join("definitions")).expect("below it"));
        fs::create_dir_all(copied.parent().expect("a folder")).expect("the folder of a copy");
        fs::write(copied, content).expect("a copy");
    }
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "to: 7d", "to: 6d");
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "  - use: bot_contacts\n", "");
    let commands = [
        "impact before --fixtures",
        "impact before",
        "impact before definitions --grain month --by channel --metric first_contact_resolution",
        "impact before --format json",
        "impact before before",
        "impact before --metric first_contact",
        "impact nowhere",
    ];
    transcript("impact", folder.path(), &commands);
}

#[test]
fn versions_of_a_metric_are_replayed_over_the_same_rows() {
    let folder = project();
    let first = folder.path().join(METRIC).join("v1.yaml");
    let text = fs::read_to_string(first).expect("the metric");
    let second = text.replace("version: 1.0.0", "version: 2.0.0").replace("to: 7d", "to: 6d");
    fs::write(folder.path().join(METRIC).join("v2.yaml"), second).expect("another version");
    let replay = "replay first_contact_resolution";
    let commands = [
        replay.to_owned(),
        format!("{replay} --fixtures"),
        format!("{replay} --grain month --by channel"),
        format!("{replay} --format json"),
        "replay first_contact".to_owned(),
    ];
    transcript("replay", folder.path(), &commands.each_ref().map(String::as_str));
}

#[test]
fn a_metric_is_a_page_of_the_manual() {
    let retailer = ["show fcr", "show fcr.of_resolved", "show csat_mean"]
        .map(|show| format!("{show} --path definitions/examples/retailer"));
    let mut commands: Vec<&str> = retailer.iter().map(String::as_str).collect();
    commands.push("show fcr_no_repeat");
    commands.push("show resolution_rate_flow");
    transcript("manual", Path::new(ROOT), &commands);
}

#[test]
fn an_expanded_definition_names_what_was_left_out() {
    let folder = project();
    let commands = ["show first_contact_resolution --expanded", "show first_contact_resolution --plan"];
    transcript("expanded", folder.path(), &commands);
}

#[test]
fn metrics_share_a_query_where_they_can_and_it_is_said_where_they_cannot() {
    let library = Path::new(ROOT).join("definitions");
    let metrics = "contacts_received identity_coverage customers_contacting --as-of 2026-06-01T00:00:00Z --grain month";
    let range = "--from 2026-01-01T00:00:00Z --to 2026-06-01T00:00:00Z";
    let commands = [format!("compile --fused {metrics} {range}"), format!("compile --explain {metrics} {range}")];
    transcript("fused", &library, &commands.each_ref().map(String::as_str));
    let repeats = "compile --explain fcr_no_repeat fcr_no_repeat.first_of_chain repeat_contact_rate";
    transcript("explained", &library, &[&format!("{repeats} --as-of 2026-06-01T00:00:00Z")]);
}

#[test]
fn a_compiled_query_states_its_question_and_its_moment_of_knowledge() {
    let folder = project();
    let asked = "compile first_contact_resolution --as-of 2026-03-01T00:00:00Z --grain week --by channel";
    let sqlite = format!("{asked} --from 2026-01-01T00:00:00Z --to 2026-03-01T00:00:00Z");
    let duckdb = format!("{asked} --dialect duckdb --ledger");
    transcript("compile", folder.path(), &["compile first_contact_resolution", &sqlite, &duckdb]);
}

#[test]
fn a_code_or_a_rule_is_explained_and_a_misspelt_one_leads_to_its_neighbour() {
    let commands = [
        "explain",
        "explain case-fails",
        "explain case-fail",
        "explain window-length-changed",
        "explain window-lenght-changed",
        "explain nothing-like-it",
    ];
    transcript("explain", Path::new(ROOT), &commands);
}

#[test]
fn what_does_not_exist_is_named_with_its_neighbour_or_all_there_are() {
    let folder = project();
    let as_of = "--as-of 2026-03-01T00:00:00Z";
    let commands = [
        "show first_contact",
        "show nothing",
        "run --metric nothing",
        "run first_contact_resolution",
        "run --by chanel",
        "run --by colour",
        "run --engine sqlit",
        "run --data contact=x.csv",
        "run --data contacts=x.csv",
        "run --data contacts",
        "run --grain fortnight",
        "run --grain hour",
        "run --as-of yesterday",
        "run --from 2026-02-02T00:00:00Z --to 2026-02-01T00:00:00Z",
        "verify --engine oracle",
        "verify --metric nothing",
        &format!("compile first_contact_resolution {as_of} --dialect oracle"),
        &format!("compile first_contact_resolution {as_of} --grain hour"),
        &format!("compile first_contact_resolution {as_of} --by chanel"),
        &format!("compile nothing {as_of}"),
        "check nowhere",
        "schema nothing",
        "frobnicate",
    ];
    transcript("unknown", folder.path(), &commands);
}

#[test]
fn a_wrong_expected_cell_is_named_with_its_file_its_row_and_what_was_computed() {
    let folder = project();
    let case = format!("{METRIC}/cases/repeat_within_a_week.yaml");
    change(folder.path(), &case, "3         | 4           | 0.75 ", "2         | 4           | 0.5  ");
    transcript("wrong_cell", folder.path(), &["verify --engine sqlite"]);
    change(folder.path(), &case, "counted: 4,", "counted: 5,");
    change(folder.path(), &case, "| 0.5   | final\n", "| 0.5   | final\n  1         | 1           | 1     | final\n");
    transcript("wrong_rows", folder.path(), &["verify --engine sqlite", "verify --engine sqlite --format json"]);
}

#[test]
fn broken_definitions_are_findings_and_never_mix_with_what_was_asked_for() {
    let folder = project();
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "interval: wilson", "interval: wlison");
    change(folder.path(), "definitions/sources/contacts.yaml", "owner:", "ovner:");
    let commands = [
        "check",
        "check --format json",
        "verify --engine sqlite",
        "run --format csv",
        "show first_contact_resolution",
        "compile first_contact_resolution --as-of 2026-03-01T00:00:00Z",
    ];
    transcript("broken", folder.path(), &commands);
}

#[test]
fn bad_rows_are_named_with_their_file_line_and_column() {
    let folder = project();
    let rows = "contact_id,customer_id,channel,actor,closed_at\n\
                k1,anna,pigeon,human,2026-02-30T10:00:00Z\n\
                k2,anna\n";
    fs::write(folder.path().join("bad.csv"), rows).expect("written");
    fs::write(folder.path().join("head.csv"), "contact_id,customer_id,channel,actor,closed_at\n").expect("written");
    let commands = ["run --data contacts=bad.csv", "run --data contacts=head.csv"];
    transcript("bad_rows", folder.path(), &commands);
}

#[test]
fn a_source_without_rows_is_named_with_the_way_to_give_them() {
    let commands = ["run --metric tickets_opened --metric resolution_rate_flow", "run --metric service_level"];
    transcript("no_data", Path::new(ROOT), &commands);
}

#[test]
fn a_folder_without_definitions_is_neither_good_nor_bad() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    let commands = ["check empty", "verify empty --engine sqlite", "run empty", "show --path empty", "check"];
    transcript("nothing", folder.path(), &commands);
}

#[test]
fn several_projects_are_one_report() {
    let folder = project();
    assert!(run(folder.path(), "init definitions/second").status.success());
    let commands = ["check", "check --format json", "verify --engine sqlite"];
    transcript("several_projects", folder.path(), &commands);
}

#[test]
fn the_project_is_found_from_any_of_its_folders() {
    let folder = project();
    for place in ["", "definitions", "definitions/metrics", &format!("{METRIC}/cases")] {
        let output = run(&folder.path().join(place), "check");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.ends_with(" in 7 files\n"), "in `{place}`: {said}");
    }
}

#[test]
fn init_leaves_a_folder_that_is_not_empty_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("README.md"), "mine").expect("written");
    let before = files(folder.path());
    transcript("init_refuses", folder.path(), &["init", "init README.md", "init README.md/below"]);
    assert_eq!(files(folder.path()), before);
}

#[test]
fn init_writes_no_temporary_files_and_the_same_bytes_every_time() {
    let (first, second) = (project(), project());
    let relative = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let strip =
            |(path, content): (PathBuf, Vec<u8>)| (path.strip_prefix(folder).expect("below").to_owned(), content);
        files(folder).into_iter().map(strip).collect()
    };
    let written = relative(first.path());
    assert!(written.iter().all(|(path, _)| path.extension().is_some_and(|ending| ending != "tmp")), "{written:?}");
    assert_eq!(written, relative(second.path()));
}

#[test]
fn a_definition_on_standard_input_is_checked_alone() {
    let mut command = etalon(Path::new(ROOT), "check -");
    let file = fs::File::open(Path::new(ROOT).join("templates/starter/definitions/sources/contacts.yaml"));
    let output = command.stdin(file.expect("the starter's source")).output().expect("the built command");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "no errors in 1 file\n");
}

#[cfg(unix)]
#[test]
fn output_that_cannot_be_written_is_an_incomplete_run() {
    let folder = project();
    for arguments in ["check", "run", "run --format csv", "show", "completions bash", "--help"] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let status = etalon(folder.path(), arguments).stdout(full).stderr(Stdio::null()).status();
        assert_eq!(status.expect("the built command").code(), Some(3), "{arguments}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = project();
    for arguments in ["show first_contact_resolution --plan", "completions bash", "schema", "--help"] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = etalon(folder.path(), arguments).stdout(writer).output().expect("the built command");
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{arguments}");
    }
}

#[test]
fn colours_are_only_where_they_are_wanted() {
    let folder = project();
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "unit: share", "unti: share");
    let coloured = |arguments: &str, variables: &[(&str, &str)]| {
        let output =
            etalon(folder.path(), arguments).envs(variables.iter().copied()).output().expect("the built command");
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured("check", &[]), "a pipe has no colours");
    assert!(coloured("check --color always", &[]));
    assert!(coloured("check", &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured("check", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(!coloured("check --color never", &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_metric_asked_for_by_name_is_not_lost_in_silence() {
    let folder = project();
    let metric = folder.path().join("definitions/metrics/contacts_closed");
    fs::create_dir_all(&metric).expect("a folder");
    let text = fs::read_to_string(folder.path().join(METRIC).join("v1.yaml")).expect("the starter's metric");
    let by_month = text
        .replace("metric: first_contact_resolution", "metric: contacts_closed")
        .replace("grains: [day, week, month]", "grains: [month]");
    fs::write(metric.join("v1.yaml"), by_month).expect("written");
    let commands = [
        "run --grain week --from 2026-02-09T00:00:00Z --format csv",
        "run --grain week --from 2026-02-09T00:00:00Z --metric contacts_closed --metric first_contact_resolution",
    ];
    transcript("skipped", folder.path(), &commands);
}
