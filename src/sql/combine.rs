//! Metrics over other metrics: arithmetic on the same cells, and means over shorter periods.
//!
//! Knows no dialect, and of the other metrics only their cells.

use minijinja::{Value, context};

use super::RenderError;
use super::cells::{self, Cut, Grading, Table};
use super::names::{self, Columns};
use super::pipeline::{self, Part, Purpose};
use super::query::{Query, Writer, list, type_value};
use super::quoting::Sql;
use crate::plan::{Average, Body, Combination, Formula, Plan, Publish, Request};
use crate::value::Type;

/// Nothing is withheld inside arithmetic.
const OPEN: Publish = Publish { interval: None, min_n: None, min_cell: None };

/// Adds the steps of any plan up to its graded cells.
pub(super) fn cells(query: &mut Query, part: Part) -> Result<Table, RenderError> {
    match &part.plan.body {
        Body::Measured(pipeline) => pipeline::cells(query, pipeline, part),
        Body::Combined(combination) => combined(query, combination, part),
        Body::Averaged(average) => averaged(query, average, part),
    }
}

fn component(query: &mut Query, plan: &Plan, (part, request): (Part, &Request)) -> Result<Table, RenderError> {
    let prefix = part.wish(&format!("{}_", plan.metric));
    cells(query, Part { plan, request, publish: &OPEN, prefix: &prefix, purpose: Purpose::Component })
}

fn combined(query: &mut Query, combination: &Combination, part: Part) -> Result<Table, RenderError> {
    let columns = Columns::new(part.request.by.iter().map(String::as_str), &[]);
    let dimensions: Vec<String> = part.request.by.iter().map(|name| columns.carried(name).to_owned()).collect();
    let metrics = combination.components.iter().map(|component| component.plan.metric.as_str());
    let names = names::value_names(metrics, &dimensions);
    let mut tables = Vec::new();
    for component in &combination.components {
        tables.push(self::component(query, &component.plan, (part, part.request))?);
    }
    let parts = parts(query, combination, part, (&tables, &dimensions, &names))?;
    let pivot = pivot(query, combination, part, (&parts, &dimensions, &names))?;
    let values: Result<Vec<Sql>, _> = names.iter().map(|name| query.writer.ident(name)).collect();
    let values = values?;
    let value = formula(&mut query.writer, &combination.formula, &values)?;
    let (numerator, denominator) = match &combination.formula {
        Formula::Divide(numerator, denominator) => {
            (formula(&mut query.writer, numerator, &values)?, formula(&mut query.writer, denominator, &values)?)
        }
        _ => (value.clone(), query.writer.call("nothing", &[type_value(Type::Real)])?),
    };
    let step = context! {
        from => pivot,
        dimensions => list(&dimensions),
        numerator => Value::from(numerator),
        denominator => Value::from(denominator),
        value => Value::from(value),
        integer => type_value(Type::Number(0)),
    };
    let name = query.step(&part.wish("cells"), "combine", step);
    let numbers = ["numerator", "denominator", "value", "n", "undefined_parts", "provisional_parts"];
    let cells = Table { name, dimensions, numbers: numbers.map(str::to_owned).to_vec() };
    let grading =
        Grading { undefined: Some("undefined_parts"), provisional: Some("provisional_parts"), interval: None };
    cells::graded(query, part, cells, grading)
}

/// Adds the step that puts the cells of all components under one another, each value in a column of its own.
fn parts(
    query: &mut Query,
    combination: &Combination,
    part: Part,
    (tables, dimensions, names): (&[Table], &[String], &[String]),
) -> Result<String, RenderError> {
    let nothing = query.writer.call("nothing", &[type_value(Type::Real)])?;
    let mut parts = Vec::new();
    for (place, (table, component)) in tables.iter().zip(&combination.components).enumerate() {
        let mut values = Vec::new();
        for (position, name) in names.iter().enumerate() {
            let sql = if position == place { value(query, &component.plan)? } else { nothing.clone() };
            values.push(context! { name => name.as_str(), sql => Value::from(sql) });
        }
        let columns = table.dimensions.iter().zip(dimensions);
        parts.push(context! {
            from => table.name.as_str(),
            dimensions => columns.map(|(theirs, own)| context! { theirs => theirs.as_str(), own => own.as_str() }).collect::<Vec<_>>(),
            values => values,
        });
    }
    Ok(query.step(&part.wish("parts"), "parts", context! { parts => parts }))
}

/// Adds the step that brings the values of one cell together.
fn pivot(
    query: &mut Query,
    combination: &Combination,
    part: Part,
    (parts, dimensions, names): (&str, &[String], &[String]),
) -> Result<String, RenderError> {
    let zero = query.writer.real(0.0)?;
    let mut values = Vec::new();
    for (name, component) in names.iter().zip(&combination.components) {
        let column = query.writer.ident(name)?;
        // Each cell has at most one row per component, so the maximum is that row's value.
        let sql = if component.zero_when_absent {
            format!("coalesce(max({column}), {zero})")
        } else {
            format!("max({column})")
        };
        values.push(context! { name => name.as_str(), sql => Value::from(Sql::composed(sql)) });
    }
    let mut grouping = vec!["period_start", "period_end"];
    grouping.extend(dimensions.iter().map(String::as_str));
    let step =
        context! { from => parts, dimensions => list(dimensions), values => values, grouping => list(&grouping) };
    Ok(query.step(&part.wish("joined"), "pivot", step))
}

fn formula(writer: &mut Writer, formula: &Formula, values: &[Sql]) -> Result<Sql, RenderError> {
    let (left, operator, right) = match formula {
        Formula::Component(position) => return Ok(values[*position].clone()),
        Formula::Constant(number) => return writer.real(number.to_f64()),
        Formula::Add(left, right) => (left, "+", right),
        Formula::Subtract(left, right) => (left, "-", right),
        Formula::Multiply(left, right) => (left, "*", right),
        Formula::Divide(left, right) => {
            let operands = [self::formula(writer, left, values)?.into(), self::formula(writer, right, values)?.into()];
            return writer.call("divide", &operands);
        }
    };
    let (left, right) = (self::formula(writer, left, values)?, self::formula(writer, right, values)?);
    Ok(Sql::composed(format!("({left} {operator} {right})")))
}

fn averaged(query: &mut Query, average: &Average, part: Part) -> Result<Table, RenderError> {
    let shorter = Request { grain: average.each, ..part.request.clone() };
    let table = component(query, &average.component, (part, &shorter))?;
    let calendar = query.calendar(&part.plan.calendar, part.request.grain)?;
    let step = context! {
        from => table.name.as_str(),
        dimensions => list(&table.dimensions),
        calendar => calendar.clone(),
        value => Value::from(value(query, &average.component)?),
    };
    let located = query.step(&part.wish("shorter_periods"), "locate", step);
    let step = context! {
        from => located,
        dimensions => list(&table.dimensions),
        calendar => calendar.clone(),
        grain => part.request.grain.name(),
        grouping => cells::grouping(&calendar, &table.dimensions),
        zero => cells::number(0.0)?,
    };
    let name = query.step(&part.wish("totals"), "average", step);
    let numbers = ["numerator", "denominator", "n", "provisional_parts"].map(str::to_owned).to_vec();
    let totals = Table { name, dimensions: table.dimensions, numbers };
    let cut = Cut { calendar: &calendar, quotient: Some((Type::Real, Type::Number(0))) };
    let cells = cells::bounded(query, part, (totals, cut))?;
    let grading = Grading { undefined: None, provisional: Some("provisional_parts"), interval: None };
    cells::graded(query, part, cells, grading)
}

/// Writes the column `value` of a component's cells as a float.
fn value(query: &mut Query, plan: &Plan) -> Result<Sql, RenderError> {
    let ty = match &plan.body {
        Body::Measured(pipeline) => pipeline.measure.value_type(),
        Body::Combined(_) | Body::Averaged(_) => Type::Real,
    };
    let column = query.writer.ident("value")?;
    query.writer.call("to_real", &[column.into(), type_value(ty)])
}
