//! The folder of malformed definitions: each input, put into a sound project, gives exactly the diagnostics beside it.
//!
//! An input is a file `tests/malformed/<name>.yaml`, or a folder `<name>` where the mistake needs several; the sound
//! project is `tests/malformed/around`. `ETALON_BLESS=1` writes what is found to the expectations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use etalon::diagnostic::codes;
use etalon::rules;
use similar::TextDiff;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/malformed");
const AROUND: &str = "around";

#[test]
fn every_malformed_input_gives_the_diagnostics_beside_it() {
    let bless = std::env::var_os("ETALON_BLESS").is_some();
    let mut differences = String::new();
    for (name, input) in inputs() {
        let found = check(&project_with(&input));
        let expectation = Path::new(FOLDER).join(format!("{name}.txt"));
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        if found == expected {
            continue;
        }
        if bless {
            fs::write(&expectation, found).expect("the folder can be written");
            continue;
        }
        let diff = TextDiff::from_lines(&expected, &found);
        differences.push_str(&diff.unified_diff().header(&format!("{name}.txt"), "found").to_string());
    }
    assert!(differences.is_empty(), "ETALON_BLESS=1 accepts what is found:\n{differences}");
}

#[test]
fn every_diagnostic_has_a_place_a_mark_an_explained_code_and_a_remedy() {
    let mut flaws = Vec::new();
    for name in inputs().keys() {
        let text = fs::read_to_string(Path::new(FOLDER).join(format!("{name}.txt"))).unwrap_or_default();
        let reports = reports(&text);
        if reports.is_empty() {
            flaws.push(format!("{name}: no diagnostic"));
        }
        for report in reports {
            flaws.extend(flaws_of(&report).into_iter().map(|flaw| format!("{name}: {flaw}: {}", report[0])));
        }
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}

#[test]
fn there_are_sixty_inputs_and_no_expectation_without_one() {
    let inputs = inputs();
    assert!(inputs.len() >= 60, "{} inputs", inputs.len());
    let orphans: Vec<PathBuf> = entries()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter(|path| !inputs.contains_key(&stem(path)))
        .collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn the_project_around_the_inputs_is_sound() {
    let project = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(FOLDER).join(AROUND), project.path());
    let said = check(&project);
    assert!(!said.contains("error[") && said.ends_with(" in 8 files\n"), "{said}");
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    let project = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(FOLDER).join(AROUND), project.path());
    let source = project.path().join("surveys.yaml");
    let text = fs::read_to_string(&source).expect("the source");
    fs::write(&source, format!("\u{feff}{text}")).expect("the source can be written");
    let said = check(&project);
    assert!(!said.contains("error[") && said.ends_with(" in 8 files\n"), "{said}");
}

#[test]
fn an_oversized_file_is_refused_unread() {
    let project = tempfile::tempdir().expect("a temporary folder");
    let oversized = format!("metric: large\npurpose: {}\n", "x".repeat(1 << 20));
    fs::write(project.path().join("large.yaml"), oversized).expect("the file can be written");
    let found = check(&project);
    let reports = reports(&found);
    assert_eq!(reports.len(), 1, "{found}");
    assert!(reports[0][0].starts_with("error[file-too-large]: the file is larger than 1 MiB"), "{found}");
    assert_eq!(flaws_of(&reports[0]), [""; 0], "{found}");
}

#[test]
fn mistakes_in_several_files_are_all_reported_in_order_of_file_and_place() {
    let names = ["rule_window_reversed", "case_bad_cell", "expression_unknown_value", "yaml_tab_indent"];
    let project = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(FOLDER).join(AROUND), project.path());
    for (number, name) in names.iter().enumerate() {
        let text = fs::read_to_string(Path::new(FOLDER).join(format!("{name}.yaml"))).expect("the input");
        // Each is a metric of its own, in a file whose place is not that of its name.
        let text = text.replace("metric: good_share", &format!("metric: share_{number}"));
        fs::write(project.path().join(format!("{number}.yaml")), text).expect("the project can be written");
    }
    let found = check(&project);
    let places: Vec<String> = reports(&found).iter().map(|report| place(report).unwrap_or_default()).collect();
    assert_eq!(places, ["0.yaml:19:13", "1.yaml:9:28", "2.yaml:18:31", "2.yaml:18:40", "3.yaml:15:1"], "{found}");
    assert_eq!(check(&project), found);
}

#[test]
fn of_a_file_full_of_mistakes_the_first_hundred_are_shown_and_all_are_counted() {
    let project = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(FOLDER).join(AROUND), project.path());
    let source = project.path().join("surveys.yaml");
    let text = fs::read_to_string(&source).expect("the source");
    let keys: String = (0..2_000).map(|number| format!("key_{number}: 1\n")).collect();
    fs::write(&source, text + &keys).expect("the source can be written");
    let found = check(&project);
    assert_eq!(reports(&found).len(), 100);
    assert!(found.ends_with("1,900 more findings in surveys.yaml not shown\n\n2,000 errors in 8 files\n"));
}

#[test]
fn of_a_table_full_of_mistakes_the_first_twenty_are_told_and_the_rest_is_counted() {
    let project = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(FOLDER).join(AROUND), project.path());
    let case = fs::read_to_string(Path::new(FOLDER).join("case_wrong_width.yaml")).expect("the input");
    let case = case.replace("worked:", &format!("{}worked:", "    one | two\n".repeat(2_000)));
    fs::write(project.path().join("case.yaml"), case).expect("the project can be written");
    let found = check(&project);
    assert_eq!(reports(&found).len(), 21, "{found}");
    assert!(found.contains("the table has 1981 more mistakes"), "{found}");
}

/// Returns the inputs by name.
fn inputs() -> BTreeMap<String, PathBuf> {
    let is_input = |path: &PathBuf| path.is_dir() || path.extension().is_some_and(|extension| extension == "yaml");
    let inputs = entries().into_iter().filter(is_input).map(|path| (stem(&path), path));
    inputs.filter(|(name, _)| name != AROUND).collect()
}

fn entries() -> Vec<PathBuf> {
    let entries = fs::read_dir(FOLDER).expect("the folder of inputs");
    entries.map(|entry| entry.expect("a readable entry").path()).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("an entry has a name").to_string_lossy().into_owned()
}

/// Returns a folder that holds the sound project and the input.
fn project_with(input: &Path) -> tempfile::TempDir {
    let project = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(FOLDER).join(AROUND), project.path());
    let place = project.path().join(input.file_name().expect("an input has a name"));
    if input.is_dir() {
        fs::create_dir(&place).expect("the folder is new");
        copy(input, &place);
    } else {
        fs::copy(input, place).expect("the input can be copied");
    }
    project
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("a readable entry").path();
        fs::copy(&path, to.join(path.file_name().expect("an entry has a name"))).expect("a file can be copied");
    }
}

fn check(project: &tempfile::TempDir) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
        .args(["check", "."])
        .current_dir(project.path())
        .output()
        .expect("the built command");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Returns the lines of each diagnostic.
fn reports(output: &str) -> Vec<Vec<&str>> {
    let mut reports: Vec<Vec<&str>> = Vec::new();
    for line in output.lines().filter(|line| !line.is_empty()) {
        let begins = line.starts_with("error[") || line.starts_with("warning[");
        match reports.last_mut() {
            _ if begins => reports.push(vec![line]),
            Some(report) => report.push(line),
            None => {}
        }
    }
    reports
}

/// Returns `file:line:column`.
fn place(report: &[&str]) -> Option<String> {
    let place = report.iter().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let parts: Vec<&str> = place.rsplitn(3, ':').collect();
    let counted = parts.len() == 3 && parts[..2].iter().all(|part| part.parse::<usize>().is_ok_and(|n| n > 0));
    counted.then(|| place.to_owned())
}

fn flaws_of(report: &[&str]) -> Vec<&'static str> {
    let code = report[0].split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or("", |(code, _)| code);
    let says = |part: &str| report.iter().any(|line| line.contains(part));
    // An empty file has no line to mark.
    let is_marked =
        report.iter().any(|line| line.trim_start_matches([' ', '|', '_', '-']).starts_with('^')) || !says(" | ");
    [
        (place(report).is_none(), "no place"),
        (!is_marked, "no mark"),
        (codes::find(code).is_none() && rules::find(code).is_none(), "no explanation"),
        (!says("= help: "), "no remedy"),
    ]
    .into_iter()
    .filter_map(|(is_flaw, flaw)| is_flaw.then_some(flaw))
    .collect()
}
