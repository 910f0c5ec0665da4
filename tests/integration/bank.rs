//! The call log of a real bank, read as it is: every published figure is reproduced by `etalon run`.
//!
//! The data is not part of the repository. `ETALON_DATA` names the folder that holds `bank_feb1999`; without it the
//! test says that it is skipped.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Which metric of the example stands for which row of the published figures, in their order.
const METRICS: [&str; 13] = [
    "offered",
    "handled",
    "abandonment_rate",
    "abandonment_rate.queued_only",
    "asa_seconds",
    "aht_seconds",
    "aht_seconds.with_service_time",
    "service_level_20s",
    "service_level_20s.answered_only",
    "service_level_20s.abandoned_count_against",
    "service_level_20s_mean_of_days",
    "fcr_7d",
    "fcr_7d.mature",
];

#[test]
fn every_published_figure_of_the_bank_log_is_reproduced_to_its_printed_digits() {
    let Some(folder) = std::env::var_os("ETALON_DATA").map(|data| PathBuf::from(data).join("bank_feb1999")) else {
        // Not a macro: the test runner would keep what they print from a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped: ETALON_DATA does not name a folder with bank_feb1999");
        return;
    };
    let log = folder.join("data_anonymous_bank_february.txt");
    let figures = std::fs::read_to_string(folder.join("expected.csv")).expect("the published figures");
    let mut rows = csv::Reader::from_reader(figures.as_bytes());
    let expected: Vec<String> = rows.records().map(|row| row.expect("three fields")[2].to_owned()).collect();
    assert_eq!(expected.len(), METRICS.len(), "each published figure has its metric");
    let computed = values(&log);
    for (metric, printed) in METRICS.iter().zip(&expected) {
        let value: f64 = computed[*metric].parse().expect("a number");
        let digits = printed.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        assert_eq!(format!("{value:.digits$}"), *printed, "{metric}");
    }
}

/// Runs the example over the log and returns each metric's value.
fn values(log: &std::path::Path) -> BTreeMap<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_etalon"))
        .args(["run", "definitions/examples/bank", "--grain", "month", "--format", "csv", "--data"])
        .arg(format!("bank_calls={}", log.display()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the built command");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let head = reader.headers().expect("a head").clone();
    let value = head.iter().position(|name| name == "value").expect("a value column");
    reader.records().map(|row| row.expect("a full row")).map(|row| (row[0].to_owned(), row[value].to_owned())).collect()
}
