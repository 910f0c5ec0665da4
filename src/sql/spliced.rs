//! One query of several: the periods of a metric, each answered by one of its versions.
//!
//! Writes nothing that a single query has not written; which version answers what is given.

use super::query::type_value;
use super::quoting::{self, Sql};
use super::templates::{self, Macros};
use super::{Dialect, Header, Output, RenderError, render};
use crate::plan::{Plan, Request, contract};
use crate::table::Field;
use crate::value::Type;

/// A version's share of the answer.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Its plan.
    pub plan: &'a Plan,
    /// What the comment at the head of its query says.
    pub header: Header,
    /// Its periods.
    pub request: &'a Request,
    /// Whether its first period follows a break in the series.
    pub follows_break: bool,
}

/// The column that marks the first period after a break.
const BREAK: &str = "break_before";

/// Writes the query that joins the answers of all parts, with the columns it returns: those of
/// [`contract`](crate::plan::contract), every part's exclusions among them, and `break_before`. `remarks` stand at its head.
///
/// # Errors
///
/// As [`render`]; also where two parts count different kinds of quantities.
pub fn spliced(parts: &[Part<'_>], remarks: &[String], dialect: &Dialect) -> Result<(String, Vec<Field>), RenderError> {
    let templates = templates::embedded(dialect);
    let mut macros = Macros::of(templates)?;
    let fields = fields(parts)?;
    let ident = |name: &str| templates.spelling.ident(name);
    if templates.spelling.flat {
        return Err(RenderError::Inexact(format!(
            "{} has no steps inside of a step, which one query over several versions needs",
            dialect.title
        )));
    }
    let prefix = prefix(parts);
    let (mut steps, mut selects) = (Vec::new(), Vec::new());
    for (part, number) in parts.iter().zip(1..) {
        let name = ident(&format!("{prefix}_{number}"))?;
        let query = render(part.plan, &part.header, part.request, dialect, Output::Cells)?;
        steps.push(format!("{name} as (\n{}\n)", query.trim_end()));
        let own = contract(part.plan, part.request);
        let mut columns = Vec::new();
        for field in &fields {
            let column = ident(&field.name)?;
            let found = own.iter().find(|own| own.name == field.name);
            let sql = match found {
                None => macros.call("nothing", &[type_value(field.ty)])?,
                Some(own) => brought(&mut macros, &column, (own.ty, field.ty))?,
            };
            columns.push(if sql == column { column.to_string() } else { format!("{sql} as {column}") });
        }
        let mark = match part.follows_break {
            true => {
                let first = format!("period_start = (select min(period_start) from {name})");
                macros.call("truth", &[Sql::composed(first).into()])?.to_string()
            }
            false => macros.call("boolean", &[false.into()])?.to_string(),
        };
        columns.push(format!("{mark} as {}", ident(BREAK)?));
        selects.push(format!("select\n    {}\nfrom {name}", columns.join(",\n    ")));
    }
    let mut term = |column: Sql| macros.call("order", &[column.into(), false.into()]).map(|sql| sql.to_string());
    let mut order = vec![term(ident("period_start")?)?];
    for name in parts.first().map_or(&[][..], |part| &part.request.by) {
        order.push(term(ident(name)?)?);
    }
    let head: String = remarks.iter().map(|remark| format!("-- {}\n", quoting::comment(remark))).collect();
    let (steps, selects, order) = (steps.join(",\n"), selects.join("\nunion all\n"), order.join(", "));
    let closing = macros.call("closing", &[])?;
    let text = format!("{head}with\n{steps}\n{selects}\norder by {order}\n{closing}");
    let marked = Field::new(BREAK, Type::Boolean);
    Ok((text, fields.into_iter().chain([marked]).collect()))
}

/// Brings a column to the type that it has in the whole answer.
fn brought(macros: &mut Macros<'_>, column: &Sql, (own, whole): (Type, Type)) -> Result<Sql, RenderError> {
    let quantity = column.clone().into();
    match (own, whole) {
        (Type::Number(from), Type::Number(to)) if from != to => {
            let rescaled = macros.call("rescale", &[quantity, from.into(), to.into()])?;
            Ok(macros.call("cast", &[rescaled.into(), type_value(whole)])?)
        }
        (Type::Number(_), Type::Real) => Ok(macros.call("to_real", &[quantity, type_value(own)])?),
        _ => Ok(column.clone()),
    }
}

/// Returns the columns of the whole answer: those of the last part, with the exclusions that only earlier parts have.
fn fields(parts: &[Part<'_>]) -> Result<Vec<Field>, RenderError> {
    let Some((last, earlier)) = parts.split_last() else { return Ok(Vec::new()) };
    let mut whole = contract(last.plan, last.request);
    for part in earlier.iter().rev() {
        for field in contract(part.plan, part.request) {
            match whole.iter_mut().find(|known| known.name == field.name) {
                Some(known) => {
                    let apart = RenderError::Contradiction("its versions count different kinds of quantities");
                    known.ty = joined(known.ty, field.ty).ok_or(apart)?;
                }
                // Exclusions stand before what is not known.
                None => {
                    let place = whole.iter().position(|known| known.name == "unknown").unwrap_or(whole.len());
                    whole.insert(place, field);
                }
            }
        }
    }
    Ok(whole)
}

/// Returns the type that holds both exactly, or both as floats where one is.
pub(super) fn joined(one: Type, other: Type) -> Option<Type> {
    match (one, other) {
        _ if one == other => Some(one),
        (Type::Number(one), Type::Number(other)) => Some(Type::Number(one.max(other))),
        (Type::Number(_), Type::Real) | (Type::Real, Type::Number(_)) => Some(Type::Real),
        _ => None,
    }
}

/// Returns a beginning of names that no table of the parts has.
fn prefix(parts: &[Part<'_>]) -> String {
    let mut prefix = "version".to_owned();
    let is_taken = |prefix: &str| {
        let beginning = format!("{prefix}_");
        parts.iter().flat_map(|part| part.plan.tables()).any(|table| table.starts_with(&beginning))
    };
    while is_taken(&prefix) {
        prefix.push_str("_of");
    }
    prefix
}
