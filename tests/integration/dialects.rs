//! Every query of everything that ships, in every dialect: accepted by a parser of the dialect, and calling nothing but
//! what a list knows of the engine.
//!
//! A parser accepts what no engine knows, so the words before parentheses are compared with a list that was checked by hand against
//! the engine's manual: `tests/dialects/words.yaml`. `ETALON_QUERIES=FOLDER` writes the queries there, a folder a dialect,
//! for other parsers to read: see `.ci/parsers`.

mod grammar;
mod queries;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use etalon::sql::{DIALECTS, Dialect, Evidence};
use sqlparser::dialect::Dialect as Grammar;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Tokenizer;

pub(crate) use grammar::grammar;
use queries::Queries;
use words::Words;

/// Reads every query of the dialect; returns the words before parentheses.
fn read(dialect: &Dialect, grammar: &dyn Grammar) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut count = 0;
    Queries::of(dialect).each(|name, sql| {
        let statements = Parser::new(grammar)
            .with_recursion_limit(2_000)
            .try_with_sql(sql)
            .and_then(|mut parser| parser.parse_statements());
        match statements {
            Ok(statements) => assert_eq!(statements.len(), 1, "{name}"),
            Err(error) => panic!("{}: {name}: {error}\n{sql}", dialect.name),
        }
        let tokens = Tokenizer::new(grammar, sql).tokenize().unwrap_or_else(|error| panic!("{name}: {error}"));
        words::before_parentheses(&tokens, &mut found);
        count += 1;
    });
    assert!(count > 1_000, "{}: {count} queries only", dialect.name);
    found
}

#[track_caller]
fn is_accepted(name: &str) {
    let dialect = Dialect::find(name).expect("a dialect");
    let found = read(&dialect, grammar(name).as_ref());
    Words::read().compare(name, &found);
}

#[test]
fn bigquery_is_accepted_and_calls_what_is_known() {
    is_accepted("bigquery");
}

#[test]
fn snowflake_is_accepted_and_calls_what_is_known() {
    is_accepted("snowflake");
}

#[test]
fn redshift_is_accepted_and_calls_what_is_known() {
    is_accepted("redshift");
}

#[test]
fn trino_is_accepted_and_calls_what_is_known() {
    is_accepted("trino");
}

#[test]
fn sqlserver_is_accepted_and_calls_what_is_known() {
    is_accepted("sqlserver");
}

#[test]
fn every_dialect_that_no_engine_executes_is_among_them() {
    let listed: BTreeSet<String> = Words::read().dialects();
    for dialect in DIALECTS.iter().filter(|dialect| dialect.evidence > Evidence::Executed) {
        assert!(listed.contains(dialect.name) || dialect.name == "databricks", "{}", dialect.name);
    }
}

/// So that Spark's analysis of its own queries is one of these as well.
#[test]
fn databricks_is_given_every_query_that_spark_executes() {
    let [spark, databricks] = ["spark", "databricks"].map(|name| {
        let mut queries = BTreeMap::new();
        Queries::of(&Dialect::find(name).expect("a dialect")).each(|name, sql| {
            queries.insert(name.to_owned(), sql.to_owned());
        });
        queries
    });
    assert!(spark.len() > 1_000, "{} queries only", spark.len());
    for (name, sql) in &spark {
        assert_eq!(Some(sql), databricks.get(name), "{name}");
    }
    assert_eq!(spark.len(), databricks.len());
}

#[test]
fn queries_are_written_for_other_parsers() {
    let Some(folder) = std::env::var_os("ETALON_QUERIES") else { return };
    for dialect in DIALECTS {
        let folder = Path::new(&folder).join(dialect.name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Queries::of(dialect).each(|name, sql| {
            std::fs::write(folder.join(format!("{name}.sql")), sql).expect("written");
        });
    }
}
