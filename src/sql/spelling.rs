//! How a dialect writes names and texts, for statements that stand around a query.
//!
//! Knows no query.

use jiff::tz::TimeZone;

use super::templates::{self, Macros, Templates};
use super::{Dialect, RenderError, quoting};
use crate::value::Instant;

/// Writes names and texts in one dialect.
pub struct Spelling {
    templates: &'static Templates,
}

impl Spelling {
    /// Returns the spelling of a dialect.
    pub fn of(dialect: &Dialect) -> Self {
        Self { templates: templates::embedded(dialect) }
    }

    /// Writes the name of a table or view; dots separate schema and table.
    ///
    /// # Errors
    /// When it holds a zero character.
    pub fn table(&self, name: &str) -> Result<String, RenderError> {
        Ok(self.templates.spelling.table(name)?.to_string())
    }

    /// Writes the name of a column.
    ///
    /// # Errors
    /// When it holds a zero character.
    pub fn column(&self, name: &str) -> Result<String, RenderError> {
        Ok(self.templates.spelling.ident(name)?.to_string())
    }

    /// Writes a text.
    ///
    /// # Errors
    /// When it holds a zero character.
    pub fn text(&self, text: &str) -> Result<String, RenderError> {
        Ok(self.templates.spelling.literal(text)?.to_string())
    }

    /// Writes an instant.
    ///
    /// # Errors
    /// When the templates of the dialect fail.
    pub fn instant(&self, at: Instant) -> Result<String, RenderError> {
        let mut macros = Macros::of(self.templates)?;
        let written = at.in_zone(&TimeZone::UTC).to_string();
        Ok(macros.call("instant", &[at.micros().into(), written.into()])?.to_string())
    }

    /// Makes a text harmless inside a comment.
    pub fn comment(text: &str) -> String {
        quoting::comment(text).to_string()
    }
}
