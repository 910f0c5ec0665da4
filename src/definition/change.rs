//! What a version says about its change and its end: from what it came, what becomes of the past, what follows it.

use super::Fields;
use super::policy::ChangeClass;
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Span, Spanned};
use crate::value::{Date, Version};

/// The record of the change that made a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where it is written.
    pub span: Span,
    /// The version that was changed.
    pub from: Spanned<Version>,
    /// Who made it.
    pub author: Spanned<String>,
    /// What it is declared to be.
    pub class: Spanned<ChangeClass>,
    /// Which way the number is declared to move.
    pub direction: Option<Spanned<Impact>>,
    /// Why.
    pub because: String,
    /// Path of the decision record, from the project's folder.
    pub decision: Option<Spanned<String>>,
    /// What becomes of the numbers before.
    pub history: Option<Restatement>,
    /// Who has agreed to it.
    pub consumers: Vec<Spanned<String>>,
}

/// Which way a number is declared to move over the same data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    /// It rises, or stays.
    Up,
    /// It falls, or stays.
    Down,
    /// It may do either.
    Either,
    /// It stays.
    None,
}

impl Impact {
    /// Returns the word definitions write.
    pub fn name(self) -> &'static str {
        ["up", "down", "either", "none"][self as usize]
    }
}

/// What becomes of the numbers before a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restatement {
    /// Where it is written.
    pub span: Span,
    /// What is done.
    pub plan: Past,
    /// First day whose periods follow the new version, where that is not the day it comes into force.
    pub since: Option<Spanned<Date>>,
    /// Why.
    pub because: String,
}

/// What is done with the numbers before a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Past {
    /// Earlier periods are computed anew.
    Restate,
    /// Each period keeps the version that was in force.
    Splice,
    /// As spliced, and the first period of the new version is marked.
    Break,
}

impl Past {
    /// Returns the word definitions write.
    pub fn name(self) -> &'static str {
        ["restate", "splice", "break"][self as usize]
    }
}

/// What takes the place of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replacement {
    /// Nothing does.
    None,
    /// This version of this metric.
    By(String, Version),
}

pub(super) fn replacement(fields: &Fields<'_, '_>) -> Option<Spanned<Replacement>> {
    let text = fields.text("replaced_by")?;
    let replacement = match text.value.split_once('@') {
        Some((id, version)) => Replacement::By(id.to_owned(), Version::parse(version)?),
        None => Replacement::None,
    };
    Some(Spanned::new(replacement, text.span))
}

/// Reads the record of a change; `own` is the version it made and the day that comes into force.
pub(super) fn decode(fields: &mut Fields<'_, '_>, own: (&str, Date)) -> Option<Change> {
    let mut inner = fields.inside("change")?;
    let from = inner.text("from")?;
    let class = inner.text("class")?;
    let direction = inner.text("direction").and_then(|text| Some(Spanned::new(impact(&text.value)?, text.span)));
    let from = Spanned::new(Version::parse(&from.value)?, from.span);
    if Version::parse(own.0).is_some_and(|own| own <= from.value) {
        inner.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, from.span, "a version is made of an earlier one")
                .help(format!("name a version before {}, or give the metric a later version", own.0)),
        );
    }
    let history = history(&mut inner, own.1);
    Some(Change {
        span: inner.node.span,
        from,
        author: inner.text("author")?,
        class: Spanned::new(ChangeClass::parse(&class.value)?, class.span),
        direction,
        because: inner.words("because"),
        decision: inner.text("decision"),
        history,
        consumers: inner.texts_of("consumers"),
    })
}

fn impact(word: &str) -> Option<Impact> {
    [Impact::Up, Impact::Down, Impact::Either, Impact::None].into_iter().find(|impact| impact.name() == word)
}

fn history(fields: &mut Fields<'_, '_>, from: Date) -> Option<Restatement> {
    let mut inner = fields.inside("history")?;
    let word = inner.text("plan")?;
    let plan = [Past::Restate, Past::Splice, Past::Break].into_iter().find(|plan| plan.name() == word.value)?;
    let since = inner.date("since");
    let mistake = match (plan, &since) {
        (Past::Restate, None) if inner.node.get("since").is_none() => Some((
            word.span,
            "what is restated has a first day",
            "add `since:` with the first day that is computed anew",
        )),
        (Past::Restate, Some(since)) if since.value >= from => {
            Some((since.span, "nothing before the version is restated", "write a day before `effective_from`"))
        }
        (Past::Splice | Past::Break, Some(since)) if since.value != from => Some((
            since.span,
            "what is not restated follows the new version from `effective_from` on",
            "remove `since`, or write `plan: restate`",
        )),
        _ => None,
    };
    if let Some((span, message, help)) = mistake {
        inner.diagnostics.push(Diagnostic::error(codes::INVALID_VALUE, span, message).help(help));
    }
    Some(Restatement { span: inner.node.span, plan, since, because: inner.words("because") })
}
