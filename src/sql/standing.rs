//! Queries that stand: asked again and again, they find their moment of knowledge themselves, in a first step of one row.
//!
//! A question that stands is written with its last moment in the place of `as_of`; wherever the steps would write that
//! constant, they write what the first step found instead. Lists of periods reach to the last moment and are cut to those
//! that have begun. Knows no plan and no form in which a query is deployed.

use minijinja::{Value, context};

use super::RenderError;
use super::cells::Table;
use super::query::{Listing, Query, Writer, type_value};
use super::quoting::Sql;
use crate::plan::{Plan, Request};
use crate::table::Field;
use crate::value::{Duration, Grain, Instant, Type};

/// How a standing query finds out what a question would tell it.
#[derive(Debug, Clone)]
pub struct Knowledge<'a> {
    /// Where the moment of knowledge comes from.
    pub as_of: AsOf<'a>,
    /// The moments of knowledge for which the query is right: from the first on, before the second. At any other it
    /// returns no row.
    pub holds: (Instant, Instant),
    /// Tables with their columns of instants that must lie between the same bounds; else the query returns no row. Needed
    /// where calendars are listed.
    pub dated: &'a [(&'a str, &'a str)],
    /// Where only the periods that can still move are wanted; `None` where all are.
    pub anew: Option<Anew<'a>>,
    /// The start of the request that stands for the first instant whose period can still move, and the earliest it can be;
    /// `None` where the request's start is what it says.
    pub starts: Option<(Instant, Instant)>,
}

/// Where a moment of knowledge comes from.
#[derive(Debug, Clone)]
pub enum AsOf<'a> {
    /// It is this one.
    At(Instant),
    /// The engine tells: an expression in its own words, which the caller vouches for.
    Told(&'a str),
    /// The moment through which all of these are complete.
    Observed(&'a [Observed<'a>]),
}

/// Up to when a table is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observed<'a> {
    /// Up to the latest instant in a column of a table; one without rows tells nothing.
    LastOf(&'a str, &'a str),
    /// Up to this instant.
    Through(Instant),
}

/// A table that holds an earlier answer, of which only the periods that can still move are computed anew.
#[derive(Debug, Clone, Copy)]
pub struct Anew<'a> {
    /// Where the earlier answer is.
    pub table: Target<'a>,
    /// How long before the earlier moment of knowledge a period must have ended so that it cannot move any more.
    pub look_back: Duration,
}

/// The table that an answer is written to.
#[derive(Debug, Clone, Copy)]
pub enum Target<'a> {
    /// A name; dots separate schema and table.
    Named(&'a str),
    /// The engine's own words for it, which the caller vouches for.
    Told(&'a str),
}

/// A query that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingQuery {
    /// The query, from `with` on, without a semicolon.
    pub text: String,
    /// What ends it behind its order, if anything does.
    pub(super) closing: String,
    /// The columns it returns: those of [`contract`](crate::plan::contract), and [`KNOWN`].
    pub fields: Vec<Field>,
    /// Where only a part is computed anew: the statement that makes room for it.
    pub clear: Option<String>,
}

impl StandingQuery {
    /// Returns the query without an order of its rows, which nothing that is stored keeps.
    pub fn unordered(&self) -> String {
        match self.text.rfind("\norder by\n") {
            Some(end) => format!("{}{}", &self.text[..=end], self.closing),
            None => self.text.clone(),
        }
    }
}

/// The column that says as of when a row was computed.
pub const KNOWN: &str = "as_of";

/// What stands in the place of constants.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// The step with the moment of knowledge, `as_of`.
    knowledge: String,
    /// The step with the end of the last period that has settled, `settled_until`.
    settled: Option<String>,
    /// When the query is right; conditions over the first step.
    guards: Vec<String>,
    constants: Vec<(Instant, Sql)>,
}

impl Standing {
    /// Returns what is written in the place of the constant `at`, if anything is.
    pub(super) fn in_place_of(&self, at: Instant) -> Option<Sql> {
        self.constants.iter().find(|(constant, _)| *constant == at).map(|(_, sql)| sql.clone())
    }

    /// Writes the joins that bring what was found out beside other rows.
    fn joined(&self) -> String {
        [Some(&self.knowledge), self.settled.as_ref()]
            .into_iter()
            .flatten()
            .map(|step| format!("    cross join {step}\n"))
            .collect()
    }
}

/// Returns the request that a standing query of `grain` and `by` is written for: from its first instant on, as of its last
/// moment.
pub fn standing_request((grain, by): (Grain, &[String]), from: Instant, holds: (Instant, Instant)) -> Request {
    let last = Instant::from_micros(holds.1.micros() - 1);
    Request { grain, by: by.to_vec(), from: Some(from), to: Some(holds.1), as_of: last, span: (holds.0, last) }
}

/// Returns the longest that a period of a grain can be, with days to spare.
fn longest(grain: Grain) -> Duration {
    const DAY: i64 = 86_400_000_000;
    let days = match grain {
        Grain::Hour | Grain::Day => 2,
        Grain::Week => 9,
        Grain::Month => 45,
        Grain::Quarter => 108,
        Grain::Year | Grain::All => 400,
    };
    Duration::from_micros(days * DAY)
}

impl Query<'_> {
    /// Makes the query stand: adds the steps that find the moment of knowledge and what has settled, and takes what they
    /// find for the constants of `request`.
    pub(super) fn stand(&mut self, plan: &Plan, request: &Request, knowledge: &Knowledge) -> Result<(), RenderError> {
        let moment = moment(&mut self.writer, &knowledge.as_of)?;
        let step = self.composed("knowledge", moment);
        let guards = guards(&mut self.writer, plan, knowledge, &step)?;
        let found = Sql::composed(format!("(select as_of from {step})"));
        let mut constants = vec![(request.as_of, found)];
        let mut settled = None;
        if let Some(anew) = knowledge.anew {
            let since = self.writer.instant(knowledge.holds.0)?;
            let table = target(&self.writer, anew.table)?;
            let ends = stored(&mut self.writer, "period_end")?;
            let body = format!("    select coalesce(max({ends}), {since}) as settled_until\n    from {table}\n");
            let name = self.composed("settled", body);
            if let Some((stands, first)) = knowledge.starts {
                constants.push((stands, begins(&mut self.writer, &name, request, first)?));
            }
            settled = Some(name);
        }
        self.writer.standing = Some(Standing { knowledge: step, settled, guards, constants });
        Ok(())
    }

    /// Adds the step that cuts a list of periods to those that have begun and, where only a part is computed anew, to those
    /// that can still move.
    pub(super) fn begun(&mut self, list: &str, columns: &[&str]) -> String {
        let Some(standing) = self.writer.standing.clone() else { return list.to_owned() };
        let known = &standing.knowledge;
        let column = |name: &&str| match *name {
            "as_of" | "period_until" => {
                format!("case when {list}.{name} > {known}.as_of then {known}.as_of else {list}.{name} end as {name}")
            }
            name => format!("{list}.{name}"),
        };
        let columns: Vec<String> = columns.iter().map(column).collect();
        let mut conditions = vec![format!("{list}.period_start <= {known}.as_of")];
        conditions
            .extend(standing.settled.iter().map(|settled| format!("{list}.period_end > {settled}.settled_until")));
        let body = format!(
            "    select\n        {}\n    from {list}\n{}    where {}\n",
            columns.join(",\n        "),
            standing.joined(),
            conditions.join("\n        and "),
        );
        self.composed("periods_asked", body)
    }

    /// Adds the step that joins the moment of knowledge to the cells; it has no rows at a moment for which the query is not
    /// right, nor for periods that have settled.
    pub(super) fn known(&mut self, table: Table) -> Result<Table, RenderError> {
        let Some(standing) = self.writer.standing.clone() else { return Ok(table) };
        let from = &table.name;
        let names = ["period_start", "period_end"].into_iter().chain(table.dimensions.iter().map(String::as_str));
        let mut columns = Vec::new();
        for name in names.chain(table.numbers.iter().map(String::as_str)).chain(["state"]) {
            columns.push(self.writer.qualified(from, name)?.to_string());
        }
        columns.push(format!("{}.{KNOWN}", standing.knowledge));
        let mut conditions = standing.guards.clone();
        conditions
            .extend(standing.settled.iter().map(|settled| format!("{from}.period_end > {settled}.settled_until")));
        let body = format!(
            "    select\n        {}\n    from {from}\n{}    where {}\n",
            columns.join(",\n        "),
            standing.joined(),
            conditions.join("\n        and "),
        );
        let name = self.composed("answered", body);
        Ok(Table { name, ..table })
    }

    /// Adds a step whose body is given.
    fn composed(&mut self, wish: &str, body: String) -> String {
        self.step(wish, "zone", context! { body => Value::from(Sql::composed(body)) })
    }
}

/// Writes the first instant whose period can still move, by the period that settled last.
fn begins(writer: &mut Writer, step: &str, request: &Request, first: Instant) -> Result<Sql, RenderError> {
    let longest = longest(request.grain);
    let early = Instant::from_micros(first.micros() + longest.micros());
    let (first, early) = (writer.instant(first)?, writer.instant(early)?);
    let back = writer.shifted(Sql::composed("settled_until".to_owned()), Duration::from_micros(-longest.micros()))?;
    Ok(Sql::composed(format!("(select case when settled_until < {early} then {first} else {back} end from {step})")))
}

/// Writes the statement that removes from the table what can still move; it removes nothing at a moment for which the query
/// is not right.
pub(super) fn clear(writer: &mut Writer, plan: &Plan, knowledge: &Knowledge) -> Result<Option<String>, RenderError> {
    let Some(Anew { table, look_back }) = knowledge.anew else { return Ok(None) };
    let back = Duration::from_micros(-look_back.micros());
    let known = stored(writer, KNOWN)?;
    let settled = writer.shifted(Sql::composed(format!("max({known})")), back)?;
    let ends = stored(writer, "period_end")?;
    let table = target(writer, table)?;
    let moment: String = moment(writer, &knowledge.as_of)?.lines().map(|line| format!("        {line}\n")).collect();
    let guards = guards(writer, plan, knowledge, "knowledge")?;
    let guards: Vec<String> = guards.iter().map(|guard| guard.replace("\n", "\n    ")).collect();
    Ok(Some(format!(
        "delete from {table}\nwhere {ends} > (select {settled} from {table})\n    and exists (\n        select 1\n        \
         from (\n{moment}        ) as knowledge\n        where {}\n    )",
        guards.join("\n            and ")
    )))
}

/// Writes when the query is right, over the step called `step`.
fn guards(writer: &mut Writer, plan: &Plan, knowledge: &Knowledge, step: &str) -> Result<Vec<String>, RenderError> {
    let (since, until) = (writer.instant(knowledge.holds.0)?, writer.instant(knowledge.holds.1)?);
    let mut guards = vec![format!("{step}.as_of >= {since}"), format!("{step}.as_of < {until}")];
    for (table, column) in knowledge.dated {
        let (table, column) = (named(writer, table)?, stored(writer, column)?);
        guards.push(none(&format!("from {table}\n            where {column} < {since} or {column} >= {until}")));
    }
    if let Some(anew) = knowledge.anew {
        // Rows of another version would not be computed anew, and the table would hold two meanings.
        let (table, version) = (target(writer, anew.table)?, writer.literal(&plan.version)?);
        guards.push(none(&format!("from {table}\n            where version <> {version}")));
    }
    Ok(guards)
}

fn none(rows: &str) -> String {
    format!("not exists (\n            select 1\n            {rows}\n        )")
}

/// Writes the query of the moment of knowledge.
fn moment(writer: &mut Writer, as_of: &AsOf) -> Result<String, RenderError> {
    let sources = match as_of {
        AsOf::At(at) => return Ok(format!("    select {} as as_of\n", writer.instant(*at)?)),
        AsOf::Told(expression) => return Ok(format!("    select {expression} as as_of\n")),
        AsOf::Observed(sources) => sources,
    };
    let mut parts = Vec::new();
    for source in *sources {
        parts.push(match source {
            Observed::LastOf(table, column) => (format!("max({})", writer.ident(column)?), Some(named(writer, table)?)),
            Observed::Through(at) => (writer.instant(*at)?.to_string(), None),
        });
    }
    let select = |(through, table): &(String, Option<Sql>), name: &str, indent: &str| {
        let from = table.as_ref().map(|table| format!("{indent}from {table}\n")).unwrap_or_default();
        format!("{indent}select {through} as {name}\n{from}")
    };
    if let [only] = parts.as_slice() {
        return Ok(select(only, "as_of", "    "));
    }
    let parts: Vec<String> = parts.iter().map(|part| select(part, "observed_through", "        ")).collect();
    let parts = parts.join("        union all\n");
    Ok(format!("    select min(observed_through) as as_of\n    from (\n{parts}    ) as sources\n"))
}

fn target(writer: &Writer, target: Target) -> Result<Sql, RenderError> {
    match target {
        Target::Named(name) => named(writer, name),
        Target::Told(words) => Ok(Sql::composed(words.to_owned())),
    }
}

/// Writes a column of instants of a table.
fn stored(writer: &mut Writer, column: &str) -> Result<Sql, RenderError> {
    let column = writer.ident(column)?;
    writer.call("read", &[column.into(), type_value(Type::Instant)])
}

fn named(writer: &Writer, table: &str) -> Result<Sql, RenderError> {
    Ok(writer.spelling.table(table)?)
}

impl Listing {
    /// Tells whether the list depends on what is asked; otherwise it is the calendar alone.
    pub(super) fn is_asked(&self) -> bool {
        self.columns.len() > 2
    }
}
