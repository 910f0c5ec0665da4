//! Versions from a draft to their tombstone, and what people sign on the way: transcripts of the built command.

use std::fs;
use std::path::Path;

use etalon::diagnostic::Diagnostics;
use etalon::lock::Lock;
use etalon::resolve::Version;
use etalon::signing::{self, RoleState};
use etalon::value::Date;

use super::cli::{change, etalon, files, project, run, transcript};

const FCR: &str = "definitions/metrics/first_contact_resolution";
const POLICY: &str = "\nrules: {profile: governance}\npolicy:\n  signatures:\n    - for: breaking\n      \
                      roles: [{role: owner}, {role: metrics-council, at_least: 2}]\n  \
                      roles: {metrics-council: [ben, cleo, dora]}\n  owners: {support-analytics: [ada, ben]}\n  \
                      grace: {deprecation: 90d}\n";

/// Returns a new project with a policy, whose metric is a candidate.
fn candidate() -> tempfile::TempDir {
    let folder = project();
    change(folder.path(), &format!("{FCR}/v1.yaml"), "status: draft", "status: candidate");
    let path = folder.path().join("definitions/etalon.yaml");
    let text = fs::read_to_string(&path).expect("the project file");
    fs::write(path, text + POLICY).expect("written");
    folder
}

/// Returns the project with its metric released on 2026-01-05.
fn released() -> tempfile::TempDir {
    let folder = candidate();
    expect(folder.path(), "release first_contact_resolution --date 2026-01-05", 0);
    folder
}

/// Returns the project with a second version that has a longer window, as a candidate.
fn succeeded() -> tempfile::TempDir {
    let folder = released();
    expect(
        folder.path(),
        "new-version first_contact_resolution --author ada --because asked --effective-from 2026-07-01",
        0,
    );
    let metric = format!("{FCR}/v2.yaml");
    change(folder.path(), &metric, "status: draft", "status: candidate");
    change(folder.path(), &metric, "to: 7d", "to: 8d");
    let cases = format!("{FCR}/cases");
    change(folder.path(), &format!("{cases}/not_yet_known_v2.yaml"), "as_of: 2026-01-08", "as_of: 2026-01-09");
    for later in ["one_second_later_and_the_interval_v2", "repeat_within_a_week_v2"] {
        change(folder.path(), &format!("{cases}/{later}.yaml"), "2026-01-08T09:00:01Z", "2026-01-09T09:00:01Z");
    }
    folder
}

#[track_caller]
fn expect(folder: &Path, arguments: &str, code: i32) {
    let output = run(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments}: {said}");
}

fn text(folder: &Path, file: &str) -> String {
    fs::read_to_string(folder.join(file)).expect("a text")
}

#[test]
fn a_candidate_is_released_once_and_held_to_its_meaning() {
    let folder = candidate();
    change(folder.path(), &format!("{FCR}/v1.yaml"), "status: candidate", "status: draft");
    let release = "release first_contact_resolution --date 2026-01-05";
    transcript("release_of_a_draft", folder.path(), &[release]);
    change(folder.path(), &format!("{FCR}/v1.yaml"), "status: draft", "status: candidate");
    transcript("release", folder.path(), &[release, "release first_contact_resolution --date 2026-02-01"]);
    // Words may change; the meaning may not.
    change(folder.path(), &format!("{FCR}/v1.yaml"), "title: First-contact resolution", "title: Resolved at once");
    expect(folder.path(), release, 0);
    change(folder.path(), &format!("{FCR}/v1.yaml"), "to: 7d", "to: 14d");
    transcript("release_of_another_meaning", folder.path(), &[release]);
}

#[test]
fn only_one_scalar_of_the_file_changes_with_its_release() {
    let folder = candidate();
    let before = text(folder.path(), &format!("{FCR}/v1.yaml"));
    expect(folder.path(), "release first_contact_resolution --date 2026-01-05", 0);
    assert_eq!(text(folder.path(), &format!("{FCR}/v1.yaml")), before.replace("status: candidate", "status: released"));
}

#[test]
fn what_is_not_proven_or_has_errors_is_not_released_and_nothing_is_written() {
    let folder = candidate();
    let release = "release first_contact_resolution --date 2026-01-05";
    change(folder.path(), &format!("{FCR}/cases/not_yet_known.yaml"), "ledger: {counted: 1", "ledger: {counted: 2");
    let before = files(folder.path());
    transcript("release_of_a_broken_case", folder.path(), &[release]);
    assert_eq!(files(folder.path()), before);
    fs::remove_dir_all(folder.path().join(FCR).join("cases")).expect("removed");
    transcript("release_without_a_case", folder.path(), &[release]);
    change(folder.path(), &format!("{FCR}/v1.yaml"), "unit: share", "unti: share");
    expect(folder.path(), release, 1);
    assert!(!folder.path().join("definitions/etalon.lock").exists());
}

#[test]
fn a_new_major_version_is_a_copy_whose_cases_show_what_a_change_moves() {
    let folder = released();
    let begin = "new-version first_contact_resolution --author ada --because asked --today 2026-06-12";
    transcript("new_version", folder.path(), &[begin, "check", "verify --engine sqlite", begin]);
    let copy = text(folder.path(), &format!("{FCR}/v2.yaml"));
    assert!(copy.contains("effective_from: 2026-07-01\n"), "the first of next month: {copy}");
    change(folder.path(), &format!("{FCR}/v2.yaml"), "to: 7d", "to: 8d");
    transcript("new_version_changed", folder.path(), &["verify --engine sqlite"]);
}

#[test]
fn a_released_version_that_succeeds_another_ends_it_where_it_begins() {
    let folder = succeeded();
    let commands = ["release first_contact_resolution --date 2026-06-20", "check", "verify --engine sqlite"];
    transcript("release_of_a_successor", folder.path(), &commands);
    assert!(text(folder.path(), &format!("{FCR}/v1.yaml")).contains("effective_to: 2026-07-01\n"));
    let lock = text(folder.path(), "definitions/etalon.lock");
    let first = lock.lines().find(|line| line.starts_with("first_contact_resolution@1.0.0 ")).expect("a line");
    assert!(first.contains(" from=2026-01-01 to=2026-07-01 "), "{first}");
}

#[test]
fn a_version_is_deprecated_with_grace_and_retired_at_its_sunset() {
    let folder = succeeded();
    expect(folder.path(), "release first_contact_resolution --date 2026-06-20", 0);
    let deprecate = "deprecate first_contact_resolution@1.0.0 --replaced-by first_contact_resolution@2.0.0";
    let commands = [
        "retire first_contact_resolution@1.0.0 --date 2026-07-10",
        &format!("{deprecate} --sunset 2026-08-01 --date 2026-07-10"),
        "deprecate first_contact_resolution@1.0.0 --replaced-by fcr --sunset 2026-12-31 --date 2026-07-10",
        "deprecate first_contact_resolution@3.0.0 --replaced-by none --sunset 2026-12-31 --date 2026-07-10",
        &format!("{deprecate} --sunset 2026-12-31 --date 2026-07-10"),
        &format!("{deprecate} --sunset 2026-11-30 --date 2026-07-11"),
        &format!("{deprecate} --sunset 2027-01-31 --date 2026-07-11"),
        "retire first_contact_resolution@1.0.0 --date 2027-01-30",
        "retire first_contact_resolution@1.0.0 --date 2027-01-31",
        "retire first_contact_resolution@1.0.0 --date 2027-02-01",
        "release first_contact_resolution@1.0.0 --date 2027-02-01",
        "check",
    ];
    transcript("leaving", folder.path(), &commands);
    let lock = text(folder.path(), "definitions/etalon.lock");
    assert!(
        lock.contains("first_contact_resolution@1.0.0 retired 2027-01-31 from=2026-01-01 to=2026-07-01 "),
        "{lock}"
    );
}

#[test]
fn a_minor_version_takes_over_the_file_and_leaves_a_tombstone_in_the_lock() {
    let folder = released();
    let begin = "new-version first_contact_resolution --minor --author ada --because asked --effective-from 2026-07-01";
    expect(folder.path(), begin, 0);
    assert!(!folder.path().join(FCR).join("v2.yaml").exists());
    change(folder.path(), &format!("{FCR}/v1.yaml"), "dimensions: [channel]", "dimensions: [channel, actor]");
    change(folder.path(), &format!("{FCR}/v1.yaml"), "status: draft", "status: candidate");
    transcript("release_of_a_minor_version", folder.path(), &["release first_contact_resolution --date 2026-06-20"]);
    let lock = text(folder.path(), "definitions/etalon.lock");
    assert!(
        lock.contains("first_contact_resolution@1.0.0 retired 2026-06-20 from=2026-01-01 to=2026-07-01 "),
        "{lock}"
    );
    assert!(lock.contains("first_contact_resolution@1.1.0 released 2026-06-20 from=2026-07-01 to=open "), "{lock}");
}

#[test]
fn a_change_is_signed_by_others_and_another_meaning_makes_the_signatures_void() {
    let folder = succeeded();
    let sign = |who: &str, role: &str| {
        format!("approve first_contact_resolution@2.0.0 --as {who} --role {role} --today 2026-06-15")
    };
    let commands = [
        sign("ada", "owner"),
        sign("zoe", "owner"),
        sign("ben", "metric-council"),
        sign("ben", "owner"),
        sign("ben", "metrics-council"),
        sign("ben", "metrics-council"),
        sign("cleo", "metrics-council"),
        format!("{} --until 2026-12-31", sign("dora", "metrics-council")),
        "check".to_owned(),
    ];
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    transcript("approve", folder.path(), &commands);
    let file = "definitions/approvals/first_contact_resolution-2.0.0.yaml";
    let signed = text(folder.path(), file);
    assert!(signed.contains("  - {by: dora, role: metrics-council, on: 2026-06-15, until: 2026-12-31}\n"), "{signed}");
    change(folder.path(), &format!("{FCR}/v2.yaml"), "to: 8d", "to: 9d");
    transcript("approve_another_meaning", folder.path(), &[&sign("cleo", "metrics-council")]);
}

#[test]
fn a_finding_is_accepted_for_a_time_and_renewed() {
    let folder = released();
    let accept = |fingerprint: &str, rest: &str| {
        format!(
            "accept {fingerprint} --rule window-length-changed --metric first_contact_resolution --reason agreed --by ada {rest}"
        )
    };
    let commands = [
        accept("7c1e02ab44dd", "--until 2026-12-31 --today 2026-07-01"),
        accept("7c1e02ab44dd", "--until 2026-12-31 --today 2026-07-02"),
        accept("7c1e02ab44dd", "--until 2027-12-31 --today 2026-12-30"),
        accept("7c1e02ab44dd", "--until 2026-07-01 --today 2026-07-01"),
        accept("7c1e02ab", "--until 2026-12-31 --today 2026-07-01"),
        accept("7c1e02ab44dd", "--until 2026-12-31 --today 2026-07-01").replace("first_contact_", "fist_contact_"),
        accept("7c1e02ab44dd", "--until 2026-12-31 --today 2026-07-01").replace("window-length", "Window_length"),
        "check".to_owned(),
    ];
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    transcript("accept", folder.path(), &commands);
}

#[test]
fn code_owners_follow_the_owners_of_definitions_and_the_policy() {
    let folder = candidate();
    fs::create_dir(folder.path().join(".git")).expect("a repository");
    let commands = ["owners", "owners --write", "owners --write"];
    transcript("owners", folder.path(), &commands);
    let below = run(&folder.path().join("definitions/metrics"), "owners");
    assert_eq!(String::from_utf8_lossy(&below.stdout), text(folder.path(), ".github/CODEOWNERS"));
}

#[test]
fn a_lock_that_was_merged_or_changed_by_hand_stops_every_step() {
    let folder = released();
    let lock = "definitions/etalon.lock";
    let before = text(folder.path(), lock);
    fs::write(folder.path().join(lock), before.replace("2026-01-05", "2025-01-05")).expect("written");
    let release = "release first_contact_resolution --date 2026-02-01";
    let begin = "new-version first_contact_resolution --author ada --because asked --today 2026-06-12";
    transcript("lock_changed_by_hand", folder.path(), &[release, begin]);
    fs::write(folder.path().join(lock), before.replace("lock 1\n", "lock 1\n<<<<<<< HEAD\n")).expect("written");
    transcript("lock_left_in_a_merge", folder.path(), &[release]);
}

#[test]
fn a_version_that_others_rest_on_is_not_retired_and_reaches_them_when_it_is_released() {
    let folder = succeeded();
    let misses = folder.path().join("definitions/metrics/misses");
    fs::create_dir_all(misses.join("cases")).expect("a folder");
    fs::write(
        misses.join("v1.yaml"),
        "metric: misses\nversion: 1.0.0\nstatus: candidate\neffective_from: 2026-01-01\ntitle: Misses\n\
         statement: Share of contacts that came again.\npurpose: P.\nassumptions: [A.]\nowner: support-analytics\n\
         role: diagnostic\nunit: share\ndirection: lower_is_better\nreview_by: 2026-12-31\n\
         measure: {formula: 1 - first_contact_resolution}\nperiod: {grains: [month]}\n",
    )
    .expect("written");
    fs::write(
        misses.join("cases/none.yaml"),
        "case: none\nshows: Without contacts there is no share.\nmetric: misses\nas_of: 2026-03-01T00:00:00Z\n\
         given:\n  contacts: |\n    contact_id | customer_id | channel | actor | closed_at\n    \
         c1         | anna        | email   | bot   | 2026-01-01T09:00:00Z\nworked: Only a bot was there.\n\
         expect: |\n  value | state\n  null  | undefined\n",
    )
    .expect("written");
    expect(folder.path(), "release misses --date 2026-01-06", 0);
    transcript(
        "release_of_a_part",
        folder.path(),
        &["release first_contact_resolution --date 2026-06-20", "release misses --date 2026-06-20"],
    );
    let leave = "deprecate first_contact_resolution@2.0.0 --replaced-by none --sunset 2026-12-31 --date 2026-07-10";
    expect(folder.path(), leave, 0);
    // With 1.0.0 released the plain name means that again; without it nothing takes its place.
    expect(
        folder.path(),
        "deprecate first_contact_resolution@1.0.0 --replaced-by none --sunset 2026-12-31 --date 2026-07-10",
        0,
    );
    transcript("retire_a_part", folder.path(), &["retire first_contact_resolution@2.0.0 --date 2027-01-01"]);
}

#[test]
fn steps_need_a_folder_and_names_that_exist() {
    let folder = candidate();
    let commands = [
        "release first_contact",
        "release first_contact_resolution@9.9.9",
        "release first_contact_resolution --date 2026-02-30",
        "release first_contact_resolution --path -",
        "new-version first_contact_resolution --author ada --because asked --major --minor",
        "new-version first_contact_resolution --author ada --because asked",
        "deprecate first_contact_resolution@1.0.0 --replaced-by none --sunset 2026-12-31",
        "release first_contact_resolution --path nowhere",
    ];
    transcript("steps_refused", folder.path(), &commands);
    let empty = tempfile::tempdir().expect("a folder");
    fs::create_dir(empty.path().join("empty")).expect("a folder");
    transcript("steps_nowhere", empty.path(), &["release x --path empty", "owners --path empty"]);
}

#[test]
fn without_a_policy_nobody_signs() {
    let folder = project();
    transcript("approve_without_policy", folder.path(), &["approve first_contact_resolution --as ada --role owner"]);
    // The metric is a draft, which may be looked at before it is ready.
    assert!(etalon(folder.path(), "check").status().expect("run").success());
}

#[test]
fn a_query_through_time_asks_each_version_for_its_periods() {
    let folder = succeeded();
    let asked = "compile first_contact_resolution --as-of 2026-09-01T00:00:00Z --history --grain month";
    transcript(
        "history_refused",
        folder.path(),
        &[
            &asked.replace("--grain month", ""),
            &format!("{asked} --ledger"),
            &asked.replace("first_contact_resolution", "first_contact"),
        ],
    );
    expect(folder.path(), "release first_contact_resolution --date 2026-06-20", 0);
    change(
        folder.path(),
        &format!("{FCR}/v2.yaml"),
        "  because: asked\n",
        "  because: asked\n  history: {plan: break, because: The old figures stand as they were published.}\n",
    );
    let range = "--from 2026-01-01T00:00:00Z --to 2026-09-01T00:00:00Z";
    transcript("history", folder.path(), &[&format!("{asked} --dialect duckdb {range}")]);
    let one = run(folder.path(), "compile first_contact_resolution@1.0.0 --as-of 2026-09-01T00:00:00Z --grain month");
    assert!(String::from_utf8_lossy(&one.stdout).starts_with("-- first_contact_resolution 1.0.0:"), "{one:?}");
}

#[test]
fn a_metric_with_a_history_is_what_its_lock_its_decision_and_its_signatures_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects/versions");
    let mut loaded = etalon::load::load(&root);
    let mut diagnostics = Diagnostics::new();
    let catalog = etalon::catalog::build(&loaded, &mut diagnostics);
    let decisions = etalon::decision::beside(&catalog, &mut loaded.texts, &mut diagnostics);
    assert!(diagnostics.is_empty());
    let (lock, _) = Lock::beside(&root).expect("a lock");
    assert_eq!(etalon::lock::compare(&lock, &catalog), []);
    let metric = catalog.registry.metric("first_contact_resolution@2.0.0").expect("the second version");
    let change = metric.change.as_ref().expect("its change");
    let decision = &decisions[&change.decision.as_ref().expect("a decision").value];
    assert_eq!((decision.number.value, decision.standing.value.name()), (3, "accepted"));
    let policy = catalog.registry.project.as_ref().and_then(|project| project.policy.as_ref()).expect("a policy");
    let data = catalog.fingerprints("first_contact_resolution", Version::parse("2.0.0").expect("a version"));
    let data = data.expect("a meaning").data;
    let approval = catalog.registry.approvals.get("first_contact_resolution@2.0.0").map(|(_, approval)| approval);
    let needs = signing::required(Some(policy), change.class.value);
    let today = Date::parse("2026-07-15").expect("a day");
    let states = signing::state(needs, (policy, signing::subject(metric, &data)), approval, today);
    assert_eq!(states.iter().map(RoleState::missing).collect::<Vec<_>>(), [0, 0]);
}
