//! The only ways by which a foreign text gets into SQL: as an identifier, as a literal, or inside a comment.
//!
//! Knows no template and no plan; the words a dialect reserves are given.

use std::collections::BTreeSet;
use std::fmt;

use minijinja::Value;

/// A piece of SQL text whose every foreign part has been quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sql(String);

impl Sql {
    /// Vouches for a text composed of SQL keywords and already quoted pieces.
    pub(super) fn composed(text: String) -> Self {
        Self(text)
    }

    /// Returns the text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Sql> for Value {
    fn from(sql: Sql) -> Value {
        Value::from_safe_string(sql.0)
    }
}

/// A text that no SQL can carry: engines end a statement at a zero character.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a name or text with a zero character cannot be written in SQL")]
pub(super) struct ZeroCharacter;

/// Writes `name` as an identifier: bare where it is plain and not one of the `reserved` words, else quoted.
pub(super) fn ident(name: &str, reserved: &BTreeSet<String>) -> Result<Sql, ZeroCharacter> {
    refuse_zero(name)?;
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain && !reserved.contains(name) {
        return Ok(Sql(name.to_owned()));
    }
    Ok(Sql(format!("\"{}\"", name.replace('"', "\"\""))))
}

/// Writes the name of a table; dots separate catalog, schema and table.
pub(super) fn table(name: &str, reserved: &BTreeSet<String>) -> Result<Sql, ZeroCharacter> {
    let parts = name.split('.').map(|part| ident(part, reserved)).collect::<Result<Vec<Sql>, _>>()?;
    let parts: Vec<&str> = parts.iter().map(Sql::as_str).collect();
    Ok(Sql(parts.join(".")))
}

/// Writes `text` as a string literal.
pub(super) fn literal(text: &str) -> Result<Sql, ZeroCharacter> {
    refuse_zero(text)?;
    Ok(Sql(format!("'{}'", text.replace('\'', "''"))))
}

/// Makes `text` harmless inside a comment of either form: one line, no comment markers, no hidden characters.
pub(super) fn comment(text: &str) -> Sql {
    let visible: String = text.chars().map(|c| if breaks_or_hides(c) { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    // A space after every star and slash keeps `*/` and `/*` apart, also where they overlap as in `*/*`.
    Sql(line.replace("*/", "* /").replace("/*", "/ *"))
}

fn refuse_zero(text: &str) -> Result<(), ZeroCharacter> {
    if text.contains('\0') { Err(ZeroCharacter) } else { Ok(()) }
}

fn breaks_or_hides(c: char) -> bool {
    let separates_lines = matches!(c, '\u{2028}' | '\u{2029}');
    let turns_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || separates_lines || turns_direction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(name: &str) -> String {
        ident(name, &BTreeSet::from(["order".to_owned()])).expect("no zero character").to_string()
    }

    #[test]
    fn plain_names_stay_bare_and_all_others_are_quoted() {
        assert_eq!(quoted("contact_id2"), "contact_id2");
        assert_eq!(quoted("order"), "\"order\"");
        assert_eq!(quoted("Contact"), "\"Contact\"");
        assert_eq!(quoted("2nd"), "\"2nd\"");
        assert_eq!(quoted(""), "\"\"");
        assert_eq!(quoted("a\"; drop table b; --"), "\"a\"\"; drop table b; --\"");
    }

    #[test]
    fn literals_double_their_quotes() {
        assert_eq!(literal("it's '' \\").map(|sql| sql.to_string()), Ok("'it''s '''' \\'".to_owned()));
    }

    #[test]
    fn a_zero_character_is_refused() {
        assert_eq!(literal("a\0b"), Err(ZeroCharacter));
        assert_eq!(ident("a\0b", &BTreeSet::new()), Err(ZeroCharacter));
    }

    #[test]
    fn a_comment_stays_on_its_line_and_closes_nothing() {
        assert_eq!(comment("a\nb\r\n\u{2028}c\u{85}d").as_str(), "a b c d");
        assert_eq!(comment("\u{202e}x */ drop /* y").as_str(), "x * / drop / * y");
        for tangled in ["*/*", "/*/", "**//", "*/*/*/"] {
            let harmless = comment(tangled).to_string();
            assert!(!harmless.contains("*/") && !harmless.contains("/*"), "{harmless}");
        }
    }
}
