//! Whether a template is a plain one: calls and conditions, and nothing that makes much out of little.
//!
//! Loops, macros and captured texts can fill the memory in a few steps, and so can operators on texts. Knows where tags begin and
//! end, and no expression.

/// What stands in a tag beside `if`.
const CONDITIONS: [&str; 4] = ["if", "elif", "else", "endif"];
/// What makes longer texts, and what would hide where a tag ends.
const SIGNS: [char; 4] = ['~', '+', '*', '{'];

/// What a plain template does not have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Odd {
    /// The line, from 1.
    pub(super) line: usize,
    /// The fact.
    pub(super) what: String,
}

/// Checks that a template is plain.
///
/// # Errors
/// The first thing that it should not have.
pub(super) fn check(text: &str) -> Result<(), Odd> {
    let mut place = 0;
    while let Some(begin) = text[place..].find('{').map(|found| place + found) {
        let inside = begin + 2;
        place = match text.as_bytes().get(begin + 1) {
            Some(b'{') => tag(text, inside, "}}")?,
            Some(b'%') => {
                statement(text, inside)?;
                tag(text, inside, "%}")?
            }
            Some(b'#') => text[inside..].find("#}").map_or(text.len(), |end| inside + end + 2),
            _ => begin + 1,
        };
    }
    Ok(())
}

fn odd(text: &str, place: usize, what: String) -> Odd {
    Odd { line: 1 + text[..place].matches('\n').count(), what }
}

/// Checks the word of a statement.
fn statement(text: &str, inside: usize) -> Result<(), Odd> {
    let rest = text[inside..].trim_start_matches(['-', '+']).trim_start();
    let word: &str = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    match CONDITIONS.contains(&word) {
        true => Ok(()),
        false => Err(odd(text, inside, format!("a model has no `{word}`, only `if`"))),
    }
}

/// Checks the signs of a tag outside of texts; returns where it ends.
fn tag(text: &str, inside: usize, end: &str) -> Result<usize, Odd> {
    let mut quote = None;
    let mut characters = text[inside..].char_indices();
    // A sign right after the brace is about blanks.
    let marks = text[inside..].starts_with(['-', '+']);
    if marks {
        characters.next();
    }
    while let Some((at, sign)) = characters.next() {
        let place = inside + at;
        match quote {
            Some(_) if sign == '\\' => drop(characters.next()),
            Some(open) if sign == open => quote = None,
            Some(_) => {}
            None if matches!(sign, '"' | '\'') => quote = Some(sign),
            None if text[place..].starts_with(end) => return Ok(place + end.len()),
            None if text[place..].starts_with('+') && text[place + 1..].starts_with(end) => {}
            None if SIGNS.contains(&sign) => {
                return Err(odd(text, place, format!("a model has no `{sign}` in its calls and conditions")));
            }
            None => {}
        }
    }
    Ok(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_conditions_comments_and_texts_of_all_kinds_are_plain() {
        let text = "{{ config(a=\"{% for %}\\\" * \", b=['~']) }} select * + {{- this -}} {#{% for %}#} \
                    {%- if is_incremental() and a.b() >= '}}' -%} {{ '{' }}% {% else %}{ x }{% endif +%} {%+ if x %}{% endif %} {";
        assert_eq!(check(text), Ok(()));
    }

    #[test]
    fn what_is_left_open_ends_with_the_text() {
        for text in ["{{", "{%if", "{#", "{", "{{ 'a", "{{ \"\\", "{%- if x -"] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_sign_after_a_text_or_a_tag_is_found_at_its_line() {
        let at = |text: &str| check(text).expect_err(text).line;
        assert_eq!(at("{{ '}}'\n * 2 }}"), 2);
        assert_eq!(at("{{ a }}\n\n{% if a ~ b %}"), 3);
        assert_eq!(at("{{ {'a': {}} }}"), 1);
        assert_eq!(at("{% raw %}{% endraw %}"), 1);
    }
}
