//! The parser's grammar for each dialect; the fuzz target of compiled queries reads them by the same.

use sqlparser::dialect::{self as parsers, Dialect as Grammar};

/// Returns the grammar in which the queries of a dialect are read.
pub(crate) fn grammar(dialect: &str) -> Box<dyn Grammar> {
    match dialect {
        "sqlite" => Box::new(parsers::SQLiteDialect {}),
        "duckdb" => Box::new(parsers::DuckDbDialect {}),
        "postgres" => Box::new(parsers::PostgreSqlDialect {}),
        "clickhouse" => Box::new(parsers::ClickHouseDialect {}),
        "mariadb" => Box::new(parsers::MySqlDialect {}),
        "spark" | "databricks" => Box::new(parsers::DatabricksDialect {}),
        "bigquery" => Box::new(parsers::BigQueryDialect {}),
        "snowflake" => Box::new(parsers::SnowflakeDialect),
        "redshift" => Box::new(parsers::RedshiftSqlDialect {}),
        "sqlserver" => Box::new(parsers::MsSqlDialect {}),
        // It has none of Trino; `.ci/parsers` has.
        "trino" => Box::new(parsers::GenericDialect {}),
        other => panic!("no grammar for {other}"),
    }
}
