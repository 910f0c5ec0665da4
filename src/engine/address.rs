//! Where an engine that is a server is reached, as a variable of the environment says.
//!
//! Keeps what is secret in it out of every text. Knows no engine.

use std::env;
use std::fmt;

use crate::engine::EngineError;

/// What stands in the place of a secret.
const HIDDEN: &str = "***";

/// Parts of the names of parameters whose values are secret.
const SECRET: [&str; 7] = ["pass", "pwd", "secret", "token", "key", "credential", "auth"];

/// The address of an engine. Its text never leaves this crate but on the way to the engine.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    variable: String,
    text: Option<String>,
    schema: Option<String>,
}

/// Shows the name of the variable alone.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").field("variable", &self.variable).finish_non_exhaustive()
    }
}

impl Address {
    /// Returns the usual address of the engine `name`: what `ETALON_POSTGRES` says for `postgres`.
    pub fn of_engine(name: &str) -> Self {
        Self::in_variable(&format!("ETALON_{}", name.to_ascii_uppercase()))
    }

    /// Returns the address in the variable; an empty one counts as absent.
    pub fn in_variable(variable: &str) -> Self {
        let text = env::var(variable).ok().filter(|text| !text.trim().is_empty());
        Self { variable: variable.to_owned(), text, schema: None }
    }

    /// Returns an address that no variable says.
    #[cfg(test)]
    pub(super) fn of_text(text: &str) -> Self {
        Self { variable: "X".to_owned(), text: Some(text.to_owned()), schema: None }
    }

    /// Returns the address with the schema whose tables are meant where a name has none.
    #[must_use]
    pub fn in_schema(self, schema: Option<String>) -> Self {
        Self { schema, ..self }
    }

    /// Returns the name of the variable.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// Tells whether the variable says anything.
    pub fn is_set(&self) -> bool {
        self.text.is_some()
    }

    /// Returns the schema whose tables are meant where a name has none.
    pub(super) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// Returns the address as it is written. It may hold secrets.
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// Returns the address as it is written, which `form` shows.
    pub(super) fn said(&self, engine: &'static str, form: &str) -> Result<&str, EngineError> {
        let variable = &self.variable;
        self.text().ok_or_else(|| EngineError::Unavailable {
            what: format!("`{variable}` is not set, so {engine} is not reached"),
            remedy: format!("Set `{variable}` to its address: `{form}`."),
        })
    }

    /// Returns the address if it is a URI of one of `schemes` whose parts cannot be taken for one another; `form`
    /// shows how one looks.
    pub(super) fn uri(&self, engine: &'static str, schemes: &[&str], form: &str) -> Result<&str, EngineError> {
        let variable = &self.variable;
        let text = self.said(engine, form)?;
        let refused = |what: &str, remedy: String| {
            Err(EngineError::Down { engine, what: format!("the address in `{variable}` {what}"), remedy })
        };
        let Some((_, rest)) = text.split_once("://").filter(|(scheme, _)| schemes.contains(scheme)) else {
            return refused("has another form", format!("Write `{form}`."));
        };
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        // A driver would complain with a part of the password in its mouth.
        if authority.matches('@').count() != rest.matches('@').count() || authority.matches('@').count() > 1 {
            let remedy = "In user and password, write `@` as `%40`, `/` as `%2F`, `?` as `%3F` and `%` as `%25`.";
            return refused("has an `@`, `/` or `?` where none can stand", remedy.to_owned());
        }
        Ok(text)
    }

    /// Returns `message` without what is secret in the address.
    pub(super) fn scrubbed(&self, message: &str) -> String {
        let mut secrets = self.text().map(secrets).unwrap_or_default();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(message.to_owned(), |message, secret| message.replace(secret, HIDDEN))
    }
}

/// Returns the texts that must not be shown: the whole, the password, secret parameters; as written and as meant.
fn secrets(text: &str) -> Vec<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let password = rest.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, password)| password);
    let parameters = text.split(['?', '&', ';', ' ', '\n']).filter_map(|parameter| parameter.split_once('='));
    let named = parameters.filter(|(name, _)| {
        let name = name.to_ascii_lowercase();
        SECRET.iter().any(|part| name.contains(part))
    });
    let written: Vec<&str> = [text, rest].into_iter().chain(password).chain(named.map(|(_, value)| value)).collect();
    let meant = written.iter().map(|secret| decoded(secret));
    meant.chain(written.iter().map(|secret| (*secret).to_owned())).filter(|secret| !secret.is_empty()).collect()
}

/// Returns `text` with its percent signs resolved.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => {
                std::str::from_utf8(&[*high, *low]).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
            }
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "postgresql://user:password@host:5432/database";

    fn accepted(text: &str) -> Result<(), EngineError> {
        Address::of_text(text).uri("postgres", &["postgresql", "postgres"], FORM).map(|_| ())
    }

    #[test]
    fn a_secret_is_hidden_as_it_is_written_and_as_it_is_meant() {
        let address =
            Address::of_text("postgresql://ann:s3%2Fcr%40t@db.example:5432/sales?sslpassword=h%20b&sslmode=require");
        for message in ["got s3%2Fcr%40t", "got s3/cr@t", "got h%20b", "got h b"] {
            assert_eq!(address.scrubbed(message), "got ***");
        }
        let whole = "no server at postgresql://ann:s3%2Fcr%40t@db.example:5432/sales?sslpassword=h%20b&sslmode=require";
        assert_eq!(address.scrubbed(whole), "no server at ***");
        assert_eq!(address.scrubbed("user \"ann\" at db.example"), "user \"ann\" at db.example");
    }

    #[test]
    fn secrets_of_other_forms_are_hidden_too() {
        assert_eq!(Address::of_text("sc://host:15002/;token=abc;user_id=x").scrubbed("abc x"), "*** x");
        assert_eq!(Address::of_text("Driver=m;Server=s;Pwd=abc;Database=d").scrubbed("s abc d"), "s *** d");
        assert_eq!(Address::of_text("ann:abc@account/database").scrubbed("ann abc"), "ann ***");
        assert_eq!(Address::of_text("postgresql:///sales").scrubbed("nothing is secret"), "nothing is secret");
    }

    #[test]
    fn nothing_but_the_variable_is_shown_for_debugging() {
        assert_eq!(format!("{:?}", Address::of_text("postgresql://ann:abc@h/d")), "Address { variable: \"X\", .. }");
    }

    #[test]
    fn an_address_that_a_driver_would_take_apart_wrongly_is_refused_without_showing_it() {
        for text in ["postgresql://ann:s3cr@t@h/d", "postgres://ann:s3/cret@h/d", "postgres://ann:s3?cret@h/d"] {
            let Err(EngineError::Down { what, remedy, .. }) = accepted(text) else { panic!("accepted {text}") };
            assert!(what.contains("`X`") && remedy.contains("%40"), "{what} {remedy}");
            assert!(!what.contains("s3") && !remedy.contains("s3"), "{what} {remedy}");
        }
        for text in ["mysql://ann@h/d", "host=h password=abc", "ann:abc@h/d"] {
            assert!(matches!(accepted(text), Err(EngineError::Down { .. })), "{text}");
        }
        for text in ["postgres://ann:a%40b@h:1,i:2/d?sslmode=require", "postgresql:///d", "postgresql://[::1]:5432"] {
            assert_eq!(accepted(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_address_that_is_not_set_is_unavailable_with_a_remedy() {
        let absent = Address::in_variable("ETALON_NO_SUCH_VARIABLE");
        let Err(EngineError::Unavailable { what, remedy }) = absent.uri("postgres", &[], FORM) else {
            panic!("an address came from nowhere");
        };
        assert!(what.contains("ETALON_NO_SUCH_VARIABLE") && remedy.contains(FORM), "{what} {remedy}");
        assert!(!absent.is_set());
    }

    #[test]
    fn percent_signs_that_code_nothing_stay() {
        assert_eq!(decoded("a%2Fb%zz%4"), "a/b%zz%4");
        assert_eq!(decoded("%C3%9F"), "ß");
    }
}
