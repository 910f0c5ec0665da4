//! Changes of row expressions, made on their text: each operator flipped, each part dropped or negated, each edge moved.

use std::ops::Range;

use crate::value::Duration;

/// A word, sign or literal of an expression.
#[derive(Debug, Clone)]
struct Token {
    text: String,
    range: Range<usize>,
    /// How many parentheses are open around it.
    depth: usize,
}

impl Token {
    fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }
}

/// Returns every changed text of `expression`.
pub(super) fn changes(expression: &str) -> Vec<String> {
    let tokens = tokens(expression);
    let mut changes = parts(expression, &tokens);
    changes.extend(signs(expression, &tokens));
    changes.extend(literals(expression, &tokens));
    changes.extend(members(expression, &tokens));
    changes.extend(branches(expression, &tokens));
    changes.extend(arguments(expression, &tokens));
    changes
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (0, 0);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = match first {
            _ if first.is_whitespace() => {
                at += first.len_utf8();
                continue;
            }
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            '<' | '>' if rest[1..].starts_with(['=', '>']) => 2,
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => 1,
        };
        if first == ')' {
            depth -= 1;
        }
        tokens.push(Token { text: rest[..length].to_owned(), range: at..at + length, depth });
        if first == '(' {
            depth += 1;
        }
        at += length;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.' || c == ':'
}

fn span(tokens: &[Token]) -> Range<usize> {
    tokens.first().map_or(0, |token| token.range.start)..tokens.last().map_or(0, |token| token.range.end)
}

fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..range.start], &text[range.end..])
}

/// Splits at `word` outside of inner parentheses; the `and` of a `between` does not split.
fn split<'a>(tokens: &'a [Token], word: &str) -> Vec<&'a [Token]> {
    let depth = tokens.iter().map(|token| token.depth).min().unwrap_or(0);
    let (mut parts, mut start, mut is_between) = (Vec::new(), 0, false);
    for (place, token) in tokens.iter().enumerate().filter(|(_, token)| token.depth == depth) {
        is_between |= token.is("between");
        if !token.is(word) {
            continue;
        }
        if word == "and" && std::mem::take(&mut is_between) {
            continue;
        }
        parts.push(&tokens[start..place]);
        start = place + 1;
    }
    parts.push(&tokens[start..]);
    parts
}

/// Negates every part of a conjunction or disjunction, and drops it where others remain.
fn parts(text: &str, tokens: &[Token]) -> Vec<String> {
    let whole = span(tokens);
    let mut changes = vec![replaced(text, whole.clone(), &format!("(not ({}))", &text[whole]))];
    for word in ["or", "and"] {
        let parts = split(tokens, word);
        if parts.len() < 2 {
            continue;
        }
        for (place, part) in parts.iter().enumerate() {
            // The operator goes with the part: the one before it, for the first the one after.
            let dropped = match place {
                0 => span(part).start..span(parts[1]).start,
                _ => span(parts[place - 1]).end..span(part).end,
            };
            changes.push(replaced(text, dropped, ""));
            changes.extend(self::parts(text, part));
        }
        return changes;
    }
    if let [first, .., last] = tokens
        && first.is("(")
        && last.is(")")
        && first.depth == last.depth
    {
        changes.extend(parts(text, &tokens[1..tokens.len() - 1]));
    }
    changes
}

/// Flips every operator: at its edge, to its opposite.
fn signs(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut changes = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let others: &[&str] = match token.text.as_str() {
            "<" => &["<=", ">"],
            "<=" => &["<", ">="],
            ">" => &[">=", "<"],
            ">=" => &[">", "<="],
            "=" => &["<>"],
            "<>" => &["="],
            "+" => &["-"],
            "-" => &["+"],
            "least" => &["greatest"],
            "greatest" => &["least"],
            "is" if tokens.get(place + 1).is_some_and(|next| next.is("null")) => &["is not"],
            "not" if place > 0 && tokens[place - 1].is("is") => &[""],
            _ => &[],
        };
        changes.extend(others.iter().map(|other| replaced(text, token.range.clone(), other)));
    }
    changes
}

/// Moves every number and duration by one.
fn literals(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut changes = Vec::new();
    for token in tokens {
        if let Ok(number) = token.text.parse::<i64>() {
            changes.push(replaced(text, token.range.clone(), &(number + 1).to_string()));
            changes.push(replaced(text, token.range.clone(), &(number - 1).to_string()));
        }
        let quoted = token.text.trim_matches('\'');
        if token.text.starts_with('\'')
            && let Ok(length) = quoted.parse::<Duration>()
        {
            for other in moved(length) {
                changes.push(replaced(text, token.range.clone(), &format!("'{other}'")));
            }
        }
    }
    changes
}

/// Returns a duration a second longer and a second shorter.
pub(super) fn moved(length: Duration) -> [Duration; 2] {
    [1_000_000, -1_000_000].map(|second| Duration::from_micros(length.micros() + second))
}

/// Drops every member of a list after `in`.
fn members(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut changes = Vec::new();
    for (place, _) in tokens.iter().enumerate().filter(|(_, token)| token.is("in")) {
        let Some(length) = tokens[place..].iter().position(|token| token.is(")")) else { continue };
        let list = &tokens[place + 2..place + length];
        let commas = list.iter().filter(|token| token.is(",")).count();
        for (number, member) in list.iter().enumerate().filter(|(_, token)| commas > 0 && !token.is(",")) {
            let dropped = match number {
                0 => member.range.start..list[2].range.start,
                _ => list[number - 1].range.start..member.range.end,
            };
            changes.push(replaced(text, dropped, ""));
        }
    }
    changes
}

/// Negates every condition after `when`.
fn branches(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut changes = Vec::new();
    for (place, token) in tokens.iter().enumerate().filter(|(_, token)| token.is("when")) {
        let ends = |other: &Token| other.is("then") && other.depth == token.depth;
        let Some(length) = tokens[place..].iter().position(ends).filter(|length| *length > 1) else { continue };
        let condition = span(&tokens[place + 1..place + length]);
        changes.push(replaced(text, condition.clone(), &format!("(not ({}))", &text[condition])));
    }
    changes
}

/// Puts each argument of `coalesce`, `least` and `greatest` in place of the whole.
fn arguments(text: &str, tokens: &[Token]) -> Vec<String> {
    let mut changes = Vec::new();
    let choosing = |token: &Token| ["coalesce", "least", "greatest"].iter().any(|name| token.is(name));
    for (place, token) in tokens.iter().enumerate().filter(|(_, token)| choosing(token)) {
        let closes = |other: &Token| other.is(")") && other.depth == token.depth;
        let Some(length) = tokens[place..].iter().position(closes).filter(|length| *length > 2) else { continue };
        let whole = token.range.start..tokens[place + length].range.end;
        let inner = &tokens[place + 2..place + length];
        let parts = inner.split(|part| part.is(",") && part.depth == token.depth + 1).filter(|part| !part.is_empty());
        changes.extend(parts.map(|part| replaced(text, whole.clone(), &format!("({})", &text[span(part)]))));
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_a_case_are_negated_and_arguments_stand_for_the_whole() {
        assert_eq!(
            branches("case when a then b else c end", &tokens("case when a then b else c end")),
            ["case when (not (a)) then b else c end"]
        );
        assert_eq!(
            changes("coalesce(a, least(b, c))"),
            [
                "(not (coalesce(a, least(b, c))))",
                "coalesce(a, greatest(b, c))",
                "(a)",
                "(least(b, c))",
                "coalesce(a, (b))",
                "coalesce(a, (c))",
            ]
        );
    }

    #[test]
    fn parts_operators_edges_and_members_are_changed() {
        assert_eq!(
            changes("a in ('x', 'y') and b <= '20s'"),
            [
                "(not (a in ('x', 'y') and b <= '20s'))",
                "b <= '20s'",
                "(not (a in ('x', 'y'))) and b <= '20s'",
                "a in ('x', 'y')",
                "a in ('x', 'y') and (not (b <= '20s'))",
                "a in ('x', 'y') and b < '20s'",
                "a in ('x', 'y') and b >= '20s'",
                "a in ('x', 'y') and b <= '21s'",
                "a in ('x', 'y') and b <= '19s'",
                "a in ('y') and b <= '20s'",
                "a in ('x') and b <= '20s'",
            ]
        );
        assert_eq!(
            changes("x is null or n > 4"),
            [
                "(not (x is null or n > 4))",
                "n > 4",
                "(not (x is null)) or n > 4",
                "x is null",
                "x is null or (not (n > 4))",
                "x is not null or n > 4",
                "x is null or n >= 4",
                "x is null or n < 4",
                "x is null or n > 5",
                "x is null or n > 3",
            ]
        );
    }
}
