//! Templates of dbt as SQL, as far as one model needs it: sources and the model itself get names, what configures the model
//! is noted.
//!
//! A model may come from a stranger: it reaches no file and no other template, calls nothing but what stands here, repeats nothing,
//! and has a limit on its steps and on what it writes.

mod plain;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context};

use super::deployed::Relations;

/// What the model's own table is called.
pub(super) const KEPT: &str = "etalon_kept";

/// Most steps of a template. A model that this tool has written takes a few for each of its lines.
const FUEL: u64 = 200_000;
/// Most bytes that a template may write.
const MOST: usize = 4 << 20;

/// A model as SQL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Rendered {
    /// Its query.
    pub(super) query: String,
    /// What runs before it.
    pub(super) before: String,
    /// What else it is configured to be, by name.
    pub(super) configured: BTreeMap<String, String>,
}

/// Renders a model; `relations` says what sources and the model itself are called, where dbt has resolved them. The name stands in
/// what is said about mistakes.
///
/// # Errors
/// When it is no template, has more than calls and conditions, or calls what only dbt knows; each with its line.
pub(super) fn rendered(
    (name, text): (&str, &str),
    relations: Option<&Relations>,
    is_incremental: bool,
) -> Result<Rendered, String> {
    let configured: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    // Without filters, tests and functions, of which some make much out of little.
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    let noted = configured.clone();
    let sources = relations.map(|relations| relations.sources.clone()).unwrap_or_default();
    let own = relations.map_or(KEPT, |relations| relations.own.as_str());
    environment.add_function("config", move |arguments: Kwargs| -> Result<String, Error> {
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        for name in arguments.args() {
            let value: Value = arguments.get(name)?;
            noted.insert(name.to_owned(), value.to_string());
        }
        Ok(String::new())
    });
    environment.add_function("source", move |source: String, table: String| {
        let plain = format!("{source}.{table}");
        sources.get(&(source, table)).cloned().unwrap_or(plain)
    });
    environment.add_function("ref", |model: String| model);
    environment.add_function("is_incremental", move || is_incremental);
    // The run is stopped by the model itself; here nothing runs.
    environment.set_unknown_method_callback(|_, _, method, _| match method {
        "isoformat" => Ok(Value::from("")),
        _ => Err(Error::from(ErrorKind::UnknownMethod)),
    });
    let nothing = BTreeMap::<String, String>::new();
    let given = context! { this => own, execute => false, run_started_at => nothing };
    let query = written(&environment, (name, text), given.clone())?;
    let mut configured = configured.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let before = configured.remove("pre_hook").unwrap_or_default();
    let before = written(&environment, (&format!("the `pre_hook` of {name}"), &before), given)?;
    Ok(Rendered { query, before: before.trim().to_owned(), configured })
}

fn written(environment: &Environment<'_>, (name, text): (&str, &str), given: Value) -> Result<String, String> {
    plain::check(text).map_err(|odd| format!("{} (in {name}:{})", odd.what, odd.line))?;
    let failed = |error: Error| match error.kind() {
        ErrorKind::OutOfFuel => format!("it takes more than {FUEL} steps (in {name})"),
        ErrorKind::WriteFailure => format!("it writes more than {} MiB (in {name})", MOST >> 20),
        _ => error.to_string(),
    };
    let template = environment.template_from_named_str(name, text).map_err(failed)?;
    let mut output = Limited(Vec::new());
    template.render_captured_to(given, &mut output).map_err(failed)?;
    String::from_utf8(output.0).map_err(|error| error.to_string())
}

/// Takes no more than the limit.
struct Limited(Vec<u8>);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_rendered_for_a_first_run_and_for_a_later_one() {
        let text = "{{ config(materialized='incremental', pre_hook=\"{% if is_incremental() %}delete from {{ this }}{% endif %}\") }}\
                    select 1 from {{ source('raw', 'contacts') }}{% if is_incremental() %} where x{% endif %}";
        let sources = BTreeMap::from([(("raw".to_owned(), "contacts".to_owned()), "db.contacts".to_owned())]);
        let relations = Relations { sources, own: "db.mine".to_owned(), raw: None };
        let first = rendered(("m.sql", text), None, false).expect("a template");
        assert_eq!((first.query.as_str(), first.before.as_str()), ("select 1 from raw.contacts", ""));
        assert_eq!(first.configured, BTreeMap::from([("materialized".to_owned(), "incremental".to_owned())]));
        let later = rendered(("m.sql", text), Some(&relations), true).expect("a template");
        assert_eq!(later.query, "select 1 from db.contacts where x");
        assert_eq!(later.before, "delete from db.mine");
        assert_eq!(rendered(("m.sql", text), None, true).expect("a template").before, "delete from etalon_kept");
        assert!(rendered(("m.sql", "{{ unknown() }}"), Some(&relations), true).is_err());
    }
    fn refused(text: &str) -> String {
        rendered(("m.sql", text), None, true).expect_err(text)
    }

    #[test]
    fn a_template_that_would_never_end_or_fill_the_memory_is_refused_at_its_line() {
        let loops = "select 1\n{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}";
        assert_eq!(refused(loops), "a model has no `for`, only `if` (in m.sql:2)");
        assert_eq!(refused("{% set x = 'x' %}\n"), "a model has no `set`, only `if` (in m.sql:1)");
        assert_eq!(refused("{% macro m() %}{% endmacro %}"), "a model has no `macro`, only `if` (in m.sql:1)");
        for text in
            ["{{ 'x' * 100000000 }}", "{{ this ~ this }}", "{{ this + this }}", "{{ {'a': this} }}", "{% if 2 ** 9 %}"]
        {
            let told = refused(text);
            assert!(told.starts_with("a model has no `") && told.ends_with(" (in m.sql:1)"), "{told}");
        }
        let hook = "{{ config(pre_hook='{% for a in b %}x{% endfor %}') }}";
        assert_eq!(refused(hook), "a model has no `for`, only `if` (in the `pre_hook` of m.sql:1)");
    }

    #[test]
    fn a_template_reaches_no_file_and_no_other_template() {
        for text in
            ["{% include '/etc/passwd' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}"]
        {
            assert!(refused(text).starts_with("a model has no `"), "{text}");
        }
        for text in ["{{ this|length }}", "{{ debug() }}", "{{ env_var('HOME') }}", "{{ nobody }}", "{{ this.x }}"] {
            let told = refused(text);
            assert!(told.contains("m.sql:1"), "{told}");
        }
    }

    #[test]
    fn what_a_template_writes_and_how_long_it_takes_have_limits() {
        let relations = Relations { own: "x".repeat(1 << 20), ..Relations::default() };
        let told = rendered(("m.sql", &"{{ this }}".repeat(5)), Some(&relations), true).expect_err("too much");
        assert_eq!(told, "it writes more than 4 MiB (in m.sql)");
        let told = rendered(("m.sql", &"{{ this }}".repeat(150_000)), None, true).expect_err("too long");
        assert_eq!(told, "it takes more than 200000 steps (in m.sql)");
    }
}
