//! A year of a service organisation with as many contacts as asked for, made by the engine itself, and what is asked of it.
//!
//! Every engine makes the same rows. Knows no engine and runs nothing.

use std::path::Path;

use etalon::catalog::{self, Catalog};
use etalon::compute;
use etalon::diagnostic::Diagnostics;
use etalon::load;
use etalon::plan::Request;
use etalon::sql::{self, Dialect, Output};
use etalon::value::{Grain, Instant};

const TABLES: [(&str, &str); 6] = [
    ("contacts", include_str!("contacts.sql")),
    ("calls", include_str!("calls.sql")),
    ("surveys", include_str!("surveys.sql")),
    ("cases", include_str!("cases.sql")),
    ("ticket_priorities", include_str!("ticket_priorities.sql")),
    ("ticket_statuses", include_str!("ticket_statuses.sql")),
];

/// The metrics that are asked, each with the dimension it is split by.
pub(crate) const QUESTIONS: [(&str, &str); 5] = [
    ("fcr_no_repeat", "channel"),
    ("service_level", "queue"),
    ("csat_share", "channel"),
    ("sla_attainment_resolution", "team"),
    ("backlog", "team"),
];

/// Returns the tables with the queries that make them, for `contacts` contacts.
pub(crate) fn tables(contacts: u64, dialect: &str) -> Vec<(&'static str, String)> {
    let timestamp = if dialect == "spark" { "timestamp_ntz" } else { "timestamp" };
    let numbers = [
        ("{rows}", contacts),
        ("{half}", contacts / 2),
        ("{fifth}", contacts / 5),
        ("{quarter}", contacts / 4 + 1),
        ("{hundredth}", contacts / 400 + 1),
    ];
    let query = |sql: &str| {
        let sql = sql.replace("{timestamp}", timestamp);
        numbers.iter().fold(sql, |sql, (mark, number)| sql.replace(mark, &number.to_string()))
    };
    TABLES.iter().map(|(name, sql)| (*name, query(sql))).collect()
}

/// Returns the metrics that ship.
pub(crate) fn library() -> Catalog {
    let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("definitions"));
    let mut diagnostics = Diagnostics::default();
    catalog::build(&loaded, &mut diagnostics)
}

/// Returns the query for the months of the year, split by the dimension.
pub(crate) fn query(library: &Catalog, (metric, by): (&str, &str), dialect: &str) -> String {
    let at = |text: &str| Instant::parse(text).expect("an instant");
    let (from, to, as_of) = (at("2025-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
    let plan = library.plan(metric).expect(metric);
    let (_, reading) = library.reading(metric).expect(metric);
    let (grain, by) = (Grain::Month, vec![by.to_owned()]);
    let request = Request { grain, by, from: Some(from), to: Some(to), as_of, span: (from, as_of) };
    let dialect = Dialect::find(dialect).expect(dialect);
    sql::render(plan, &compute::header(reading, plan), &request, &dialect, Output::Cells).expect(metric)
}
