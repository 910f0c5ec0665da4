//! Templates of dbt as SQL, as far as one model needs it: sources and the model itself get names, what configures the model
//! is noted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, context};

use super::deployed::Relations;

/// What the model's own table is called.
pub(super) const KEPT: &str = "etalon_kept";

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

/// Renders a model; `relations` says what sources and the model itself are called, where dbt has resolved them.
///
/// # Errors
/// When it is no template, or calls what only dbt knows.
pub(super) fn rendered(text: &str, relations: Option<&Relations>, is_incremental: bool) -> Result<Rendered, String> {
    let configured: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let mut environment = Environment::new();
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
    let failed = |error: Error| error.to_string();
    let query = environment.render_str(text, given.clone()).map_err(failed)?;
    let mut configured = configured.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let before = configured.remove("pre_hook").unwrap_or_default();
    let before = environment.render_str(&before, given).map_err(failed)?;
    Ok(Rendered { query, before: before.trim().to_owned(), configured })
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
        let first = rendered(text, None, false).expect("a template");
        assert_eq!((first.query.as_str(), first.before.as_str()), ("select 1 from raw.contacts", ""));
        assert_eq!(first.configured, BTreeMap::from([("materialized".to_owned(), "incremental".to_owned())]));
        let later = rendered(text, Some(&relations), true).expect("a template");
        assert_eq!(later.query, "select 1 from db.contacts where x");
        assert_eq!(later.before, "delete from db.mine");
        assert_eq!(rendered(text, None, true).expect("a template").before, "delete from etalon_kept");
        assert!(rendered("{{ unknown() }}", Some(&relations), true).is_err());
    }
}
