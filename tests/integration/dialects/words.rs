//! The words that may stand before a parenthesis, a list a dialect.
//!
//! Functions, types and what the syntax demands alike: whatever is called is among them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sqlparser::tokenizer::Token;

/// The lists.
pub(super) struct Words {
    lists: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Words {
    /// Reads the lists.
    pub(super) fn read() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialects/words.yaml");
        let text = std::fs::read_to_string(path).expect("the lists");
        Self { lists: serde_yaml::from_str(&text).expect("lists by dialect and kind") }
    }

    /// Returns the dialects that have a list.
    pub(super) fn dialects(&self) -> BTreeSet<String> {
        self.lists.keys().cloned().collect()
    }

    /// Asserts that `found` is the list of the dialect, no more and no less.
    #[track_caller]
    pub(super) fn compare(&self, dialect: &str, found: &BTreeSet<String>) {
        let listed: BTreeSet<String> = self.lists[dialect].values().flatten().cloned().collect();
        let foreign: Vec<&String> = found.difference(&listed).collect();
        assert!(foreign.is_empty(), "{dialect}: not on the list of what the engine knows: {foreign:?}");
        let unneeded: Vec<&String> = listed.difference(found).collect();
        assert!(unneeded.is_empty(), "{dialect}: on the list, but nothing calls it: {unneeded:?}");
    }
}

/// Adds to `found` the bare words that stand before an opening parenthesis, in lower case, but the names of steps.
pub(super) fn before_parentheses(tokens: &[Token], found: &mut BTreeSet<String>) {
    let tokens: Vec<&Token> = tokens.iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    for (place, pair) in tokens.windows(2).enumerate() {
        let [Token::Word(word), Token::LParen] = pair else { continue };
        if word.quote_style.is_none() && !names_columns(&tokens[place + 1..]) {
            found.insert(word.value.to_lowercase());
        }
    }
}

/// Tells whether a parenthesis holds the columns of a step: behind it the step begins.
fn names_columns(tokens: &[&Token]) -> bool {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::LParen => depth += 1,
            Token::RParen => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let begins = matches!(tokens.get(place + 1), Some(Token::Word(word)) if word.value == "as");
            return begins && matches!(tokens.get(place + 2), Some(Token::LParen));
        }
    }
    false
}
