//! Where the rows of a pipeline end up: the population's filter, and what claims a row after its facts are known.
//!
//! Knows no dialect, and not how facts are found.

use minijinja::{Value, context};

use super::RenderError;
use super::pipeline::{Part, Purpose, Rows};
use super::query::{Query, Writer, list};
use super::quoting::{self, Sql};
use super::scan;
use crate::expression::Expression;
use crate::plan::{Fate, Filter, Mature, MaturityPolicy, Measure, Pipeline, Request, Scan};

/// Adds the step that keeps the population, or marks the rows that are not of it.
pub(super) fn filter(query: &mut Query, pipeline: &Pipeline, part: Part, rows: &mut Rows) -> Result<(), RenderError> {
    let Conditions { inside, claims } =
        conditions(&mut query.writer, (&pipeline.scan, &pipeline.filter), part.request, rows)?;
    // Rows that no cell can hold need not travel on, unless they are to be counted.
    let (where_, claims) = match part.purpose {
        Purpose::Ledger => (Vec::new(), claims),
        _ => (inside, claims.into_iter().filter(|(_, fate)| *fate == "unknown").collect()),
    };
    rows.has_set_aside = !claims.is_empty();
    let set_aside: Vec<Value> = claims
        .into_iter()
        .map(|(when, fate)| context! { when => Value::from(Sql::composed(when)), fate => fate })
        .collect();
    let anchor = query.writer.column(&pipeline.filter.anchor, rows.qualified())?;
    let step = context! {
        from => rows.from.as_str(),
        columns => list(&rows.travelling),
        calendar => rows.calendar.clone(),
        anchor => Value::from(anchor),
        set_aside => set_aside,
        where => where_.into_iter().map(|condition| Value::from(Sql::composed(condition))).collect::<Vec<_>>(),
    };
    rows.from = query.step(&part.wish("population"), "filter", step);
    if rows.calendar.is_true() {
        rows.travelling.push("local_time".to_owned());
    }
    if rows.has_set_aside {
        rows.travelling.push("set_aside".to_owned());
    }
    Ok(())
}

struct Conditions {
    /// What a row of a requested cell meets.
    inside: Vec<String>,
    /// When the filter claims a row, with the fate.
    claims: Vec<(String, &'static str)>,
}

fn conditions(
    writer: &mut Writer,
    (scan, filter): (&Scan, &Filter),
    request: &Request,
    rows: &Rows,
) -> Result<Conditions, RenderError> {
    let dated = scan::is_never_null(scan, &filter.anchor);
    let anchor = writer.column(&filter.anchor, rows.scope())?;
    let mut inside = Vec::new();
    let mut beyond = Vec::new();
    if let Some(from) = request.from {
        let from = writer.instant(from)?;
        inside.push(format!("{anchor} >= {from}"));
        beyond.push(format!("{anchor} < {from}"));
    }
    if let Some(to) = request.to {
        let to = writer.instant(to)?;
        inside.push(format!("{anchor} < {to}"));
        beyond.push(format!("{anchor} >= {to}"));
    }
    if inside.is_empty() && !dated {
        inside.push(format!("{anchor} is not null"));
    }
    let mut claims = Vec::new();
    if let Some(predicate) = &filter.predicate {
        let predicate = writer.atom(predicate, rows.scope())?;
        inside.push(format!("{predicate} is not false"));
        claims.push((format!("not {predicate}"), "outside"));
        claims.push((format!("{predicate} is null"), "unknown"));
    }
    if !dated {
        claims.push((format!("{anchor} is null"), "undated"));
    }
    if !beyond.is_empty() {
        claims.push((beyond.join(" or "), "other_period"));
    }
    Ok(Conditions { inside, claims })
}

/// Adds the step that gives each row its fate, its period and what is measured of it.
pub(super) fn decide(query: &mut Query, pipeline: &Pipeline, part: Part, rows: &mut Rows) -> Result<(), RenderError> {
    let mut arms = claims(&mut query.writer, pipeline, part, rows)?;
    let mut operands: Vec<(&str, Sql)> = Vec::new();
    if let Some(mature) = &pipeline.mature {
        let open = open(&mut query.writer, pipeline, (mature, part.request), rows)?;
        match mature.policy {
            MaturityPolicy::Wait => arms.push((open, quoting::literal("immature")?)),
            MaturityPolicy::Provisional => operands.push(("is_open", open)),
        }
    }
    for (name, operand) in named_operands(&pipeline.measure) {
        operands.push((name, query.writer.expression(operand, rows.scope())?));
    }
    let mut dimensions: Vec<&str> = part.request.by.iter().map(|name| rows.columns.carried(name)).collect();
    if part.purpose == Purpose::Ledger {
        operands.clear();
        dimensions.clear();
    }
    let anchor = query.writer.column(&pipeline.filter.anchor, rows.scope())?;
    let step = context! {
        from => rows.from.as_str(),
        calendar => rows.calendar.clone(),
        grain => part.request.grain.name(),
        anchor => Value::from(anchor),
        dimensions => list(&dimensions),
        operands => operands
            .into_iter()
            .map(|(name, sql)| context! { name => name, sql => Value::from(sql) })
            .collect::<Vec<_>>(),
        arms => arms
            .into_iter()
            .map(|(when, fate)| context! { when => Value::from(when), fate => Value::from(fate) })
            .collect::<Vec<_>>(),
    };
    rows.from = query.step(&part.wish("fates"), "fates", step);
    Ok(())
}

/// Returns when a row is claimed after its facts are known, in order, with the fate.
fn claims(writer: &mut Writer, pipeline: &Pipeline, part: Part, rows: &Rows) -> Result<Vec<(Sql, Sql)>, RenderError> {
    let mut claims = Vec::new();
    if rows.has_set_aside {
        let decided = Sql::composed("set_aside is not null".to_owned());
        claims.push((decided, Sql::composed("set_aside".to_owned())));
    }
    for (position, exclusion) in pipeline.exclude.iter().enumerate() {
        let fate = quoting::literal(&Fate::Excluded(position).name(part.plan))?;
        claims.push((writer.expression(&exclusion.when, rows.scope())?, fate));
    }
    for missing in &pipeline.missing {
        claims.push((writer.expression(&missing.when, rows.scope())?, quoting::literal("missing")?));
    }
    Ok(claims)
}

/// Writes when a row's window is still open; a null anchor is "not yet".
fn open(
    writer: &mut Writer,
    pipeline: &Pipeline,
    (mature, request): (&Mature, &Request),
    rows: &Rows,
) -> Result<Sql, RenderError> {
    let anchor = writer.column(&mature.anchor, rows.scope())?;
    let closes = writer.shifted(anchor.clone(), mature.closes_after)?;
    let open = format!("{closes} > {}", writer.instant(request.as_of)?);
    let dated = mature.anchor == pipeline.filter.anchor || scan::is_never_null(&pipeline.scan, &mature.anchor);
    Ok(Sql::composed(if dated { open } else { format!("({anchor} is null or {open})") }))
}

fn named_operands(measure: &Measure) -> Vec<(&'static str, &Expression)> {
    match measure {
        Measure::Ratio(numerator, denominator) => {
            vec![("numerator_operand", numerator), ("denominator_operand", denominator)]
        }
        _ => measure.operand().map(|operand| ("operand", operand)).into_iter().collect(),
    }
}
