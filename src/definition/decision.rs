//! Decision records: the state of a decision, from the front matter of its file.
//!
//! The prose below the front matter is for people.

use super::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::text::Spanned;
use crate::value::Date;

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub number: Spanned<i64>,
    /// Where it stands.
    pub standing: Spanned<Standing>,
    /// Who decides, or has decided.
    pub deciders: Vec<Spanned<String>>,
    /// The day.
    pub date: Date,
    /// The number of the decision that has taken its place.
    pub superseded_by: Option<i64>,
    /// Versions of metrics that it is about, as `fcr@2.0.0`.
    pub metrics: Vec<Spanned<String>>,
}

/// Where a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It is being discussed.
    Proposed,
    /// It holds.
    Accepted,
    /// Another has taken its place.
    Superseded,
}

impl Standing {
    /// Returns the word records write.
    pub fn name(self) -> &'static str {
        ["proposed", "accepted", "superseded"][self as usize]
    }
}

impl Decision {
    /// Reads a front matter whose structure has been checked; every mistake is reported.
    pub fn decode(fields: &mut Fields<'_, '_>) -> Option<Self> {
        let own = number(fields, "decision")?;
        let word = fields.text("status")?;
        let every = [Standing::Proposed, Standing::Accepted, Standing::Superseded];
        let standing = every.into_iter().find(|standing| standing.name() == word.value)?;
        let superseded_by = number(fields, "superseded_by").map(|number| number.value);
        if (standing == Standing::Superseded) != fields.node.get("superseded_by").is_some() {
            fields.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, word.span, "a decision is superseded by another, or it is not")
                    .help("`status: superseded` and `superseded_by:` belong together"),
            );
        }
        Some(Self {
            number: own,
            standing: Spanned::new(standing, word.span),
            deciders: fields.texts_of("deciders"),
            date: fields.date("date")?.value,
            superseded_by,
            metrics: fields.texts_of("metrics"),
        })
    }
}

/// Reads a number that may be written with the zeros of the file's name, in quotes.
fn number(fields: &mut Fields<'_, '_>, key: &str) -> Option<Spanned<i64>> {
    let node = fields.node.get(key)?;
    let Some(text) = node.as_text() else { return Some(Spanned::new(fields.whole(key, 0)?, node.span)) };
    let number = text.parse().ok().filter(|_| text.bytes().all(|digit| digit.is_ascii_digit()));
    if number.is_none() {
        fields.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, node.span, format!("`{text}` is no number of a decision"))
                .help("write the number of the file's name, as `3` or `\"0003\"`"),
        );
    }
    Some(Spanned::new(number?, node.span))
}
