//! The views of a database, read from its catalogue.
//!
//! One query a dialect, which returns four texts: schema, name, definition, comment.

use super::deployed::{Deployed, Writing};
use crate::engine::{Engine, EngineError};
use crate::sql::Dialect;
use crate::table::{Field, Table};
use crate::value::{Type, Value};

/// The columns that each query returns.
const COLUMNS: [&str; 4] = ["view_schema", "view_name", "definition", "remark"];

/// How often a catalogue is asked that fails.
///
/// PostgreSQL describes a view by reading it once more, and fails on one that another session has dropped since the query
/// began.
const ATTEMPTS: usize = 3;

/// Returns the query of the views that users have made, of one schema where its name is plain; `None` where a dialect's
/// catalogue is not known.
fn query(dialect: &str, schema: Option<&str>) -> Option<String> {
    let (column, query) = match dialect {
        // Schemas whose names begin with `pg_` are the server's own, those of other sessions' temporary views among them.
        "postgres" | "redshift" => (
            "n.nspname",
            "select cast(n.nspname as text) as view_schema, cast(c.relname as text) as view_name, \
             pg_get_viewdef(c.oid) as definition, obj_description(c.oid, 'pg_class') as remark \
             from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace \
             where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'{within} \
             order by n.nspname, c.relname",
        ),
        "duckdb" => (
            "schema_name",
            "select schema_name as view_schema, view_name, sql as definition, comment as remark from duckdb_views() \
             where not internal{within} order by schema_name, view_name",
        ),
        "sqlite" => (
            "",
            "select null as view_schema, name as view_name, sql as definition, null as remark from sqlite_master \
             where type = 'view' order by name",
        ),
        "snowflake" => (
            "table_schema",
            "select table_schema as \"view_schema\", table_name as \"view_name\", view_definition as \"definition\", \
             comment as \"remark\" from information_schema.views where table_schema <> 'INFORMATION_SCHEMA'{within} \
             order by table_schema, table_name",
        ),
        "trino" | "databricks" => (
            "table_schema",
            "select table_schema as view_schema, table_name as view_name, view_definition as definition, \
             cast(null as varchar(1)) as remark from information_schema.views \
             where table_schema <> 'information_schema'{within} order by table_schema, table_name",
        ),
        "clickhouse" => (
            "database",
            "select database as view_schema, name as view_name, as_select as definition, comment as remark \
             from system.tables where engine = 'View' and database not in ('system', 'information_schema', 'INFORMATION_SCHEMA'){within} \
             order by database, name",
        ),
        _ => return None,
    };
    // Another name is told apart once it is read: each dialect would write it in quotes of its own.
    let plain = |schema: &&str| schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let within = schema
        .filter(plain)
        .filter(|_| !column.is_empty())
        .map_or_else(String::new, |schema| format!(" and lower({column}) = '{}'", schema.to_ascii_lowercase()));
    Some(query.replace("{within}", &within))
}

/// Asks the catalogue, and once more where it fails.
fn ask(engine: &mut dyn Engine, query: &str) -> Result<Table, EngineError> {
    let fields = COLUMNS.map(|name| Field::new(name, Type::Text));
    let mut answer = engine.query(query, &fields);
    for _ in 1..ATTEMPTS {
        if !matches!(answer, Err(EngineError::Failed { .. })) {
            break;
        }
        answer = engine.query(query, &fields);
    }
    answer
}

/// Reads the views of a database, or of one schema of it, that have a stamp or the name of an object that could be deployed;
/// `target` is what the database is called.
///
/// # Errors
/// When its catalogue is not known or cannot be read.
pub fn of_catalogue(
    engine: &mut dyn Engine,
    (target, schema): (&str, Option<&str>),
    is_known: impl Fn(&str) -> bool,
) -> Result<Vec<Deployed>, EngineError> {
    let dialect = engine.dialect();
    let Some(query) = query(dialect, schema) else {
        let what = format!("the catalogue of {dialect} is not read");
        let remedy = "Name a folder with `--deployed`, or a manifest of dbt with `--manifest`.".to_owned();
        return Err(EngineError::Unavailable { what, remedy });
    };
    let table = ask(engine, &query)?;
    let text = |row: usize, column: &str| match table.cell(row, column) {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    };
    let mut found = Vec::new();
    for row in 0..table.rows.len() {
        let (Some(view), Some(definition)) = (text(row, "view_name"), text(row, "definition")) else { continue };
        let own = text(row, "view_schema");
        if schema.is_some_and(|schema| own.as_ref().is_some_and(|own| !own.eq_ignore_ascii_case(schema))) {
            continue;
        }
        let remark = text(row, "remark").filter(|remark| remark.contains(crate::deploy::stamp::MARK));
        if remark.is_none() && !definition.contains(crate::deploy::stamp::MARK) && !is_known(&view.to_lowercase()) {
            continue;
        }
        let name = own.map_or_else(|| view.clone(), |schema| format!("{schema}.{view}"));
        found.push(Deployed {
            place: format!("{target}:{name}"),
            name,
            text: definition,
            comment: remark,
            dialect: Dialect::find(dialect),
            writing: Writing::Kept,
        });
    }
    Ok(found)
}
