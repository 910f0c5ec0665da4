//! The template engine: templates compiled into the program, and a guard that writes only quoted text.
//!
//! Knows no plan. What is dialect-specific lies in `templates/dialects`, one file each.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Captured, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, context,
};

use super::dialect::{DIALECTS, Dialect};
use super::quoting::{self, Backslash, Spelling, Sql};

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// The SQL templates that all dialects share, with their texts.
const SHARED: &[(&str, &str)] = &embedded![
    "query.sql.j2",
    "results/cells.sql.j2",
    "results/ledger.sql.j2",
    "steps/advance_days.sql.j2",
    "steps/advance_due.sql.j2",
    "steps/advance_start.sql.j2",
    "steps/average.sql.j2",
    "steps/cells.sql.j2",
    "steps/clock_edges.sql.j2",
    "steps/clock_open.sql.j2",
    "steps/clock_rows.sql.j2",
    "steps/clock_spans.sql.j2",
    "steps/clock_summed.sql.j2",
    "steps/clock_swept.sql.j2",
    "steps/combine.sql.j2",
    "steps/credited.sql.j2",
    "steps/cube.sql.j2",
    "steps/cube_totals.sql.j2",
    "steps/facts.sql.j2",
    "steps/fates.sql.j2",
    "steps/filter.sql.j2",
    "steps/grouping.sql.j2",
    "steps/in_order.sql.j2",
    "steps/listed.sql.j2",
    "steps/locate.sql.j2",
    "steps/lookup.sql.j2",
    "steps/parts.sql.j2",
    "steps/periods.sql.j2",
    "steps/periods_asked.sql.j2",
    "steps/pivot.sql.j2",
    "steps/publish.sql.j2",
    "steps/ranked_groups.sql.j2",
    "steps/ranked_values.sql.j2",
    "steps/relate_all.sql.j2",
    "steps/relate_one.sql.j2",
    "steps/scan.sql.j2",
    "steps/scores.sql.j2",
    "steps/spread.sql.j2",
    "steps/totals.sql.j2",
    "steps/zone.sql.j2",
    "dialects/_shared.sql.j2",
];

/// Returns every SQL template with its text.
pub(super) fn texts() -> Vec<(String, &'static str)> {
    let shared = SHARED.iter().map(|(name, text)| ((*name).to_owned(), *text));
    shared.chain(DIALECTS.iter().map(|dialect| (dialect_file(dialect.name), dialect.macros))).collect()
}

/// The templates of one dialect, read.
pub(super) struct Templates {
    /// The dialect's name.
    pub(super) dialect: &'static str,
    /// Renders them.
    pub(super) environment: Environment<'static>,
    /// How the dialect spells names and texts.
    pub(super) spelling: Arc<Spelling>,
}

/// The templates of the dialects that were asked for: reading them takes longer than rendering them.
static READ: LazyLock<BTreeMap<&'static str, OnceLock<Templates>>> =
    LazyLock::new(|| DIALECTS.iter().map(|dialect| (dialect.name, OnceLock::new())).collect());

/// Returns the embedded templates of the dialect.
pub(super) fn embedded(dialect: &Dialect) -> &'static Templates {
    let read = || Templates::read(dialect, &texts()).expect("the embedded templates are sound, as tests show");
    READ[dialect.name].get_or_init(read)
}

impl Templates {
    /// Returns the same templates as long as the program lives, where they are the embedded ones.
    fn as_embedded(&self) -> Option<&'static Self> {
        READ.get(self.dialect)?.get().filter(|known| std::ptr::eq(*known, self))
    }

    /// Reads `texts`, each a template's name and text, for `dialect`.
    pub(super) fn read(dialect: &Dialect, texts: &[(String, impl AsRef<str>)]) -> Result<Self, Error> {
        let mut environment = bare_environment(texts)?;
        environment.add_filter("word", |word: &str| quoting::word(word).ok_or_else(|| refuse(&word.into())));
        environment.add_filter("comment", quoting::comment);
        let [nothing, comma] = ["", ","].map(|text| Value::from(Sql::composed(text.to_owned())));
        environment.add_function("comma", move |last: bool| if last { nothing.clone() } else { comma.clone() });
        environment.add_function("refuse", |reason: &str| -> Result<Value, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, "refused").with_source(Refusal(reason.to_owned())))
        });
        let spelling = Arc::new(read_spelling(&environment, dialect.name)?);
        let [names, tables, words] = [(); 3].map(|()| Arc::clone(&spelling));
        environment.add_filter("ident", move |name: &str| names.ident(name).map_err(refusal));
        environment.add_filter("table", move |name: &str| tables.table(name).map_err(refusal));
        environment.add_filter("literal", move |text: &str| words.literal(text).map_err(refusal));
        Ok(Self { dialect: dialect.name, environment, spelling })
    }
}

/// The macros of one dialect and the query around them, evaluated once and called from then on.
struct Evaluated<'env> {
    state: Captured<'env>,
    macros: Value,
}

impl<'env> Evaluated<'env> {
    fn of(templates: &'env Templates) -> Result<Self, Error> {
        let head = context! { dialect => dialect_file(templates.dialect) };
        let state = templates.environment.get_template("query.sql.j2")?.render_captured(head)?;
        let macros = state.state().lookup("sql").unwrap_or_default();
        Ok(Self { state, macros })
    }

    fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Sql, Error> {
        let called = self.macros.get_attr(name)?;
        let written = self.state.with_state_mut(|state| called.call(state, arguments))?;
        Ok(Sql::composed(written.into()))
    }

    fn query(&mut self, parts: &[Value; 3]) -> Result<String, Error> {
        self.state.with_state_mut(|state| state.call_macro("query", parts))
    }
}

/// What was evaluated of the embedded templates and is not in use: evaluating takes longer than writing a query.
static IDLE: Mutex<BTreeMap<&'static str, Vec<Evaluated<'static>>>> = Mutex::new(BTreeMap::new());

/// Macros of the embedded templates, on loan: they go back when the loan ends.
struct Lent {
    dialect: &'static str,
    evaluated: Option<Evaluated<'static>>,
    /// Whether a macro has failed, which may have left the evaluation half way.
    has_failed: bool,
}

impl Lent {
    fn of(templates: &'static Templates) -> Result<Self, Error> {
        let dialect = templates.dialect;
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).get_mut(dialect).and_then(Vec::pop);
        let evaluated = Some(idle.map_or_else(|| Evaluated::of(templates), Ok)?);
        Ok(Self { dialect, evaluated, has_failed: false })
    }

    fn use_for<T>(&mut self, work: impl FnOnce(&mut Evaluated<'static>) -> Result<T, Error>) -> Result<T, Error> {
        let gone = || Error::new(ErrorKind::InvalidOperation, "the macros were given back");
        let done = self.evaluated.as_mut().ok_or_else(gone).and_then(work);
        self.has_failed |= done.is_err();
        done
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let whole = self.evaluated.take().filter(|_| !self.has_failed && !std::thread::panicking());
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.entry(self.dialect).or_default().extend(whole);
    }
}

/// Writes pieces of SQL and whole queries with the templates of one dialect.
pub(super) struct Macros<'env>(Holder<'env>);

enum Holder<'env> {
    Own(Evaluated<'env>),
    Lent(Lent),
}

impl<'env> Macros<'env> {
    /// Returns the macros of a dialect; those of the embedded templates are evaluated once and shared.
    pub(super) fn of(templates: &'env Templates) -> Result<Self, Error> {
        Ok(Self(match templates.as_embedded() {
            Some(embedded) => Holder::Lent(Lent::of(embedded)?),
            None => Holder::Own(Evaluated::of(templates)?),
        }))
    }

    /// Calls the macro `name`.
    pub(super) fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Sql, Error> {
        match &mut self.0 {
            Holder::Own(own) => own.call(name, arguments),
            Holder::Lent(lent) => lent.use_for(|evaluated| evaluated.call(name, arguments)),
        }
    }

    /// Writes a whole query: its header, its steps and what it returns.
    pub(super) fn query(&mut self, parts: &[Value; 3]) -> Result<String, Error> {
        match &mut self.0 {
            Holder::Own(own) => own.query(parts),
            Holder::Lent(lent) => lent.use_for(|evaluated| evaluated.query(parts)),
        }
    }
}

/// Returns the file of the dialect `name` among the templates.
pub(super) fn dialect_file(name: &str) -> String {
    format!("dialects/{name}.sql.j2")
}

fn read_spelling(environment: &Environment<'_>, name: &str) -> Result<Spelling, Error> {
    let dialect = environment.get_template(&dialect_file(name))?.render_captured(())?;
    let said = |name: &str| dialect.state().lookup(name).unwrap_or_default();
    let words = said("reserved").try_iter()?;
    let reserved: Result<_, Error> =
        words.map(|word| word.as_str().map(str::to_owned).ok_or_else(|| refuse(&word))).collect();
    let (quote, backslash) = (said("quote"), said("backslash"));
    Ok(Spelling {
        reserved: reserved?,
        quote: quote.as_str().and_then(|text| text.chars().next()).ok_or_else(|| refuse(&quote))?,
        backslash: backslash.as_str().and_then(Backslash::find).ok_or_else(|| refuse(&backslash))?,
        capitals: said("capitals").is_true(),
        national: said("national").is_true(),
        flat: said("flat").is_true(),
    })
}

// Starts from nothing: the stock filters include `safe`, which would open the guard.
fn bare_environment(texts: &[(String, impl AsRef<str>)]) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::empty();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Custom("sql".into()));
    environment.set_formatter(write_quoted);
    for (name, text) in texts {
        environment.add_template_owned(name.clone(), text.as_ref().to_owned())?;
    }
    Ok(environment)
}

/// Writes quoted text and numbers, and refuses everything else.
fn write_quoted(output: &mut Output, _state: &mut State, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => output.write_str(text).map_err(Error::from),
        _ if value.is_number() => write!(output, "{value}").map_err(Error::from),
        _ => Err(refuse(value)),
    }
}

fn refuse(value: &Value) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("a template writes a {} that no filter has quoted", value.kind()))
}

/// What a dialect says of something that it cannot say exactly.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refusal(String);

/// Returns the reason if a macro of the dialect has refused.
pub(super) fn refusal_of(error: &Error) -> Option<&str> {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(Refusal(reason)) = error.downcast_ref() {
            return Some(reason);
        }
        source = error.source();
    }
    None
}

fn refusal(error: quoting::ZeroCharacter) -> Error {
    Error::new(ErrorKind::InvalidOperation, error.to_string())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn rendered(template: &str) -> Result<String, Error> {
        embedded(&DIALECTS[0]).environment.render_str(template, context! { name => "a b; --" })
    }

    #[test]
    fn a_raw_string_is_refused() {
        assert!(rendered("select {{ name }}").is_err());
        assert!(rendered("select {{ 'x' ~ name }}").is_err());
        assert!(rendered("select {{ name | safe }}").is_err());
        assert!(rendered("select {{ [name] }}").is_err());
    }

    #[test]
    fn quoted_strings_and_numbers_are_written() {
        let sql = rendered("select {{ name | ident }}, {{ name | literal }}, {{ 1 }}").expect("all is quoted");
        assert_eq!(sql, "select \"a b; --\", 'a b; --', 1");
    }

    #[test]
    fn an_undefined_variable_is_refused() {
        assert!(rendered("{{ nothing | ident }}").is_err());
    }

    #[test]
    fn a_dialect_refuses_with_its_reason_however_deep_it_is_asked() {
        let template = "{% macro inner() %}{{ refuse('no such thing here') }}{% endmacro %}select {{ inner() }}";
        let error = rendered(template).expect_err("refused");
        assert_eq!(refusal_of(&error), Some("no such thing here"));
        assert_eq!(refusal_of(&rendered("{{ name }}").expect_err("unquoted")), None);
    }

    #[test]
    fn every_sql_template_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        for folder in ["", "steps", "results", "dialects"] {
            for entry in std::fs::read_dir(root.join(folder)).expect("the folder exists") {
                let file = entry.expect("readable").file_name().into_string().expect("an ASCII name");
                let name = if folder.is_empty() { file } else { format!("{folder}/{file}") };
                let embedded = texts().iter().any(|(embedded, _)| *embedded == name);
                assert!(embedded || !name.ends_with(".sql.j2"), "`{name}` is not embedded");
            }
        }
    }
}
