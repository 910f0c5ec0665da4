//! Names and texts inside the few statements that engines write themselves.
//!
//! Both engines quote alike. Knows no dialect beyond them.

/// Returns `name` as one quoted identifier; a dot stays part of the name.
pub(super) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns `text` as a string literal.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_inside_are_doubled() {
        assert_eq!(super::name("a.\"b"), "\"a.\"\"b\"");
        assert_eq!(super::text("it's"), "'it''s'");
    }
}
