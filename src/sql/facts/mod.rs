//! What else is known about rows: steps that find facts, and one step for each wave of facts that brings them together.
//!
//! Knows no dialect, and not what the facts are for. A wave is made of the facts that read columns and facts of earlier
//! waves only.

mod advance;
pub(super) mod ahead;
mod clock;
mod credit;
mod demand;
pub(super) mod horizon;
mod hours;
mod join;
mod reads;
mod relate;
mod times;

use minijinja::{Value, context};

use super::RenderError;
use super::pipeline::{Part, Purpose, Rows};
use super::query::{Query, Writer, list};
use super::quoting::Sql;
use crate::expression::Expression;
use crate::plan::{Credit, Fact, Pipeline, Plan, Rule, Spans, Times};
use crate::value::{Duration, Instant, Type};

/// The alias of the other side in a join; no step has this name.
const EVENT: &str = "event";

/// Tells whether facts must be known of every row, also of those that no requested period holds: an event that counts
/// for one row only may belong to any of them.
pub(super) fn need_every_row(pipeline: &Pipeline) -> bool {
    pipeline.relates().any(|(_, relate)| relate.credit != Credit::Every)
}

/// Adds the steps of all facts and, for each wave of them, the one that joins them to the rows. Of `events`, the steps of
/// the scans that facts read, there is one for each in the order of [`Pipeline::scans`].
pub(super) fn facts(
    query: &mut Query,
    pipeline: &Pipeline,
    (part, events): (Part, &[String]),
    rows: &mut Rows,
) -> Result<(), RenderError> {
    let horizon = horizon::of(pipeline, part.request)?;
    // A row that is claimed already needs its facts only where they say in which cell it is counted.
    let is_fact = |name: &String| pipeline.facts.iter().any(|fact| &fact.name == name);
    let spares_claimed = part.purpose == Purpose::Ledger || !part.request.by.iter().any(is_fact);
    let mut events = events.iter();
    let events: Vec<Vec<&str>> = pipeline
        .facts
        .iter()
        .map(|fact| events.by_ref().take(scans(&fact.rule)).map(String::as_str).collect())
        .collect();
    for wave in waves(&pipeline.facts) {
        let mut found = Vec::new();
        for position in &wave {
            let fact = &pipeline.facts[*position];
            let site =
                Site { plan: part.plan, pipeline, rows, fact, events: &events[*position], horizon, spares_claimed };
            found.push(site.find(query)?);
        }
        let steps: Vec<&str> = found.iter().filter_map(|found| found.step.as_deref()).collect();
        let names = wave.iter().map(|position| rows.columns.carried(&pipeline.facts[*position].name).to_owned());
        let names: Vec<String> = names.collect();
        let step = context! {
            from => rows.from.as_str(),
            columns => list(&rows.travelling),
            key => list(&rows.key),
            found => list(&steps),
            facts => names.iter().zip(&found).map(|(name, found)| found.column(name)).collect::<Vec<_>>(),
        };
        rows.from = query.step(&part.wish("facts"), "facts", step);
        rows.travelling.extend(names);
    }
    Ok(())
}

/// How a fact has been found.
struct Found {
    /// The step with the fact of each row that has one; none where the row itself says it.
    step: Option<String>,
    /// When it can be known at all; `None` always.
    known: Option<Sql>,
    /// The fact, over the row and that step.
    sql: Sql,
}

impl Found {
    fn column(&self, name: &str) -> Value {
        let known = self.known.clone().map_or(Value::from(false), Value::from);
        context! { name => name, known => known, sql => Value::from(self.sql.clone()) }
    }
}

/// A fact to be found, and what it is found from.
#[derive(Clone, Copy)]
struct Site<'a> {
    plan: &'a Plan,
    pipeline: &'a Pipeline,
    rows: &'a Rows,
    fact: &'a Fact,
    /// The steps of the scans that its rule reads.
    events: &'a [&'a str],
    /// The stretch of time that holds every instant a clock can meet.
    horizon: (Instant, Instant),
    /// Whether the fact is not looked up for rows whose fate is decided.
    spares_claimed: bool,
}

impl<'a> Site<'a> {
    fn find(&self, query: &mut Query) -> Result<Found, RenderError> {
        match &self.fact.rule {
            Rule::Derived(expression) => {
                let sql = query.writer.expression(expression, self.rows.qualified())?;
                Ok(Found { step: None, known: None, sql })
            }
            Rule::Joined(join) => join::find(query, self, join),
            Rule::Related(relate) => relate::find(query, self, relate),
            Rule::Clocked(clock) => clock::find(query, self, clock),
            Rule::Advanced(advance) => advance::find(query, self, advance),
        }
    }

    /// Returns the name that the fact travels under.
    fn name(&self) -> &'a str {
        self.rows.columns.carried(&self.fact.name)
    }

    /// Returns the wish for the name of one of several steps.
    fn wish(&self, name: &str) -> String {
        format!("{}_{name}", self.fact.name)
    }

    /// Returns the conditions that every row must meet for which the fact is looked up.
    fn kept(&self, writer: &Writer) -> Result<Vec<Sql>, RenderError> {
        if !(self.rows.has_set_aside && self.spares_claimed) {
            return Ok(Vec::new());
        }
        Ok(vec![Sql::composed(format!("{} is null", writer.qualified(&self.rows.from, "set_aside")?))])
    }

    /// Returns the conditions that every row meets of which the fact is read.
    fn demanded(&self, writer: &mut Writer) -> Result<Vec<Sql>, RenderError> {
        let is_at_hand =
            |name: &str| self.rows.travelling.iter().any(|column| column == self.rows.columns.carried(name));
        let demand = demand::of(self.plan, self.pipeline, &self.fact.name);
        let Some(demand) = demand.filter(|demand| demand.names().into_iter().all(is_at_hand)) else {
            return Ok(Vec::new());
        };
        let row = self.rows.qualified();
        let mut conditions = Vec::new();
        if let Some(condition) = demand.holds {
            conditions.push(writer.condition(condition, row)?);
        }
        for condition in demand.fails {
            let fails = Expression::Not(Box::new(condition.clone()));
            let is_known = condition.columns().iter().all(|name| self.rows.is_never_null(self.pipeline, name));
            conditions.push(match is_known {
                true => writer.condition(&fails, row)?,
                false => {
                    let fails = writer.test_atom(&fails, row)?;
                    writer.call("is_not_false", &[fails.into()])?
                }
            });
        }
        Ok(conditions)
    }

    /// Writes that the match columns of an event equal those of the row in `step`.
    fn same(&self, writer: &Writer, pairs: &[(String, String)], step: &str) -> Result<Vec<String>, RenderError> {
        let carried = |name: &str| self.rows.columns.carried(name).to_owned();
        let mut conditions = Vec::new();
        for (own, other) in pairs {
            let (other, own) = (writer.qualified(EVENT, &carried(other))?, writer.qualified(step, &carried(own))?);
            conditions.push(format!("{other} = {own}"));
        }
        Ok(conditions)
    }

    /// Writes that `needed`, over the row, are all known; `None` where they are never null.
    fn known(&self, writer: &mut Writer, needed: &[Expression]) -> Result<Option<Sql>, RenderError> {
        let is_column = |name: &str| self.rows.is_never_null(self.pipeline, name);
        let mut known: Vec<String> = Vec::new();
        for expression in needed {
            if matches!(expression, Expression::Moment(_))
                || matches!(expression, Expression::Column(column) if is_column(&column.name))
            {
                continue;
            }
            let condition = format!("{} is not null", writer.atom(expression, self.rows.qualified())?);
            if !known.contains(&condition) {
                known.push(condition);
            }
        }
        Ok((!known.is_empty()).then(|| Sql::composed(known.join(" and "))))
    }

    /// Returns a column name like `wish` that no column or fact has.
    fn spare(&self, wish: &str) -> String {
        self.rows.spare(self.pipeline, wish)
    }
}

/// Returns the positions of `facts` in waves, each in order.
fn waves(facts: &[Fact]) -> Vec<Vec<usize>> {
    let mut wave_of: Vec<usize> = Vec::new();
    let mut waves: Vec<Vec<usize>> = Vec::new();
    for (position, fact) in facts.iter().enumerate() {
        let reads = reads::of(&fact.rule);
        let after = |known: &usize| reads.contains(&facts[*known].name.as_str());
        let wave = (0..position).filter(after).map(|known| wave_of[known] + 1).max().unwrap_or(0);
        wave_of.push(wave);
        if wave == waves.len() {
            waves.push(Vec::new());
        }
        waves[wave].push(position);
    }
    waves
}

/// Returns how many scans the rule reads.
fn scans(rule: &Rule) -> usize {
    match rule {
        Rule::Derived(_) | Rule::Advanced(_) => 0,
        Rule::Joined(_) | Rule::Related(_) => 1,
        Rule::Clocked(clock) => clock.counting.as_ref().map_or(0, |times| spans(times).len()),
    }
}

/// Returns the leaves of `times` that come from events.
fn spans(times: &Times) -> Vec<&Spans> {
    fn of_events(leaf: &Times) -> Option<&Spans> {
        match leaf {
            Times::Spans(spans) => Some(spans),
            _ => None,
        }
    }
    times.leaves().into_iter().filter_map(of_events).collect()
}

/// Returns a constant length of time as an expression.
fn length(duration: Duration) -> Expression {
    Expression::Literal(crate::value::Value::Duration(duration), Type::Duration)
}

fn values(pieces: Vec<Sql>) -> Vec<Value> {
    pieces.into_iter().map(Value::from).collect()
}

fn composed(pieces: Vec<String>) -> Vec<Value> {
    values(pieces.into_iter().map(Sql::composed).collect())
}
