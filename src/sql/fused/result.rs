//! The answers of many metrics in one table, and each taken out of it again.
//!
//! Knows no dialect.

use minijinja::{Value, context};

use super::cube::Member;
use super::{Fused, cells::Table};
use crate::plan::{Plan, Request, contract};
use crate::sql::query::{Query, type_value};
use crate::sql::quoting::Sql;
use crate::sql::result::{hiding_all, hiding_value, shown};
use crate::sql::{RenderError, spliced};
use crate::table::{self, Field};
use crate::value::{self, Type};

/// Columns that say which metric a row is about.
const TEXTS: [&str; 3] = ["metric", "version", "grain"];

/// Adds the step that puts the cells of all members under one another; returns what the last select is made of, and the
/// columns of the result.
pub(super) fn write(
    query: &mut Query,
    (request, members): (&Request, &[Member]),
    tables: Vec<Table>,
) -> Result<(Value, Vec<Field>), RenderError> {
    let fields = fields(members, request)?;
    let is_label = |name: &str| is_label(name, request);
    let mut parts = Vec::new();
    for (member, table) in members.iter().zip(&tables) {
        let mut values = Vec::new();
        for field in fields.iter().filter(|field| !is_label(&field.name)) {
            let sql = column(query, (member, request), (table, field))?;
            values.push(context! { name => field.name.as_str(), sql => Value::from(sql) });
        }
        let dimension = |name: &String| context! { theirs => name.as_str(), own => name.as_str() };
        let dimensions: Vec<Value> = table.dimensions.iter().map(dimension).collect();
        parts.push(context! { from => table.name.as_str(), dimensions => dimensions, values => values });
    }
    let answers = query.step("answers", "parts", context! { parts => parts });
    let dimensions = &tables[0].dimensions;
    let mut columns = Vec::new();
    for field in &fields {
        let carried = request.by.iter().position(|name| *name == field.name).map(|at| dimensions[at].as_str());
        let own = query.writer.qualified(&answers, carried.unwrap_or(&field.name))?;
        let sql = match is_label(&field.name) {
            true => query.writer.call("give", &[own.clone().into(), type_value(field.ty)])?,
            false => own,
        };
        let same = sql == query.writer.qualified(&answers, &field.name)?;
        let name = if same { Value::from(false) } else { Value::from(field.name.as_str()) };
        columns.push(context! { name => name, sql => Value::from(sql) });
    }
    let keys = ["metric", "version", "period_start"].into_iter().chain(dimensions.iter().map(String::as_str));
    let order: Result<Vec<Value>, RenderError> =
        keys.map(|name| Ok(query.writer.qualified(&answers, name)?.into())).collect();
    let last = context! { template => "results/cells.sql.j2", from => answers, columns => columns, order => order? };
    Ok((last, fields))
}

/// Tells whether a column says which cell a row is, or its state.
fn is_label(name: &str, request: &Request) -> bool {
    matches!(name, "period_start" | "period_end" | "state") || request.by.iter().any(|by| by == name)
}

/// Writes a column of a member's cells as it stands in the whole result.
fn column(
    query: &mut Query,
    (member, request): (&Member, &Request),
    (table, field): (&Table, &Field),
) -> Result<Sql, RenderError> {
    let plan = member.plan;
    if TEXTS.contains(&field.name.as_str()) {
        let text = match field.name.as_str() {
            "metric" => &plan.metric,
            "version" => &plan.version,
            _ => request.grain.name(),
        };
        let literal = query.writer.literal(text)?;
        return query.writer.call("text", &[literal.into()]);
    }
    let own = contract(plan, request).into_iter().find(|own| own.name == field.name);
    let Some(own) = own.filter(|own| table.numbers.contains(&own.name)) else {
        return query.writer.call("nothing", &[type_value(field.ty)]);
    };
    let hidden = match own.name.as_str() {
        "value" | "low" | "high" => hiding_value(&plan.publish),
        _ => hiding_all(&plan.publish),
    };
    let number = shown(query, (&table.name, &own.name), own.ty, &hidden)?;
    let writer = &mut query.writer;
    match (own.ty, field.ty) {
        (from, to) if from == to => Ok(number),
        (Type::Number(from), Type::Number(to)) => {
            let rescaled = writer.call("rescale", &[number.into(), from.into(), to.into()])?;
            writer.call("cast", &[rescaled.into(), type_value(field.ty)])
        }
        (from, _) => writer.call("to_real", &[number.into(), type_value(from)]),
    }
}

/// Returns the columns of the whole result.
fn fields(members: &[Member], request: &Request) -> Result<Vec<Field>, RenderError> {
    let mut whole: Vec<Field> = Vec::new();
    for field in members.iter().flat_map(|member| contract(member.plan, request)) {
        match whole.iter_mut().find(|known| known.name == field.name) {
            Some(known) => {
                let apart = RenderError::Contradiction("the metrics count different kinds of quantities");
                known.ty = joined(known.ty, field.ty).ok_or(apart)?;
            }
            // Exclusions stand before what is not known.
            None => {
                let place = whole.iter().position(|known| known.name == "unknown");
                let place = place.filter(|_| field.name.starts_with("excluded_")).unwrap_or(whole.len());
                whole.insert(place, field);
            }
        }
    }
    Ok(whole)
}

/// Returns the type that holds the values of both; the value of a duration is told exactly by its numerator.
fn joined(one: Type, other: Type) -> Option<Type> {
    match (one, other) {
        (Type::Duration, Type::Real) | (Type::Real, Type::Duration) => Some(Type::Real),
        (one, other) => spliced::joined(one, other),
    }
}

/// Takes the cells of each of `plans` out of the answer to a query for all of them, in the columns of its contract.
///
/// Nothing where the answer is not one that the query can give.
pub fn parted(
    fused: &Fused,
    answer: &table::Table,
    (plans, request): (&[&Plan], &Request),
) -> Option<Vec<table::Table>> {
    let index = |name: &str| fused.fields.iter().position(|field| field.name == name);
    let (metric, version, numerator) = (index("metric")?, index("version")?, index("numerator")?);
    let mut parted = Vec::new();
    for plan in plans {
        let fields = contract(plan, request);
        let places: Option<Vec<usize>> = fields.iter().map(|field| index(&field.name)).collect();
        let places = places?;
        let is_own = |row: &&Vec<value::Value>| {
            row[metric] == value::Value::text(&plan.metric) && row[version] == value::Value::text(&plan.version)
        };
        let mut rows = Vec::new();
        for row in answer.rows.iter().filter(is_own) {
            let mut own = Vec::new();
            for (field, place) in fields.iter().zip(&places) {
                // A value that is no quotient is the numerator, which is exact.
                let is_exact = field.name == "value" && field.ty != Type::Real && !row[*place].is_null();
                own.push(taken(&row[if is_exact { numerator } else { *place }], field.ty)?);
            }
            rows.push(own);
        }
        parted.push(table::Table { fields, rows });
    }
    Some(parted)
}

fn taken(value: &value::Value, ty: Type) -> Option<value::Value> {
    match (value, ty) {
        (value::Value::Number(number), Type::Number(scale)) => number.rescale(scale).map(value::Value::Number),
        (other, _) => Some(other.clone()),
    }
}
