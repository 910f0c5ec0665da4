//! Texts inside XML.

/// Writes a text between tags.
pub(super) fn text(text: &str) -> String {
    escaped(text, |character| match character {
        '\n' | '\t' => Some(character.to_string()),
        _ => None,
    })
}

/// Writes a text between double quotes; a parser would turn its line ends into blanks.
pub(super) fn attribute(text: &str) -> String {
    escaped(text, |character| match character {
        '\n' | '\t' => Some(format!("&#{};", u32::from(character))),
        '"' => Some("&quot;".to_owned()),
        _ => None,
    })
}

fn escaped(text: &str, own: impl Fn(char) -> Option<String>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            _ if own(character).is_some() => escaped.extend(own(character)),
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // Not even an escaped one may stand in a document.
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_the_format_are_escaped() {
        assert_eq!(text("a < b && c ]]> \"d\""), "a &lt; b &amp;&amp; c ]]&gt; \"d\"");
        assert_eq!(attribute("\"a\" <b>\n"), "&quot;a&quot; &lt;b&gt;&#10;");
    }

    #[test]
    fn characters_that_no_document_may_hold_are_replaced() {
        assert_eq!(text("a\u{0}\u{1b}\u{fffe}\r\u{e9}\n"), "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{e9}\n");
    }
}
