//! Models of dbt, rendered as dbt does and run on an engine; semantic models, asked as dbt's semantic layer asks them.

use std::sync::{Arc, Mutex};

use etalon::compare::differences;
use etalon::deploy::{Form, Kept, Moment, Refusal, Settings, Subject, files, settings, standing};
use etalon::engine::Engine;
use etalon::plan::{Body, Plan};
use etalon::sql::{DUCKDB, Dialect};
use etalon::table::{Field, Table};
use etalon::value::{Grain, Instant, Type, Value};
use minijinja::{Environment, ErrorKind, context};
use serde_json::Value as Json;

use super::scripts::run;
use super::standing::{Asked, each_case, load_into, open, reference, settings_for, without_moment};
use crate::library::engines;

/// A run of a model: what it was configured to be, what goes before it, and its query.
struct Compiled {
    materialized: String,
    before: String,
    query: String,
}

/// Renders a model as dbt does.
fn compiled(model: &str, this: &str, is_incremental: bool, started: &str) -> Result<Compiled, minijinja::Error> {
    let configured: Arc<Mutex<(String, String)>> = Arc::default();
    let mut environment = Environment::new();
    environment.set_unknown_method_callback(|_, value, method, _| match method {
        "isoformat" => value.get_attr("at"),
        // Calls of modules that dbt knows.
        "raise_compiler_error" => Err(minijinja::Error::new(ErrorKind::InvalidOperation, "raised by the model")),
        _ => Err(minijinja::Error::from(ErrorKind::UnknownMethod)),
    });
    let noted = configured.clone();
    environment.add_function("config", move |arguments: minijinja::value::Kwargs| {
        let materialized: String = arguments.get("materialized")?;
        let before: Option<String> = arguments.get("pre_hook")?;
        *noted.lock().expect("whole") = (materialized, before.unwrap_or_default());
        for name in ["incremental_strategy", "unique_key", "on_schema_change", "schema"] {
            let _: Option<String> = arguments.get(name)?;
        }
        arguments.assert_all_used()?;
        Ok(String::new())
    });
    environment.add_function("source", |_: String, table: String| table);
    environment.add_function("ref", |model: String| model);
    environment.add_function("is_incremental", move || is_incremental);
    let given = context! { this => this, execute => true, run_started_at => context! { at => started }, exceptions => context! {} };
    let query = environment.render_str(model, given.clone())?;
    let (materialized, hook) = configured.lock().expect("whole").clone();
    let before = environment.render_str(&hook, given)?;
    Ok(Compiled { materialized, before, query })
}

/// Runs a model as dbt does, in the table or view of its name.
fn build(engine: &mut dyn Engine, (model, name): (&str, &str), exists: bool, columns: &[Field]) {
    let probe = compiled(model, name, false, "2026-01-01T00:00:00").expect("a model");
    let is_incremental = exists && probe.materialized == "incremental";
    let compiled = compiled(model, name, is_incremental, "2026-01-01T00:00:00").expect("a model");
    if !compiled.before.trim().is_empty() {
        run(engine, &format!("{};", compiled.before.trim()));
    }
    let query = compiled.query.trim();
    match (compiled.materialized.as_str(), is_incremental) {
        ("view", _) => run(engine, &format!("create view {name} as\n{query};")),
        (_, false) => run(engine, &format!("create table {name} as\n{query};")),
        _ => {
            let columns: Vec<String> = columns.iter().map(|field| format!("\"{}\"", field.name)).collect();
            run(engine, &format!("insert into {name} ({})\n{query};", columns.join(", ")));
        }
    }
}

fn subject<'a>(catalog: &'a etalon::catalog::Catalog, asked: &'a Asked<'_>) -> Subject<'a> {
    let found = Subject::find(catalog, &asked.plan.metric).expect("a metric of the project");
    Subject { plan: &asked.plan, ..found }
}

fn rows(engine: &mut dyn Engine, name: &str, fields: &[Field], by: &[String]) -> Table {
    let order: Vec<String> = ["period_start".to_owned()].into_iter().chain(by.to_vec()).collect();
    let order = order.iter().map(|name| format!("\"{name}\" nulls last")).collect::<Vec<_>>().join(", ");
    engine.query(&format!("select * from {name} order by {order}"), fields).expect("rows")
}

#[test]
fn models_hold_the_rows_of_a_run_also_after_an_incremental_one() {
    let mut engines = engines();
    let mut built = 0;
    let mut turn = 0;
    for project in ["templates/starter/definitions", "definitions"] {
        each_case(project, &mut |catalog, asked| {
            turn += 1;
            let grain = asked.plan.grains.iter().copied().find(|grain| *grain != Grain::All);
            let Some(grain) = grain.filter(|_| project != "definitions" || turn % 40 == 0) else { return };
            for engine in &mut engines {
                for kept in Kept::EVERY {
                    let dialect = Dialect::find(engine.dialect()).expect("its dialect");
                    let settles = (kept == Kept::Incremental).then(|| "400d".parse().expect("a length"));
                    let settings = Settings {
                        form: Form::DbtModel,
                        kept: Some(kept),
                        grain,
                        settles,
                        ..settings_for(asked, dialect)
                    };
                    let subject = subject(catalog, asked);
                    let as_of = asked.request.as_of;
                    let Some(expected) = reference(asked, asked.tables, &settings, as_of) else { continue };
                    let fields = standing((&asked.plan, &catalog.registry), &settings, None).expect("a query").fields;
                    let early = Settings {
                        as_of: Moment::At(Instant::from_micros(as_of.micros() - 86_400_000_000)),
                        ..settings.clone()
                    };
                    let name = subject.object(&settings);
                    let model = |settings: &Settings| {
                        let files = files(&subject, settings).expect("a model").files;
                        files
                            .into_iter()
                            .find(|file| file.path == format!("models/{name}.sql"))
                            .expect("the model")
                            .text
                    };
                    load_into(engine.as_mut(), asked.tables);
                    let kind = if kept == Kept::View { "view" } else { "table" };
                    if kept == Kept::Incremental {
                        build(engine.as_mut(), (&model(&early), &name), false, &fields);
                        let probe = compiled(&model(&settings), &name, true, "2026-01-01T00:00:00").expect("a model");
                        if probe.materialized != "incremental" {
                            run(engine.as_mut(), &format!("drop table {name};"));
                        }
                        build(
                            engine.as_mut(),
                            (&model(&settings), &name),
                            probe.materialized == "incremental",
                            &fields,
                        );
                    } else {
                        build(engine.as_mut(), (&model(&settings), &name), false, &fields);
                    }
                    let mut table = rows(engine.as_mut(), &name, &fields, &settings.by);
                    if kept == Kept::Incremental {
                        // Periods that had settled keep the moment at which they were written.
                        table.fields.pop();
                        table.rows.iter_mut().for_each(|row| drop(row.pop()));
                    } else {
                        table = without_moment(table, as_of);
                    }
                    assert_eq!(differences(&expected, &table), [], "{} as {kept:?} on {}", asked.name, engine.name());
                    run(engine.as_mut(), &format!("drop {kind} {name};"));
                    built += 1;
                }
            }
        });
    }
    assert!(built > 40, "{built}");
}

#[test]
fn a_model_that_is_good_no_longer_stops_the_run() {
    let (catalog, _) = open("templates/starter/definitions");
    let subject = Subject::find(&catalog, "first_contact_resolution").expect("the metric");
    let settings = model_settings(DUCKDB);
    let model = files(&subject, &settings).expect("a model").files.remove(0).text;
    assert!(compiled(&model, "t", false, "2035-12-31T23:59:59").is_ok());
    assert!(compiled(&model, "t", false, "2036-01-01T00:00:00").is_err());
}

fn model_settings(dialect: Dialect) -> Settings {
    Settings {
        form: Form::DbtModel,
        kept: Some(Kept::Table),
        dialect,
        grain: Grain::Day,
        by: vec!["channel".to_owned()],
        from: None,
        since: settings::since(),
        until: settings::until(),
        as_of: Moment::Data,
        settles: None,
        schema: None,
    }
}

#[test]
fn the_test_of_a_model_finds_two_rows_of_one_cell() {
    let (catalog, _) = open("templates/starter/definitions");
    let subject = Subject::find(&catalog, "first_contact_resolution").expect("the metric");
    let files = files(&subject, &model_settings(DUCKDB)).expect("a model").files;
    let test = files.iter().find(|file| file.path.starts_with("tests/")).expect("a test");
    for engine in &mut engines() {
        let fields = vec![Field::new("period_start", Type::Instant), Field::new("channel", Type::Text)];
        let row = |channel: &str| vec![Value::Instant(Instant::from_micros(0)), Value::text(channel)];
        let doubles = |rows: Vec<Vec<Value>>, engine: &mut dyn Engine| {
            engine.clear().expect("cleared");
            engine
                .load("first_contact_resolution_day_by_channel", &Table { fields: fields.clone(), rows })
                .expect("loaded");
            let query = compiled(&test.text, "t", false, "").expect("a test").query;
            let fields: Vec<Field> = fields.iter().cloned().chain([Field::new("doubles", Type::Number(0))]).collect();
            engine.query(query.trim(), &fields).expect("rows").rows.len()
        };
        assert_eq!(doubles(vec![row("email"), row("chat")], engine.as_mut()), 0);
        assert_eq!(doubles(vec![row("email"), row("email")], engine.as_mut()), 1);
    }
}

/// Asks a semantic model as dbt's semantic layer does: the measures by period and dimensions, then the metric of them.
fn asked_as_dbt_does(document: &Json, grain: Grain, by: &[String]) -> String {
    let model = &document["semantic_models"][0];
    let table = model["model"].as_str().expect("a model").trim_start_matches("ref('").trim_end_matches("')");
    let text = |json: &Json| json.as_str().expect("a text").to_owned();
    let dimension = |name: &str| {
        let all = model["dimensions"].as_array().expect("a list");
        text(&all.iter().find(|dimension| dimension["name"] == name).expect("the dimension")["expr"])
    };
    let anchor = text(&model["defaults"]["agg_time_dimension"]);
    let time = dimension(&anchor);
    let period = match grain {
        Grain::All => "null".to_owned(),
        grain => format!("date_trunc('{grain}', {time})"),
    };
    let mut selected = vec![format!("{period} as period")];
    selected.extend(by.iter().map(|name| format!("{} as \"{name}\"", dimension(name))));
    for measure in model["measures"].as_array().expect("a list") {
        let (name, expression) = (text(&measure["name"]), text(&measure["expr"]));
        selected.push(match text(&measure["agg"]).as_str() {
            "count_distinct" => format!("count(distinct {expression}) as {name}"),
            aggregation => format!("{aggregation}({expression}) as {name}"),
        });
    }
    let grouped: Vec<String> = (1..=1 + by.len()).map(|place| place.to_string()).collect();
    let metric = &document["metrics"][0];
    let value = match text(&metric["type"]).as_str() {
        "ratio" => {
            let part = |which: &str| text(&metric["type_params"][which]["name"]);
            format!("cast({} as double) / cast(nullif({}, 0) as double)", part("numerator"), part("denominator"))
        }
        _ => format!("cast({} as double)", text(&metric["type_params"]["measure"]["name"])),
    };
    let listed: String = by.iter().map(|name| format!("\"{name}\", ")).collect();
    format!(
        "select strftime(period, '%Y-%m-%d') as period, {listed}{value} as value from (select {} from {table} where {time} is not null group by {}) \
         where {value} is not null order by period nulls last{}",
        selected.join(", "),
        grouped.join(", "),
        by.iter().map(|name| format!(", \"{name}\" nulls last")).collect::<String>(),
    )
}

#[test]
fn dbts_semantic_layer_gives_the_values_of_every_metric_that_is_written_for_it() {
    let Some(mut engine) = engines().into_iter().find(|engine| engine.dialect() == "duckdb") else { return };
    let (mut metrics, mut same) = (std::collections::BTreeSet::new(), 0);
    for project in ["definitions", "definitions/examples/retailer", "tests/projects/kinds"] {
        each_case(project, &mut |catalog, asked| {
            let subject = subject(catalog, asked);
            let settings =
                Settings { grain: Grain::All, by: Vec::new(), form: Form::DbtMetrics, ..model_settings(DUCKDB) };
            let Ok(written) = files(&subject, &settings) else { return };
            let document: Json = serde_yaml::from_str(&written.files[0].text).expect("a document");
            // All that is in the tables is known.
            let as_of = settings.until;
            let grain = asked.plan.grains.iter().copied().find(|grain| *grain != Grain::All).unwrap_or(Grain::All);
            let by: Vec<String> =
                asked.plan.dimensions.iter().take(1).map(|dimension| dimension.name.clone()).collect();
            let cut = Settings { grain, by: by.clone(), ..settings };
            let Some(expected) = reference(asked, asked.tables, &cut, as_of) else { return };
            load_into(engine.as_mut(), asked.tables);
            let ty = |name: &str| asked.plan.dimensions.iter().find(|dimension| dimension.name == name).expect("it").ty;
            let mut fields = vec![Field::new("period", Type::Text)];
            fields.extend(by.iter().map(|name| Field::new(name.clone(), ty(name))));
            fields.push(Field::new("value", Type::Real));
            let query = asked_as_dbt_does(&document, grain, &by);
            let found =
                engine.query(&query, &fields).unwrap_or_else(|error| panic!("{}: {error}\n{query}", asked.name));
            let (mut dbts, mut ours) = (shown(&found, &by), values(&asked.plan, &expected, &by));
            if is_zero_when_empty(&asked.plan) {
                // Where there is nothing to count a cell may be absent.
                [&mut dbts, &mut ours]
                    .into_iter()
                    .for_each(|cells| cells.retain(|cell| !cell.ends_with(" 0.000000000")));
            }
            assert_eq!(dbts, ours, "{}\n{query}", asked.name);
            metrics.insert(asked.plan.metric.clone());
            same += found.rows.len();
        });
    }
    assert!(metrics.len() > 30 && same > 100, "{} metrics, {same} values", metrics.len());
}

fn is_zero_when_empty(plan: &Plan) -> bool {
    matches!(&plan.body, Body::Measured(pipeline) if pipeline.measure.is_zero_when_empty())
}

fn shown(found: &Table, by: &[String]) -> Vec<String> {
    let row = |row: usize| {
        let mut cells = vec![found.cell(row, "period").to_string()];
        cells.extend(by.iter().map(|name| found.cell(row, name).to_string()));
        format!("{} {:.9}", cells.join(" "), found.cell(row, "value").as_real().expect("a value"))
    };
    (0..found.rows.len()).map(row).collect()
}

/// Returns the values of a run, each with the first local day of its period.
fn values(plan: &Plan, cells: &Table, by: &[String]) -> Vec<String> {
    let zone = jiff::tz::TimeZone::get(&plan.calendar.zone).expect("a zone");
    let mut found = Vec::new();
    for row in 0..cells.rows.len() {
        let Some(value) = cells.cell(row, "value").as_real() else { continue };
        let period = match cells.cell(row, "period_start") {
            Value::Instant(at) => at.in_zone(&zone).date().to_string(),
            _ => Value::Null.to_string(),
        };
        let mut shown = vec![period];
        shown.extend(by.iter().map(|name| cells.cell(row, name).to_string()));
        found.push(format!("{} {value:.9}", shown.join(" ")));
    }
    found
}

#[test]
fn what_dbts_semantic_layer_cannot_say_is_refused_with_the_reason() {
    let (catalog, _) = open("definitions");
    let settings = Settings { grain: Grain::All, by: Vec::new(), form: Form::DbtMetrics, ..model_settings(DUCKDB) };
    let refused = |name: &str| match Subject::find(&catalog, name).and_then(|subject| files(&subject, &settings)) {
        Err(Refusal(reason)) => reason,
        Ok(_) => panic!("{name} is written"),
    };
    assert!(refused("fcr_no_repeat").contains("every row converts to itself"));
    assert!(refused("backlog").contains("as of an instant of each period"));
    assert!(refused("uptime").contains("spreads its rows over periods"));
    assert!(refused("support_scorecard").contains("made of other metrics"));
}
