//! Queries as dbt reads them: tables become sources, and what stands between braces stays as it is.
//!
//! Knows no metric.

use std::collections::BTreeMap;

use super::super::query::Refusal;
use crate::definition::Project;
use crate::plan::{Body, Plan};

/// What stands in a query for the table that a model is kept in.
pub(super) const THIS: &str = "etalon_this_";

/// A source as dbt calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SourceName {
    /// The group of tables.
    pub(super) source: String,
    /// The table.
    pub(super) table: String,
}

impl SourceName {
    /// Returns dbt's name for a table: its schema is the group; without one, the project is.
    pub(super) fn of(table: &str, project: Option<&Project>) -> Self {
        match table.rsplit_once('.') {
            Some((schema, table)) => Self { source: schema.replace('.', "_"), table: table.to_owned() },
            None => {
                let source = project.map_or("etalon", |project| project.name.as_str());
                Self { source: source.to_owned(), table: table.to_owned() }
            }
        }
    }

    fn call(&self) -> Result<String, Refusal> {
        let is_plain = |text: &str| !text.contains(['\'', '\\', '{', '}', '\n']);
        if is_plain(&self.source) && is_plain(&self.table) {
            return Ok(format!("{{{{ source('{}', '{}') }}}}", self.source, self.table));
        }
        Err(Refusal(format!("dbt cannot name the table `{}`", self.table)))
    }
}

/// The tables of a plan under names that stand nowhere else in its query.
pub(super) struct Tables {
    calls: BTreeMap<String, String>,
}

impl Tables {
    /// Gives the tables of a plan such names.
    pub(super) fn name(plan: &mut Plan, project: Option<&Project>) -> Result<Self, Refusal> {
        let mut calls = BTreeMap::new();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for (place, table) in plan.clone().tables().into_iter().enumerate() {
            let name = format!("etalon_source_{place}_");
            calls.insert(name.clone(), SourceName::of(table, project).call()?);
            names.insert(table.to_owned(), name);
        }
        rename(plan, &names);
        Ok(Self { calls })
    }

    /// Writes a statement that runs only where there is the model's own table.
    pub(super) fn statement(&self, statement: &str) -> String {
        self.named(literal(statement))
    }

    fn named(&self, mut text: String) -> String {
        for (name, call) in &self.calls {
            text = text.replace(name, call);
        }
        text.replace(THIS, "{{ this }}")
    }

    /// Writes a query as dbt reads it.
    pub(super) fn templated(&self, query: &str) -> String {
        let text = only_where_kept(&literal(query));
        self.named(text)
    }
}

fn rename(plan: &mut Plan, names: &BTreeMap<String, String>) {
    if let Body::Measured(pipeline) = &mut plan.body {
        for scan in pipeline.scans_mut() {
            if let Some(name) = names.get(&scan.table) {
                scan.table.clone_from(name);
            }
        }
    }
    plan.body.parts_mut().into_iter().for_each(|part| rename(part, names));
}

/// Writes a text so that dbt's templates leave it as it is.
pub(super) fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let opens = matches!((c, characters.peek()), ('{', Some('{' | '%' | '#')));
        if opens { written.push_str("{{ '{' }}") } else { written.push(c) }
    }
    written
}

/// Puts the parts of a query that read the model's own table under the condition that it is there.
fn only_where_kept(query: &str) -> String {
    let lines: Vec<&str> = query.lines().collect();
    let mut text = String::new();
    let reads = |place: usize| lines.get(place).is_some_and(|line| line.trim_end().ends_with(&format!("from {THIS}")));
    let mut place = 0;
    while place < lines.len() {
        if reads(place + 1) {
            // The end of what has settled: without the table, the beginning of all data.
            let since = without_table(lines[place]);
            text.push_str(&format!(
                "    {{% if is_incremental() %}}\n{}\n{}\n    {{% else %}}\n{since}\n    {{% endif %}}\n",
                lines[place],
                lines[place + 1]
            ));
            place += 2;
        } else if lines[place].trim_start() == "and not exists (" && reads(place + 2) {
            // The guard against rows of another version: five lines.
            text.push_str("        {% if is_incremental() %}\n");
            lines[place..place + 5].iter().for_each(|line| text.push_str(&format!("{line}\n")));
            text.push_str("        {% endif %}\n");
            place += 5;
        } else {
            text.push_str(&format!("{}\n", lines[place]));
            place += 1;
        }
    }
    text
}

/// Returns the line `select coalesce(max(end), since) as ...` without what is read of the table.
fn without_table(line: &str) -> String {
    const OPENS: &str = "coalesce(max(";
    let Some((before, rest)) = line.split_once(OPENS) else { return line.to_owned() };
    let mut depth = 1_i32;
    let closes = rest.find(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0
    });
    let since = closes.and_then(|place| rest[place + 1..].strip_prefix(", "));
    match since.and_then(|since| since.rsplit_once(") as ")) {
        Some((since, name)) => format!("{before}{since} as {name}"),
        None => line.to_owned(),
    }
}

/// Writes a text between double quotes inside of an expression.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_a_text_are_no_template() {
        let environment = minijinja::Environment::new();
        for text in ["select '{{ x }}'", "'{%'", "{#", "{", "a {{{ b", "}}"] {
            assert_eq!(environment.render_str(&literal(text), ()).expect("a template"), text);
        }
    }

    #[test]
    fn without_a_table_what_has_settled_is_the_beginning() {
        let line = "    select coalesce(max(toDateTime64(period_end, 6, 'UTC')), toDateTime64('1970', 6, 'UTC')) as settled_until";
        assert_eq!(without_table(line), "    select toDateTime64('1970', 6, 'UTC') as settled_until");
    }

    #[test]
    fn what_reads_the_kept_table_stands_under_a_condition() {
        let query = "settled as (\n    select coalesce(max(period_end), 0 /* x */) as settled_until\n    from etalon_this_\n),\n\
                     \x20   where a\n        and not exists (\n            select 1\n            from etalon_this_\n            where version <> '1'\n        )\n    b\n";
        let text = only_where_kept(query);
        let render = |kept: bool| {
            let mut environment = minijinja::Environment::new();
            environment.add_function("is_incremental", move || kept);
            let rendered = environment.render_str(&text, ()).expect("a template");
            // A line of a template leaves an empty one.
            rendered.lines().filter(|line| !line.trim().is_empty()).map(|line| format!("{line}\n")).collect::<String>()
        };
        assert_eq!(render(true), query);
        assert_eq!(render(false), "settled as (\n    select 0 /* x */ as settled_until\n),\n    where a\n    b\n");
    }
}
