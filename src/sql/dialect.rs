//! The dialects that SQL is written in: a line here, a macro file of that name in `templates/dialects`.
//!
//! Knows nothing of what the macros say.

/// How far it is shown that a dialect's SQL means what the interpreter says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Equal to the interpreter on the engine itself.
    Executed,
    /// Equal to the interpreter on an emulator of the engine.
    Emulated,
    /// Accepted by an analyzer with the engine's names and types.
    Analyzed,
    /// Accepted by a parser of the dialect.
    Parsed,
}

impl Evidence {
    /// Returns the level's name.
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Executed => "executed",
            Evidence::Emulated => "emulated",
            Evidence::Analyzed => "analyzed",
            Evidence::Parsed => "parsed",
        }
    }
}

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Its name, also that of its macro file.
    pub name: &'static str,
    /// What it is written for.
    pub title: &'static str,
    /// How far it is shown to be right.
    pub evidence: Evidence,
    /// The text of its macro file.
    pub(super) macros: &'static str,
}

macro_rules! dialects {
    ($($name:literal, $title:literal, $evidence:ident;)*) => {
        /// Every dialect.
        pub const DIALECTS: &[Dialect] = &[$(Dialect {
            name: $name,
            title: $title,
            evidence: Evidence::$evidence,
            macros: include_str!(concat!("../../templates/dialects/", $name, ".sql.j2")),
        }),*];
    };
}

dialects! {
    "sqlite", "SQLite 3.38 or later, with the function `sqrt`", Executed;
    "duckdb", "DuckDB 1.3 or later, with ICU", Executed;
    "postgres", "PostgreSQL 14 or later", Executed;
    "clickhouse", "ClickHouse 26.9 or later", Executed;
    "mariadb", "MariaDB 10.4 or later", Executed;
    "spark", "Spark 3.4 or later in ANSI mode, and Sail", Executed;
    "databricks", "Databricks, runtime 13.3 or later", Analyzed;
    "bigquery", "BigQuery", Executed;
    "snowflake", "Snowflake", Emulated;
    "redshift", "Amazon Redshift", Parsed;
    "trino", "Trino, and Athena from engine version 3", Parsed;
    "sqlserver", "SQL Server 2016 or later", Parsed;
}

impl Dialect {
    /// Returns the dialect called `name`.
    pub fn find(name: &str) -> Option<Dialect> {
        DIALECTS.iter().copied().find(|dialect| dialect.name == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::sql::templates;

    /// Macro names with their arguments, as the contract page lists them: "- `name(a, b)`: ...".
    fn contract() -> BTreeMap<String, String> {
        include_str!("../../templates/dialects/_contract.md")
            .lines()
            .filter_map(|line| line.strip_prefix("- `")?.split_once(")`")?.0.split_once('('))
            .map(|(name, arguments)| (name.to_owned(), arguments.to_owned()))
            .collect()
    }

    #[test]
    fn every_dialect_defines_exactly_the_macros_of_the_contract() {
        assert!(contract().len() > 15, "the contract page is read");
        for dialect in DIALECTS {
            let environment = &templates::embedded(dialect).environment;
            let template = environment.get_template(&templates::dialect_file(dialect.name)).expect("embedded");
            let rendered = template.render_captured(()).expect("only definitions");
            let mut defined = BTreeMap::new();
            for name in rendered.state().exports() {
                let value = rendered.state().lookup(name).expect("exported");
                // A leading underscore marks what only this file uses.
                if ["reserved", "quote", "backslash", "capitals", "national", "flat"].contains(&name)
                    || name.starts_with('_')
                {
                    continue;
                }
                let arguments = value.get_attr("arguments").expect("a macro").try_iter().expect("a list");
                let arguments: Vec<String> = arguments.map(|argument| argument.to_string()).collect();
                defined.insert(name.to_owned(), arguments.join(", "));
            }
            assert_eq!(defined, contract(), "{}", dialect.name);
        }
    }

    #[test]
    fn reserved_words_are_listed_in_lower_case() {
        for dialect in DIALECTS {
            let words = &templates::embedded(dialect).spelling.reserved;
            assert!(words.contains("select") && words.contains("order"));
            assert!(words.iter().all(|word| word.to_lowercase() == *word));
        }
    }
}
