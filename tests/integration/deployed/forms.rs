//! Views, tables and queries as files: run on an engine they hold the rows that a run gives at the same moment, and the
//! same command writes the same bytes.

use etalon::compare::differences;
use etalon::deploy::{Form, Kept, Moment, Settings, Stamp, Subject, files, settings, standing};
use etalon::engine::Engine;
use etalon::sql::{DUCKDB, Dialect, SQLITE};
use etalon::value::{Grain, Instant, Value};

use super::scripts::{run, statements};
use super::standing::{Asked, each_case, load_into, open, reference, settings_for, without_moment};
use crate::library::engines;

/// One case in so many is deployed in every form; all of them are asked as standing queries elsewhere.
const ONE_IN: usize = 12;

/// Returns the subject of a case's plan.
fn subject<'a>(catalog: &'a etalon::catalog::Catalog, asked: &'a Asked<'_>) -> Subject<'a> {
    let found = Subject::find(catalog, &asked.plan.metric).expect("a metric of the project");
    Subject { plan: &asked.plan, ..found }
}

fn deployed(engine: &mut dyn Engine, (form, name): (Form, &str), script: &str, order: &str) -> String {
    run(engine, script);
    match form {
        Form::Query => statements(script).remove(0),
        _ => format!("select * from {name} order by {order}"),
    }
}

fn remove(engine: &mut dyn Engine, form: Form, name: &str) {
    match form {
        Form::View => run(engine, &format!("drop view {name};")),
        Form::Table => run(engine, &format!("drop table {name};")),
        _ => {}
    }
}

#[test]
fn queries_views_and_tables_hold_the_rows_of_a_run_at_the_same_moment() {
    let mut engines = engines();
    let (mut turn, mut same) = (0, 0);
    for project in ["definitions", "templates/starter/definitions", "tests/projects/kinds"] {
        each_case(project, &mut |catalog, asked| {
            turn += 1;
            if project == "definitions" && turn % ONE_IN != 0 {
                return;
            }
            for engine in &mut engines {
                load_into(engine.as_mut(), asked.tables);
                for form in [Form::Query, Form::View, Form::Table] {
                    let dialect = Dialect::find(engine.dialect()).expect("its dialect");
                    let settings = Settings { form, ..settings_for(asked, dialect) };
                    let as_of = asked.request.as_of;
                    let Some(expected) = reference(asked, asked.tables, &settings, as_of) else { continue };
                    let subject = subject(catalog, asked);
                    let written = files(&subject, &settings).expect("deployed").files;
                    let query = standing((&asked.plan, &catalog.registry), &settings, None).expect("a query");
                    let name = subject.object(&settings);
                    let order: Vec<String> =
                        ["period_start".to_owned()].into_iter().chain(settings.by.clone()).collect();
                    let order =
                        order.iter().map(|name| format!("\"{name}\" nulls last")).collect::<Vec<_>>().join(", ");
                    let asked_for = deployed(engine.as_mut(), (form, &name), &written[0].text, &order);
                    let table =
                        engine.query(&asked_for, &query.fields).unwrap_or_else(|error| panic!("{error}\n{asked_for}"));
                    let differing = differences(&expected, &without_moment(table, as_of));
                    assert!(
                        differing.is_empty(),
                        "{} as {} on {}: {differing:?}",
                        asked.name,
                        form.name(),
                        engine.name()
                    );
                    remove(engine.as_mut(), form, &name);
                    same += 1;
                }
            }
        });
    }
    assert!(same > 100, "{same}");
}

fn instant(value: &Value) -> Option<Instant> {
    match value {
        Value::Instant(at) => Some(*at),
        _ => None,
    }
}

/// Returns the settings of a metric of the starter project.
fn starter(form: Form, dialect: Dialect) -> Settings {
    Settings {
        form,
        kept: (form == Form::DbtModel).then_some(Kept::Table),
        dialect,
        grain: Grain::Week,
        by: vec!["channel".to_owned()],
        from: None,
        since: settings::since(),
        until: settings::until(),
        as_of: Moment::Data,
        settles: None,
        schema: None,
    }
}

const STARTER: &str = "templates/starter/definitions";

#[test]
fn a_view_takes_its_moment_from_the_data_as_a_run_does_and_moves_with_it() {
    let mut seen = 0;
    each_case(STARTER, &mut |catalog, asked| {
        for engine in &mut engines() {
            let settings =
                Settings { grain: Grain::Week, ..starter(Form::View, Dialect::find(engine.dialect()).expect("its")) };
            let subject = subject(catalog, asked);
            let view = files(&subject, &settings).expect("a view").files.remove(0).text;
            let fields = standing((&asked.plan, &catalog.registry), &settings, None).expect("a query").fields;
            load_into(engine.as_mut(), asked.tables);
            run(engine.as_mut(), &view);
            // The same view over ever more rows: all up to one, then the next.
            let whole = &asked.tables["contacts"];
            let closed = whole.index("closed_at").expect("a column");
            let mut tables = asked.tables.clone();
            let instants: Vec<Instant> = whole.rows.iter().filter_map(|row| instant(&row[closed])).collect();
            for moment in instants {
                let rows = whole.rows.iter().filter(|row| instant(&row[closed]) <= Some(moment));
                tables.get_mut("contacts").expect("there").rows = rows.cloned().collect();
                run(engine.as_mut(), "drop view first_contact_resolution_week_by_channel;");
                load_into(engine.as_mut(), &tables);
                run(engine.as_mut(), &view);
                let asked_for = "select * from first_contact_resolution_week_by_channel order by period_start, channel";
                let table = engine.query(asked_for, &fields).expect("an answer");
                let expected = reference(asked, &tables, &settings, moment).expect("an answer");
                assert_eq!(differences(&expected, &without_moment(table, moment)), [], "{} {moment}", asked.name);
                seen += 1;
            }
            run(engine.as_mut(), "drop view first_contact_resolution_week_by_channel;");
        }
    });
    assert!(seen > 10, "{seen}");
}

#[test]
fn beyond_its_last_moment_and_before_its_first_a_query_has_no_rows() {
    each_case(STARTER, &mut |catalog, asked| {
        for engine in &mut engines() {
            load_into(engine.as_mut(), asked.tables);
            for (grain, by) in [(Grain::Week, vec!["channel".to_owned()]), (Grain::All, Vec::new())] {
                let settings =
                    Settings { grain, by, ..settings_for(asked, Dialect::find(engine.dialect()).expect("its")) };
                let rows = |as_of: Instant, engine: &mut dyn Engine| {
                    let settings = Settings { as_of: Moment::At(as_of), ..settings.clone() };
                    let query = standing((&asked.plan, &catalog.registry), &settings, None).expect("a query");
                    engine.query(&query.text, &query.fields).expect("an answer").rows.len()
                };
                let beside = |at: Instant, by: i64| Instant::from_micros(at.micros() + by);
                assert!(rows(beside(settings.until, -1), engine.as_mut()) > 0);
                assert_eq!(rows(settings.until, engine.as_mut()), 0);
                assert_eq!(rows(beside(settings.until, 86_400_000_000), engine.as_mut()), 0);
                assert_eq!(rows(beside(settings.since, -1), engine.as_mut()), 0);
            }
        }
    });
}

#[test]
fn a_query_that_lists_opening_hours_has_no_rows_when_the_data_reaches_beyond_them() {
    let mut seen = 0;
    each_case("definitions", &mut |catalog, asked| {
        if asked.plan.metric != "resolution_time_business" || asked.tables["cases"].rows.is_empty() {
            return;
        }
        for engine in &mut engines() {
            load_into(engine.as_mut(), asked.tables);
            let settings = Settings {
                grain: Grain::All,
                by: Vec::new(),
                ..settings_for(asked, Dialect::find(engine.dialect()).expect("its"))
            };
            let rows = |settings: &Settings, engine: &mut dyn Engine| {
                let query = standing((&asked.plan, &catalog.registry), settings, None).expect("a query");
                engine.query(&query.text, &query.fields).expect("an answer").rows.len()
            };
            assert_eq!(rows(&settings, engine.as_mut()), 1, "{}", asked.name);
            let opened = asked.tables["cases"].index("opened_at").expect("a column");
            let first = asked.tables["cases"].rows.iter().filter_map(|row| instant(&row[opened])).min();
            let Some(first) = first else { continue };
            // Opening hours before the first case would be absent, so that a clock could run short.
            let late = Settings { since: Instant::from_micros(first.micros() + 1), ..settings.clone() };
            assert_eq!(rows(&late, engine.as_mut()), 0, "{}", asked.name);
            seen += 1;
        }
    });
    assert!(seen > 0);
}

/// Returns the names of some metrics of the library, of all kinds.
fn sample(catalog: &etalon::catalog::Catalog) -> Vec<String> {
    catalog.registry.metric_names().into_iter().step_by(7).collect()
}

#[test]
fn every_form_writes_the_same_bytes_on_every_run_and_carries_its_seal() {
    let (first, _) = open("definitions");
    let (second, _) = open("definitions");
    let mut written = 0;
    for form in Form::EVERY {
        for dialect in [SQLITE, DUCKDB] {
            let settings =
                Settings { grain: Grain::Day, by: Vec::new(), settles: "2d".parse().ok(), ..starter(form, dialect) };
            let settings = Settings {
                from: Instant::parse("2024-01-01T00:00:00Z"),
                since: Instant::parse("2024-01-01T00:00:00Z").expect("an instant"),
                ..settings
            };
            for name in sample(&first) {
                let write = |catalog| Subject::find(catalog, &name).and_then(|subject| files(&subject, &settings));
                let (one, other) = (write(&first), write(&second));
                assert_eq!(one, other, "{name} as {}", form.name());
                for file in one.map(|files| files.files).unwrap_or_default() {
                    let found = Stamp::find(&file.text).expect("readable").expect("a stamp");
                    assert_eq!(found.digest, etalon::deploy::stamp::seal(&file.text), "{}", file.path);
                    assert!(found.stamp.metric == name || found.stamp.metric.starts_with("source:"), "{}", file.path);
                    written += 1;
                }
            }
        }
    }
    assert!(written > 150, "{written}");
}

#[test]
fn every_line_of_a_deployed_file_is_one_that_a_reviewer_would_sign() {
    let (catalog, _) = open("definitions");
    for form in [Form::View, Form::Table, Form::Incremental, Form::DbtModel] {
        for name in sample(&catalog) {
            let settings =
                Settings { grain: Grain::Day, by: Vec::new(), settles: "2d".parse().ok(), ..starter(form, DUCKDB) };
            let settings = Settings {
                from: Instant::parse("2025-01-01T00:00:00Z"),
                since: Instant::parse("2025-01-01T00:00:00Z").expect("an instant"),
                until: Instant::parse("2026-01-01T00:00:00Z").expect("an instant"),
                ..settings
            };
            let Ok(files) = Subject::find(&catalog, &name).and_then(|subject| files(&subject, &settings)) else {
                continue;
            };
            for file in files.files {
                for line in file.text.lines() {
                    assert!(
                        !line.contains("select *") && !line.contains('\t') && line.trim_end() == line,
                        "{}: {line}",
                        file.path
                    );
                }
                assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{}", file.path);
            }
        }
    }
}
