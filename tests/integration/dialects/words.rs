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

/// Adds to `found` the bare words that stand before an opening parenthesis, in lower case.
pub(super) fn before_parentheses(tokens: &[Token], found: &mut BTreeSet<String>) {
    let mut last = None;
    for token in tokens {
        match token {
            Token::Whitespace(_) => {}
            Token::Word(word) if word.quote_style.is_none() => last = Some(word.value.to_lowercase()),
            Token::LParen => found.extend(last.take()),
            _ => last = None,
        }
    }
}
