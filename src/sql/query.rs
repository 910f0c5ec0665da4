//! A query in the making: the steps so far, the names taken, the zones at hand.
//!
//! Knows how steps are named and shared, not what they say.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use minijinja::{Value, context};

use super::facts::horizon;
use super::names::StepNames;
use super::placement::World;
use super::quoting::{Spelling, Sql};
use super::standing::Standing;
use super::templates::{Macros, Templates};
use super::{RenderError, zone};
use crate::plan::{Body, Calendar, Placement, Plan, Reach, Request, Scan};
use crate::value::{Grain, Instant, Type, Value as Constant};

/// Writes identifiers, constants and expressions in one dialect.
pub(super) struct Writer<'env> {
    macros: Macros<'env>,
    pub(super) spelling: &'env Spelling,
    /// What a standing query finds out by itself; `None` where the question says everything.
    pub(super) standing: Option<Standing>,
}

impl Writer<'_> {
    /// Calls a macro of the dialect.
    pub(super) fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Sql, RenderError> {
        Ok(self.macros.call(name, arguments)?)
    }

    /// Writes an identifier.
    pub(super) fn ident(&self, name: &str) -> Result<Sql, RenderError> {
        Ok(self.spelling.ident(name)?)
    }

    /// Writes a text.
    pub(super) fn literal(&self, text: &str) -> Result<Sql, RenderError> {
        Ok(self.spelling.literal(text)?)
    }

    /// Writes a term of an order in which null comes after everything.
    pub(super) fn order(&mut self, column: &Sql, is_descending: bool) -> Result<Sql, RenderError> {
        self.call("order", &[column.clone().into(), is_descending.into()])
    }

    /// Writes `table.column`.
    pub(super) fn qualified(&self, table: &str, column: &str) -> Result<Sql, RenderError> {
        Ok(Sql::composed(format!("{}.{}", self.ident(table)?, self.ident(column)?)))
    }
}

/// A list of instants, as a step that other steps can share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listing {
    /// The names of its columns.
    pub(super) columns: &'static [&'static str],
    /// Its rows.
    pub(super) rows: Vec<Vec<Instant>>,
}

/// A scan that other steps can share, with the names its columns travel under.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SharedScan {
    /// What is read.
    pub(super) scan: Scan,
    /// As of when it is seen.
    pub(super) world: World,
    /// Carried names, as many as the scan has columns.
    pub(super) carried: Vec<String>,
}

/// The most changes of a zone's offset that a query lists: those of some four centuries.
const MOST_OFFSETS: usize = 1_000;

/// A zone, and whether it is cut into hours or into whole days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    zone: String,
    is_hour: bool,
}

/// The steps of a query.
pub(super) struct Query<'env> {
    /// Writes pieces of SQL.
    pub(super) writer: Writer<'env>,
    names: StepNames,
    steps: Vec<Value>,
    scans: Vec<(SharedScan, String)>,
    listings: Vec<(Listing, String)>,
    zones: BTreeMap<Cut, Value>,
    constants: BTreeMap<String, String>,
    span: (Instant, Instant),
}

impl<'env> Query<'env> {
    /// Starts the query that answers `request` to `plan`.
    pub(super) fn new(templates: &'env Templates, plan: &Plan, request: &Request) -> Result<Self, RenderError> {
        let macros = Macros::of(templates)?;
        Ok(Self {
            writer: Writer { macros, spelling: &templates.spelling, standing: None },
            names: StepNames::avoiding(plan.tables()),
            steps: Vec::new(),
            scans: Vec::new(),
            listings: Vec::new(),
            zones: BTreeMap::new(),
            constants: BTreeMap::new(),
            span: zone::padded(zone_span(plan, request), request.grain),
        })
    }

    /// Appends a step named like `wish` and returns its name.
    pub(super) fn step(&mut self, wish: &str, template: &str, step: Value) -> String {
        let name = self.names.claim(wish);
        self.push(&name, (Value::from(false), template), step);
        name
    }

    /// Returns the step with this list, adding it if there is none.
    pub(super) fn listed(&mut self, listing: Listing) -> String {
        if let Some((_, name)) = self.listings.iter().find(|(known, _)| *known == listing) {
            return name.clone();
        }
        let cell = |at: &Instant| context! { micros => at.micros(), written => written(*at) };
        let rows: Vec<Value> = listing.rows.iter().map(|row| row.iter().map(cell).collect()).collect();
        let is_cut = self.writer.standing.is_some() && listing.is_asked();
        let name = self.names.claim(if is_cut { "periods_ahead" } else { "periods_asked" });
        let columns = list(listing.columns);
        let step = context! { rows => rows, columns => columns.clone(), instant => type_value(Type::Instant) };
        self.push(&name, (columns, "periods_asked"), step);
        let name = if is_cut { self.begun(&name, listing.columns) } else { name };
        self.listings.push((listing, name.clone()));
        name
    }

    fn push(&mut self, name: &str, (heads, template): (Value, &str), step: Value) {
        let template = format!("steps/{template}.sql.j2");
        self.steps.push(context! { name => name, heads => heads, template => template, step => step });
    }

    /// Returns the step that an equal scan has been given.
    pub(super) fn scanned(&self, scan: &SharedScan) -> Option<String> {
        self.scans.iter().find(|(known, _)| known == scan).map(|(_, name)| name.clone())
    }

    /// Remembers the step `name` of a scan.
    pub(super) fn remember(&mut self, scan: SharedScan, name: String) {
        self.scans.push((scan, name));
    }

    /// Returns the step with these rows of constants, at least one, adding it under a name like `wish` if there is none.
    pub(super) fn constants(
        &mut self,
        wish: &str,
        columns: &[(&str, Type)],
        rows: &[Vec<Constant>],
    ) -> Result<String, RenderError> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let mut known = names.join(", ");
        let mut written = Vec::new();
        for row in rows {
            let mut cells = Vec::new();
            for (constant, (_, ty)) in row.iter().zip(columns) {
                let sql = self.writer.literal_of(constant, *ty)?;
                known.push_str(&format!(", {sql}"));
                cells.push(context! { sql => Value::from(sql), text => plain(constant) });
            }
            known.push(';');
            written.push(Value::from(cells));
        }
        if let Some(name) = self.constants.get(&known) {
            return Ok(name.clone());
        }
        let name = self.names.claim(wish);
        let typed = |(name, ty): &(&str, Type)| context! { name => *name, ..type_value(*ty) };
        let columns: Vec<Value> = columns.iter().map(typed).collect();
        self.push(&name, (list(&names), "listed"), context! { columns => columns, rows => written });
        self.constants.insert(known, name.clone());
        Ok(name)
    }

    /// Returns the calendar as macros take it, adding the rules of its zone where the dialect needs them; false for
    /// the grain `all`, which is not cut.
    pub(super) fn calendar(&mut self, calendar: &Calendar, grain: Grain) -> Result<Value, RenderError> {
        if grain == Grain::All {
            return Ok(Value::from(false));
        }
        let cut = Cut { zone: calendar.zone.clone(), is_hour: grain == Grain::Hour };
        let rules = match self.zones.get(&cut) {
            Some(rules) => rules.clone(),
            None => self.zone_rules(cut)?,
        };
        let week_starts = calendar.week_starts.days_since_monday();
        Ok(context! { zone => calendar.zone.as_str(), week_starts => week_starts, ..rules })
    }

    /// Writes the text of the query under a header; `result` is what stands behind its steps.
    pub(super) fn into_text(mut self, header: Value, result: Value) -> Result<String, RenderError> {
        Ok(self.writer.macros.query(&[header, Value::from(self.steps), result])?)
    }

    /// Returns the `rules` and `evenings` of a calendar, adding the step of the rules where the dialect needs it.
    fn zone_rules(&mut self, cut: Cut) -> Result<Value, RenderError> {
        let zone = TimeZone::get(&cut.zone).map_err(|_| RenderError::UnknownZone(cut.zone.clone()))?;
        let mut offsets = zone::offsets(&zone, self.span);
        let mut evenings = Vec::new();
        // Hours are those of the wall clock, whichever day it shows.
        if !cut.is_hour {
            evenings = zone::evenings(&offsets).iter().map(evening).collect();
            offsets = zone::of_whole_days(offsets);
        }
        let is_long = offsets.len() > MOST_OFFSETS;
        let offsets: Vec<Value> = offsets.iter().map(|stretch| offset(&cut.zone, stretch)).collect();
        let body = self.writer.call("zone_rules", &[Value::from(offsets)])?;
        let step = if body.as_str().trim().is_empty() {
            String::new()
        } else if is_long {
            return Err(RenderError::TooLong(self.span.0, self.span.1));
        } else {
            self.step("zone_offsets", "zone", context! { body => Value::from(body) })
        };
        let rules = context! { rules => step, evenings => evenings };
        self.zones.insert(cut, rules.clone());
        Ok(rules)
    }
}

/// Returns the instants between which the plan puts instants into periods that matter. Where periods are asked for, their bounds
/// are among them; where rows lie in the period of their anchor, those outside the range asked for need none.
pub(super) fn zone_span(plan: &Plan, request: &Request) -> (Instant, Instant) {
    match &plan.body {
        _ if asks_for_periods(plan) => asked_span(request),
        Body::Measured(pipeline) => {
            let (first, last) = horizon::derived(pipeline, request.span);
            let start = request.from.map_or(first, |from| from.max(first).min(last));
            (start, request.to.map_or(last, |to| to.min(last).max(start)))
        }
        _ => request.span,
    }
}

/// Returns the span of `request`, widened to all periods that it may ask for.
pub(super) fn asked_span(request: &Request) -> (Instant, Instant) {
    let (first, last) = request.span;
    let to = request.to.map_or(last, |to| to.min(request.as_of));
    (first.min(request.from.unwrap_or(first)), last.max(to))
}

fn asks_for_periods(plan: &Plan) -> bool {
    match &plan.body {
        Body::Measured(pipeline) => !matches!(pipeline.filter.placement, Placement::Anchor { reach: Reach::Own, .. }),
        body => body.parts().into_iter().any(asks_for_periods),
    }
}

fn offset(zone: &str, offset: &zone::Offset) -> Value {
    context! {
        starts => offset.starts.micros(),
        ends => offset.ends.micros(),
        offset => i64::from(offset.seconds) * 1_000_000,
        from => written(offset.starts),
        until => written(offset.ends),
        written => format!("{zone} from {}", offset.starts),
    }
}

fn written(at: Instant) -> String {
    at.in_zone(&TimeZone::UTC).to_string()
}

/// Writes a constant as people do, where the years have four digits; false elsewhere.
fn plain(constant: &Constant) -> Value {
    match constant {
        Constant::Instant(at) if !(1..=9999).contains(&at.in_zone(&TimeZone::UTC).year()) => Value::from(false),
        Constant::Instant(at) => Value::from(written(*at)),
        Constant::Duration(length) => Value::from(length.seconds().to_string()),
        other => Value::from(other.to_string()),
    }
}

fn evening(evening: &zone::Evening) -> Value {
    context! { starts => written(evening.starts), ends => written(evening.ends), seconds => evening.seconds }
}

/// Returns names as templates take them.
pub(super) fn list<S: AsRef<str>>(names: &[S]) -> Value {
    names.iter().map(AsRef::as_ref).collect()
}

/// Returns a type as macros take it.
pub(super) fn type_value(ty: Type) -> Value {
    let (kind, scale) = match ty {
        Type::Boolean => ("boolean", 0),
        Type::Text => ("text", 0),
        Type::Number(scale) => ("number", scale),
        Type::Duration => ("duration", 0),
        Type::Instant => ("instant", 0),
        Type::Date => ("date", 0),
        Type::Real => ("real", 0),
    };
    context! { kind => kind, scale => scale }
}
