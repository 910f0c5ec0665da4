//! The periods of a query for many metrics.
//!
//! Where the range is known they are told by comparing instants with their starts, which costs an engine a tenth of asking
//! its zone rules about every row.

use minijinja::Value;

use crate::plan::{Calendar, Pipeline, Plan, Request};
use crate::sql::RenderError;
use crate::sql::calendar::{Period, Periods as Listed};
use crate::sql::expression::Scope;
use crate::sql::placement::{self, Found, Periods};
use crate::sql::query::{Listing, Query, Writer, zone_span};
use crate::sql::quoting::Sql;
use crate::value::{Grain, Instant};

/// The most periods that are told apart by comparing instants.
const MOST_COMPARED: usize = 400;

/// How rows come by their periods.
pub(super) struct Cut {
    /// How totals come by the bounds of theirs.
    pub(super) after: Periods,
    /// The periods, where instants are compared with their starts.
    compared: Vec<Period>,
}

impl Cut {
    /// Returns how rows come by theirs, before they are brought together.
    pub(super) fn before(&self) -> Periods {
        if self.compared.is_empty() { self.after.clone() } else { self.carried() }
    }

    /// Returns how rows come by theirs that carry it already.
    pub(super) fn carried(&self) -> Periods {
        match &self.after {
            Periods::Whole => Periods::Whole,
            _ => Periods::Carried(String::new()),
        }
    }

    /// Writes the period of a row; false where there is only one.
    pub(super) fn period(
        &self,
        writer: &mut Writer,
        (anchor, request): (&str, &Request),
        scope: Scope,
    ) -> Result<Value, RenderError> {
        let anchor = writer.column(anchor, scope)?;
        if !self.compared.is_empty() {
            return Ok(Sql::composed(compared(writer, &anchor, &self.compared)?).into());
        }
        match &self.after {
            Periods::Cut(calendar) => {
                let local_time = writer.ident("local_time")?;
                let arguments = [anchor.into(), local_time.into(), request.grain.name().into(), calendar.clone()];
                Ok(writer.call("period", &arguments)?.into())
            }
            _ => Ok(Value::from(false)),
        }
    }
}

/// Tells whether the periods of a request can be told without a list of them beside the rows.
pub(super) fn are_cut(calendar: &Calendar, request: &Request) -> bool {
    let is_known = || few(calendar, request).is_ok_and(|periods| periods.is_some());
    request.grain == Grain::All || !placement::is_listed(calendar, request.grain) || is_known()
}

/// Settles how rows come by their periods.
pub(super) fn place(query: &mut Query, (plan, _): (&Plan, &Pipeline), request: &Request) -> Result<Cut, RenderError> {
    if let Some(periods) = few(&plan.calendar, request)? {
        let rows = periods.iter().map(|period| vec![period.start, period.end]).collect();
        let step = query.listed(Listing { columns: &["period_start", "period_end"], rows });
        let found = Found { step, start: "period_start", end: "period_end", keeps_all: false };
        return Ok(Cut { after: Periods::Found(found), compared: periods });
    }
    let after = placement::cut(query, &plan.calendar, request.grain, zone_span(plan, request))?;
    match after {
        Periods::Whole | Periods::Cut(_) => Ok(Cut { after, compared: Vec::new() }),
        Periods::Found(_) | Periods::Carried(_) => Err(RenderError::TooManyPeriods),
    }
}

/// Returns the periods of a request with a range, if they are few. Hours need not follow one another without a gap.
fn few(calendar: &Calendar, request: &Request) -> Result<Option<Vec<Period>>, RenderError> {
    let Some((from, to)) = range(request).filter(|_| !matches!(request.grain, Grain::All | Grain::Hour)) else {
        return Ok(None);
    };
    let last = Instant::from_micros(to.micros() - 1);
    let periods = Listed::of(calendar, request.grain)?.listed((from, last), 0)?;
    Ok((1..=MOST_COMPARED).contains(&periods.len()).then_some(periods))
}

/// Returns the range of a request with both ends that holds an instant.
fn range(request: &Request) -> Option<(Instant, Instant)> {
    request.from.zip(request.to).filter(|(from, to)| from < to)
}

/// Writes the start of the period that holds an instant, by halving.
fn compared(writer: &mut Writer, at: &Sql, periods: &[Period]) -> Result<String, RenderError> {
    let (early, late) = periods.split_at(periods.len() / 2);
    if early.is_empty() {
        return Ok(writer.instant(late[0].start)?.to_string());
    }
    let from = writer.instant(late[0].start)?;
    Ok(format!(
        "case when {at} < {from} then {} else {} end",
        compared(writer, at, early)?,
        compared(writer, at, late)?
    ))
}
