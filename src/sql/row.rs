//! Pieces of SQL over one row of a source, for programs that write the query around them themselves.
//!
//! Knows no step.

use super::expression::Scope;
use super::moments::Moments;
use super::names::Columns;
use super::query::Query;
use super::{Dialect, RenderError, templates};
use crate::expression::Expression;
use crate::plan::{Plan, Request};
use crate::value::{Grain, Instant};

/// Writes expressions over the columns of a source's row.
pub struct RowWriter<'a> {
    query: Query<'static>,
    plan: &'a Plan,
    as_of: Instant,
}

impl<'a> RowWriter<'a> {
    /// Returns the writer for rows of a plan whose instants lie between two.
    ///
    /// # Errors
    /// When the templates of the dialect fail.
    pub fn new(plan: &'a Plan, dialect: &Dialect, span: (Instant, Instant)) -> Result<Self, RenderError> {
        let (by, as_of) = (Vec::new(), span.1);
        let request = Request { grain: Grain::Day, by, from: Some(span.0), to: Some(span.1), as_of, span };
        Ok(Self { query: Query::new(templates::embedded(dialect), plan, &request)?, plan, as_of })
    }

    /// Writes an expression.
    ///
    /// # Errors
    /// When it reads what no row has.
    pub fn expression(&mut self, expression: &Expression) -> Result<String, RenderError> {
        let (columns, moments) = (Columns::default(), Moments::of(self.as_of));
        let scope = Scope { table: None, columns: &columns, outer: None, moments: &moments, is_table: true };
        Ok(self.query.writer.expression(expression, scope)?.to_string())
    }

    /// Writes the local time at which a column lies; `None` where the dialect needs more than the row for it.
    ///
    /// # Errors
    /// When the zone is unknown.
    pub fn local_time(&mut self, column: &str) -> Result<Option<String>, RenderError> {
        let calendar = self.query.calendar(&self.plan.calendar, Grain::Day)?;
        let needs_rules = calendar.get_attr("rules")?.as_str().is_some_and(|step| !step.is_empty());
        if needs_rules {
            return Ok(None);
        }
        let column = self.query.writer.ident(column)?;
        Ok(Some(self.query.writer.call("local_time", &[column.into(), calendar])?.to_string()))
    }
}
