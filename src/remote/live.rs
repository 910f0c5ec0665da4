//! The tables of a target as the ground of a run: its engine answers over them, and nothing but answers comes back.

use std::collections::{BTreeMap, BTreeSet};

use super::table_of;
use crate::catalog::Catalog;
use crate::compute::{Answer, ComputeError, by_sql, together, with_ledger};
use crate::definition::Remote;
use crate::engine::{Engine, EngineError};
use crate::plan::{Plan, Request};
use crate::run::{Ground, On};
use crate::source::{ObservedThrough, Source};
use crate::sql::{Header, Values};
use crate::table::{Field, Table};
use crate::value::{Instant, Type, Value};

/// A target whose tables are asked.
pub struct Live {
    engine: Box<dyn Engine>,
    on: On,
    /// The name of each source's table.
    tables: BTreeMap<String, String>,
    /// Up to when each source is complete.
    observed: BTreeMap<String, Instant>,
    /// The first and the last value of each instant column, by source and column.
    spans: BTreeMap<(String, String), (Instant, Instant)>,
    /// Cells that were found together with those of other metrics, each with the plan and the question.
    known: Vec<(Plan, Request, Table)>,
}

impl Live {
    /// Asks the tables that the plans read how far they reach.
    ///
    /// # Errors
    /// When a table cannot be asked.
    pub fn new(
        catalog: &Catalog,
        (target, remote): (&str, &Remote),
        mut engine: Box<dyn Engine>,
        plans: &[&Plan],
    ) -> Result<Self, EngineError> {
        let name = format!("{} {}", remote.engine.value, engine.version());
        let on = On { target: target.to_owned(), engine: name, tables: Vec::new() };
        let (tables, observed, spans) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut reaches = Vec::new();
        let dated: BTreeSet<(&str, &str)> = plans.iter().flat_map(|plan| plan.dated_columns()).collect();
        let sources: BTreeSet<&str> = plans.iter().flat_map(|plan| plan.sources()).collect();
        for file in sources.into_iter().filter_map(|name| catalog.registry.sources.get(name)) {
            let (source, table) = (&file.source, table_of(file, target));
            let asked = |column: &str| {
                source.order.first().is_some_and(|order| order == column) || dated.contains(&(&source.name, column))
            };
            let spans = reach(source, &asked, table, engine.as_mut())?;
            reaches.push((&file.source, table.to_owned(), spans));
        }
        let mut live = Self { engine, on, tables, observed, spans, known: Vec::new() };
        for (source, table, spans) in reaches {
            live.enter(source, table, spans);
        }
        Ok(live)
    }

    fn enter(&mut self, source: &Source, table: String, spans: Reach) {
        let last = source.order.first().and_then(|order| spans.iter().find(|(column, _)| column == order));
        let observed = match source.observed_through {
            ObservedThrough::At(instant) => Some(instant),
            ObservedThrough::LastRow => last.map(|(_, (_, last))| *last),
        };
        self.on.tables.push((source.name.clone(), table.clone(), observed));
        self.observed.extend(observed.map(|instant| (source.name.clone(), instant)));
        self.spans.extend(spans.into_iter().map(|(column, span)| ((source.name.clone(), column), span)));
        self.tables.insert(source.name.clone(), table);
    }

    /// Returns the plan over the tables of the target.
    fn own(&self, plan: &Plan) -> Plan {
        let table = |source: &str, usual: &str| self.tables.get(source).map_or(usual, String::as_str).to_owned();
        plan.over_tables(&table)
    }

    /// Returns which database it is.
    pub fn on(&self) -> &On {
        &self.on
    }
}

/// Columns with their first and last values.
type Reach = Vec<(String, (Instant, Instant))>;

/// Returns the first and the last value of each instant column that is asked for and has one.
fn reach(
    source: &Source,
    asked: &dyn Fn(&str) -> bool,
    table: &str,
    engine: &mut dyn Engine,
) -> Result<Reach, EngineError> {
    let instants = source.columns.iter().filter(|column| column.ty == Type::Instant);
    let columns: Vec<&str> = instants.map(|column| column.name.as_str()).filter(|name| asked(name)).collect();
    let mut fields = Vec::new();
    let mut parts = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        for function in ["min", "max"] {
            let name = format!("{function}_{number}");
            parts.push(format!("{function}({}) AS {}", engine.quoted(column), engine.quoted(&name)));
            fields.push(Field::new(name, Type::Instant));
        }
    }
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let query = format!("SELECT {} FROM {}", parts.join(", "), engine.table_name(table));
    let answer = engine.query(&query, &fields)?;
    let cell =
        |number: usize, function: &str| match answer.rows.first()?.get(2 * number + usize::from(function == "max")) {
            Some(Value::Instant(instant)) => Some(*instant),
            _ => None,
        };
    let spans = columns
        .iter()
        .enumerate()
        .filter_map(|(number, column)| Some(((*column).to_owned(), (cell(number, "min")?, cell(number, "max")?))));
    Ok(spans.collect())
}

impl Ground for Live {
    fn judge(&self) -> &str {
        self.engine.name()
    }

    fn has(&self, source: &str) -> bool {
        self.tables.contains_key(source)
    }

    fn observed_through(&self, sources: &[&str]) -> Option<Instant> {
        sources.iter().filter_map(|name| self.observed.get(*name)).min().copied()
    }

    fn span(&self, plan: &Plan, as_of: Instant) -> (Instant, Instant) {
        let dated = plan.dated_columns();
        let spans = dated
            .into_iter()
            .filter_map(|(source, column)| self.spans.get(&(source.to_owned(), column.to_owned())).copied());
        spans.fold((as_of, as_of), |(first, last), (from, to)| (first.min(from), last.max(to)))
    }

    fn together(&mut self, metrics: &[(&Plan, Header)], request: &Request, values: Values) {
        let own = |(plan, header): &(&Plan, Header)| (self.own(plan), header.clone());
        let own: Vec<(Plan, Header)> = metrics.iter().map(own).collect();
        let asked: Vec<(&Plan, Header)> = own.iter().map(|(plan, header)| (plan, header.clone())).collect();
        if let Ok(tables) = together(&asked, request, values, self.engine.as_mut()) {
            let known = own.into_iter().zip(tables).map(|((plan, _), table)| (plan, request.clone(), table));
            self.known.extend(known.collect::<Vec<_>>());
        }
    }

    fn answer(&mut self, plan: &Plan, header: &Header, request: &Request) -> Result<Answer, ComputeError> {
        let plan = self.own(plan);
        let is_same = |(known, asked, _): &&(Plan, Request, Table)| {
            *known == plan && Request { span: request.span, ..asked.clone() } == *request
        };
        match self.known.iter().find(is_same).map(|(_, _, cells)| cells.clone()) {
            Some(cells) => with_ledger((&plan, header), request, cells, self.engine.as_mut()),
            None => by_sql(&plan, header, request, self.engine.as_mut()),
        }
    }
}
