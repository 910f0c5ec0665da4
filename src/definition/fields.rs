//! Typed access to the keys of a mapping whose structure has been checked.
//!
//! A value of the wrong shape has been reported already, so it reads as absent here.

use std::str::FromStr;

use jiff::tz::TimeZone;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::text::{Span, Spanned, Texts};
use crate::value::{Date, Duration, Instant, Number};
use crate::yaml::{Node, NodeKind};

/// The keys of one mapping.
pub struct Fields<'a, 'd> {
    /// The mapping.
    pub node: &'a Node,
    /// The texts behind the nodes.
    pub texts: &'a Texts,
    /// Where mistakes go.
    pub diagnostics: &'d mut Diagnostics,
}

impl<'a, 'd> Fields<'a, 'd> {
    /// Returns access to the keys of `node`.
    pub fn new(node: &'a Node, texts: &'a Texts, diagnostics: &'d mut Diagnostics) -> Self {
        Self { node, texts, diagnostics }
    }

    /// Returns access to the keys of the mapping behind `key`.
    pub fn inside(&mut self, key: &str) -> Option<Fields<'a, '_>> {
        let node = self.node.get(key).filter(|node| matches!(node.kind, NodeKind::Mapping(_)))?;
        Some(Fields { node, texts: self.texts, diagnostics: self.diagnostics })
    }

    /// Returns access to the keys of another mapping.
    pub fn of(&mut self, node: &'a Node) -> Fields<'a, '_> {
        Fields { node, texts: self.texts, diagnostics: self.diagnostics }
    }

    /// Returns the text behind `key`.
    pub fn text(&self, key: &str) -> Option<Spanned<String>> {
        text_of(self.node.get(key)?)
    }

    /// Returns the text behind `key` without its place; empty where absent.
    pub fn words(&self, key: &str) -> String {
        self.text(key).map(|text| text.value.trim_end().to_owned()).unwrap_or_default()
    }

    /// Returns the texts of the list behind `key`, or of the single text there.
    pub fn texts_of(&self, key: &str) -> Vec<Spanned<String>> {
        let Some(node) = self.node.get(key) else { return Vec::new() };
        match &node.kind {
            NodeKind::Sequence(items) => items.iter().filter_map(text_of).collect(),
            _ => text_of(node).into_iter().collect(),
        }
    }

    /// Returns the truth value behind `key`.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        match self.node.get(key)?.kind {
            NodeKind::Boolean(boolean) => Some(boolean),
            _ => None,
        }
    }

    /// Returns the number behind `key`.
    pub fn number(&mut self, key: &str) -> Option<Spanned<Number>> {
        let node = self.node.get(key)?;
        self.number_of(node)
    }

    /// Returns the number written at `node`.
    pub fn number_of(&mut self, node: &Node) -> Option<Spanned<Number>> {
        let raw = node.number_text()?;
        self.parsed(&raw, node.span, "write plain digits with at most one point")
    }

    /// Returns the whole number behind `key`, at least `least`.
    pub fn whole(&mut self, key: &str, least: i64) -> Option<i64> {
        let number = self.number(key)?;
        let whole = number.value.rescale(0).and_then(|number| i64::try_from(number.mantissa()).ok());
        if let Some(whole) = whole.filter(|whole| *whole >= least) {
            return Some(whole);
        }
        let message = format!("`{key}` cannot be {}", number.value);
        self.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, number.span, message)
                .help(format!("write a whole number from {least} on")),
        );
        None
    }

    /// Returns the day behind `key`; a day that does not exist is reported.
    pub fn date(&mut self, key: &str) -> Option<Spanned<Date>> {
        let node = self.node.get(key)?;
        self.date_of(node)
    }

    /// Returns the day written at `node`; a day that does not exist is reported.
    pub fn date_of(&mut self, node: &Node) -> Option<Spanned<Date>> {
        let text = text_of(node)?;
        match Date::parse(&text.value) {
            Some(date) => Some(Spanned::new(date, text.span)),
            None => self.no_such(&text, "there is no such day", "write an existing day as `2026-01-31`"),
        }
    }

    /// Returns the instant behind `key`.
    pub fn instant(&mut self, key: &str) -> Option<Spanned<Instant>> {
        let text = self.text(key)?;
        match Instant::parse(&text.value) {
            Some(instant) => Some(Spanned::new(instant, text.span)),
            None => self.no_such(&text, "there is no such instant", "write it with its offset: `2026-01-31T09:00:00Z`"),
        }
    }

    /// Returns the duration behind `key`.
    pub fn duration(&mut self, key: &str) -> Option<Spanned<Duration>> {
        let text = self.text(key)?;
        self.parsed(&text.value, text.span, "write it as `7d`, `48h`, `20s` or `1h30m`, the larger unit first")
    }

    /// Returns the zone name behind `key`; a zone that the zone database does not know is reported.
    pub fn zone(&mut self, key: &str) -> Option<Spanned<String>> {
        let text = self.text(key)?;
        if TimeZone::get(&text.value).is_ok() {
            return Some(text);
        }
        self.no_such(&text, "the time zone database has no such zone", "write an IANA name such as `Europe/Berlin`")
    }

    fn no_such<T>(&mut self, text: &Spanned<String>, message: &str, help: &str) -> Option<T> {
        let message = format!("`{}`: {message}", text.value);
        self.report(text.span, message, help)
    }

    fn parsed<T: FromStr>(&mut self, text: &str, span: Span, help: &str) -> Option<Spanned<T>> {
        match text.parse() {
            Ok(value) => Some(Spanned::new(value, span)),
            Err(_) => {
                let message = format!("`{text}` cannot be read");
                self.report(span, message, help)
            }
        }
    }

    /// Reports a value, unless the check of the structure has refused it already.
    fn report<T>(&mut self, span: Span, message: String, help: &str) -> Option<T> {
        if !self.diagnostics.has_error_at(span) {
            self.diagnostics.push(Diagnostic::error(codes::INVALID_VALUE, span, message).help(help));
        }
        None
    }
}

fn text_of(node: &Node) -> Option<Spanned<String>> {
    node.as_text().map(|text| Spanned::new(text.to_owned(), node.span))
}
