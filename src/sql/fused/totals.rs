//! What is measured and counted of the rows of the cube that belong to a cell.
//!
//! Says what the totals of single rows say, where each row stands for many. Knows no dialect.

use minijinja::{Value, context};

use super::cube::{Member, ROW_COUNT};
use crate::plan::Measure;
use crate::sql::RenderError;
use crate::sql::cells::{self, Table};
use crate::sql::pipeline::{Part, Rows};
use crate::sql::query::{Query, Writer, list, type_value};
use crate::sql::quoting::Sql;
use crate::sql::totals::{counting, zero};
use crate::value::Type;

const COUNTED: &str = "fate = 'counted'";

/// Adds the step that puts the cells of a member together.
pub(super) fn totals(query: &mut Query, member: &Member, part: Part, rows: &Rows) -> Result<Table, RenderError> {
    let dimensions: Vec<String> = part.request.by.iter().map(|name| rows.columns.carried(name).to_owned()).collect();
    let mut numbers = measured(query, member)?;
    for (name, when) in counting(&mut query.writer, &member.pipeline, part)? {
        let counted = counted(&mut query.writer, when.as_str())?;
        numbers.push((name, counted));
    }
    let names: Vec<String> = numbers.iter().map(|(name, _)| name.clone()).collect();
    let inside = counted(&mut query.writer, "fate <> 'outside'")?;
    let step = context! {
        from => rows.from.as_str(),
        inside => Value::from(inside),
        has_period => rows.periods.are_many(),
        dimensions => list(&dimensions),
        grouping => list(&cells::grouping(&rows.periods, &dimensions)),
        numbers => numbers
            .into_iter()
            .map(|(name, sql)| context! { name => name, sql => Value::from(sql) })
            .collect::<Vec<_>>(),
    };
    let name = query.step(&part.wish("totals"), "cube_totals", step);
    Ok(Table { name, dimensions, numbers: names })
}

/// Writes numerator, denominator and `n`.
fn measured(query: &mut Query, member: &Member) -> Result<Vec<(String, Sql)>, RenderError> {
    let measure = &member.pipeline.measure;
    let nothing = |writer: &mut Writer| writer.call("nothing", &[type_value(Type::Number(0))]);
    let (numerator, denominator, n) = match measure {
        Measure::Share(_) => {
            let writer = &mut query.writer;
            let operand = writer.ident("operand")?;
            let succeeded = holding(writer, "operand")?;
            let known = format!("{COUNTED} and {operand} is not null");
            (counted(writer, &succeeded)?, counted(writer, COUNTED)?, counted(writer, &known)?)
        }
        Measure::Balance(..) => {
            let writer = &mut query.writer;
            let (first, second) = (holding(writer, "first_operand")?, holding(writer, "second_operand")?);
            let balance = format!("{} - {}", counted(writer, &first)?, counted(writer, &second)?);
            (Sql::composed(balance), counted(writer, COUNTED)?, counted(writer, COUNTED)?)
        }
        Measure::Ratio(numerator, denominator) => {
            let numerator = summed(query, "numerator_operand", numerator.ty())?;
            let denominator = summed(query, "denominator_operand", denominator.ty())?;
            (numerator, denominator, counted(&mut query.writer, COUNTED)?)
        }
        Measure::Mean(operand) => {
            let sum = summed(query, "operand", operand.ty())?;
            (sum, values(&mut query.writer, member)?, values(&mut query.writer, member)?)
        }
        Measure::Sum(operand) => {
            let sum = summed(query, "operand", operand.ty())?;
            (sum, nothing(&mut query.writer)?, values(&mut query.writer, member)?)
        }
        Measure::Min(_) | Measure::Max(_) => {
            let function = if let Measure::Min(_) = measure { "min" } else { "max" };
            let writer = &mut query.writer;
            (of_counted(writer, function, "operand")?, nothing(writer)?, values(writer, member)?)
        }
        Measure::Count => {
            let writer = &mut query.writer;
            (counted(writer, COUNTED)?, nothing(writer)?, counted(writer, COUNTED)?)
        }
        Measure::Distinct(_) | Measure::Quantile(_) | Measure::TopShare(..) => {
            return Err(RenderError::Contradiction("its parts do not add up"));
        }
    };
    let named = [("numerator", numerator), ("denominator", denominator), ("n", n)];
    Ok(named.into_iter().map(|(name, sql)| (name.to_owned(), sql)).collect())
}

/// Writes that a row is counted and the condition in a column holds.
fn holding(writer: &mut Writer, column: &str) -> Result<String, RenderError> {
    let column = writer.ident(column)?;
    Ok(format!("{COUNTED} and {}", writer.call("holds", &[column.into()])?))
}

/// Writes how many rows stand behind those for which `when` is true.
fn counted(writer: &mut Writer, when: &str) -> Result<Sql, RenderError> {
    number_of(writer, ROW_COUNT, when)
}

/// Writes how many operands stand behind the counted rows.
fn values(writer: &mut Writer, member: &Member) -> Result<Sql, RenderError> {
    let column = member.values().ok_or(RenderError::Contradiction("nobody has counted the operands"))?;
    number_of(writer, column, COUNTED)
}

/// Writes the sum of a column of counts: without any row it is 0, and it is an integer like any other.
fn number_of(writer: &mut Writer, column: &str, when: &str) -> Result<Sql, RenderError> {
    let column = writer.ident(column)?;
    let when = Sql::composed(when.to_owned());
    let sum = writer.call("aggregate", &["sum".into(), column.into(), when.into()])?;
    let sum = Sql::composed(format!("coalesce({sum}, 0)"));
    writer.call("cast", &[sum.into(), type_value(Type::Number(0))])
}

/// Writes the sum of the operands of the counted rows.
fn summed(query: &mut Query, column: &str, ty: Type) -> Result<Sql, RenderError> {
    let nothing = zero(query, ty)?;
    let sum = of_counted(&mut query.writer, "sum", column)?;
    Ok(Sql::composed(format!("coalesce({sum}, {nothing})")))
}

fn of_counted(writer: &mut Writer, function: &str, column: &str) -> Result<Sql, RenderError> {
    let column = writer.ident(column)?;
    writer.call("aggregate", &[function.into(), column.into(), Sql::composed(COUNTED.to_owned()).into()])
}
