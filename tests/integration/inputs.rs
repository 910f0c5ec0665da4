//! The form of a data file makes no difference to the numbers.

use std::fs;
use std::path::Path;
use std::process::Command;

const RETAILER: &str = "definitions/examples/retailer";

/// Runs the example, over other files where `data` names them, and returns its numbers.
fn numbers(data: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
        .args(["run", RETAILER, "--by", "channel", "--format", "csv"])
        .args(data.iter().flat_map(|data| ["--data", data]))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the built command");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn json_lines_and_tab_separated_values_give_the_numbers_of_the_same_rows_as_csv() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rows = Path::new(env!("CARGO_MANIFEST_DIR")).join(RETAILER).join("tickets.csv");
    let mut reader = csv::Reader::from_path(rows).expect("the rows of the example");
    let head = reader.headers().expect("a head").clone();
    let (mut lines, mut tabs) = (String::new(), head.iter().collect::<Vec<_>>().join("\t") + "\n");
    for row in reader.records() {
        let row = row.expect("a full row");
        let cell = |text: &str| if text.is_empty() { serde_json::Value::Null } else { text.into() };
        let object: serde_json::Map<String, serde_json::Value> =
            head.iter().zip(&row).map(|(name, text)| (name.to_owned(), cell(text))).collect();
        lines.push_str(&format!("{}\n", serde_json::Value::Object(object)));
        tabs.push_str(&(row.iter().collect::<Vec<_>>().join("\t") + "\n"));
    }
    let expected = numbers(&[]);
    for (name, text) in [("tickets.jsonl", lines), ("tickets.tsv", tabs)] {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a data file");
        assert_eq!(numbers(&[&format!("tickets={}", path.display())]), expected, "{name}");
    }
}
