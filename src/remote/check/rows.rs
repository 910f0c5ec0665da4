//! The rows of a target's table: nulls, listed values, ranges, keys, age. Each is one question to the database, and only
//! counts and the values that are not listed come back.

use super::Placed;
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::engine::{Engine, EngineError};
use crate::plan::Dedupe;
use crate::source::SourceColumn;
use crate::table::{Field, Table};
use crate::value::{Duration, Instant, Type, Value};

/// Different values of a column that are looked at.
const MOST_VALUES: usize = 1_000;

/// Values that a finding shows.
const SHOWN: usize = 5;

/// Holds the rows against what the source declares of the columns that are there.
pub(super) fn check(
    placed: Placed<'_>,
    sound: &[&SourceColumn],
    engine: &mut dyn Engine,
    now: Instant,
    diagnostics: &mut Diagnostics,
) -> Result<(), EngineError> {
    counts(placed, sound, engine, diagnostics)?;
    for column in sound {
        values(placed, column, engine, diagnostics)?;
    }
    keys(placed, sound, engine, diagnostics)?;
    age(placed, sound, engine, now, diagnostics)
}

/// Counts nulls where there are none, and numbers out of range, all in one go through the table.
fn counts(
    placed: Placed<'_>,
    sound: &[&SourceColumn],
    engine: &mut dyn Engine,
    diagnostics: &mut Diagnostics,
) -> Result<(), EngineError> {
    let mut counted_columns = Vec::new();
    for column in sound {
        let name = engine.quoted(&column.name);
        if !column.nullable {
            counted_columns.push((*column, None, format!("count(*) - count({name})")));
        }
        if let (Some((low, high)), Type::Number(_)) = (&column.range, column.ty) {
            let outside = format!("sum(CASE WHEN {name} < {low} OR {name} > {high} THEN 1 ELSE 0 END)");
            counted_columns.push((*column, Some((*low, *high)), outside));
        }
    }
    let parts: Vec<(String, String)> =
        counted_columns.iter().enumerate().map(|(number, (.., sql))| (format!("c{number}"), sql.clone())).collect();
    if parts.is_empty() {
        return Ok(());
    }
    let table = engine.table_name(placed.table);
    let answer = ask(engine, &parts, table, Type::Number(0))?;
    for ((column, range, _), (name, _)) in counted_columns.iter().zip(&parts) {
        let rows = whole(answer.cell(0, name));
        if rows == 0 {
            continue;
        }
        let rows = rows_of(rows);
        let span = placed.declared(&column.name);
        diagnostics.push(match range {
            None => placed
                .finding(codes::SOURCE_NULL_FOUND, span, &format!("has {rows} without `{}`", column.name))
                .help("declare `nullable: true` with a policy for it in each metric that reads it, or mend the rows"),
            Some((low, high)) => placed
                .finding(
                    codes::SOURCE_VALUE_OUT_OF_RANGE,
                    span,
                    &format!("has {rows} with `{}` below {low} or above {high}", column.name),
                )
                .help("widen `range`, or mend the rows"),
        });
    }
    Ok(())
}

/// Looks for texts that the column's declaration does not list.
fn values(
    placed: Placed<'_>,
    column: &SourceColumn,
    engine: &mut dyn Engine,
    diagnostics: &mut Diagnostics,
) -> Result<(), EngineError> {
    let Some(listed) = &column.values else { return Ok(()) };
    let (name, table) = (engine.quoted(&column.name), engine.table_name(placed.table));
    let query = format!(
        "SELECT {name} AS {}, count(*) AS {} FROM {table} WHERE {name} IS NOT NULL GROUP BY {name} \
         ORDER BY 2 DESC, 1 LIMIT {MOST_VALUES}",
        engine.quoted("found"),
        engine.quoted("copies"),
    );
    let fields = [Field::new("found", Type::Text), Field::new("copies", Type::Number(0))];
    let answer = engine.query(&query, &fields)?;
    let unlisted: Vec<(String, usize)> = answer
        .rows
        .iter()
        .map(|row| (row[0].to_string(), whole(&row[1])))
        .filter(|(found, _)| !listed.contains(found))
        .collect();
    if unlisted.is_empty() {
        return Ok(());
    }
    let rows: usize = unlisted.iter().map(|(_, copies)| copies).sum();
    let shown: Vec<String> = unlisted.iter().take(SHOWN).map(|(found, _)| format!("`{found}`")).collect();
    let more = unlisted.len().checked_sub(SHOWN).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    let what = format!("has {} with `{}` that is not listed: {}{more}", rows_of(rows), column.name, shown.join(", "));
    diagnostics.push(
        placed
            .finding(codes::SOURCE_VALUE_UNLISTED, placed.declared(&column.name), &what)
            .help("add it to `values` and to the conditions that should know it, or mend the rows"),
    );
    Ok(())
}

/// Looks for keys that several rows have.
fn keys(
    placed: Placed<'_>,
    sound: &[&SourceColumn],
    engine: &mut dyn Engine,
    diagnostics: &mut Diagnostics,
) -> Result<(), EngineError> {
    let source = &placed.file.source;
    let primary = (source.dedupe == Dedupe::Unique).then_some(&source.key);
    for key in primary.into_iter().chain(&source.unique) {
        if !key.iter().all(|name| sound.iter().any(|column| column.name == *name)) {
            continue;
        }
        let names: Vec<String> = key.iter().map(|name| engine.quoted(name)).collect();
        let known: Vec<String> = names.iter().map(|name| format!("{name} IS NOT NULL")).collect();
        let copies = engine.quoted("copies");
        let table = format!(
            "(SELECT count(*) AS {copies} FROM {} WHERE {} GROUP BY {} HAVING count(*) > 1) AS repeated",
            engine.table_name(placed.table),
            known.join(" AND "),
            names.join(", ")
        );
        let parts = [("keys".to_owned(), "count(*)".to_owned()), ("copies".to_owned(), format!("sum({copies})"))];
        let answer = ask(engine, &parts, table, Type::Number(0))?;
        let (keys, copies) = (whole(answer.cell(0, "keys")), whole(answer.cell(0, "copies")));
        if keys > 0 {
            let copies = rows_of(copies);
            let what = format!("has {keys} of the keys `{}` more than once, in {copies}", key.join(", "));
            diagnostics.push(
                placed
                    .finding(codes::SOURCE_KEY_REPEATED, placed.file.span, &what)
                    .help("say by `duplicates` which row is meant, or mend the rows"),
            );
        }
    }
    Ok(())
}

/// Holds the latest row against the age that is expected.
fn age(
    placed: Placed<'_>,
    sound: &[&SourceColumn],
    engine: &mut dyn Engine,
    now: Instant,
    diagnostics: &mut Diagnostics,
) -> Result<(), EngineError> {
    let order = placed.file.source.order.first();
    let Some((within, order)) = placed.file.fresh_within.as_ref().zip(order) else { return Ok(()) };
    if !sound.iter().any(|column| column.name == *order) {
        return Ok(());
    }
    let parts = [("latest".to_owned(), format!("max({})", engine.quoted(order)))];
    let table = engine.table_name(placed.table);
    let answer = ask(engine, &parts, table, Type::Instant)?;
    let stale = |what: &str| -> Diagnostic {
        placed
            .finding(codes::SOURCE_STALE, within.span, what)
            .help("find out why no rows arrive; until then numbers up to now are too small")
    };
    match answer.cell(0, "latest") {
        Value::Instant(latest) if now.since(*latest) > within.value => {
            let age = whole_units(now.since(*latest));
            diagnostics.push(stale(&format!("has no row after {latest}, which is {age} ago, not {}", within.value)));
        }
        Value::Instant(_) => {}
        _ => diagnostics.push(stale("has no rows")),
    }
    Ok(())
}

/// Asks for one row of aggregates, all of one type.
fn ask(engine: &mut dyn Engine, parts: &[(String, String)], table: String, ty: Type) -> Result<Table, EngineError> {
    let selected: Vec<String> = parts.iter().map(|(name, sql)| format!("{sql} AS {}", engine.quoted(name))).collect();
    let fields: Vec<Field> = parts.iter().map(|(name, _)| Field::new(name, ty)).collect();
    engine.query(&format!("SELECT {} FROM {table}", selected.join(", ")), &fields)
}

fn rows_of(count: usize) -> String {
    if count == 1 { "1 row".to_owned() } else { format!("{count} rows") }
}

/// Returns a length of time without what is too small to matter beside it.
fn whole_units(length: Duration) -> Duration {
    const SECOND: i64 = 1_000_000;
    let micros = length.micros();
    let unit = match micros / SECOND {
        ..3_600 => SECOND,
        3_600..86_400 => 60 * SECOND,
        _ => 3_600 * SECOND,
    };
    Duration::from_micros(micros - micros % unit)
}

/// Returns a count; a sum over no rows is null.
fn whole(value: &Value) -> usize {
    match value {
        Value::Number(number) => usize::try_from(number.mantissa()).unwrap_or(usize::MAX),
        _ => 0,
    }
}
