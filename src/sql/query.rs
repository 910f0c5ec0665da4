//! A query in the making: the steps so far, the names taken, the zones at hand.
//!
//! Knows how steps are named and shared, not what they say.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use minijinja::{Value, context};

use super::names::StepNames;
use super::quoting::{self, Sql};
use super::templates::{Macros, Templates};
use super::{RenderError, zone};
use crate::plan::{Calendar, Plan, Request, Scan};
use crate::value::{Grain, Instant, Type};

/// Writes identifiers, constants and expressions in one dialect.
pub(super) struct Writer<'env> {
    macros: Macros<'env>,
    reserved: &'env BTreeSet<String>,
}

impl Writer<'_> {
    /// Calls a macro of the dialect.
    pub(super) fn call(&mut self, name: &str, arguments: &[Value]) -> Result<Sql, RenderError> {
        Ok(self.macros.call(name, arguments)?)
    }

    /// Writes an identifier.
    pub(super) fn ident(&self, name: &str) -> Result<Sql, RenderError> {
        Ok(quoting::ident(name, self.reserved)?)
    }

    /// Writes `table.column`.
    pub(super) fn qualified(&self, table: &str, column: &str) -> Result<Sql, RenderError> {
        Ok(Sql::composed(format!("{}.{}", self.ident(table)?, self.ident(column)?)))
    }
}

/// A scan that other steps can share, with the names its columns travel under.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SharedScan {
    /// What is read.
    pub(super) scan: Scan,
    /// Carried names, as many as the scan has columns.
    pub(super) carried: Vec<String>,
}

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
    zones: BTreeMap<Cut, Value>,
    span: (Instant, Instant),
}

impl<'env> Query<'env> {
    /// Starts the query that answers `request` to `plan`.
    pub(super) fn new(templates: &'env Templates<'env>, plan: &Plan, request: &Request) -> Result<Self, RenderError> {
        let macros = Macros::load(&templates.environment, templates.dialect)?;
        Ok(Self {
            writer: Writer { macros, reserved: &templates.reserved },
            names: StepNames::avoiding(plan.tables()),
            steps: Vec::new(),
            scans: Vec::new(),
            zones: BTreeMap::new(),
            span: zone::padded(request.span, request.grain),
        })
    }

    /// Appends a step named like `wish` and returns its name.
    pub(super) fn step(&mut self, wish: &str, template: &str, step: Value) -> String {
        let name = self.names.claim(wish);
        self.steps.push(context! { name => name.as_str(), template => format!("steps/{template}.sql.j2"), ..step });
        name
    }

    /// Returns the step that an equal scan has been given.
    pub(super) fn scanned(&self, scan: &SharedScan) -> Option<String> {
        self.scans.iter().find(|(known, _)| known == scan).map(|(_, name)| name.clone())
    }

    /// Remembers the step `name` of a scan.
    pub(super) fn remember(&mut self, scan: SharedScan, name: String) {
        self.scans.push((scan, name));
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

    /// Returns the steps in order.
    pub(super) fn into_steps(self) -> Vec<Value> {
        self.steps
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
        let offsets: Vec<Value> = offsets.iter().map(|stretch| offset(&cut.zone, stretch)).collect();
        let body = self.writer.call("zone_rules", &[Value::from(offsets)])?;
        let step = if body.as_str().trim().is_empty() {
            String::new()
        } else {
            self.step("zone_offsets", "zone", context! { body => Value::from(body) })
        };
        let rules = context! { rules => step, evenings => evenings };
        self.zones.insert(cut, rules.clone());
        Ok(rules)
    }
}

fn offset(zone: &str, offset: &zone::Offset) -> Value {
    context! {
        starts => offset.starts.micros(),
        ends => offset.ends.micros(),
        offset => i64::from(offset.seconds) * 1_000_000,
        written => format!("{zone} from {}", offset.starts),
    }
}

fn evening(evening: &zone::Evening) -> Value {
    let written = |at: Instant| at.in_zone(&TimeZone::UTC).to_string();
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
