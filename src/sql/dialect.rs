//! The dialects that SQL is written in: a name here, a macro file of that name in `templates/dialects`.
//!
//! Knows nothing of what the macros say.

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Its name, also that of its macro file.
    pub name: &'static str,
}

/// SQLite 3.38 or later with a `sqrt` function.
pub const SQLITE: Dialect = Dialect { name: "sqlite" };

/// DuckDB 1.3 or later with ICU.
pub const DUCKDB: Dialect = Dialect { name: "duckdb" };

/// Every dialect.
pub const DIALECTS: [Dialect; 2] = [SQLITE, DUCKDB];

impl Dialect {
    /// Returns the dialect called `name`.
    pub fn find(name: &str) -> Option<Dialect> {
        DIALECTS.into_iter().find(|dialect| dialect.name == name)
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
            let environment = &templates::embedded(&dialect).environment;
            let template = environment.get_template(&templates::dialect_file(dialect.name)).expect("embedded");
            let rendered = template.render_captured(()).expect("only definitions");
            let mut defined = BTreeMap::new();
            for name in rendered.state().exports() {
                let value = rendered.state().lookup(name).expect("exported");
                // A leading underscore marks what only this file uses.
                if name == "reserved" || name.starts_with('_') {
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
            let words = &templates::embedded(&dialect).reserved;
            assert!(words.contains("select") && words.contains("order"));
            assert!(words.iter().all(|word| word.to_lowercase() == *word));
        }
    }
}
