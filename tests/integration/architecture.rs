//! The shape of the code: layers, sizes, names. `src/lib.rs` is the table of contents these tests read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Longest file, in lines before its unit tests.
const LONGEST_FILE: usize = 400;
/// Rooms whose name would not say what belongs in them.
const NAMELESS: [&str; 7] = ["utils", "util", "helpers", "helper", "common", "misc", "manager"];
/// Words that mark something unfinished.
const UNFINISHED: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// A source file of the crate.
struct SourceFile {
    path: PathBuf,
    /// The layer it belongs to; `None` for `lib.rs` and `main.rs`.
    layer: Option<String>,
    /// Its lines up to the unit tests.
    lines: Vec<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Returns the layers in the order of the `mod` lines of `lib.rs`.
fn layers() -> Vec<String> {
    let contents = std::fs::read_to_string(root().join("lib.rs")).expect("the table of contents");
    let names = contents.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

/// Returns all files of the crate outside of unit tests.
fn files() -> Vec<SourceFile> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the crate") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() && name != "tests" {
                folders.push(path);
            } else if name.ends_with(".rs") && name != "tests.rs" && !is_test_module(&path) {
                found.push(read(path));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// A file is a test module where its parent declares it after `#[cfg(test)]`.
fn is_test_module(path: &Path) -> bool {
    let stem = path.file_stem().expect("a stem").to_string_lossy();
    let parent = path.parent().expect("a folder").join("mod.rs");
    let declared = std::fs::read_to_string(parent).unwrap_or_default();
    declared.contains(&format!("#[cfg(test)]\nmod {stem};"))
}

fn read(path: PathBuf) -> SourceFile {
    let text = std::fs::read_to_string(&path).expect("a source file");
    let lines = text.lines().take_while(|line| *line != "#[cfg(test)]" || !text.contains("mod tests {"));
    let inside = path.strip_prefix(root()).expect("below src");
    let first = inside.iter().next().expect("a part").to_string_lossy();
    let layer = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
    let layer = (layer != "lib" && layer != "main").then_some(layer);
    SourceFile { path: inside.to_owned(), layer, lines: lines.map(str::to_owned).collect() }
}

/// Returns the modules of this crate that a line of code names.
fn imports(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap_or_default();
    let mut names = Vec::new();
    for rest in code.split("crate::").skip(1) {
        let list = rest.strip_prefix('{').map_or(rest, |list| list.split('}').next().unwrap_or_default());
        let parts: Vec<&str> = if rest.starts_with('{') { list.split(',').collect() } else { vec![list] };
        for part in parts {
            let name: String = part.trim().chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if !name.is_empty() {
                names.push(name);
            }
        }
    }
    names
}

/// Returns each import that goes to a layer further down, as "file:line imports `x`, which comes later".
fn upward_imports(files: &[SourceFile], layers: &[String]) -> Vec<String> {
    let place: BTreeMap<&str, usize> = layers.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    let mut wrong = Vec::new();
    for file in files {
        let Some(own) = file.layer.as_deref().and_then(|layer| place.get(layer)) else { continue };
        for (number, line) in (1..).zip(&file.lines) {
            for name in imports(line) {
                if place.get(name.as_str()).is_some_and(|other| other > own) {
                    wrong.push(format!("src/{}:{number} imports `{name}`, which comes later", file.path.display()));
                }
            }
        }
    }
    wrong
}

#[test]
fn every_layer_imports_only_layers_above_it() {
    let wrong = upward_imports(&files(), &layers());
    assert!(wrong.is_empty(), "src/lib.rs gives the order of the layers:\n{}", wrong.join("\n"));
}

#[test]
fn an_upward_import_would_be_found() {
    let layers = ["plan".to_owned(), "sql".to_owned()];
    let line = "use crate::{plan::Plan, sql::Dialect};".to_owned();
    let file = |layer: &str| SourceFile {
        path: PathBuf::from(layer).with_extension("rs"),
        layer: Some(layer.to_owned()),
        lines: vec![line.clone()],
    };
    assert_eq!(upward_imports(&[file("plan")], &layers), ["src/plan.rs:1 imports `sql`, which comes later"]);
    assert!(upward_imports(&[file("sql")], &layers).is_empty());
}

#[test]
fn the_interpreter_and_the_sql_writer_know_nothing_of_each_other() {
    for file in files() {
        let other = match file.layer.as_deref() {
            Some("interpret") => "sql",
            Some("sql") => "interpret",
            _ => continue,
        };
        let foreign = file.lines.iter().find(|line| imports(line).iter().any(|name| name == other));
        assert!(foreign.is_none(), "src/{} imports `{other}`", file.path.display());
    }
}

#[test]
fn only_the_command_line_prints_or_exits() {
    for file in files().iter().filter(|file| file.layer.as_deref() != Some("cli")) {
        for word in ["println!", "eprintln!", "print!(", "process::exit"] {
            let line = file.lines.iter().find(|line| line.contains(word));
            assert!(line.is_none(), "src/{} has `{word}`", file.path.display());
        }
    }
}

#[test]
fn every_layer_is_a_file_or_folder_of_its_name_and_no_file_is_forgotten() {
    let layers = layers();
    for layer in &layers {
        let there = root().join(format!("{layer}.rs")).exists() || root().join(layer).join("mod.rs").exists();
        assert!(there, "there is no room for the layer `{layer}`");
    }
    for file in files() {
        let Some(layer) = &file.layer else { continue };
        assert!(layers.contains(layer), "src/{} belongs to no layer of lib.rs", file.path.display());
    }
}

#[test]
fn files_are_short_named_after_what_they_hold_and_say_so_at_their_head() {
    for file in files() {
        let shown = file.path.display();
        assert!(file.lines.len() <= LONGEST_FILE, "src/{shown} has {} lines", file.lines.len());
        let stem = file.path.file_stem().expect("a stem").to_string_lossy().into_owned();
        assert!(!NAMELESS.contains(&stem.as_str()), "src/{shown}: the name says nothing");
        // A command's file opens with its arguments: their doc comment is the command's help.
        let is_command =
            file.layer.as_deref() == Some("cli") && file.lines.iter().any(|line| line.contains("derive(Debug, Args)"));
        assert!(
            is_command || file.lines.first().is_some_and(|line| line.starts_with("//!") || line.starts_with("#![")),
            "src/{shown} does not say what it holds"
        );
    }
}

#[test]
fn nothing_is_marked_as_unfinished() {
    for file in files() {
        for word in UNFINISHED {
            let line = file.lines.iter().position(|line| line.contains(word));
            assert!(line.is_none(), "src/{}:{} says {word}", file.path.display(), line.map_or(0, |l| l + 1));
        }
    }
}
