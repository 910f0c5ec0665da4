//! The tables that a query reads: which they are, and how they get the names of those that are loaded.
//!
//! Works on words; knows no stamp and runs nothing.

use sqlparser::tokenizer::Token;

use super::deployed::Deployed;
use super::template::KEPT;
use crate::deploy::{Stamp, Subject};
use crate::sql::{Dialect, Spelling};

/// The parts of a dotted name, in lower case.
type Path = Vec<String>;

/// Returns the names that tables have in the queries, each with that of the source that is loaded in its place.
pub(super) fn names(deployed: &Deployed, stamp: &Stamp, subject: &Subject<'_>) -> Vec<(Path, String)> {
    let mut names = vec![(path(&stamp.object), KEPT.to_owned())];
    let relations = deployed.relations();
    let own = relations.map(|relations| &relations.own).filter(|own| !own.is_empty());
    names.extend(own.map(|own| (path(own), KEPT.to_owned())));
    for scan in subject.plan.scans() {
        let table = path(&scan.table);
        for ((source, name), relation) in relations.iter().flat_map(|relations| &relations.sources) {
            let is_own = |part: Option<&String>, own: &str| part.is_none_or(|part| *part == own.to_lowercase());
            if is_own(table.last(), name) && is_own(table.iter().rev().nth(1), source) {
                names.push((path(relation), scan.source.clone()));
            }
        }
        // What dbt has not resolved is called by a source of its own and the table.
        if deployed.is_of_dbt() {
            names.extend(table.last().map(|last| (vec![last.clone()], scan.source.clone())));
        }
        names.push((table, scan.source.clone()));
    }
    // The longest path first: a part of it may be a name too.
    names.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
    names.dedup();
    names
}

fn path(name: &str) -> Path {
    name.split('.').map(|part| part.trim_matches(['"', '`']).to_lowercase()).collect()
}

/// Gives tables that stand behind `from` and `join` other names.
pub(super) fn renamed(tokens: &[Token], names: &[(Path, String)], dialect: Dialect) -> Vec<Token> {
    let mut written: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut is_table = false;
    let mut place = 0;
    while place < tokens.len() {
        let dotted = if is_table { dotted(&tokens[place..]) } else { Path::new() };
        if !dotted.is_empty() {
            is_table = false;
            if let Some((_, name)) = names.iter().find(|(path, _)| dotted.ends_with(path)) {
                written.push(named(name, dialect));
                place += 2 * dotted.len() - 1;
                continue;
            }
        }
        is_table = is_before_table(&tokens[place], is_table);
        written.push(tokens[place].clone());
        place += 1;
    }
    written
}

/// Tells whether a table may come next; `is_table` tells whether one might have come here.
fn is_before_table(token: &Token, is_table: bool) -> bool {
    match token {
        Token::Word(word) => {
            word.quote_style.is_none()
                && ["from", "join", "into"].iter().any(|before| word.value.eq_ignore_ascii_case(before))
        }
        // Some catalogues put parentheses around joins.
        Token::Whitespace(_) | Token::LParen => is_table,
        _ => false,
    }
}

/// Returns a name as the dialect writes it.
fn named(name: &str, dialect: Dialect) -> Token {
    let spelled = Spelling::of(&dialect).table(name).unwrap_or_default();
    let quote = spelled.chars().next().filter(|first| !first.is_alphanumeric() && *first != '_');
    Token::make_word(name, quote)
}

/// Returns the dotted name that tokens begin with, part by part; nothing where they begin with something else.
fn dotted(tokens: &[Token]) -> Path {
    let mut parts = Path::new();
    let mut place = 0;
    while let Some(Token::Word(word)) = tokens.get(place) {
        parts.push(word.value.to_lowercase());
        if tokens.get(place + 1) != Some(&Token::Period) {
            break;
        }
        place += 2;
    }
    parts
}

/// Tells in which table a query reads something else than the approved one: that is no other way of writing it, and rows
/// that are loaded under the names of sources would not show it. Where a catalogue has put schemas before names that had none,
/// `is_loose` lets them pass.
pub(super) fn strange(ours: &[String], theirs: &[String], is_loose: bool) -> Option<String> {
    let is_one = |one: &String, other: &String| {
        let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|before| before.ends_with('.'));
        one == other || is_loose && (ends(one, other) || ends(other, one))
    };
    let without = |these: &[String], those: &[String]| -> Option<String> {
        these.iter().find(|one| !those.iter().any(|other| is_one(one, other))).cloned()
    };
    let listed = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match (without(theirs, ours), without(ours, theirs)) {
        (Some(other), _) => Some(format!("it reads `{other}`, and the approved query reads {}", listed(ours))),
        (None, Some(left)) => Some(format!("it does not read `{left}`")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn another_table_is_strange_and_a_schema_that_was_put_before_is_not() {
        let ours = owned(&["contacts"]);
        assert_eq!(strange(&ours, &ours, false), None);
        let told = strange(&ours, &owned(&["staging.contacts"]), false);
        assert_eq!(told.as_deref(), Some("it reads `staging.contacts`, and the approved query reads `contacts`"));
        assert_eq!(strange(&ours, &owned(&["main.contacts"]), true), None);
        assert!(strange(&ours, &owned(&["old_contacts"]), true).is_some());
        let told = strange(&owned(&["contacts", "agents"]), &ours, true);
        assert_eq!(told.as_deref(), Some("it does not read `agents`"));
    }
}
