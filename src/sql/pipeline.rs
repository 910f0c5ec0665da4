//! A measured plan as steps: from the rows of the population to graded cells, or to a ledger.
//!
//! Follows the order in which the plan language decides a row's fate. Knows no dialect.

use std::collections::BTreeMap;

use minijinja::context;

use super::cells::{self, Cut, Grading, Table};
use super::expression::Scope;
use super::moments::Moments;
use super::names::Columns;
use super::placement::{self, Periods, World};
use super::query::{Query, Writer, list};
use super::{RenderError, facts, fates, scan, totals};
use crate::plan::{Measure, Pipeline, Placement, Plan, Publish, Request, Scan};
use crate::value::Instant;

/// A plan, what is asked of it, and for whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The plan.
    pub(super) plan: &'a Plan,
    /// What is asked of it.
    pub(super) request: &'a Request,
    /// What is withheld.
    pub(super) publish: &'a Publish,
    /// What the names of its steps begin with.
    pub(super) prefix: &'a str,
    /// What its rows are brought together for.
    pub(super) purpose: Purpose,
}

impl Part<'_> {
    /// Returns the wish for the name of a step.
    pub(super) fn wish(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// What the rows of a part are brought together for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The cells of the result, with all their counts.
    Cells,
    /// The values that another metric reads, without the counts.
    Component,
    /// The ledger: every row keeps its fate, none is dropped early.
    Ledger,
}

/// The rows of a pipeline, on their way through its steps.
#[derive(Debug)]
pub(super) struct Rows {
    /// The step of the scan.
    pub(super) seen: String,
    /// The step that holds the rows now.
    pub(super) from: String,
    /// The columns they have now.
    pub(super) travelling: Vec<String>,
    /// The names under which the plan's columns travel.
    pub(super) columns: Columns,
    /// The columns that together are a row's key in every step: those of the scan, and `period` where a row has a fate
    /// for each period.
    pub(super) key: Vec<String>,
    /// As of when sources are seen. Where that is as of each period the steps of scans have a row for each, too, and
    /// [`Rows::same_world`] binds an event to a row.
    pub(super) world: World,
    /// What stands for the instants that the question brings along.
    pub(super) moments: Moments,
    /// Whether rows without an anchor are still among them.
    pub(super) has_undated: bool,
    /// How rows come by their periods.
    pub(super) periods: Periods,
    /// Between which instants an anchor must lie.
    pub(super) range: (Option<Instant>, Option<Instant>),
    /// Whether the population's predicate waits for facts.
    pub(super) is_filtered_late: bool,
    /// Whether some fates are decided already, in the column `set_aside`.
    pub(super) has_set_aside: bool,
    /// The facts for which a column tells when the first event after the row comes, with that column.
    pub(super) ahead: BTreeMap<String, String>,
    /// Where a row stands for several that are alike: the columns with how many, and with what they add up to.
    pub(super) together: Vec<String>,
}

impl Rows {
    /// Returns the scope of an expression over the rows alone.
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope { table: None, columns: &self.columns, outer: None, moments: &self.moments, is_table: false }
    }

    /// Returns the scope of an expression over the rows beside others.
    pub(super) fn qualified(&self) -> Scope<'_> {
        Scope { table: Some(&self.from), columns: &self.columns, outer: None, moments: &self.moments, is_table: false }
    }

    /// Returns the scope of an expression over an event called `alias` and a row.
    pub(super) fn beside<'a>(&'a self, alias: &'a str) -> Scope<'a> {
        Scope { outer: Some(&self.from), table: Some(alias), ..self.scope() }
    }

    /// Writes the condition under which the scanned row called `alias` and a row belong to one moment of knowledge;
    /// `None` where there is only one.
    pub(super) fn same_world(&self, writer: &Writer, alias: &str) -> Result<Option<String>, RenderError> {
        let World::Each(_) = self.world else { return Ok(None) };
        let (theirs, own) = (writer.qualified(alias, "period")?, writer.qualified(&self.from, "period")?);
        Ok(Some(format!("{theirs} = {own}")))
    }

    /// Returns a column name like `wish` that no column or fact has.
    pub(super) fn spare(&self, pipeline: &Pipeline, wish: &str) -> String {
        let scans = pipeline.scans();
        let columns = scans.iter().flat_map(|scan| &scan.columns).map(|column| &column.name);
        let derived = scans.iter().flat_map(|scan| &scan.derived).map(|derived| &derived.name);
        let facts = pipeline.facts.iter().map(|fact| &fact.name);
        let carried = columns.chain(derived).chain(facts).map(|name| self.columns.carried(name));
        let taken: Vec<String> =
            carried.chain(self.travelling.iter().map(String::as_str)).map(str::to_lowercase).collect();
        let mut name = wish.to_owned();
        let mut turn = 2;
        while taken.contains(&name.to_lowercase()) {
            name = format!("{wish}_{turn}");
            turn += 1;
        }
        name
    }

    /// Tells whether the column or fact `name` of a row that facts are looked up for is never null.
    pub(super) fn is_never_null(&self, pipeline: &Pipeline, name: &str) -> bool {
        // Undated rows have mostly met their fate before facts matter.
        let is_dated = pipeline.filter.placement.anchor() == Some(name) && !self.has_undated;
        is_dated || scan::is_never_null(&pipeline.scan, name)
    }
}

/// Adds the steps of `pipeline` up to its graded cells.
pub(super) fn cells(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<Table, RenderError> {
    let rows = rows(query, pipeline, part)?;
    let measure = &pipeline.measure;
    let totals = totals::totals(query, pipeline, part, &rows)?;
    let quotient = measure.is_quotient().then(|| (measure.numerator_type(), measure.denominator_type()));
    let cut = Cut { periods: &rows.periods, quotient };
    let cells = cells::bounded(query, part, (totals, cut))?;
    let interval = part.publish.interval.as_ref().filter(|_| matches!(measure, Measure::Share(_)));
    let bounds = pipeline.bounds.as_ref().filter(|_| part.purpose == Purpose::Cells);
    let bounds = bounds.map(|bounds| (bounds, measure.numerator_type()));
    cells::graded(
        query,
        part,
        cells,
        Grading { undefined: None, provisional: totals::open_count(pipeline), interval, bounds },
    )
}

/// Adds the steps of `pipeline` up to the fates.
pub(super) fn rows(query: &mut Query, pipeline: &Pipeline, part: Part) -> Result<Rows, RenderError> {
    let scans = scan::aligned(&pipeline.scans());
    let columns = columns(pipeline, part, &scans)?;
    let (placed, (seen, events)) = match pipeline.filter.placement {
        Placement::Snapshot(_) => {
            let placed = placement::place(query, pipeline, part)?;
            let seen = seen(query, (&scans, &columns), &placed.world)?;
            (placed, seen)
        }
        Placement::Anchor { .. } | Placement::Spread => {
            let seen = seen(query, (&scans, &columns), &World::At(part.request.as_of))?;
            (placement::place(query, pipeline, part)?, seen)
        }
    };
    let periods = match (placed.periods, part.purpose) {
        (Periods::Cut(_), Purpose::Ledger) => Periods::Whole,
        (periods, _) => periods,
    };
    let derived = scans[0].derived.iter().map(|derived| &derived.name);
    let names = scans[0].columns.iter().map(|column| &column.name).chain(derived);
    let mut rows = Rows {
        from: seen.clone(),
        seen,
        travelling: names.map(|name| columns.carried(name).to_owned()).collect(),
        key: pipeline.scan.key.iter().map(|name| columns.carried(name).to_owned()).collect(),
        columns,
        world: placed.world,
        moments: placed.moments,
        has_undated: false,
        periods,
        range: placed.range,
        is_filtered_late: reads_facts(pipeline) || facts::need_every_row(pipeline),
        has_set_aside: false,
        ahead: BTreeMap::new(),
        together: Vec::new(),
    };
    facts::ahead::look(query, pipeline, (part, &scans), &mut rows)?;
    spread(query, part, &mut rows);
    fates::filter(query, pipeline, part, &mut rows)?;
    facts::facts(query, pipeline, (part, &events), &mut rows)?;
    fates::decide(query, pipeline, part, &mut rows)?;
    Ok(rows)
}

/// Adds the steps of all scans; returns that of the population, and those of its facts in their order.
fn seen(
    query: &mut Query,
    (scans, columns): (&[Scan], &Columns),
    world: &World,
) -> Result<(String, Vec<String>), RenderError> {
    let seen = scan::write(query, &scans[0], columns, world)?;
    let events = scans[1..].iter().map(|scan| scan::write(query, scan, columns, world));
    Ok((seen, events.collect::<Result<_, _>>()?))
}

/// Gives rows that have a fate for each period a row for each.
fn spread(query: &mut Query, part: Part, rows: &mut Rows) {
    let Periods::Carried(periods) = &rows.periods else { return };
    match rows.world {
        World::Each(_) => {
            rows.travelling.splice(0..0, ["period", "as_of"].map(str::to_owned));
        }
        World::At(_) => {
            let step =
                context! { from => rows.from.as_str(), periods => periods.as_str(), columns => list(&rows.travelling) };
            rows.from = query.step(&part.wish("spread"), "spread", step);
            rows.travelling.extend(["period", "period_until"].map(str::to_owned));
        }
    }
    rows.key.insert(0, "period".to_owned());
}

fn reads_facts(pipeline: &Pipeline) -> bool {
    let read = pipeline.filter.predicate.as_ref().map(|predicate| predicate.columns()).unwrap_or_default();
    pipeline.facts.iter().any(|fact| read.contains(&fact.name.as_str()))
}

fn columns(pipeline: &Pipeline, part: Part, scans: &[Scan]) -> Result<Columns, RenderError> {
    let derived = scans.iter().flat_map(|scan| &scan.derived).map(|derived| derived.name.as_str());
    let read = scans.iter().flat_map(|scan| &scan.columns).map(|column| column.name.as_str()).chain(derived);
    let facts = pipeline.facts.iter().map(|fact| fact.name.as_str());
    Ok(Columns::new(read.chain(facts), &totals::counts(pipeline, part)))
}
