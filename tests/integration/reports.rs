//! Findings and reviews in every form, from the built command: golden files, and the rules of each form.

/// Whether a document is well-formed XML.
mod xml;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use etalon::diagnostic::codes;
use etalon::report::schema;
use etalon::rules;
use serde_json::{Value, json};

use crate::cli::{METRIC, change, compare, project, run, transcript};

/// Every form, as `--format` names it.
const FORMATS: [&str; 7] = ["human", "json", "markdown", "sarif", "github", "gitlab", "junit"];
/// The day on which everything is judged.
const TODAY: &str = "--today 2026-06-01";

/// Returns a folder with the starter project, released, as `old`, and a change of it as `new`.
fn changed() -> tempfile::TempDir {
    let folder = project();
    let place = folder.path();
    let metric = format!("{METRIC}/v1.yaml");
    change(place, &metric, "status: draft", "status: released");
    // Nothing but the change is to be found.
    change(place, &metric, "role: north_star", "role: driver");
    change(place, &metric, "level: 0.95}", "level: 0.95, min_n: 30}");
    copy(&place.join("definitions"), &place.join("old"));
    change(place, &metric, "version: 1.0.0", "version: 1.1.0");
    change(place, &metric, "title: First-contact resolution", "title: Resolved at once");
    change(place, &metric, "did not come back within 7 days.\npurpose", "did not come back within 14 days.\npurpose");
    change(place, &metric, "to: 7d", "to: 14d");
    let exclusion = "  - id: callbacks\n    where: channel = 'phone'\n    reason: Agents call back | twice.\n    \
                     approved_by: metrics-council\n    expires: 2027-12-31\n  - id: unidentified_customer";
    change(place, &metric, "  - id: unidentified_customer", exclusion);
    let standard = "definitions/standards/bot_contacts.yaml";
    change(place, standard, "exclude_when: actor = 'bot'", "exclude_when: actor = 'bot' and channel = 'chat'");
    fs::rename(place.join("definitions"), place.join("new")).expect("renamed");
    folder
}

/// Returns a folder with the sample project as `base`, and a change of a metric that others rest on as `changed`.
fn sample(root: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root.join("tests/changes/base"), &folder.path().join("base"));
    copy(&root.join("tests/changes/base"), &folder.path().join("changed"));
    change(folder.path(), "changed/metrics/first_contact_resolution/v1.yaml", "to: 7d", "to: 14d");
    folder
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { drop(fs::copy(entry.path(), target)) }
    }
}

/// Returns what a command writes to standard output.
fn said(folder: &Path, arguments: &str) -> String {
    let output = run(folder, arguments);
    assert!(output.stderr.is_empty(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a text")
}

fn document(folder: &Path, arguments: &str) -> Value {
    serde_json::from_str(&said(folder, arguments)).expect("a JSON document")
}

#[test]
fn a_change_is_told_in_every_form_with_the_same_exit_code() {
    let folder = changed();
    let formats = ["human", "markdown", "json", "github", "gitlab", "junit"];
    let commands = formats.map(|format| format!("diff old new {TODAY} --format {format}"));
    transcript("diff", folder.path(), &commands.each_ref().map(String::as_str));
    for format in FORMATS {
        for (rest, code) in
            [("old new", 1), ("old new --profile numbers --metric first_contact_resolution", 1), ("old old", 0)]
        {
            let output = run(folder.path(), &format!("diff {rest} {TODAY} --format {format}"));
            assert_eq!(output.status.code(), Some(code), "{rest} as {format}");
        }
    }
}

#[test]
fn two_sides_that_cannot_be_compared_are_refused() {
    let folder = changed();
    fs::create_dir(folder.path().join("empty")).expect("a folder");
    copy(&folder.path().join("old"), &folder.path().join("broken"));
    change(folder.path(), "broken/sources/contacts.yaml", "owner:", "ovner:");
    let commands = [
        "diff old old",
        "diff old empty",
        "diff old broken --format json",
        "diff old new --metric nothing",
        "diff old new --today yesterday",
    ];
    transcript("diff_refused", folder.path(), &commands);
}

#[test]
fn mistakes_are_told_in_every_form_with_the_same_exit_code() {
    let folder = project();
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "interval: wilson", "interval: wlison");
    change(folder.path(), "definitions/sources/contacts.yaml", "owner:", "ovner:");
    let formats = ["markdown", "github", "gitlab", "junit"];
    let commands = formats.map(|format| format!("check {TODAY} --format {format}"));
    transcript("check_formats", folder.path(), &commands.each_ref().map(String::as_str));
    for format in FORMATS {
        let output = run(folder.path(), &format!("check {TODAY} --format {format}"));
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
}

#[test]
fn a_green_check_and_a_green_proof_are_no_empty_test_results() {
    let folder = project();
    let case = format!("{METRIC}/cases/repeat_within_a_week.yaml");
    let verify = "verify --engine sqlite --format junit";
    let check = format!("check {TODAY} --format junit");
    transcript("junit_green", folder.path(), &[&check, verify]);
    change(folder.path(), &case, "3         | 4           | 0.75 ", "2         | 4           | 0.5  ");
    transcript("junit_red", folder.path(), &[verify]);
}

#[test]
fn test_results_are_well_formed() {
    let folder = changed();
    for arguments in ["diff old new", "diff old old", "check new"] {
        let document = said(folder.path(), &format!("{arguments} {TODAY} --format junit"));
        xml::check(&document).unwrap_or_else(|wrong| panic!("{arguments}: {wrong}\n{document}"));
    }
}

#[test]
fn a_scan_lists_every_rule_and_every_result_points_at_its_own() {
    let folder = changed();
    let document = document(folder.path(), &format!("diff old new {TODAY} --format sarif"));
    let run = &document["runs"][0];
    assert_eq!((&document["version"], &run["columnKind"]), (&json!("2.1.0"), &json!("unicodeCodePoints")));
    let listed = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<&str> = listed.iter().filter_map(|rule| rule["id"].as_str()).collect();
    let known: Vec<&str> = codes::all().map(|code| code.id).chain(rules::all().iter().map(|rule| rule.id)).collect();
    assert_eq!(ids, known);
    for rule in listed {
        for text in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[text]["text"].as_str().is_some_and(|text| text.len() > 10), "{} {text}", rule["id"]);
        }
        let level = rule["defaultConfiguration"]["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level), "{}", rule["id"]);
        let tags = rule["properties"]["tags"].as_array().expect("tags");
        assert_eq!(tags.iter().map(Value::to_string).collect::<BTreeSet<_>>().len(), tags.len(), "{}", rule["id"]);
    }
    let results = run["results"].as_array().expect("results");
    assert!(results.len() > 3);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_i64().expect("an index")).expect("a listed rule");
        assert_eq!(result["ruleId"], listed[index]["id"]);
        assert_eq!(result["suppressions"], json!([]));
        assert!(result["partialFingerprints"]["etalon/v1"].as_str().is_some_and(|print| print.len() == 12));
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().is_some_and(|uri| uri.starts_with("new/")), "{place}");
        assert!(place["region"]["endColumn"].as_i64() > place["region"]["startColumn"].as_i64(), "{place}");
    }
}

#[test]
fn a_scan_of_a_change_equals_its_golden_file_but_for_the_rules_that_found_nothing() {
    let folder = changed();
    let mut document = document(folder.path(), &format!("diff old new {TODAY} --format sarif"));
    let run = &mut document["runs"][0];
    let results = run["results"].as_array_mut().expect("results");
    let found: BTreeSet<String> = results.iter().map(|result| result["ruleId"].to_string()).collect();
    // The place in the list moves with every new rule, and the texts of a rule are shown by `explain`.
    results.iter_mut().for_each(|result| drop(result["ruleIndex"].take()));
    let rules = run["tool"]["driver"]["rules"].as_array_mut().expect("rules");
    rules.retain(|rule| found.contains(&rule["id"].to_string()));
    for rule in rules {
        for text in ["shortDescription", "fullDescription", "help"] {
            rule[text].take();
        }
    }
    compare("diff_sarif", &format!("{document:#}\n"));
}

/// The schema of the standard is not part of the repository: `ETALON_SARIF_SCHEMA` names its file, without it the test
/// says that it is skipped.
#[test]
fn a_scan_is_valid_by_the_schema_of_its_standard() {
    let Some(path) = std::env::var_os("ETALON_SARIF_SCHEMA") else {
        let _ = writeln!(std::io::stderr(), "skipped: ETALON_SARIF_SCHEMA does not name the schema of SARIF 2.1.0");
        return;
    };
    // One pattern has a bracket too many, which only the regular expressions of browsers forgive.
    let text = fs::read_to_string(path).expect("the schema").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let folder = changed();
    for arguments in ["diff old new", "diff old old", "check new"] {
        let document = document(folder.path(), &format!("{arguments} {TODAY} --format sarif"));
        assert_eq!(complaints(&validator, &document), [""; 0], "{arguments}");
    }
}

#[test]
fn issues_have_what_the_format_asks_for() {
    let folder = changed();
    let document = document(folder.path(), &format!("diff old new {TODAY} --format gitlab"));
    let issues = document.as_array().expect("a list");
    let prints: BTreeSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert!(issues.len() > 3 && prints.len() == issues.len());
    for issue in issues {
        let severity = issue["severity"].as_str().expect("a severity");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert!(issue["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0));
        assert!(["description", "check_name"].iter().all(|key| issue[key].as_str().is_some_and(|it| !it.is_empty())));
    }
}

/// Closes every object whose properties are listed, so that a field without a description shows.
fn closed(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut()
        && object.contains_key("properties")
        && !object.contains_key("additionalProperties")
    {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    match schema {
        Value::Object(object) => object.values_mut().for_each(closed),
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

fn complaints(validator: &jsonschema::Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_document_is_valid_by_its_published_schema_which_describes_every_field() {
    let starter = project();
    let broken = project();
    change(broken.path(), &format!("{METRIC}/v1.yaml"), "interval: wilson", "interval: wlison");
    let wrong = project();
    let case = format!("{METRIC}/cases/repeat_within_a_week.yaml");
    change(wrong.path(), &case, "3         | 4           | 0.75 ", "2         | 4           | 0.5  ");
    let changed = changed();
    let edited = project();
    assert!(run(edited.path(), "compile --as view --into sql").status.success());
    change(edited.path(), "sql/first_contact_resolution.sql", "event.closed_at <= (", "event.closed_at < (");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sample = sample(root);
    let retailer = "run definitions/examples/retailer --metric fcr --by channel --format json";
    let documents = [
        ("check", starter.path(), "check --format json"),
        ("check", broken.path(), "check --format json"),
        ("check", changed.path(), "check new --profile strict --format json"),
        ("drift", edited.path(), "drift --deployed sql --format json"),
        ("mutate", starter.path(), "mutate --format json"),
        ("random", starter.path(), "verify --random 20 --engine sqlite --format json"),
        ("verify", starter.path(), "verify --engine sqlite --format json"),
        ("verify", broken.path(), "verify --engine sqlite --format json"),
        ("verify", wrong.path(), "verify --engine sqlite --format json"),
        ("run", starter.path(), "run --grain week --by channel --format json"),
        ("run", root, retailer),
        ("impact", changed.path(), "impact old new --fixtures --format json"),
        ("impact", sample.path(), "impact base changed --fixtures --format json"),
        ("replay", sample.path(), "replay service_level --path base --fixtures --format json"),
        ("replay", starter.path(), "replay first_contact_resolution --grain week --by channel --format json"),
        ("review", sample.path(), "diff base changed --profile strict --format json"),
        ("review", changed.path(), "diff old new --profile strict --format json"),
        ("review", changed.path(), "diff new old --format json"),
        ("review", changed.path(), "diff old old --format json"),
    ];
    let mut met = BTreeSet::new();
    for (name, folder, arguments) in documents {
        let mut schema = schema::schema(name).expect("a published schema");
        closed(&mut schema);
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        assert_eq!(complaints(&validator, &document(folder, arguments)), [""; 0], "{name}: {arguments}");
        met.insert(name);
    }
    assert!(met.into_iter().eq(schema::names()), "every document has an example");
}

#[test]
fn the_schema_of_a_report_is_printed_and_a_misspelt_name_leads_to_its_neighbour() {
    let folder = project();
    for name in schema::names() {
        let printed = document(folder.path(), &format!("schema --report {name}"));
        assert_eq!(Some(printed), schema::schema(name), "{name}");
    }
    let output = run(folder.path(), "schema --report reveiw");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("did you mean `review`?"));
}
