//! A folder of deployed files through its life, by transcripts: written, held to the definitions, edited, stale, left over.

use std::fs;
use std::path::Path;

use crate::cli::{METRIC, change, project, run, transcript};

const WEEKLY: &str = "sql/first_contact_resolution_week_by_channel.sql";

#[test]
fn a_folder_is_written_held_to_the_definitions_and_written_again() {
    let folder = project();
    let path = folder.path();
    let views = "compile --as view --grain week --by channel --dialect duckdb --into sql";
    transcript("deployed", path, &[views, views, "compile --check --into sql", &format!("{views} --check")]);
    // A hand makes a window's end belong to it no longer.
    let edit = ("<= (population.closed_at", "< (population.closed_at");
    change(path, WEEKLY, edit.0, edit.1);
    transcript(
        "deployed_edited",
        path,
        &["compile --check --into sql", "compile --into sql", "compile --check --into sql"],
    );
    // What was not asked for before is missing; windows shrink; the metric goes.
    let daily = "compile --as incremental --grain day --settles 3d --into sql --check";
    change(path, &format!("{METRIC}/v1.yaml"), "to: 7d", "to: 6d");
    transcript(
        "deployed_stale",
        path,
        &["compile --check --into sql", daily, "compile --check --into sql --format github"],
    );
    fs::remove_dir_all(path.join(METRIC)).expect("the metric goes");
    transcript("deployed_orphaned", path, &["compile --check --into sql", "compile --into sql"]);
}

#[test]
fn a_deployment_that_ends_is_told_before_and_after() {
    let folder = project();
    let path = folder.path();
    assert!(run(path, "compile --as view --until 2027-01-01T00:00:00Z --into sql").status.success());
    let check = |day: &str| format!("compile --check --into sql --today {day}");
    transcript("deployed_expiring", path, &[&check("2026-06-01"), &check("2026-12-01"), &check("2027-01-01")]);
}

#[test]
fn what_cannot_be_deployed_is_refused_with_the_reason() {
    let folder = project();
    let path = folder.path();
    fs::create_dir(path.join("sql")).expect("a folder");
    fs::write(path.join("sql/first_contact_resolution.sql"), "select 1;\n").expect("a file of somebody else");
    let commands = [
        "compile --as incremental --grain day",
        "compile --as dbt-metrics first_contact_resolution",
        "compile --as view --into sql",
        "compile --as view --to 2027-01-01T00:00:00Z",
        "compile --as view --from 2040-01-01T00:00:00Z",
        "compile --as view --settles 3d",
        "compile --as view --by colour first_contact_resolution",
        "compile --as view --by colour",
        "compile --as view first_contact",
        "compile --check",
        "compile --check --into nowhere",
        "compile first_contact_resolution --as-of now",
    ];
    transcript("deployed_refused", path, &commands);
}

#[test]
fn a_stamp_that_was_cut_is_told_and_other_files_are_left_alone() {
    let folder = project();
    let path = folder.path();
    assert!(run(path, "compile --as query --into sql").status.success());
    fs::write(path.join("sql/mine.sql"), "select 1;\n").expect("a file of somebody else");
    change(path, "sql/first_contact_resolution.sql", " grain=all", " grain=fortnight");
    transcript("deployed_unreadable", path, &["compile --check --into sql"]);
}

#[test]
fn files_that_a_system_has_given_other_line_ends_are_the_same() {
    let folder = project();
    let path = folder.path();
    assert!(run(path, "compile --as view --into sql").status.success());
    let file = path.join("sql/first_contact_resolution.sql");
    let text = fs::read_to_string(&file).expect("a file");
    fs::write(&file, text.replace('\n', "\r\n")).expect("written");
    assert!(run(path, "compile --check --into sql").status.success());
}

#[test]
fn a_library_is_deployed_whole_and_stands() {
    let folder = tempfile::tempdir().expect("a folder");
    let into = folder.path().join("out");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let retailer = "--path definitions/examples/retailer --grain month --into";
    let write = run(root, &format!("compile --as dbt-model {retailer} {}", into.display()));
    assert!(write.status.success(), "{}", String::from_utf8_lossy(&write.stderr));
    assert!(into.join("models/fcr_month.sql").exists() && into.join("models/sources/tickets.yml").exists());
    let check = run(root, &format!("compile --check --path definitions/examples/retailer --into {}", into.display()));
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stdout));
}
