//! The last select of a query: the columns of the contract, what is withheld, the order of rows.
//!
//! Knows no dialect, and not how the cells came about.

use minijinja::{Value, context};

use super::pipeline::{self, Part, Purpose};
use super::placement::World;
use super::query::{Query, type_value};
use super::quoting::Sql;
use super::standing::KNOWN;
use super::{Output, RenderError, combine};
use crate::plan::{Body, Fate, Pipeline, Plan, Publish, Request, contract};
use crate::value::Type;

/// Adds all steps and returns what the last select is made of.
pub(super) fn write(query: &mut Query, plan: &Plan, request: &Request, output: Output) -> Result<Value, RenderError> {
    let purpose = if output == Output::Ledger { Purpose::Ledger } else { Purpose::Cells };
    let part = Part { plan, request, publish: &plan.publish, prefix: "", purpose };
    match (&plan.body, output) {
        (Body::Measured(pipeline), Output::Ledger) => ledger(query, pipeline, part),
        (_, Output::Ledger) => Err(RenderError::NoLedger(plan.metric.clone())),
        (_, Output::Cells) => cells(query, part),
    }
}

fn ledger(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<Value, RenderError> {
    let rows = pipeline::rows(query, pipeline, part)?;
    let dated = query.writer.ident(pipeline.scan.order_instant())?;
    let (dated, as_of, each) = match (&rows.world, rows.periods.listed()) {
        (World::Each(periods), _) => {
            (format!("source.{dated}"), query.writer.qualified(periods, "as_of")?, Some(periods.as_str()))
        }
        (World::At(at), Some(periods)) => (format!("source.{dated}"), query.writer.instant(*at)?, Some(periods)),
        (World::At(at), None) => (dated.to_string(), query.writer.instant(*at)?, None),
    };
    // What is seen as of each period is there once for each already.
    let seen_each = each.filter(|_| matches!(rows.world, World::At(_)));
    let names: Vec<String> = Fate::of(part.plan).iter().map(|fate| fate.name(part.plan)).collect();
    Ok(context! {
        template => "results/ledger.sql.j2",
        from => rows.from,
        seen => rows.seen,
        each => each,
        seen_each => seen_each,
        source => pipeline.scan.table.as_str(),
        dated => Value::from(Sql::composed(dated)),
        as_of => Value::from(as_of),
        fates => names,
        integer => type_value(Type::Number(0)),
    })
}

/// Where a column of the result comes from.
enum Origin<'a> {
    /// A constant text.
    Text(&'a str),
    /// A column that says which cell this is, or its state.
    Label(&'a str),
    /// A number.
    Count(&'a str),
    /// The value or a bound of its interval.
    Value(&'a str),
}

fn cells(query: &mut Query, part: Part) -> Result<Value, RenderError> {
    let table = combine::cells(query, part)?;
    let table = query.known(table)?;
    let plan = part.plan;
    let excluded: Vec<String> = plan.exclusion_ids().iter().map(|id| format!("excluded_{id}")).collect();
    let mut origins = vec![
        Origin::Text(&plan.metric),
        Origin::Text(&plan.version),
        Origin::Label("period_start"),
        Origin::Label("period_end"),
        Origin::Text(part.request.grain.name()),
    ];
    origins.extend(table.dimensions.iter().map(|name| Origin::Label(name)));
    origins.extend([
        Origin::Count("numerator"),
        Origin::Count("denominator"),
        Origin::Value("value"),
        Origin::Count("n"),
        Origin::Value("low"),
        Origin::Value("high"),
    ]);
    origins.extend(excluded.iter().map(|name| Origin::Count(name)));
    origins.extend(["unknown", "missing", "immature"].map(Origin::Count));
    origins.push(Origin::Label("state"));
    let mut columns = Vec::new();
    for (field, origin) in contract(plan, part.request).into_iter().zip(origins) {
        let sql = match origin {
            Origin::Text(text) => query.writer.literal(text)?,
            Origin::Label(name) => {
                let label = query.writer.qualified(&table.name, name)?;
                query.writer.call("give", &[label.into(), type_value(field.ty)])?
            }
            Origin::Count(name) | Origin::Value(name) if !table.numbers.iter().any(|number| number == name) => {
                query.writer.call("nothing", &[type_value(field.ty)])?
            }
            Origin::Count(name) => shown(query, (&table.name, name), field.ty, &hiding_all(&plan.publish))?,
            Origin::Value(name) => shown(query, (&table.name, name), field.ty, &hiding_value(&plan.publish))?,
        };
        // A column that keeps its name needs no other.
        let same = sql == query.writer.qualified(&table.name, &field.name)?;
        let name = if same { Value::from(false) } else { Value::from(field.name) };
        columns.push(context! { name => name, sql => Value::from(sql) });
    }
    if query.writer.standing.is_some() {
        let known = query.writer.qualified(&table.name, KNOWN)?;
        columns.push(context! { name => false, sql => Value::from(known) });
    }
    let mut order = vec![Value::from(query.writer.qualified(&table.name, "period_start")?)];
    for name in &table.dimensions {
        order.push(query.writer.qualified(&table.name, name)?.into());
    }
    Ok(context! { template => "results/cells.sql.j2", from => table.name, columns => columns, order => order })
}

/// Writes a number of the step `table`, null in the states that withhold it.
pub(super) fn shown(
    query: &mut Query,
    (table, name): (&str, &str),
    ty: Type,
    hidden: &[&str],
) -> Result<Sql, RenderError> {
    let column = query.writer.qualified(table, name)?;
    let number = if hidden.is_empty() {
        column
    } else {
        let state = query.writer.qualified(table, "state")?;
        let shown: Result<Vec<String>, _> =
            hidden.iter().map(|hidden| query.writer.literal(hidden).map(|sql| format!("{state} <> {sql}"))).collect();
        Sql::composed(format!("case when {} then {column} end", shown?.join(" and ")))
    };
    query.writer.call("cast", &[number.into(), type_value(ty)])
}

/// Returns the states in which all numbers are withheld.
pub(super) fn hiding_all(publish: &Publish) -> Vec<&'static str> {
    publish.min_cell.map(|_| "suppressed").into_iter().collect()
}

/// Returns the states in which the value is withheld.
pub(super) fn hiding_value(publish: &Publish) -> Vec<&'static str> {
    publish.min_n.map(|_| "insufficient").into_iter().chain(hiding_all(publish)).collect()
}
