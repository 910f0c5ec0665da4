//! Standing queries: written once, they answer at every moment as a question asked at that moment.

use std::path::Path;

use etalon::catalog::{self, Catalog};
use etalon::compare::differences;
use etalon::compute::by_interpreter;
use etalon::deploy::{Form, Moment, Settings, asks_for_periods, standing};
use etalon::engine::Engine;
use etalon::interpret::Tables;
use etalon::load;
use etalon::plan::{Plan, Request};
use etalon::resolve::full_name;
use etalon::sql::Dialect;
use etalon::table::Table;
use etalon::text::Texts;
use etalon::value::{Instant, Value};
use etalon::verify::{prepare, span};

use crate::library::{PROJECTS, engines};

/// A project, checked.
pub(super) fn open(project: &str) -> (Catalog, Texts) {
    let mut loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{project}");
    (catalog, loaded.texts)
}

/// One question of a case to one plan.
pub(super) struct Asked<'a> {
    /// The case, for messages.
    pub(super) name: String,
    /// The plan, over tables named after their sources.
    pub(super) plan: Plan,
    /// The rows.
    pub(super) tables: &'a Tables,
    /// The question.
    pub(super) request: &'a Request,
}

/// Shows every case of a project, for each reading that it proves, to `visit`.
pub(super) fn each_case(project: &str, visit: &mut dyn FnMut(&Catalog, &Asked<'_>)) {
    let (catalog, texts) = open(project);
    for (_, case) in &catalog.registry.cases {
        let mut diagnostics = etalon::diagnostic::Diagnostics::new();
        let Some(prepared) = prepare(case, &catalog, &texts, &mut diagnostics) else { continue };
        for expectation in &prepared.expectations {
            let name = full_name(&case.metric.value, expectation.variant.as_deref());
            let Some(plan) = catalog.plans.get(&name) else { continue };
            let asked = Asked {
                name: format!("{project}: {} for {name}", case.name.value),
                plan: plan.over_loaded_tables(),
                tables: &prepared.tables,
                request: &prepared.request,
            };
            visit(&catalog, &asked);
        }
    }
}

/// Returns settings whose bounds hold everything in the tables.
pub(super) fn settings_for(asked: &Asked<'_>, dialect: Dialect) -> Settings {
    let (first, last) = span([&asked.plan], asked.tables, asked.request.as_of);
    let day = 86_400_000_000;
    let since = Instant::from_micros((first.micros().div_euclid(day) - 1) * day);
    Settings {
        form: Form::View,
        kept: None,
        dialect,
        grain: asked.request.grain,
        by: asked.request.by.clone(),
        from: asks_for_periods(&asked.plan).then(|| asked.request.from.unwrap_or(since)),
        since,
        until: Instant::from_micros((last.micros().div_euclid(day) + 40) * day),
        as_of: Moment::At(asked.request.as_of),
        settles: None,
        schema: None,
    }
}

/// Returns what a run answers within the bounds of the settings.
pub(super) fn reference(asked: &Asked<'_>, tables: &Tables, settings: &Settings, as_of: Instant) -> Option<Table> {
    let request = Request {
        grain: settings.grain,
        by: settings.by.clone(),
        from: Some(settings.from.unwrap_or(settings.since)),
        to: Some(settings.until),
        as_of,
        span: span([&asked.plan], tables, as_of),
    };
    by_interpreter(&asked.plan, tables, &request).ok().map(|answer| answer.cells)
}

/// Returns a table without its last column, which holds the moment of knowledge in every row.
#[track_caller]
pub(super) fn without_moment(mut table: Table, as_of: Instant) -> Table {
    assert_eq!(table.fields.pop().expect("a column").name, "as_of");
    for row in &mut table.rows {
        assert_eq!(row.pop(), Some(Value::Instant(as_of)));
    }
    table
}

pub(super) fn load_into(engine: &mut dyn Engine, tables: &Tables) {
    engine.clear().expect("an engine forgets");
    for (source, table) in tables {
        engine.load(source, table).expect("an engine takes a case's tables");
    }
}

#[test]
fn every_standing_query_of_the_library_answers_as_a_run_at_the_same_moment() {
    let mut engines = engines();
    let (mut same, mut wrong) = (0, Vec::new());
    for project in PROJECTS {
        each_case(project, &mut |catalog, asked| {
            for engine in &mut engines {
                load_into(engine.as_mut(), asked.tables);
                let settings = settings_for(asked, Dialect::find(engine.dialect()).expect("its dialect"));
                let Some(expected) = reference(asked, asked.tables, &settings, asked.request.as_of) else { continue };
                let query = match standing((&asked.plan, &catalog.registry), &settings, None) {
                    Ok(query) => query,
                    Err(refusal) => {
                        wrong.push(format!("{}: refused: {refusal}", asked.name));
                        continue;
                    }
                };
                match engine.query(&query.text, &query.fields) {
                    Ok(table) => {
                        let differing = differences(&expected, &without_moment(table, asked.request.as_of));
                        if differing.is_empty() {
                            same += 1;
                        } else {
                            wrong.push(format!("{} on {}: {differing:?}", asked.name, engine.name()));
                        }
                    }
                    Err(error) if std::env::var_os("DUMP").is_some() => {
                        std::fs::write("/tmp/dump.sql", &query.text).expect("x");
                        wrong.push(error.to_string());
                    }
                    Err(error) => wrong.push(format!("{} on {}: {error}", asked.name, engine.name())),
                }
            }
        });
    }
    assert!(wrong.is_empty(), "{same} are the same, {} are not\n{}", wrong.len(), wrong.join("\n"));
    assert!(same > 500, "{same}");
}
