//! What the interpreter takes for first-contact resolution over many contacts, against SQLite with the compiled query.
//!
//! `cargo bench --bench interpreter -- [CONTACTS]`, without a number 1,000,000. The rows are in memory, and in SQLite's memory,
//! before anything is timed; both answers are the same, or the command fails. Medians of five turns are printed, by the clock and
//! of all processors.

// What is measured is printed.
#![allow(clippy::print_stdout)]

#[path = "../measure/allocator.rs"]
mod allocator;
#[path = "../measure/median.rs"]
mod median;
#[path = "../measure/processor.rs"]
mod processor;
#[path = "../measure/project.rs"]
mod project;
mod rows;

use std::collections::BTreeMap;
use std::error::Error;

use etalon::compute;
use etalon::engine::{Engine, EngineEntry};
use etalon::interpret::{self, Tables};
use etalon::plan::{Plan, Request, contract};
use etalon::sql::{self, Header, Output, SQLITE};
use etalon::table::Table;
use etalon::value::{Grain, Instant};

use self::median::median;

/// How often each is asked.
const TURNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let contacts = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(1_000_000);
    let (plan, header) = first_contact()?;
    let table = rows::contacts(contacts);
    let mut engine = (EngineEntry::find("sqlite").ok_or("no SQLite")?.open)()?;
    engine.load("contacts", &table)?;
    let tables: Tables = BTreeMap::from([("contacts".to_owned(), table)]);
    println!("{contacts} contacts; seconds by the clock, seconds of processors; medians of {TURNS}");
    for (grain, by) in [(Grain::All, None), (Grain::Month, None), (Grain::Day, Some("channel"))] {
        compare((&plan, &header), &request(grain, by), &tables, engine.as_mut())?;
    }
    Ok(())
}

/// Times both and prints their ratio.
fn compare(
    (plan, header): (&Plan, &Header),
    request: &Request,
    tables: &Tables,
    engine: &mut dyn Engine,
) -> Result<(), Box<dyn Error>> {
    let query = sql::render(&plan.over_loaded_tables(), header, request, &SQLITE, Output::Cells)?;
    let fields = contract(plan, request);
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let (taken, cells) = Taken::by(|| interpret::cells(plan, tables, request));
        own.push(taken);
        let (taken, answer) = Taken::by(|| engine.query(&query, &fields));
        others.push(taken);
        if counts(&cells?) != counts(&answer?) {
            return Err("the interpreter and SQLite disagree".into());
        }
    }
    let (own, other) = (Taken::median(&own), Taken::median(&others));
    let rows: usize = tables.values().map(|table| table.rows.len()).sum();
    let millions = |seconds: f64| rows as f64 / seconds / 1e6;
    println!("by {} {}", request.grain.name(), request.by.join(" "));
    println!(
        "  interpreter {:>6.2} {:>6.2}   million rows a second {:>5.2} {:>5.2}",
        own.clock,
        own.processors,
        millions(own.clock),
        millions(own.processors)
    );
    println!(
        "  SQLite      {:>6.2} {:>6.2}   / interpreter         {:>5.2} {:>5.2}",
        other.clock,
        other.processors,
        other.clock / own.clock,
        other.processors / own.processors
    );
    Ok(())
}

/// What a turn took, in seconds.
#[derive(Clone, Copy)]
struct Taken {
    clock: f64,
    processors: f64,
}

impl Taken {
    fn by<T>(work: impl FnOnce() -> T) -> (Self, T) {
        let start = std::time::Instant::now();
        let (processors, result) = processor::timed(work);
        (Self { clock: start.elapsed().as_secs_f64(), processors }, result)
    }

    fn median(turns: &[Self]) -> Self {
        let middle = |of: fn(&Self) -> f64| median(turns.iter().map(of));
        Self { clock: middle(|turn| turn.clock), processors: middle(|turn| turn.processors) }
    }
}

/// Returns the exact numbers of an answer; bounds of intervals are floats, which engines round as they like.
fn counts(table: &Table) -> Vec<String> {
    let exact = ["period_start", "channel", "numerator", "denominator", "n", "state"];
    let cells =
        |row| exact.map(|name| table.index(name).map(|_| table.cell(row, name).to_string())).into_iter().flatten();
    (0..table.rows.len()).map(|row| cells(row).collect::<Vec<_>>().join(" ")).collect()
}

/// Returns the plan of the metric.
fn first_contact() -> Result<(Plan, Header), Box<dyn Error>> {
    let catalog = project::checked(std::iter::empty());
    let (plan, (_, reading)) =
        catalog.plan("first_contact").zip(catalog.reading("first_contact")).ok_or("the definition is broken")?;
    Ok((plan.clone(), compute::header(reading, plan)))
}

fn request(grain: Grain, by: Option<&str>) -> Request {
    let (from, to, as_of) =
        (rows::year_begins(), rows::year_ends(), Instant::from_micros(rows::year_ends().micros() + 31 * rows::DAY));
    let by = by.into_iter().map(str::to_owned).collect();
    Request { grain, by, from: Some(from), to: Some(to), as_of, span: (from, as_of) }
}
