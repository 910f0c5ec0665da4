//! Metrics that share a query: each has the cells that the interpreter gives it, over the tables of cases and over random
//! ones.

use std::io::Write as _;
use std::path::Path;

use etalon::catalog::Catalog;
use etalon::compare::differences;
use etalon::compute::{self, together};
use etalon::engine::Engine;
use etalon::interpret;
use etalon::plan::{Plan, Request};
use etalon::sql::{Header, partition};
use etalon::table::Table;
use etalon::value::Grain;
use etalon::verify::span;
use etalon::witness::{Question, Random, seeds};

use super::project;
use crate::library::{PROJECTS, engines};

/// One reading in so many is asked about in an ordinary run; `ETALON_AGREEMENT` asks about all.
const ONE_IN: usize = 12;

/// Plans of a project that are over tables of the names of their sources, with the heads of their queries.
fn plans(catalog: &Catalog) -> Vec<(Plan, Header)> {
    let plans = catalog.plans.iter().filter_map(|(name, plan)| Some((catalog.reading(name)?.1, plan)));
    plans.map(|(reading, plan)| (plan.over_loaded_tables(), compute::header(reading, plan))).collect()
}

/// Asks for the cells of all metrics that these tables are enough for; returns how many were found together.
fn agreeing(
    (catalog, plans): (&Catalog, &[(Plan, Header)]),
    question: &Question,
    by: &[String],
    engines: &mut [Box<dyn Engine>],
) -> usize {
    let request = Request { by: by.to_vec(), ..question.request.clone() };
    let fits = |plan: &Plan| {
        plan.sources().iter().all(|source| question.tables.contains_key(*source))
            && (request.grain == Grain::All || plan.grains.contains(&request.grain))
            && by.iter().all(|name| plan.dimensions.iter().any(|dimension| dimension.name == *name))
            && plan.sources().iter().all(|source| {
                plan.columns_of(source).iter().all(|column| question.tables[*source].index(column).is_some())
            })
    };
    let fitting: Vec<&(Plan, Header)> = plans.iter().filter(|(plan, _)| fits(plan)).collect();
    let asked: Vec<&Plan> = fitting.iter().map(|(plan, _)| plan).collect();
    let request = Request { span: span(asked.iter().copied(), &question.tables, request.as_of), ..request };
    let values = |source: &str, column: &str| catalog.values_of(source, column);
    let mut found = 0;
    for group in partition(&asked, &request, &values).together {
        let metrics: Vec<(&Plan, Header)> =
            group.metrics.iter().map(|place| (&fitting[*place].0, fitting[*place].1.clone())).collect();
        let expected: Vec<_> =
            metrics.iter().map(|(plan, _)| interpret::cells(plan, &question.tables, &request)).collect();
        if expected.iter().all(Result::is_err) {
            continue;
        }
        for engine in engines.iter_mut() {
            let tables = match together(&metrics, &request, &values, engine.as_mut()) {
                Ok(tables) => tables,
                // A number that is too large is so for one of them alone, too.
                Err(_) if expected.iter().any(Result::is_err) => continue,
                Err(error) => panic!("{} {error}", engine.name()),
            };
            for (((plan, _), expected), table) in metrics.iter().zip(&expected).zip(tables) {
                let Ok(expected) = expected else { continue };
                let differing = differences(expected, &table);
                assert!(
                    differing.is_empty(),
                    "{} {}: {differing:?}\n{request:?}\ninterpreter\n{}together\n{}",
                    engine.name(),
                    plan.metric,
                    written(expected),
                    written(&table)
                );
                found += 1;
            }
        }
    }
    found
}

fn load_into(engine: &mut dyn Engine, question: &Question) {
    engine.clear().expect("an engine forgets");
    for (source, table) in &question.tables {
        engine.load(source, table).unwrap_or_else(|error| panic!("{source}: {error}\n{}", written(table)));
    }
}

fn written(table: &Table) -> String {
    let heads: Vec<&str> = table.fields.iter().map(|field| field.name.as_str()).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "));
    std::iter::once(heads.join(" | ")).chain(rows).map(|line| format!("    {line}\n")).collect()
}

#[test]
fn metrics_that_share_a_query_have_the_cells_that_they_have_alone() {
    let mut engines = engines();
    let mut found = 0;
    let one_in = if std::env::var_os("ETALON_AGREEMENT").is_some() { 1 } else { ONE_IN };
    for name in PROJECTS {
        let (_, catalog, texts) = project(&Path::new(env!("CARGO_MANIFEST_DIR")).join(name));
        let plans = plans(&catalog);
        for (place, (name, plan)) in catalog.plans.iter().enumerate().step_by(one_in) {
            let seeds = seeds(&catalog, &texts, name);
            let Ok(random) = Random::of(&catalog, plan, &seeds) else { continue };
            let own = seeds.first().map(|seed| Question { tables: seed.tables.clone(), request: seed.request.clone() });
            for mut question in own.into_iter().chain(random.batch(&format!("together {name}"), 2)) {
                for engine in &mut engines {
                    load_into(engine.as_mut(), &question);
                }
                let own = question.request.by.clone();
                found += agreeing((&catalog, &plans), &question, &own, &mut engines);
                let mut cuts: Vec<Vec<String>> = vec![Vec::new()];
                cuts.extend(plan.dimensions.first().map(|dimension| vec![dimension.name.clone()]));
                cuts.retain(|by| *by != own);
                question.request.grain = [Grain::All, Grain::Day, Grain::Month][place / one_in % 3];
                for by in cuts {
                    found += agreeing((&catalog, &plans), &question, &by, &mut engines);
                }
            }
        }
    }
    let _ = writeln!(std::io::stderr(), "{found} answers were found together");
    assert!(found > 100, "only {found} answers were found together");
}
