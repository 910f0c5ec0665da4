//! Changes of the bank example, priced on the bank's log: the prices are the differences of its published figures.
//!
//! The data is not part of the repository. `ETALON_DATA` names the folder that holds `bank_feb1999`; without it the
//! tests say that they are skipped.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const SERVICE_LEVEL: &str = "metrics/service_level_20s/v1.yaml";
const FCR: &str = "metrics/fcr_7d/v1.yaml";
/// The base reading of the service level, with what stands for the treatment and for the threshold.
const TREATMENT: &str = "\ntreatment: {use: abandoned_calls, variant: VARIANT, with: {within: WITHIN}}";
const IN_TIME: &str = "answered_and_abandoned_in_time";
const ANSWERED: &str = "answered_only";
const AGAINST: &str = "abandoned_count_against";

/// Returns the folder of the bank's log, or says that a test is skipped.
fn bank() -> Option<PathBuf> {
    let folder = std::env::var_os("ETALON_DATA").map(|data| PathBuf::from(data).join("bank_feb1999"));
    if folder.is_none() {
        // Not a macro: the test runner would keep what they print from a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped: ETALON_DATA does not name a folder with bank_feb1999");
    }
    folder
}

/// Returns a published figure as it is printed, by metric and the beginning of its rule.
fn figure(bank: &Path, metric: &str, rule: &str) -> String {
    let figures = std::fs::read_to_string(bank.join("expected.csv")).expect("the published figures");
    let mut rows = csv::Reader::from_reader(figures.as_bytes());
    let mut rows = rows.records().map(|row| row.expect("three fields"));
    let row = rows.find(|row| &row[0] == metric && row[1].starts_with(rule));
    row.unwrap_or_else(|| panic!("{metric} by {rule}"))[2].to_owned()
}

/// Copies the bank example, with one text of a file, which is there exactly once, replaced by another.
fn bank_example(folder: &Path, file: &str, (old, new): (&str, &str)) {
    let from = Path::new(ROOT).join("definitions/examples/bank");
    let mut open = vec![from.clone()];
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(&place).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let copied = folder.join(path.strip_prefix(&from).expect("below it"));
            std::fs::create_dir_all(copied.parent().expect("a folder")).expect("the folder of a copy");
            std::fs::copy(&path, copied).expect("a copy");
        }
    }
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).expect("a definition");
    assert_eq!(text.matches(old).count(), 1, "`{old}` in {file}");
    std::fs::write(path, text.replace(old, new)).expect("a changed definition");
}

/// The service level with a treatment and a threshold.
fn treated(folder: &Path, variant: &str, within: &str) {
    let written = |variant, within| TREATMENT.replace("VARIANT", variant).replace("WITHIN", within);
    bank_example(folder, SERVICE_LEVEL, (&written(IN_TIME, "20s"), &written(variant, within)));
}

fn etalon(arguments: &[&str], (bank, folder): (&Path, &Path)) -> String {
    let log = bank.join("data_anonymous_bank_february.txt");
    let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
        .args(arguments)
        .arg("--data")
        .arg(format!("bank_calls={}", log.display()))
        .current_dir(folder)
        .output()
        .expect("the built command");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Prices the change from `old` to `new` for one metric, and returns what is said of it.
fn priced(metric: &str, (bank, folder): (&Path, &Path), question: &[&str]) -> Json {
    let mut arguments = vec!["impact", "old", "new", "--format", "json", "--metric", metric];
    arguments.extend(question);
    let document: Json = serde_json::from_str(&etalon(&arguments, (bank, folder))).expect("a document");
    document["metrics"][0].clone()
}

/// Returns the attributions of all cells of a reading; `None` is the base.
fn attributions(price: &Json, variant: Option<&str>) -> Vec<Json> {
    let readings = price["priced_on"][0]["readings"].as_array().expect("readings");
    let reading = readings.iter().find(|it| it["variant"].as_str() == variant).expect("the reading");
    let cells = reading["cells"].as_array().expect("cells").iter();
    cells.map(|cell| cell["attribution"].clone()).collect()
}

/// Reads an exact fraction.
fn exact(number: &Json) -> (i128, i128) {
    let text = number["exact"].as_str().expect("a fraction");
    let (above, below) = text.split_once('/').unwrap_or((text, "1"));
    (above.parse().expect("digits"), below.parse().expect("digits"))
}

fn sum(parts: impl IntoIterator<Item = (i128, i128)>) -> (i128, i128) {
    let reduced = |(above, below): (i128, i128)| {
        let (mut a, mut b) = (above.abs(), below);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        (above / a.max(1), below / a.max(1))
    };
    parts.into_iter().fold((0, 1), |(a, b), (c, d)| reduced((a * d + c * b, b * d)))
}

/// Asserts that shares, and steps in order, add up to the move, which is the difference of the ends.
#[track_caller]
fn adds_up(attribution: &Json) {
    let list = |name: &str| attribution[name].as_array().expect(name).iter().map(exact).collect::<Vec<_>>();
    let (old, new) = (exact(&attribution["old"]), exact(&attribution["new"]));
    assert_eq!(sum([new, (-old.0, old.1)]), exact(&attribution["move"]));
    for parts in ["shares", "in_order"] {
        assert_eq!(sum(list(parts)), exact(&attribution["move"]), "{parts} of {attribution}");
    }
}

/// Asserts that the ends of a move print as two published figures, and the move as their difference.
#[track_caller]
fn is_between(attribution: &Json, (old, new): (&str, &str)) {
    let digits = old.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let value = |name: &str| attribution[name]["value"].as_f64().expect("a number");
    assert_eq!((format!("{:.digits$}", value("old")), format!("{:.digits$}", value("new"))), (old.into(), new.into()));
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let difference = number(new) - number(old);
    // Two roundings are a step of the last digit at most.
    let step = 10f64.powi(-i32::try_from(digits).expect("few digits"));
    assert!((value("move") - difference).abs() < step, "{attribution} is not {difference}");
}

#[test]
fn from_naive_to_mature_resolution_is_the_difference_of_the_published_figures() {
    let Some(bank) = bank() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    bank_example(&folder.path().join("old"), FCR, ("\nmaturity: ignore", "\nmaturity: ignore"));
    bank_example(&folder.path().join("new"), FCR, ("\nmaturity: ignore", "\nmaturity: wait"));
    let price = priced("fcr_7d", (&bank, folder.path()), &["--grain", "month"]);
    assert_eq!(price["clauses"][0]["label"], "maturity");
    let figures = ["fcr_7d_naive", "fcr_7d_mature"].map(|metric| figure(&bank, metric, ""));
    let attributions = attributions(&price, None);
    assert_eq!(attributions.len(), 1);
    is_between(&attributions[0], (&figures[0], &figures[1]));
    adds_up(&attributions[0]);
    // The calls that are counted no more are those whose seven days are not over.
    let lines = price["priced_on"][0]["readings"][0]["ledger"].as_array().expect("a ledger").clone();
    let moved = |fate: &str| {
        let line = lines.iter().find(|line| line["fate"] == fate).expect("a line");
        line["new"].as_i64().expect("rows") - line["old"].as_i64().expect("rows")
    };
    assert!(moved("immature") > 0 && moved("counted") == -moved("immature"));
}

#[test]
fn from_one_treatment_of_abandoned_calls_to_another_is_the_difference_of_the_published_figures() {
    let Some(bank) = bank() else { return };
    let figure = |rule: &str| figure(&bank, "service_level_20s", rule);
    let figures = [
        (IN_TIME, figure("(answered <= 20 s + abandoned <= 20 s)")),
        (ANSWERED, figure("answered <= 20 s / answered")),
        (AGAINST, figure("answered <= 20 s / (answered + abandoned)")),
    ];
    for (from, to) in [(0, 1), (0, 2), (1, 2)] {
        let folder = tempfile::tempdir().expect("a folder");
        treated(&folder.path().join("old"), figures[from].0, "20s");
        treated(&folder.path().join("new"), figures[to].0, "20s");
        let price = priced("service_level_20s", (&bank, folder.path()), &[]);
        let attribution = &attributions(&price, None)[0];
        is_between(attribution, (&figures[from].1, &figures[to].1));
        adds_up(attribution);
    }
}

#[test]
fn two_clauses_share_the_move_of_every_cell_as_four_runs_say() {
    let Some(bank) = bank() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let corners =
        [("old", IN_TIME, "20s"), ("one", ANSWERED, "20s"), ("two", IN_TIME, "30s"), ("new", ANSWERED, "30s")];
    let question = ["--grain", "week", "--by", "priority"];
    let values = corners.map(|(name, variant, within)| {
        treated(&folder.path().join(name), variant, within);
        let mut arguments = vec!["run", name, "--metric", "service_level_20s", "--format", "csv"];
        arguments.extend(question);
        let table = etalon(&arguments, (&bank, folder.path()));
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let value = reader.headers().expect("a head").iter().position(|name| name == "value").expect("values");
        let rows = reader.records().map(|row| row.expect("a full row")).filter(|row| &row[0] == "service_level_20s");
        rows.map(|row| row[value].parse::<f64>().expect("a number")).collect::<Vec<f64>>()
    });
    let price = priced("service_level_20s", (&bank, folder.path()), &question);
    let labels: Vec<&str> =
        price["clauses"].as_array().expect("clauses").iter().filter_map(|it| it["label"].as_str()).collect();
    assert_eq!(labels, ["treatment.variant", "treatment.with.within"]);
    let attributions = attributions(&price, None);
    assert_eq!(attributions.len(), values[0].len());
    for (cell, attribution) in attributions.iter().enumerate() {
        let [old, one, two, new] = [0, 1, 2, 3].map(|corner: usize| values[corner][cell]);
        let expected = [(one - old + new - two) / 2.0, (two - old + new - one) / 2.0];
        for (clause, expected) in expected.iter().enumerate() {
            let share = attribution["shares"][clause]["value"].as_f64().expect("a number");
            assert!((share - expected).abs() < 1e-12, "{attribution}: {expected}");
        }
        let together = attribution["together"]["value"].as_f64().expect("a number");
        assert!((together - (new - one - two + old)).abs() < 1e-12, "{attribution}");
        adds_up(attribution);
    }
}
