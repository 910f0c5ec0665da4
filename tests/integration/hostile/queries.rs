//! The structure of queries: their tokens without what stands in texts, quoted names and comments.
//!
//! Knows what a tokenizer of each dialect takes for a text, and no report.

use std::collections::BTreeMap;

use etalon::catalog::{self, Catalog};
use etalon::compute;
use etalon::diagnostic::Diagnostics;
use etalon::load;
use etalon::plan::Request;
use etalon::sql::{DIALECTS, Dialect, Output, render};
use etalon::value::{Grain, Instant};
use sqlparser::dialect::Dialect as Grammar;
use sqlparser::tokenizer::{Token, Tokenizer};

use super::site::Site;
use crate::dialects::grammar;

const METRIC: &str = "first_contact_resolution";

fn checked(site: &Site) -> (Catalog, bool) {
    let mut loaded = load::load(&site.definitions());
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    (catalog, !Diagnostics::has_errors(&diagnostics))
}

/// Tells whether the project has no errors.
pub(super) fn is_sound(site: &Site) -> bool {
    checked(site).1
}

/// Returns the structure of the metric's query in each dialect; `None` where the project has errors.
pub(super) fn skeletons(site: &Site) -> Option<BTreeMap<&'static str, Vec<String>>> {
    let (catalog, is_sound) = checked(site);
    is_sound.then(|| DIALECTS.iter().map(|dialect| (dialect.name, skeleton(&catalog, dialect))).collect())
}

fn skeleton(catalog: &Catalog, dialect: &Dialect) -> Vec<String> {
    let at = |text: &str| Instant::parse(text).expect("an instant");
    let (from, to) = (at("2026-03-01T00:00:00Z"), at("2026-04-01T00:00:00Z"));
    let by = vec!["channel".to_owned()];
    let request = Request { grain: Grain::Week, by, from: Some(from), to: Some(to), as_of: to, span: (from, to) };
    let plan = &catalog.plans[METRIC];
    let (_, reading) = catalog.reading(METRIC).expect("the metric");
    match render(plan, &compute::header(reading, plan), &request, dialect, Output::Cells) {
        Ok(sql) => tokens(&sql, grammar(dialect.name).as_ref()),
        // A text that a dialect cannot write is refused.
        Err(error) => vec![format!("refused: {error}")],
    }
}

/// Returns the tokens, a text for each text whatever it holds.
fn tokens(sql: &str, grammar: &dyn Grammar) -> Vec<String> {
    let tokens = match Tokenizer::new(grammar, sql).tokenize() {
        Ok(tokens) => tokens,
        Err(error) => return vec![format!("no tokens: {error}")],
    };
    let shown = |token: &Token| match token {
        Token::Whitespace(_) => None,
        Token::SingleQuotedString(_) | Token::NationalStringLiteral(_) | Token::EscapedStringLiteral(_) => {
            Some("text".to_owned())
        }
        other => Some(other.to_string()),
    };
    tokens.iter().filter_map(shown).collect()
}

/// Tells in which dialects the structure is another.
pub(super) fn differences(
    plain: &BTreeMap<&'static str, Vec<String>>,
    hostile: &BTreeMap<&'static str, Vec<String>>,
) -> Vec<String> {
    let mut flaws = Vec::new();
    for (dialect, expected) in plain {
        let found = &hostile[dialect];
        if found.len() == 1 && found[0].starts_with("refused: ") {
            continue;
        }
        if let Some(place) =
            (0..expected.len().max(found.len())).find(|place| expected.get(*place) != found.get(*place))
        {
            let around = |tokens: &[String]| {
                tokens[place.saturating_sub(3).min(tokens.len())..].iter().take(8).cloned().collect::<Vec<_>>()
            };
            flaws.push(format!("{dialect}: {:?} instead of {:?}", around(found), around(expected)));
        }
    }
    flaws
}
