//! What the README shows is what the commands print.

use std::path::Path;
use std::process::Command;

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("the README")
}

/// Returns the code blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let opening = format!("```{language}\n");
    let parts = text.split(&opening).skip(1);
    parts.map(|part| part.split("```").next().unwrap_or_default().to_owned()).collect()
}

fn etalon(arguments: &[&str], folder: &Path) -> String {
    // The README shows no server, whatever the caller has.
    let mut command = Command::new(env!("CARGO_BIN_EXE_etalon"));
    let output = command.args(arguments).current_dir(folder).env_remove("ETALON_POSTGRES").output();
    String::from_utf8(output.expect("the built command").stdout).expect("text")
}

/// Asserts that every line of `shown` is printed, in this order.
fn assert_printed(shown: &str, printed: &str) {
    let mut rest = printed.lines();
    for line in shown.lines() {
        assert!(rest.any(|other| other == line), "the README shows a line that is not printed:\n{line}\n\n{printed}");
    }
}

#[test]
fn the_first_command_prints_what_the_readme_shows() {
    let commands = &blocks("sh")[0];
    let arguments = commands.lines().find_map(|line| line.strip_prefix("cargo run -- ")).expect("the first command");
    let arguments: Vec<&str> = arguments.split(' ').collect();
    assert_printed(&blocks("text")[0], &etalon(&arguments, Path::new(env!("CARGO_MANIFEST_DIR"))));
}

#[test]
fn the_starter_holds_what_the_readme_shows_and_fails_as_it_shows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    etalon(&["init"], folder.path());
    let metric = folder.path().join("definitions/metrics/first_contact_resolution/v1.yaml");
    let text = std::fs::read_to_string(&metric).expect("the starter's metric");
    let shown = &blocks("yaml")[0];
    let own = |line: &&str| !line.starts_with("# ...");
    let shown: Vec<&str> = shown.lines().filter(own).collect();
    assert_printed(&shown.join("\n"), &text);
    let case = folder.path().join("definitions/metrics/first_contact_resolution/cases/repeat_within_a_week.yaml");
    assert_printed(&blocks("yaml")[1], &std::fs::read_to_string(case).expect("the starter's case"));
    std::fs::write(&metric, text.replace("to: 7d", "to: 6d")).expect("a changed metric");
    assert_printed(&blocks("text")[1], &etalon(&["verify"], folder.path()));
}
