//! The words of a dialect around a query: how it tells the time, replaces a view, brackets statements.
//!
//! A dialect that is not listed gets what every engine understands. Knows no metric.

use crate::sql::Dialect;

/// What a dialect says around a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The present as an instant in the representation that queries use, never later than the clock; `None` where it is not
    /// known.
    pub now: Option<&'static str>,
    /// Whether `create or replace view` is understood; else a view is dropped first.
    pub replaces_views: bool,
    /// What begins and ends statements that take effect together; `None` where each stands alone.
    pub bracket: Option<(&'static str, &'static str)>,
    /// Whether `comment on view` and `comment on table` are understood.
    pub comments: bool,
    /// Whether the catalogue keeps the text of a view as it was written, comments included.
    pub keeps_text: bool,
}

impl Words {
    /// Returns the words of a dialect.
    pub fn of(dialect: &Dialect) -> Self {
        let plain = Words {
            now: None,
            replaces_views: false,
            bracket: Some(("begin", "commit")),
            comments: false,
            keeps_text: false,
        };
        match dialect.name {
            "sqlite" => Words { now: Some("unixepoch('now') * 1000000"), keeps_text: true, ..plain },
            "duckdb" => Words { now: Some("timezone('UTC', now())"), replaces_views: true, comments: true, ..plain },
            "postgresql" | "postgres" => {
                Words { now: Some("timezone('UTC', now())"), replaces_views: true, comments: true, ..plain }
            }
            "redshift" => Words { now: Some("sysdate"), replaces_views: true, comments: true, ..plain },
            "snowflake" => {
                Words { now: Some("sysdate()"), replaces_views: true, comments: true, keeps_text: true, ..plain }
            }
            "bigquery" => Words {
                now: Some("current_timestamp()"),
                replaces_views: true,
                bracket: Some(("begin transaction", "commit transaction")),
                keeps_text: true,
                ..plain
            },
            "spark" | "databricks" | "sail" | "trino" | "athena" => {
                Words { replaces_views: true, bracket: None, ..plain }
            }
            "clickhouse" => Words { replaces_views: true, bracket: None, ..plain },
            "mariadb" | "mysql" => {
                Words { replaces_views: true, bracket: Some(("start transaction", "commit")), ..plain }
            }
            _ => plain,
        }
    }
}
