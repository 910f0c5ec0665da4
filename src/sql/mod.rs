//! Plans written as SQL: one query per question, self-contained, the same bytes on every run.
//!
//! Knows no metric kind and runs nothing; what differs between engines lies in `templates/dialects`.

mod cells;
mod combine;
mod dialect;
mod expression;
mod fates;
mod names;
mod pipeline;
mod query;
mod quoting;
mod relate;
mod result;
mod scan;
mod templates;
#[cfg(test)]
mod tests;
mod zone;

pub use dialect::{DIALECTS, DUCKDB, Dialect, SQLITE};

use minijinja::context;

use crate::plan::{Body, Plan, Request};
use query::Query;
use templates::Templates;

/// What the comment at the head of a query says beside the metric's id and version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The metric's title.
    pub title: String,
    /// The rule in one sentence.
    pub statement: String,
    /// The fingerprint of the definition.
    pub fingerprint: String,
}

/// What a query returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// The cells of [`contract`](crate::plan::contract), in its order.
    Cells,
    /// The fates of the rows, as [`ledger_contract`](crate::plan::result::ledger_contract) says.
    Ledger,
}

/// A question that cannot be written as SQL.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The request groups by something that is no dimension.
    #[error("`{metric}` has no dimension `{dimension}`")]
    UnknownDimension {
        /// The metric asked.
        metric: String,
        /// The dimension it lacks.
        dimension: String,
    },
    /// The zone database has no such zone.
    #[error("`{0}` is no time zone")]
    UnknownZone(String),
    /// A combination or an average was asked for a ledger.
    #[error("`{0}` counts no rows itself, so it has no ledger")]
    NoLedger(String),
    /// A constant has more digits than its type.
    #[error("the constant `{0}` does not fit its type")]
    Constant(String),
    /// A name or text holds a zero character.
    #[error("a name or text with a zero character cannot be written in SQL")]
    ZeroCharacter,
    /// A template failed.
    #[error("the SQL templates failed: {0}")]
    Template(#[from] minijinja::Error),
}

impl From<quoting::ZeroCharacter> for RenderError {
    fn from(_: quoting::ZeroCharacter) -> Self {
        RenderError::ZeroCharacter
    }
}

/// Writes the query that answers `request` to `plan` in `dialect`.
///
/// # Errors
///
/// Fails on requests that do not suit the plan, see [`RenderError`].
pub fn render(
    plan: &Plan,
    header: &Header,
    request: &Request,
    dialect: &Dialect,
    output: Output,
) -> Result<String, RenderError> {
    render_with(templates::embedded(dialect), (plan, header), request, output)
}

/// Writes the query with these templates, which need not be the embedded ones.
fn render_with(
    templates: &Templates<'_>,
    (plan, header): (&Plan, &Header),
    request: &Request,
    output: Output,
) -> Result<String, RenderError> {
    check(plan, request, output)?;
    let mut query = Query::new(templates, plan, request)?;
    let result = result::write(&mut query, plan, request, output)?;
    let question = match request.by.as_slice() {
        [] => format!("By {}, as of {}.", request.grain, request.as_of),
        names => format!("By {} and {}, as of {}.", request.grain, names.join(", "), request.as_of),
    };
    let text = templates.environment.get_template("query.sql.j2")?.render(context! {
        dialect => templates::dialect_file(templates.dialect),
        header => context! {
            metric => plan.metric.as_str(),
            version => plan.version.as_str(),
            title => header.title.as_str(),
            statement => header.statement.as_str(),
            fingerprint => header.fingerprint.as_str(),
            question => question,
        },
        steps => query.into_steps(),
        result => result,
    })?;
    Ok(text)
}

fn check(plan: &Plan, request: &Request, output: Output) -> Result<(), RenderError> {
    if output == Output::Ledger && !matches!(plan.body, Body::Measured(_)) {
        return Err(RenderError::NoLedger(plan.metric.clone()));
    }
    for name in &request.by {
        if !plan.dimensions.iter().any(|dimension| &dimension.name == name) {
            let (metric, dimension) = (plan.metric.clone(), name.clone());
            return Err(RenderError::UnknownDimension { metric, dimension });
        }
    }
    Ok(())
}
