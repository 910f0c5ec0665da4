//! Passwords that somebody has written into a file: what is shown of the file has none.
//!
//! Knows addresses by their form alone.

use std::borrow::Cow;

/// Returns `text` with each byte of the passwords in addresses such as `scheme://user:password@host` replaced by a star.
pub fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://").map(|mark| mark + 3) {
        let (before, after) = rest.split_at(start);
        shown.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`')).unwrap_or(after.len());
        let (address, after) = after.split_at(end);
        match address.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?, host))) {
            Some(((user, password), host)) => {
                shown.push_str(&format!("{user}:{}@{host}", "*".repeat(password.len())));
            }
            None => shown.push_str(address),
        }
        rest = after;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_becomes_as_many_stars_as_it_has_bytes() {
        assert_eq!(masked("a: postgresql://ann:s3ß/@h:1/d, b"), "a: postgresql://ann:*****@h:1/d, b");
        assert_eq!(masked("'x://u:p@w@h' 'y://v:q@i'"), "'x://u:***@h' 'y://v:*@i'");
    }

    #[test]
    fn what_is_no_password_stays() {
        for text in ["https://example.org/a:b?c=d", "x://ann@h/d", "12:30 @ noon", "://", ""] {
            assert_eq!(masked(text), text);
        }
    }
}
