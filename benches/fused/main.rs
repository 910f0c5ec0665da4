//! Many metrics in one query against one scan of the columns they read, and first-contact resolution against the best query
//! written by hand.
//!
//! `cargo bench --bench fused -- duckdb CONTACTS`, as in `duckdb 10000000`. Each ratio is of processor seconds, of queries that
//! take turns, the least of five of each; metrics asked one by one are asked once. Answers are compared before anything is
//! timed.

// What is measured is printed.
#![allow(clippy::print_stdout)]

#[path = "../measure/processor.rs"]
mod processor;
mod project;
#[path = "../measure/project.rs"]
mod written;

use std::error::Error;
use std::path::Path;

use adbc_core::options::{AdbcVersion, OptionDatabase};
use adbc_core::{Connection, Database, Driver, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use etalon::value::Grain;
use project::Project;

/// How often each query is asked.
const TURNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [engine, contacts] = arguments.as_slice() else {
        println!("nothing to do: cargo bench --bench fused -- duckdb CONTACTS");
        return Ok(());
    };
    if engine != "duckdb" {
        return Err(format!("there is no `{engine}` here, only duckdb").into());
    }
    let folder = tempfile::tempdir()?;
    let connection = open(folder.path())?;
    run(&connection, &format!("create table contacts as {}", project::contacts(contacts.parse()?)))?;
    run(&connection, "checkpoint")?;
    println!("{contacts} contacts, processor seconds");
    first_contact(&connection)?;
    for (metrics, grain) in
        [(20, Grain::All), (100, Grain::All), (20, Grain::Month), (20, Grain::Week), (20, Grain::Day)]
    {
        together(&connection, (metrics, grain))?;
    }
    Ok(())
}

/// Times first-contact resolution as it is compiled against the query of one who knows the engine.
fn first_contact(connection: &ManagedConnection) -> Result<(), Box<dyn Error>> {
    let project = Project::of(0);
    let compiled = project.query("first_contact", Grain::All);
    let of = |sql: &str| -> Result<String, Box<dyn Error>> {
        let batches =
            run(connection, &format!("select numerator || ' of ' || denominator as answer from ({sql}) as a"))?;
        Ok(batches[0].column(0).as_string::<i32>().value(0).to_owned())
    };
    let bare = compiled.trim_end();
    let (own, by_hand) = (of(bare)?, of(project::FIRST_CONTACT_BY_HAND)?);
    if own != by_hand {
        return Err(format!("compiled {own}, by hand {by_hand}").into());
    }
    let queries = [vec![project::FIRST_CONTACT_BY_HAND.to_owned()], vec![compiled]];
    let [by_hand, own] = least(connection, queries, TURNS)?;
    println!("  first contact, by hand {by_hand:>8.2}   compiled {own:>8.2}   {:>5.2} x", own / by_hand);
    Ok(())
}

/// Times metrics in one query, each alone, and the bare scan.
fn together(connection: &ManagedConnection, (metrics, grain): (usize, Grain)) -> Result<(), Box<dyn Error>> {
    let project = Project::of(metrics);
    let (fused, names) = project.fused(grain);
    let alone: Vec<String> = names.iter().map(|name| project.query(name, grain)).collect();
    let rows = |queries: &[String]| -> Result<usize, Box<dyn Error>> {
        let each =
            queries.iter().map(|query| Ok(run(connection, query)?.iter().map(RecordBatch::num_rows).sum::<usize>()));
        Ok(each.collect::<Result<Vec<usize>, Box<dyn Error>>>()?.into_iter().sum())
    };
    let (one, many) = (rows(std::slice::from_ref(&fused))?, rows(&alone)?);
    if one != many {
        return Err(format!("{one} cells together, {many} alone").into());
    }
    let [scan, fused] = least(connection, [vec![project::BARE_SCAN.to_owned()], vec![fused]], TURNS)?;
    let [alone] = least(connection, [alone], 1)?;
    println!(
        "  {metrics:>3} metrics by {:5}   scan {scan:>6.2}   fused {fused:>6.2} ({:.2} x)   alone {alone:>7.2} ({:.1} x)",
        grain.name(),
        fused / scan,
        alone / scan
    );
    Ok(())
}

/// Returns the least processor seconds of each group of queries, which take so many turns.
fn least<const N: usize>(
    connection: &ManagedConnection,
    groups: [Vec<String>; N],
    turns: usize,
) -> Result<[f64; N], Box<dyn Error>> {
    let mut least = [f64::MAX; N];
    for _ in 0..turns {
        for (queries, least) in groups.iter().zip(&mut least) {
            let (passed, asked) =
                processor::timed(|| queries.iter().try_for_each(|query| run(connection, query).map(|_| ())));
            asked?;
            *least = least.min(passed);
        }
    }
    Ok(least)
}

fn open(folder: &Path) -> Result<ManagedConnection, Box<dyn Error>> {
    let library = std::env::var("ETALON_DUCKDB").map_err(|_| "`ETALON_DUCKDB` is not set")?;
    let library = Path::new(&library);
    let library = if library.is_dir() { library.join("libduckdb.so") } else { library.to_owned() };
    let mut driver = ManagedDriver::load_dynamic_from_filename(library, Some(b"duckdb_adbc_init"), AdbcVersion::V110)?;
    let file = folder.join("fused.duckdb").to_string_lossy().into_owned();
    let options = [(OptionDatabase::Other("path".to_owned()), file.into())];
    let connection = driver.new_database_with_opts(options)?.new_connection()?;
    run(&connection, "set memory_limit = '8GB'")?;
    run(&connection, "set threads = 2")?;
    Ok(connection)
}

fn run(connection: &ManagedConnection, sql: &str) -> Result<Vec<RecordBatch>, Box<dyn Error>> {
    let mut statement = connection.clone().new_statement()?;
    statement.set_sql_query(sql)?;
    let reader = statement.execute()?;
    Ok(reader.collect::<Result<_, _>>()?)
}
