//! Plans written as SQL: one query per question, self-contained, the same bytes on every run.
//!
//! Knows no metric kind and runs nothing; what differs between engines lies in `templates/dialects`.

mod calendar;
mod cells;
mod combine;
mod dialect;
mod expression;
mod facts;
mod fates;
mod fused;
mod moments;
mod names;
mod pipeline;
mod placement;
mod query;
mod quoting;
mod result;
mod row;
mod scan;
mod score;
mod spelling;
mod spliced;
mod standing;
mod templates;
#[cfg(test)]
mod tests;
mod totals;
mod zone;

pub use dialect::{DIALECTS, Dialect, Evidence};
pub use fused::{Alone, Fused, Partition, Together, Values, fused, parted, partition};
pub use row::RowWriter;
pub use spelling::Spelling;
pub use spliced::{Part, spliced};
pub use standing::{Anew, AsOf, KNOWN, Knowledge, Observed, StandingQuery, Target, standing_request};

use minijinja::{Value, context};

use crate::plan::{Body, Plan, Request, contract};
use crate::table::Field;
use crate::value::Type;
use query::Query;
use templates::Templates;

/// The dialect of the engine that is compiled in.
pub const SQLITE: Dialect = DIALECTS[0];

/// DuckDB's dialect.
pub const DUCKDB: Dialect = DIALECTS[1];

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
    /// The plan asks for a bound of a period that rows do not have, or that is not known.
    #[error("the {0} of the period is not known")]
    NoPeriod(&'static str),
    /// An answer has more periods than a query can list.
    #[error("more than {} periods are asked for", calendar::MOST)]
    TooManyPeriods,
    /// The instants of the rows lie too far apart for zone rules, opening hours or days between them to be listed.
    #[error(
        "the instants that are put in periods or on clocks reach from {0} to {1}, too far for a query to list the \
         calendar between them: read those that stand for none as null"
    )]
    TooLong(crate::value::Instant, crate::value::Instant),
    /// An instant is too far away for the calendar.
    #[error("{0} lies outside the calendar")]
    OutsideCalendar(crate::value::Instant),
    /// The plan contradicts itself.
    #[error("the plan contradicts itself: {0}")]
    Contradiction(&'static str),
    /// A constant has more digits than its type.
    #[error("the constant `{0}` does not fit its type")]
    Constant(String),
    /// A name or text holds a zero character.
    #[error("a name or text with a zero character cannot be written in SQL")]
    ZeroCharacter,
    /// A template failed.
    #[error("the SQL templates failed: {0}")]
    Template(minijinja::Error),
    /// The dialect cannot say exactly what the plan says.
    #[error("this dialect cannot say it exactly: {0}")]
    Inexact(String),
}

impl From<minijinja::Error> for RenderError {
    fn from(error: minijinja::Error) -> Self {
        match templates::refusal_of(&error) {
            Some(reason) => RenderError::Inexact(reason.to_owned()),
            None => RenderError::Template(error),
        }
    }
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

/// Writes the query that answers `request` to `plan` again and again, as of what `knowledge` finds; `request` is a
/// [`standing_request`].
///
/// # Errors
///
/// As [`render`]; also where the plan names the very instant that stands for the moment of knowledge.
pub fn render_standing(
    plan: &Plan,
    request: &Request,
    dialect: &Dialect,
    knowledge: &Knowledge,
) -> Result<StandingQuery, RenderError> {
    check(plan, request, Output::Cells)?;
    let templates = templates::embedded(dialect);
    let mut query = Query::new(templates, plan, request)?;
    query.stand(plan, request, knowledge)?;
    let result = result::write(&mut query, plan, request, Output::Cells)?;
    let clear = standing::clear(&mut query.writer, plan, knowledge)?;
    let closing = query.writer.call("closing", &[])?.to_string();
    let text = headless(query, result)?;
    let known = Field::new(KNOWN, Type::Instant);
    let fields = contract(plan, request).into_iter().chain([known]).collect();
    Ok(StandingQuery { text, closing, fields, clear })
}

/// Returns the facts that a plan takes from events, those of its parts included: each by its metric and its name, with why
/// it is joined with its events. Without a reason it is read off the rows in their order.
pub fn relations(plan: &Plan) -> Vec<(&str, &str, Option<&'static str>)> {
    let own = match &plan.body {
        Body::Measured(pipeline) => facts::ahead::told(pipeline),
        _ => Vec::new(),
    };
    let own = own.into_iter().map(|(fact, obstacle)| (plan.metric.as_str(), fact, obstacle));
    own.chain(plan.body.parts().into_iter().flat_map(relations)).collect()
}

/// Writes the query with these templates, which need not be the embedded ones.
fn render_with(
    templates: &Templates,
    (plan, header): (&Plan, &Header),
    request: &Request,
    output: Output,
) -> Result<String, RenderError> {
    check(plan, request, output)?;
    let mut query = Query::new(templates, plan, request)?;
    let result = result::write(&mut query, plan, request, output)?;
    let header = context! {
        metric => plan.metric.as_str(),
        version => plan.version.as_str(),
        title => header.title.as_str(),
        statement => header.statement.as_str(),
        fingerprint => header.fingerprint.as_str(),
        question => question(request),
    };
    query.into_text(header, result)
}

/// Says how a request cuts and splits, and as of when.
fn question(request: &Request) -> String {
    match request.by.as_slice() {
        [] => format!("By {}, as of {}.", request.grain, request.as_of),
        names => format!("By {} and {}, as of {}.", request.grain, names.join(", "), request.as_of),
    }
}

/// Writes the text of a query from its first step on: what stands at its head is for others to say.
fn headless(query: Query, result: Value) -> Result<String, RenderError> {
    let nameless =
        context! { metric => "", version => "", title => "", statement => "", fingerprint => "", question => "" };
    let text = query.into_text(nameless, result)?;
    let start = text.find("with\n").ok_or(RenderError::Contradiction("a query without steps"))?;
    Ok(format!("{}\n", text[start..].trim_end()))
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
