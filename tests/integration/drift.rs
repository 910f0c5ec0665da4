//! Deployed SQL against approved definitions: what a hand has changed is found and shown, what was only written otherwise is
//! not taken for it.

use std::fs;
use std::path::Path;

use etalon::catalog;
use etalon::deploy::{Form, Kept, Moment, Settings, Stamp, Subject, files, settings};
use etalon::drift::{Approved, Bench, Deployed, Judged, Verdict, Writing, statement};
use etalon::engine::{ENGINES, Engine, EngineError};
use etalon::load;
use etalon::lock::Lock;
use etalon::sql::{DIALECTS, Dialect, SQLITE};
use etalon::value::{Grain, Instant};
use serde_json::json;

use crate::cli::{METRIC, change, project, run, transcript};
use crate::reports::copy;

const VIEW: &str = "sql/first_contact_resolution_week_by_channel.sql";

/// Returns a new project with its metric deployed as a view.
fn deployed() -> tempfile::TempDir {
    let folder = project();
    let write = "compile --as view --grain week --by channel --since 2025-01-01T00:00:00Z --into sql";
    assert!(run(folder.path(), write).status.success());
    folder
}

/// Returns the project with two released versions, the later with a longer window.
fn versions() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects/versions"), &folder.path().join("definitions"));
    folder
}

#[test]
fn a_view_that_a_hand_has_changed_is_shown_on_the_smallest_tables() {
    let edits = [
        (
            "a_window",
            "604800000000 /* 7d */)\n        and event.contact_id",
            "1209600000000 /* 14d */)\n        and event.contact_id",
        ),
        ("an_exclusion", "            when actor = 'bot' then 'excluded_bot_contacts'\n", ""),
        ("an_end", "and event.closed_at <= (", "and event.closed_at < ("),
    ];
    for (name, old, new) in edits {
        let folder = deployed();
        change(folder.path(), VIEW, old, new);
        transcript(&format!("drift_{name}"), folder.path(), &["drift --deployed sql"]);
    }
}

#[test]
fn a_view_that_was_only_formatted_is_the_same_and_one_with_other_words_is_run() {
    let folder = deployed();
    let path = folder.path().join(VIEW);
    let text = fs::read_to_string(&path).expect("the view");
    let (head, query) = text.split_once("with\n").expect("a query");
    let spread = query.replace("    ", "\t").replace("select", "SELECT").replace("\tfrom ", "\t/* of */ FROM ");
    let spread = spread.replace("where event.actor = 'human'", "WHERE (Event.ACTOR = 'human')");
    fs::write(&path, format!("{head}WITH -- formatted\n{spread}")).expect("written");
    transcript("drift_formatted", folder.path(), &["drift --deployed sql"]);
    let folder = deployed();
    change(folder.path(), VIEW, "event.actor = 'human'", "not (event.actor <> 'human')");
    transcript("drift_equal", folder.path(), &["drift --deployed sql --tries 40"]);
}

#[test]
fn what_is_stale_missing_unstamped_or_without_a_definition_is_told() {
    let folder = versions();
    let path = folder.path();
    transcript("drift_missing", path, &["drift --deployed definitions", "drift --deployed definitions --subset"]);
    let write = "compile --as view --grain week --since 2025-01-01T00:00:00Z --into sql first_contact_resolution";
    assert!(run(path, write).status.success());
    let view = "sql/first_contact_resolution_week.sql";
    transcript("drift_released", path, &["drift --deployed sql", "drift --deployed sql first_contact_resolution"]);
    // An older version is deployed.
    let text = fs::read_to_string(path.join(view)).expect("the view");
    fs::write(path.join(view), text.replace(" version=2.0.0 ", " version=1.0.0 ")).expect("written");
    transcript("drift_stale", path, &["drift --deployed sql"]);
    // Somebody has removed the stamp.
    let unstamped: String =
        text.lines().filter(|line| !line.contains("etalon-stamp")).map(|line| format!("{line}\n")).collect();
    fs::write(path.join(view), unstamped).expect("written");
    transcript("drift_unstamped", path, &["drift --deployed sql"]);
    fs::write(path.join(view), &text).expect("written");
    // The definition of the released version is no longer what was released.
    change(path, "definitions/metrics/first_contact_resolution/v2.yaml", "to: 14d", "to: 9d");
    transcript("drift_unprovable", path, &["drift --deployed sql"]);
    // It was retired.
    let lock = path.join("definitions/etalon.lock");
    fs::write(&lock, "lock 1\n").expect("written");
    fs::remove_dir_all(path.join("definitions/metrics")).expect("the metric goes");
    transcript("drift_orphaned", path, &["drift --deployed sql"]);
}

#[test]
fn what_was_made_of_another_meaning_is_stale_and_not_edited() {
    let folder = deployed();
    change(folder.path(), &format!("{METRIC}/v1.yaml"), "to: 7d", "to: 6d");
    transcript("drift_of_a_draft", folder.path(), &["drift --deployed sql"]);
}

#[test]
fn verdicts_are_told_in_every_form_with_the_same_exit_code() {
    let folder = deployed();
    let path = folder.path();
    let forms = ["human", "json", "markdown", "sarif", "github", "gitlab", "junit"];
    for form in forms {
        assert_eq!(run(path, &format!("drift --deployed sql --format {form}")).status.code(), Some(0), "{form}");
    }
    change(path, VIEW, "and event.closed_at <= (", "and event.closed_at < (");
    for form in forms {
        assert_eq!(run(path, &format!("drift --deployed sql --format {form}")).status.code(), Some(1), "{form}");
    }
    let shown = ["json", "markdown", "github", "junit"].map(|form| format!("drift --deployed sql --format {form}"));
    transcript("drift_formats", path, &shown.each_ref().map(String::as_str));
}

#[test]
fn nothing_to_look_at_and_wrong_places_are_told() {
    let folder = project();
    fs::create_dir(folder.path().join("sql")).expect("a folder");
    fs::write(folder.path().join("sql/mine.sql"), "select 1;\n").expect("a file of somebody else");
    fs::write(folder.path().join("manifest.json"), "{}").expect("no manifest");
    let commands = [
        "drift --deployed sql",
        "drift --deployed nowhere",
        "drift --manifest manifest.json",
        "drift --manifest nowhere.json",
        "drift --deployed sql first_contact",
        "drift",
    ];
    transcript("drift_nothing", folder.path(), &commands);
}

#[test]
fn models_of_dbt_are_read_from_their_folder() {
    let folder = project();
    let path = folder.path();
    let write = "compile --as dbt-model --materialized incremental --settles 3d --grain day --since 2025-01-01T00:00:00Z --into dbt";
    assert!(run(path, write).status.success());
    let model = "dbt/models/first_contact_resolution_day.sql";
    assert_eq!(run(path, "drift --deployed dbt").status.code(), Some(0));
    for (name, old, new) in [
        ("window", "and event.closed_at <= (", "and event.closed_at < ("),
        ("hook", "864000000000 /* -10d */", "86400000000 /* -1d */"),
        ("config", "materialized='incremental'", "materialized='table'"),
    ] {
        let text = fs::read_to_string(path.join(model)).expect("a model");
        change(path, model, old, new);
        let output = run(path, "drift --deployed dbt");
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains("is not what is approved"), "{name}: {said}");
        fs::write(path.join(model), text).expect("written");
    }
}

/// Writes a manifest with one model, as dbt has compiled it.
fn manifest(folder: &Path, raw: &str, compiled: &str) {
    let relation = |name: &str| format!("\"db\".\"marts\".\"{name}\"");
    let manifest = json!({
        "nodes": {
            "model.p.first_contact_resolution_day": {
                "resource_type": "model", "name": "first_contact_resolution_day", "raw_code": raw,
                "compiled_code": compiled, "relation_name": relation("first_contact_resolution_day"),
                "original_file_path": "models/first_contact_resolution_day.sql",
            },
            "model.p.other": {"resource_type": "model", "name": "other", "raw_code": "select 1", "compiled_code": "select 1"},
        },
        "sources": {"source.p.support_metrics.contacts": {
            "source_name": "support_metrics", "name": "contacts", "relation_name": relation("contacts"),
        }},
    });
    fs::write(folder.join("manifest.json"), manifest.to_string()).expect("written");
}

#[test]
fn what_became_of_models_is_found_in_a_manifest_of_dbt() {
    let folder = project();
    let path = folder.path();
    let write = "compile --as dbt-model --grain day --since 2025-01-01T00:00:00Z --into dbt";
    assert!(run(path, write).status.success());
    let raw = fs::read_to_string(path.join("dbt/models/first_contact_resolution_day.sql")).expect("a model");
    let (head, body) =
        (raw.split("{{").next().expect("the head"), raw.split("{% endif %}\n").nth(1).expect("the query"));
    let source = "{{ source('support_metrics', 'contacts') }}";
    assert!(body.contains(source) && !body.contains("{%"), "{body}");
    let compiled = format!("{head}{}", body.replace(source, "\"db\".\"marts\".\"contacts\""));
    let judged = |raw: &str, compiled: &str| -> (serde_json::Value, Option<i32>) {
        manifest(path, raw, compiled);
        let output = run(path, "drift --manifest manifest.json --format json --tries 40");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a document");
        (document["objects"][0].clone(), output.status.code())
    };
    let verdict = |raw: &str, compiled: &str| judged(raw, compiled).0["verdict"].as_str().map(str::to_owned);
    let (object, code) = judged(&raw, &compiled);
    assert_eq!((object["verdict"].as_str(), code), (Some("same"), Some(0)), "{object:#}");
    assert_eq!(verdict(&raw, &compiled.replace("    ", "\t")).as_deref(), Some("same"));
    for (old, new) in [
        ("604800000000 /* 7d */)\n        and event.contact_id", "1209600000000)\n        and event.contact_id"),
        ("            when actor = 'bot' then 'excluded_bot_contacts'\n", ""),
        ("and event.closed_at <= (", "and event.closed_at < ("),
    ] {
        let edited = compiled.replace(old, new);
        assert_ne!(edited, compiled, "{old}");
        let (object, code) = judged(&raw, &edited);
        assert_eq!((object["verdict"].as_str(), code), (Some("differs"), Some(1)), "{old}: {object:#}");
        assert!(object["witness"]["tables"][0]["rows"].is_array(), "{old}: {object:#}");
    }
    let elsewhere = judged(&raw, &compiled.replace("\"marts\".\"contacts\"", "\"old\".\"contacts\"")).0;
    assert!(elsewhere.to_string().contains("it reads `db.old.contacts`"), "{elsewhere:#}");
    let configured = judged(&raw.replace("materialized='table'", "materialized='view'"), &compiled).0;
    assert!(configured.to_string().contains("its setting `materialized` is another"), "{configured:#}");
    assert_eq!(verdict(&raw, &compiled.replace(" version=1.0.0 ", " version=0.9.0 ")).as_deref(), Some("stale"));
    assert_eq!(verdict(&raw, &compiled.replace(" metric=first", " metric=last")).as_deref(), Some("orphaned"));
    assert_eq!(verdict("", &compiled[head.len()..]).as_deref(), Some("unstamped"));
}

/// A project, and a bench to judge what is deployed of it.
fn on_bench<T>(project: &str, judge: impl FnOnce(&Bench<'_>, &catalog::Catalog) -> T) -> T {
    let mut loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    let lock = Lock::default();
    let engine = |dialect: Dialect| -> Result<Option<Box<dyn Engine>>, EngineError> {
        Ok(ENGINES.iter().filter(|entry| entry.dialect == dialect.name).find_map(|entry| (entry.open)().ok()))
    };
    let approved = Approved { catalog: &catalog, lock: &lock };
    judge(&Bench { approved, texts: &loaded.texts, tries: 60, engine: &engine }, &catalog)
}

fn settings_of(form: Form, dialect: Dialect) -> Settings {
    Settings {
        form,
        kept: (form == Form::DbtModel).then_some(Kept::Incremental),
        dialect,
        grain: Grain::All,
        by: Vec::new(),
        from: Instant::parse("2026-01-01T00:00:00Z"),
        since: Instant::parse("2025-01-01T00:00:00Z").expect("an instant"),
        until: settings::until(),
        as_of: Moment::Data,
        settles: "2d".parse().ok(),
        schema: None,
    }
}

fn of_text(name: &str, text: String, writing: Writing) -> Deployed {
    Deployed { name: name.to_owned(), place: format!("{name}.sql"), text, comment: None, dialect: None, writing }
}

#[test]
fn every_query_of_the_library_is_understood_by_the_parser_and_equals_itself() {
    on_bench("definitions", |_, catalog| {
        let (mut understood, mut puzzling) = (0, Vec::new());
        for dialect in DIALECTS.iter().copied() {
            for name in catalog.registry.metric_names().into_iter().step_by(61) {
                let settings = settings_of(Form::View, dialect);
                let Ok(found) = Subject::find(catalog, &name).and_then(|subject| files(&subject, &settings)) else {
                    continue;
                };
                let read = |text: &str| {
                    let script = statement::script(text, dialect)?;
                    Ok::<_, String>((statement::normal(&script.query, dialect)?, statement::text(&script.query)))
                };
                let (normal, text) = match read(&found.files[0].text) {
                    Ok(read) => read,
                    Err(error) => {
                        puzzling.push(format!("{name} in {}: {error}", dialect.name));
                        continue;
                    }
                };
                assert_eq!(read(&text).map(|(normal, _)| normal), Ok(normal), "{name}");
                understood += 1;
            }
        }
        // What is not understood is compared word by word: Spark divides by a word.
        puzzling.retain(|told: &String| !told.contains("\"div\""));
        assert!(puzzling.is_empty(), "{understood} are understood\n{}", puzzling.join("\n"));
        assert!(understood > 50, "{understood}");
    });
}

#[test]
fn an_exclusion_that_is_dropped_from_any_view_of_the_library_is_found_on_its_cases() {
    on_bench("definitions", |bench, catalog| {
        let mut found = 0;
        for name in catalog.registry.metric_names().into_iter().step_by(17) {
            let settings = Settings { from: None, settles: None, ..settings_of(Form::View, SQLITE) };
            let Ok(written) = Subject::find(catalog, &name).and_then(|subject| files(&subject, &settings)) else {
                continue;
            };
            let text = &written.files[0].text;
            let Some(line) = text.lines().find(|line| line.contains(" then 'excluded_")) else { continue };
            let edited = text.replacen(&format!("{line}\n"), "", 1);
            let judged = bench.judge(of_text(&name, edited, Writing::Sql)).expect("an engine in this process");
            let Verdict::Differs { witness: Some(witness), .. } = &judged.verdict else {
                panic!("{name}: {:?} without {line}", judged.verdict)
            };
            let rows: usize = witness.tables.values().map(|table| table.rows.len()).sum();
            assert!(rows <= 12, "{name}: {rows} rows");
            found += 1;
        }
        assert!(found > 4, "{found}");
    });
}

#[test]
fn what_a_catalogue_keeps_of_a_view_is_judged_by_the_stamp_in_its_comment() {
    on_bench("templates/starter/definitions", |bench, catalog| {
        let subject = Subject::find(catalog, "first_contact_resolution").expect("the metric");
        let settings = Settings { settles: None, from: None, ..settings_of(Form::View, SQLITE) };
        let text = files(&subject, &settings).expect("a view").files.remove(0).text;
        let stamp = Stamp::find(&text).expect("readable").expect("a stamp");
        // A catalogue gives the query without its comments, and the comment of the object apart.
        let script = statement::script(&text, SQLITE).expect("a script");
        let query: String = statement::text(&script.query)
            .lines()
            .filter(|line| !line.starts_with("--"))
            .map(|line| format!("{line}\n"))
            .collect();
        let comment = text[stamp.range.clone()].to_owned();
        let judge = |text: &str, comment: Option<String>| -> Judged {
            let deployed = of_text("first_contact_resolution", text.to_owned(), Writing::Sql);
            bench.judge(Deployed { comment, ..deployed }).expect("an engine in this process")
        };
        assert!(matches!(judge(&query, Some(comment.clone())).verdict, Verdict::Same));
        assert!(matches!(judge(&query, None).verdict, Verdict::Unstamped));
        let edited = query.replace("event.closed_at <=", "event.closed_at <");
        assert!(matches!(judge(&edited, Some(comment)).verdict, Verdict::Differs { witness: Some(_), .. }));
    });
}
