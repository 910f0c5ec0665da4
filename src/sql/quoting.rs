//! The only ways by which a foreign text gets into SQL: as an identifier, as a literal, or inside a comment.
//!
//! Knows no template and no plan; how a dialect spells is given.

use std::fmt;

use hashbrown::HashSet;
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

impl Sql {
    /// Calls `function` with this as its only argument, which needs no parentheses of its own then.
    pub(super) fn within(&self, function: &str) -> Self {
        let text = self.as_str();
        if is_enclosed(text) { Self(format!("{function}{text}")) } else { Self(format!("{function}({text})")) }
    }
}

/// Tells whether the first character is a parenthesis that the last one closes. Texts with parentheses of their own may
/// hide that, which costs a pair of parentheses and nothing else.
fn is_enclosed(text: &str) -> bool {
    let Some(inside) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) else { return false };
    let mut depth = 0_usize;
    for character in inside.chars() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
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

/// What a backslash means inside quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backslash {
    /// Itself.
    Plain,
    /// It escapes in texts, not in quoted identifiers.
    InTexts,
    /// It escapes wherever something is quoted.
    Everywhere,
}

impl Backslash {
    /// Returns the meaning that a dialect's file calls `name`.
    pub(super) fn find(name: &str) -> Option<Self> {
        match name {
            "plain" => Some(Self::Plain),
            "in texts" => Some(Self::InTexts),
            "everywhere" => Some(Self::Everywhere),
            _ => None,
        }
    }
}

/// How a dialect spells names and texts.
#[derive(Debug, Clone)]
pub(super) struct Spelling {
    /// The words that it cannot read as bare identifiers, in lower case.
    pub(super) reserved: HashSet<String>,
    /// What stands before and after a quoted identifier.
    pub(super) quote: char,
    /// What a backslash means.
    pub(super) backslash: Backslash,
    /// Whether a bare name means one in capitals.
    pub(super) capitals: bool,
    /// Whether a text of more than ASCII needs an `N` before it, to be more.
    pub(super) national: bool,
    /// Whether a query with steps cannot stand inside of a step.
    pub(super) flat: bool,
}

impl Spelling {
    /// Writes `name` as an identifier: bare where it is plain and not reserved, else quoted.
    pub(super) fn ident(&self, name: &str) -> Result<Sql, ZeroCharacter> {
        refuse_zero(name)?;
        let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if plain && !self.reserved.contains(name) {
            return Ok(Sql(name.to_owned()));
        }
        let (open, close) = (self.quote, if self.quote == '[' { ']' } else { self.quote });
        let meant = if plain && self.capitals { name.to_ascii_uppercase() } else { name.to_owned() };
        let name = meant.as_str();
        let inside = match self.backslash {
            Backslash::Everywhere => escaped(name, close),
            Backslash::Plain | Backslash::InTexts => name.replace(close, &format!("{close}{close}")),
        };
        Ok(Sql(format!("{open}{inside}{close}")))
    }

    /// Writes the name of a table; dots separate catalog, schema and table.
    pub(super) fn table(&self, name: &str) -> Result<Sql, ZeroCharacter> {
        let parts = name.split('.').map(|part| self.ident(part)).collect::<Result<Vec<Sql>, _>>()?;
        let parts: Vec<&str> = parts.iter().map(Sql::as_str).collect();
        Ok(Sql(parts.join(".")))
    }

    /// Writes `text` as a string literal.
    pub(super) fn literal(&self, text: &str) -> Result<Sql, ZeroCharacter> {
        refuse_zero(text)?;
        let inside = match self.backslash {
            Backslash::Plain => text.replace('\'', "''"),
            // Two quotes in a row are two texts in a row to some of these.
            Backslash::InTexts | Backslash::Everywhere => escaped(text, '\''),
        };
        let mark = if self.national && !text.is_ascii() { "N" } else { "" };
        Ok(Sql(format!("{mark}'{inside}'")))
    }
}

/// Returns `text` with a backslash before every backslash and quote, and without line ends, which not every dialect
/// with backslashes takes inside quotes.
fn escaped(text: &str, quote: char) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            _ if character == '\\' || character == quote => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
        escaped
    })
}

/// Vouches for `word`, a keyword or the name of a function, where it has small letters only.
pub(super) fn word(word: &str) -> Option<Sql> {
    let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    plain.then(|| Sql(word.to_owned()))
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

    fn spelling(quote: char, backslash: Backslash) -> Spelling {
        Spelling {
            reserved: HashSet::from_iter(["order".to_owned()]),
            quote,
            backslash,
            capitals: false,
            national: false,
            flat: false,
        }
    }

    fn quoted(name: &str) -> String {
        spelling('"', Backslash::Plain).ident(name).expect("no zero character").to_string()
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
        let literal = |backslash| spelling('"', backslash).literal(r"it's '' \").map(|sql| sql.to_string());
        assert_eq!(literal(Backslash::Plain), Ok(r"'it''s '''' \'".to_owned()));
        assert_eq!(literal(Backslash::InTexts), Ok(r"'it\'s \'\' \\'".to_owned()));
    }

    #[test]
    fn a_line_end_is_escaped_where_backslashes_escape() {
        let literal = |backslash| spelling('`', backslash).literal("a\r\nb").map(|sql| sql.to_string());
        assert_eq!(literal(Backslash::Everywhere), Ok(r"'a\r\nb'".to_owned()));
        assert_eq!(literal(Backslash::Plain), Ok("'a\r\nb'".to_owned()));
    }

    #[test]
    fn a_quote_in_a_name_is_doubled_or_escaped() {
        let ident = |backslash| spelling('`', backslash).ident(r"a`\").map(|sql| sql.to_string());
        assert_eq!(ident(Backslash::InTexts), Ok(r"`a``\`".to_owned()));
        assert_eq!(ident(Backslash::Everywhere), Ok(r"`a\`\\`".to_owned()));
    }

    #[test]
    fn an_argument_is_not_put_in_parentheses_twice() {
        let within = |text: &str| Sql::composed(text.to_owned()).within("sum").to_string();
        assert_eq!(within("(a - b)"), "sum(a - b)");
        assert_eq!(within("(a) - (b)"), "sum((a) - (b))");
        assert_eq!(within("f(a)"), "sum(f(a))");
    }

    #[test]
    fn brackets_close_what_they_open() {
        let spelling = spelling('[', Backslash::Plain);
        assert_eq!(spelling.ident("order").map(|sql| sql.to_string()), Ok("[order]".to_owned()));
        assert_eq!(spelling.ident("a]; [b").map(|sql| sql.to_string()), Ok("[a]]; [b]".to_owned()));
    }

    #[test]
    fn a_text_of_more_than_ascii_is_marked_where_it_must_be() {
        let spelling = Spelling { national: true, ..spelling('[', Backslash::Plain) };
        let literal = |text| spelling.literal(text).map(|sql| sql.to_string());
        assert_eq!(literal("it's"), Ok("'it''s'".to_owned()));
        assert_eq!(literal("Größe"), Ok("N'Größe'".to_owned()));
    }

    #[test]
    fn a_reserved_name_is_quoted_in_capitals_where_bare_names_mean_those() {
        let spelling = Spelling { capitals: true, ..spelling('"', Backslash::InTexts) };
        let ident = |name| spelling.ident(name).map(|sql| sql.to_string());
        assert_eq!(ident("channel"), Ok("channel".to_owned()));
        assert_eq!(ident("order"), Ok("\"ORDER\"".to_owned()));
        assert_eq!(ident("Order"), Ok("\"Order\"".to_owned()));
    }

    #[test]
    fn a_word_has_small_letters_only() {
        assert_eq!(word("count").map(|sql| sql.to_string()), Some("count".to_owned()));
        assert_eq!([word(""), word("a b"), word("a;"), word("A")], [None, None, None, None]);
    }

    #[test]
    fn a_zero_character_is_refused() {
        let spelling = spelling('"', Backslash::Plain);
        assert_eq!(spelling.literal("a\0b"), Err(ZeroCharacter));
        assert_eq!(spelling.ident("a\0b"), Err(ZeroCharacter));
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
