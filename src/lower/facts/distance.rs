//! Distances as they are written: `7d`, `7 calendar_days`, `5 business_days`, `8h business_time`.

use super::{Row, hours};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Expression;
use crate::lower::Context;
use crate::plan::{Distance, Hours};
use crate::value::{Duration, Type, Value};
use crate::yaml::Node;

/// A distance whose calendar has been found.
pub(super) enum Reach {
    /// On the UTC line.
    Elapsed(Duration),
    /// On another clock.
    Clock(Distance),
}

/// A distance as its text says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    Elapsed(Duration),
    CalendarDays(i32),
    BusinessDays(i32),
    BusinessTime(Duration),
}

fn said(text: &str) -> Option<Said> {
    match text.split_once(' ') {
        None => text.parse().ok().map(Said::Elapsed),
        Some((days, "calendar_days")) => days.parse().ok().map(Said::CalendarDays),
        Some((days, "business_days")) => days.parse().ok().map(Said::BusinessDays),
        Some((length, "business_time")) => length.parse().ok().map(Said::BusinessTime),
        Some(_) => None,
    }
}

/// Tells whether a text is a distance.
pub(super) fn is_distance(text: &str) -> bool {
    said(text).is_some()
}

/// Reads the distance at `node`; `calendar` is the business calendar that is named, `place` what to blame without one.
///
/// Where `last_day_belongs` is false, the last of calendar or business days does not, so they end a day earlier.
pub(super) fn lower(
    node: &Node,
    (calendar, place): (Option<Hours>, &Node),
    last_day_belongs: bool,
    row: &Row<'_>,
    context: &mut Context<'_>,
) -> Option<Reach> {
    let said = said(node.as_text()?)?;
    let inner = |days: i32| if last_day_belongs { days } else { days - days.signum() };
    let business = |context: &mut Context<'_>| {
        calendar.clone().or_else(|| {
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, node.span, "business time needs a calendar")
                    .also(place.span, "none is named here")
                    .help("name a standard of kind calendar"),
            );
            None
        })
    };
    Some(match said {
        Said::Elapsed(length) => Reach::Elapsed(length),
        Said::CalendarDays(days) => {
            let zone = calendar.as_ref().map_or(row.population.zone.clone(), |hours| hours.zone.clone());
            Reach::Clock(Distance::CalendarDays { days: inner(days), zone })
        }
        Said::BusinessDays(days) => Reach::Clock(Distance::BusinessDays {
            days: inner(days),
            hours: hours::with_openings(business(context)?, node, context)?,
        }),
        Said::BusinessTime(length) => {
            let length = Expression::Literal(Value::Duration(length), Type::Duration);
            Reach::Clock(Distance::BusinessTime {
                length,
                hours: hours::with_openings(business(context)?, node, context)?,
            })
        }
    })
}
