//! Where the rows of a pipeline end up: the population's filter, and what claims a row after its facts are known.
//!
//! Knows no dialect, and not how facts are found.

use minijinja::{Value, context};

use super::RenderError;
use super::expression::Scope;
use super::pipeline::{Part, Purpose, Rows};
use super::placement::Periods;
use super::query::{Query, Writer, list};
use super::quoting::Sql;
use super::{facts, scan, totals};
use crate::expression::{Expression, Moment};
use crate::plan::{Awaits, Bounds, Fate, Mature, MaturityPolicy, Pipeline};

/// Adds the step that keeps the population, or marks the rows that are not of it.
pub(super) fn filter(query: &mut Query, pipeline: &Pipeline, part: Part, rows: &mut Rows) -> Result<(), RenderError> {
    let mut conditions = dating(&mut query.writer, pipeline, rows)?;
    if rows.is_filtered_late {
        rows.has_undated = part.purpose == Purpose::Ledger || facts::need_every_row(pipeline);
        if rows.has_undated {
            conditions = Conditions::default();
        }
    } else {
        conditions = belonging(&mut query.writer, pipeline, rows)?.before(conditions);
    }
    // Rows that no cell can hold need not travel on, unless they are to be counted.
    let Conditions { inside, claims } = conditions.serving(part.purpose);
    rows.has_set_aside = !claims.is_empty();
    let set_aside: Vec<Value> = claims
        .into_iter()
        .map(|(when, fate)| context! { when => Value::from(Sql::composed(when)), fate => fate })
        .collect();
    let calendar = rows.periods.calendar();
    let step = context! {
        from => rows.from.as_str(),
        columns => list(&rows.travelling),
        calendar => calendar.clone(),
        anchor => anchor(&mut query.writer, pipeline, rows.qualified())?,
        set_aside => set_aside,
        where => values(inside),
    };
    rows.from = query.step(&part.wish("population"), "filter", step);
    if calendar.is_true() {
        rows.travelling.push("local_time".to_owned());
    }
    if rows.has_set_aside {
        rows.travelling.push("set_aside".to_owned());
    }
    Ok(())
}

/// What decides whether a row is of the population and in a period asked for.
#[derive(Debug, Default)]
struct Conditions {
    /// What a row of a requested cell meets.
    inside: Vec<String>,
    /// When a row is claimed, with the fate.
    claims: Vec<(String, &'static str)>,
}

impl Conditions {
    /// Returns both, where what these claim is claimed first.
    fn before(mut self, other: Conditions) -> Self {
        self.claims.extend(other.claims);
        Conditions { inside: other.inside.into_iter().chain(self.inside).collect(), claims: self.claims }
    }

    /// Returns what rows for `purpose` are cut down to, and what is left to be claimed then.
    fn serving(self, purpose: Purpose) -> Self {
        match purpose {
            Purpose::Ledger => Conditions { inside: Vec::new(), claims: self.claims },
            Purpose::Cells | Purpose::Component => Conditions {
                inside: self.inside,
                claims: self.claims.into_iter().filter(|(_, fate)| *fate == "unknown").collect(),
            },
        }
    }
}

/// Returns whether a row is of the population.
fn belonging(writer: &mut Writer, pipeline: &Pipeline, rows: &Rows) -> Result<Conditions, RenderError> {
    let mut conditions = Conditions::default();
    if let Some(predicate) = &pipeline.filter.predicate {
        let predicate = writer.test_atom(predicate, rows.scope())?;
        conditions.inside.push(writer.call("is_not_false", &[predicate.clone().into()])?.to_string());
        conditions.claims.push((format!("not {predicate}"), "outside"));
        conditions.claims.push((format!("{} is null", writer.truth(predicate)?), "unknown"));
    }
    Ok(conditions)
}

/// Returns whether a row is in a period asked for.
fn dating(writer: &mut Writer, pipeline: &Pipeline, rows: &Rows) -> Result<Conditions, RenderError> {
    let mut conditions = Conditions::default();
    let Some(name) = pipeline.filter.placement.anchor() else { return Ok(conditions) };
    let is_dated = scan::is_never_null(&pipeline.scan, name);
    let anchor = writer.column(name, rows.scope())?;
    let mut beyond = Vec::new();
    let (from, to) = rows.range;
    if let Some(from) = from {
        let from = writer.instant(from)?;
        conditions.inside.push(format!("{anchor} >= {from}"));
        beyond.push(format!("{anchor} < {from}"));
    }
    if let Some(to) = to {
        let to = writer.instant(to)?;
        conditions.inside.push(format!("{anchor} < {to}"));
        beyond.push(format!("{anchor} >= {to}"));
    }
    if conditions.inside.is_empty() && !is_dated {
        conditions.inside.push(format!("{anchor} is not null"));
    }
    if !is_dated {
        conditions.claims.push((format!("{anchor} is null"), "undated"));
    }
    if !beyond.is_empty() {
        conditions.claims.push((beyond.join(" or "), "other_period"));
    }
    Ok(conditions)
}

/// Writes the anchor of a row; false where rows have none.
fn anchor(writer: &mut Writer, pipeline: &Pipeline, scope: Scope) -> Result<Value, RenderError> {
    match pipeline.filter.placement.anchor() {
        Some(anchor) => writer.column(anchor, scope).map(Value::from),
        None => Ok(Value::from(false)),
    }
}

/// Adds the step that gives each row its fate, its period and what is measured of it.
pub(super) fn decide(query: &mut Query, pipeline: &Pipeline, part: Part, rows: &mut Rows) -> Result<(), RenderError> {
    let late = late(&mut query.writer, pipeline, part, rows)?;
    let mut arms: Vec<(Sql, Sql)> = Vec::new();
    for (when, fate) in late.claims {
        arms.push((Sql::composed(when), query.writer.literal(fate)?));
    }
    arms.extend(claims(&mut query.writer, pipeline, part, rows)?);
    let open = maturity(&mut query.writer, pipeline, rows, &mut arms)?;
    let mut operands: Vec<(&str, Sql)> = Vec::new();
    if let Some(open) = open {
        operands.push(("is_open", query.writer.truth(open)?));
    }
    if let Some(bounds) = pipeline.bounds.as_ref().filter(|_| !pipeline.missing.is_empty()) {
        operands.push(("is_bounded", bounded(&mut query.writer, pipeline, (bounds, rows))?));
    }
    for (name, operand) in totals::operands(&pipeline.measure) {
        operands.push((name, query.writer.expression(operand, rows.scope())?));
    }
    let mut dimensions: Vec<&str> = part.request.by.iter().map(|name| rows.columns.carried(name)).collect();
    dimensions.extend(rows.together.iter().map(String::as_str));
    if part.purpose == Purpose::Ledger {
        operands.clear();
        dimensions.clear();
    }
    let found = match &rows.periods {
        Periods::Found(found) => context! {
            step => found.step.as_str(), start => found.start, end => found.end, keeps_all => found.keeps_all
        },
        _ => Value::from(false),
    };
    let step = context! {
        from => rows.from.as_str(),
        calendar => rows.periods.calendar(),
        found => found,
        carried => part.purpose != Purpose::Ledger && matches!(rows.periods, Periods::Carried(_)),
        grain => part.request.grain.name(),
        anchor => anchor(&mut query.writer, pipeline, rows.scope())?,
        dimensions => list(&dimensions),
        operands => operands
            .into_iter()
            .map(|(name, sql)| context! { name => name, sql => Value::from(sql) })
            .collect::<Vec<_>>(),
        arms => arms
            .into_iter()
            .map(|(when, fate)| context! { when => Value::from(when), fate => Value::from(fate) })
            .collect::<Vec<_>>(),
        where => values(late.inside),
    };
    rows.from = query.step(&part.wish("fates"), "fates", step);
    Ok(())
}

/// Returns the population's conditions where they had to wait for facts.
fn late(writer: &mut Writer, pipeline: &Pipeline, part: Part, rows: &Rows) -> Result<Conditions, RenderError> {
    if !rows.is_filtered_late {
        return Ok(Conditions::default());
    }
    let mut conditions = belonging(writer, pipeline, rows)?;
    if rows.has_undated {
        conditions = conditions.before(dating(writer, pipeline, rows)?);
    }
    if !rows.together.is_empty() {
        // Left for the totals to drop: an engine would ask the conditions of all readers about every row, before any are
        // brought together.
        return Ok(Conditions { inside: Vec::new(), ..conditions });
    }
    Ok(conditions.serving(part.purpose))
}

/// Adds to `arms` what befalls rows that are not mature; writes which rows are counted all the same, if any are.
fn maturity(
    writer: &mut Writer,
    pipeline: &Pipeline,
    rows: &Rows,
    arms: &mut Vec<(Sql, Sql)>,
) -> Result<Option<Sql>, RenderError> {
    let mut open_rows = Vec::new();
    for mature in &pipeline.mature {
        let open = open(writer, pipeline, mature, rows)?;
        match mature.policy {
            MaturityPolicy::Wait => arms.push((open, writer.literal("immature")?)),
            MaturityPolicy::Provisional => open_rows.push(open.to_string()),
        }
    }
    Ok(match open_rows.len() {
        0 => None,
        _ => Some(Sql::composed(open_rows.join(" or "))),
    })
}

/// Writes whether a missing row is one of those that the bounds speak of.
fn bounded(writer: &mut Writer, pipeline: &Pipeline, (bounds, rows): (&Bounds, &Rows)) -> Result<Sql, RenderError> {
    let never = writer.call("boolean", &[Value::from(false)])?;
    let mut text = "case".to_owned();
    for missing in &pipeline.missing {
        text.push_str(&format!(" when {} then {never}", writer.test(&missing.when, rows.scope())?));
    }
    text.push_str(&format!(" else {} end", writer.expression(&bounds.when, rows.scope())?));
    Ok(Sql::composed(text))
}

/// Returns when a row is claimed after its facts are known, in order, with the fate.
fn claims(writer: &mut Writer, pipeline: &Pipeline, part: Part, rows: &Rows) -> Result<Vec<(Sql, Sql)>, RenderError> {
    let mut claims = Vec::new();
    if rows.has_set_aside {
        let decided = Sql::composed("set_aside is not null".to_owned());
        claims.push((decided, Sql::composed("set_aside".to_owned())));
    }
    for (position, exclusion) in pipeline.exclude.iter().enumerate() {
        let fate = writer.literal(&Fate::Excluded(position).name(part.plan))?;
        claims.push((writer.test(&exclusion.when, rows.scope())?, fate));
    }
    for missing in &pipeline.missing {
        claims.push((writer.test(&missing.when, rows.scope())?, writer.literal("missing")?));
    }
    if let Some(bounds) = &pipeline.bounds {
        claims.push((writer.test(&bounds.when, rows.scope())?, writer.literal("missing")?));
    }
    Ok(claims)
}

/// Writes when a row does not pass `mature`.
fn open(writer: &mut Writer, pipeline: &Pipeline, mature: &Mature, rows: &Rows) -> Result<Sql, RenderError> {
    let (instant, open) = match &mature.awaits {
        Awaits::Closed { closes } => {
            let as_of = writer.moment(Moment::AsOf, rows.scope())?;
            (closes, format!("{} > {as_of}", writer.atom(closes, rows.scope())?))
        }
        Awaits::Covered { opens, since } => {
            let since = writer.instant(*since)?;
            (opens, format!("{} < {since}", writer.atom(opens, rows.scope())?))
        }
        Awaits::Settled { open } => return writer.condition(open, rows.scope()),
    };
    // What is shifted by a constant is null where it was before.
    let tested = match instant {
        Expression::Shift { at, by }
            if matches!(by.as_ref(), Expression::Literal(crate::value::Value::Duration(_), _)) =>
        {
            at.as_ref()
        }
        other => other,
    };
    let is_known = matches!(tested, Expression::Column(column) if rows.is_never_null(pipeline, &column.name));
    if is_known {
        return Ok(Sql::composed(open));
    }
    Ok(Sql::composed(format!("({} is null or {open})", writer.atom(tested, rows.scope())?)))
}

fn values(conditions: Vec<String>) -> Vec<Value> {
    conditions.into_iter().map(|condition| Value::from(Sql::composed(condition))).collect()
}
