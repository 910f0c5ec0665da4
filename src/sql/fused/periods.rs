//! The periods of a query for many metrics.
//!
//! Where the range is known they are told by comparing instants with the ends of stretches of periods of one length, which
//! costs an engine a tenth of asking its zone rules about every row.

use minijinja::Value;

use crate::plan::{Calendar, Pipeline, Plan, Request};
use crate::sql::RenderError;
use crate::sql::calendar::{Period, Periods as Listed};
use crate::sql::expression::Scope;
use crate::sql::placement::{self, Found, Periods};
use crate::sql::query::{Listing, Query, Writer, zone_span};
use crate::sql::quoting::Sql;
use crate::value::{Grain, Instant};

/// The most periods that are listed: three years by day.
const MOST_LISTED: usize = 1_100;

/// The most stretches that are asked about one after the other, as one reads them; more are halved, which is quicker.
const MOST_IN_TURN: usize = 6;

/// How rows come by their periods.
pub(super) struct Cut {
    /// How totals come by the bounds of theirs.
    pub(super) after: Periods,
    /// The stretches of the periods, where instants are compared with them.
    compared: Vec<Stretch>,
}

/// Periods of one length that follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    start: Instant,
    /// The end of its last period.
    end: Instant,
    /// The length of each.
    seconds: i64,
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
        return Ok(Cut { after: Periods::Found(found), compared: stretches(&periods) });
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
    Ok((1..=MOST_LISTED).contains(&periods.len()).then_some(periods))
}

/// Returns the range of a request with both ends that holds an instant.
fn range(request: &Request) -> Option<(Instant, Instant)> {
    request.from.zip(request.to).filter(|(from, to)| from < to)
}

/// Puts periods without gaps together that have the same length.
fn stretches(periods: &[Period]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for &Period { start, end } in periods {
        // Offsets of zones are whole seconds, so that periods are, too.
        let seconds = (end.micros() - start.micros()) / 1_000_000;
        match stretches.last_mut() {
            Some(last) if last.seconds == seconds => last.end = end,
            _ => stretches.push(Stretch { start, end, seconds }),
        }
    }
    stretches
}

/// Writes the start of the period that holds an instant.
fn compared(writer: &mut Writer, at: &Sql, stretches: &[Stretch]) -> Result<String, RenderError> {
    if stretches.len() <= MOST_IN_TURN { in_turn(writer, at, stretches) } else { halved(writer, at, stretches) }
}

fn in_turn(writer: &mut Writer, at: &Sql, stretches: &[Stretch]) -> Result<String, RenderError> {
    let (last, earlier) = stretches.split_last().ok_or(RenderError::Contradiction("rows have no period"))?;
    let last = bucket(writer, at, *last)?;
    if earlier.is_empty() {
        return Ok(last);
    }
    let mut written = "case".to_owned();
    for stretch in earlier {
        let (end, start) = (writer.instant(stretch.end)?, bucket(writer, at, *stretch)?);
        written.push_str(&format!("\n                when {at} < {end} then {start}"));
    }
    written.push_str(&format!("\n                else {last}\n            end"));
    Ok(written)
}

fn halved(writer: &mut Writer, at: &Sql, stretches: &[Stretch]) -> Result<String, RenderError> {
    let (early, late) = stretches.split_at(stretches.len() / 2);
    if early.is_empty() {
        return bucket(writer, at, late[0]);
    }
    let from = writer.instant(late[0].start)?;
    Ok(format!("case when {at} < {from} then {} else {} end", halved(writer, at, early)?, halved(writer, at, late)?))
}

/// Writes the start of the period of this stretch that holds an instant.
fn bucket(writer: &mut Writer, at: &Sql, stretch: Stretch) -> Result<String, RenderError> {
    let start = writer.instant(stretch.start)?;
    let is_one = stretch.end.micros() - stretch.start.micros() <= stretch.seconds * 1_000_000;
    if is_one {
        return Ok(start.to_string());
    }
    Ok(writer.call("bucket", &[at.clone().into(), start.into(), stretch.seconds.into()])?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).expect("an instant")
    }

    #[test]
    fn days_of_one_length_are_one_stretch_and_a_change_of_clocks_parts_them() {
        let edges =
            ["2025-03-28T23:00:00Z", "2025-03-29T23:00:00Z", "2025-03-30T22:00:00Z", "2025-03-31T22:00:00Z"].map(at);
        let last = at("2025-04-01T22:00:00Z");
        let starts = edges.iter().copied();
        let ends = edges[1..].iter().copied().chain([last]);
        let periods: Vec<Period> = starts.zip(ends).map(|(start, end)| Period { start, end }).collect();
        let expected = [
            Stretch { start: edges[0], end: edges[1], seconds: 24 * 3600 },
            Stretch { start: edges[1], end: edges[2], seconds: 23 * 3600 },
            Stretch { start: edges[2], end: last, seconds: 24 * 3600 },
        ];
        assert_eq!(stretches(&periods), expected);
    }
}
