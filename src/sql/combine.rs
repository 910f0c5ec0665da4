//! Metrics over other metrics: arithmetic on the same cells, and means over shorter periods.
//!
//! Knows no dialect, and of the other metrics only their cells.

use minijinja::{Value, context};

use super::RenderError;
use super::cells::{self, Cut, Grading, Table};
use super::names::{self, Columns};
use super::pipeline::{self, Part, Purpose};
use super::placement::{self, Periods};
use super::query::{self, Query, Writer, list, type_value};
use super::quoting::Sql;
use super::{score, zone};
use crate::plan::{Average, Body, Combination, Component, Formula, Plan, Publish, Request};
use crate::value::{Grain, Instant, Number, Type};

/// Nothing is withheld inside arithmetic.
const OPEN: Publish = Publish { interval: None, min_n: None, min_cell: None };

/// Adds the steps of any plan up to its graded cells.
pub(super) fn cells(query: &mut Query, part: Part) -> Result<Table, RenderError> {
    match &part.plan.body {
        Body::Measured(pipeline) => pipeline::cells(query, pipeline, part),
        Body::Combined(combination) => combined(query, combination, part),
        Body::Averaged(average) => averaged(query, average, part),
        Body::Scored(scorecard) => score::cells(query, scorecard, part),
    }
}

fn component(query: &mut Query, plan: &Plan, (part, request): (Part, &Request)) -> Result<Table, RenderError> {
    let prefix = part.wish(&format!("{}_", plan.metric));
    cells(query, Part { plan, request, publish: &OPEN, prefix: &prefix, purpose: Purpose::Component })
}

/// The values of other metrics, joined: a row for each cell that any of them has.
#[derive(Debug)]
pub(super) struct Joined {
    /// The step.
    pub(super) step: String,
    /// The names of its dimension columns, in the order asked for.
    pub(super) dimensions: Vec<String>,
    /// The names of the columns with the components' values.
    pub(super) names: Vec<String>,
}

/// Adds the steps that compute and join `components`.
pub(super) fn joined(query: &mut Query, components: &[&Component], part: Part) -> Result<Joined, RenderError> {
    let columns = Columns::new(part.request.by.iter().map(String::as_str), &[]);
    let dimensions: Vec<String> = part.request.by.iter().map(|name| columns.carried(name).to_owned()).collect();
    let metrics = components.iter().map(|component| component.plan.metric.as_str());
    let names = names::value_names(metrics, &dimensions);
    let mut tables = Vec::new();
    for component in components {
        tables.push(self::component(query, &component.plan, (part, part.request))?);
    }
    let parts = parts(query, components, part, (&tables, &dimensions, &names))?;
    let step = pivot(query, components, part, (&parts, &dimensions, &names))?;
    Ok(Joined { step, dimensions, names })
}

/// The numbers of a metric made of metrics, over the columns of a step like the joined one.
#[derive(Debug)]
pub(super) struct Made {
    /// The numerator.
    pub(super) numerator: Sql,
    /// The denominator.
    pub(super) denominator: Sql,
    /// The value.
    pub(super) value: Sql,
}

/// Adds the steps that give what is `made` of the step `from` a state; where `undefined` is a count, it makes a cell
/// undefined.
pub(super) fn made(
    query: &mut Query,
    part: Part,
    (from, dimensions): (String, Vec<String>),
    (made, undefined): (Made, Option<&'static str>),
) -> Result<Table, RenderError> {
    let step = context! {
        from => from,
        dimensions => list(&dimensions),
        numerator => Value::from(made.numerator),
        denominator => Value::from(made.denominator),
        value => Value::from(made.value),
        integer => type_value(Type::Number(0)),
    };
    let name = query.step(&part.wish("cells"), "combine", step);
    let numbers = ["numerator", "denominator", "value", "n", "undefined_parts", "provisional_parts"];
    let cells = Table { name, dimensions, numbers: numbers.map(str::to_owned).to_vec() };
    let grading = Grading { undefined, provisional: Some("provisional_parts"), interval: None, bounds: None };
    cells::graded(query, part, cells, grading)
}

fn combined(query: &mut Query, combination: &Combination, part: Part) -> Result<Table, RenderError> {
    let components: Vec<&Component> = combination.components.iter().collect();
    let Joined { step, dimensions, names } = joined(query, &components, part)?;
    let values: Result<Vec<Sql>, _> = names.iter().map(|name| query.writer.ident(name)).collect();
    let arithmetic = Arithmetic { values: values?, request: part.request };
    let value = arithmetic.write(&mut query.writer, &combination.formula)?;
    let (numerator, denominator) = match &combination.formula {
        Formula::Divide(numerator, denominator) => {
            (arithmetic.write(&mut query.writer, numerator)?, arithmetic.write(&mut query.writer, denominator)?)
        }
        _ => (value.clone(), query.writer.call("nothing", &[type_value(Type::Real)])?),
    };
    let numbers = Made { numerator, denominator, value };
    made(query, part, (step, dimensions), (numbers, Some("undefined_parts")))
}

/// Adds the step that puts the cells of all components under one another, each value in a column of its own.
fn parts(
    query: &mut Query,
    components: &[&Component],
    part: Part,
    (tables, dimensions, names): (&[Table], &[String], &[String]),
) -> Result<String, RenderError> {
    let nothing = query.writer.call("nothing", &[type_value(Type::Real)])?;
    let mut parts = Vec::new();
    for (place, (table, component)) in tables.iter().zip(components).enumerate() {
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
    components: &[&Component],
    part: Part,
    (parts, dimensions, names): (&str, &[String], &[String]),
) -> Result<String, RenderError> {
    let zero = query.writer.real(0.0)?;
    let mut values = Vec::new();
    for (name, component) in names.iter().zip(components) {
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

/// Writes formulas over the values of components.
struct Arithmetic<'a> {
    values: Vec<Sql>,
    request: &'a Request,
}

impl Arithmetic<'_> {
    fn write(&self, writer: &mut Writer, formula: &Formula) -> Result<Sql, RenderError> {
        let (left, operator, right) = match formula {
            Formula::Component(position) => return Ok(self.values[*position].clone()),
            Formula::Constant(number) => return writer.real(number.to_f64()),
            Formula::Stepwise(steps) => return self.stepwise(writer, steps),
            Formula::Add(left, right) => (left, "+", right),
            Formula::Subtract(left, right) => (left, "-", right),
            Formula::Multiply(left, right) => (left, "*", right),
            Formula::Divide(left, right) => {
                let operands = [self.write(writer, left)?.into(), self.write(writer, right)?.into()];
                return writer.call("divide", &operands);
            }
        };
        let (left, right) = (self.write(writer, left)?, self.write(writer, right)?);
        Ok(Sql::composed(format!("({left} {operator} {right})")))
    }

    fn stepwise(&self, writer: &mut Writer, steps: &[(Instant, Number)]) -> Result<Sql, RenderError> {
        let nothing = writer.call("nothing", &[type_value(Type::Real)])?;
        let mut at = "period_start".to_owned();
        if self.request.grain == Grain::All && writer.standing.is_some() {
            at = writer.instant(self.request.as_of)?.to_string();
        } else if self.request.grain == Grain::All {
            let begun = steps.iter().rfind(|(from, _)| *from <= self.request.as_of);
            return begun.map_or(Ok(nothing), |(_, number)| writer.real(number.to_f64()));
        }
        let mut text = "case".to_owned();
        for (from, number) in steps.iter().rev() {
            let (from, number) = (writer.instant(*from)?, writer.real(number.to_f64())?);
            text.push_str(&format!(" when {at} >= {from} then {number}"));
        }
        Ok(if steps.is_empty() { nothing } else { Sql::composed(format!("{text} end")) })
    }
}

fn averaged(query: &mut Query, average: &Average, part: Part) -> Result<Table, RenderError> {
    let shorter = Request { grain: average.each, ..part.request.clone() };
    let table = component(query, &average.component, (part, &shorter))?;
    let span = zone::padded(query::asked_span(part.request), average.each);
    let periods = placement::cut(query, &part.plan.calendar, part.request.grain, span)?;
    let found = match &periods {
        Periods::Found(found) => {
            context! { step => found.step.as_str(), start => found.start, end => found.end }
        }
        _ => Value::from(false),
    };
    let step = context! {
        from => table.name.as_str(),
        dimensions => list(&table.dimensions),
        calendar => periods.calendar(),
        found => found,
        value => Value::from(value(query, &average.component)?),
    };
    let located = query.step(&part.wish("shorter_periods"), "locate", step);
    let step = context! {
        from => located,
        dimensions => list(&table.dimensions),
        calendar => periods.calendar(),
        has_period => periods.are_many(),
        grain => part.request.grain.name(),
        grouping => cells::grouping(&periods, &table.dimensions),
        zero => cells::number(0.0)?,
    };
    let name = query.step(&part.wish("totals"), "average", step);
    let numbers = ["numerator", "denominator", "n", "provisional_parts"].map(str::to_owned).to_vec();
    let totals = Table { name, dimensions: table.dimensions, numbers };
    let cut = Cut { periods: &periods, quotient: Some((Type::Real, Type::Number(0))) };
    let cells = cells::bounded(query, part, (totals, cut))?;
    let grading = Grading { undefined: None, provisional: Some("provisional_parts"), interval: None, bounds: None };
    cells::graded(query, part, cells, grading)
}

/// Writes the column `value` of a component's cells as a float.
fn value(query: &mut Query, plan: &Plan) -> Result<Sql, RenderError> {
    let ty = match &plan.body {
        Body::Measured(pipeline) => pipeline.measure.value_type(),
        Body::Combined(_) | Body::Averaged(_) | Body::Scored(_) => Type::Real,
    };
    let column = query.writer.ident("value")?;
    query.writer.call("to_real", &[column.into(), type_value(ty)])
}
