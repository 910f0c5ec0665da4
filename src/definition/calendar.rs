//! Calendars: the opening hours of a service, as their standard writes them.

use super::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Hours, Opening, Schedule};
use crate::text::{Span, Spanned};
use crate::value::{Date, Weekday};
use crate::yaml::Node;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Reads the hours of a calendar.
pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Hours> {
    let zone = fields.zone("zone");
    let schedules = schedules(fields);
    let days = holidays(fields);
    Some(Hours { zone: zone?.value, schedules: schedules?, days: days? })
}

fn schedules(fields: &mut Fields<'_, '_>) -> Option<Vec<Schedule>> {
    let (weekly, several) = (fields.node.get("weekly"), fields.node.get("schedules"));
    match (weekly, several) {
        (Some(node), None) => Some(vec![Schedule { from: None, weekly: week(node, fields)? }]),
        (None, Some(list)) => changing(list, fields),
        (Some(node), Some(list)) => {
            fields.diagnostics.push(
                Diagnostic::error(codes::UNKNOWN_KEY, list.span, "the calendar has `weekly` hours and `schedules`")
                    .also(node.span, "the weekly hours stand here")
                    .help("put the weekly hours under the first of the schedules"),
            );
            None
        }
        (None, None) => {
            let span = fields.text("kind").map_or(fields.node.span, |kind| kind.span);
            fields.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, span, "the calendar has no opening hours")
                    .help("add `weekly:` with the hours of each day, or `weekly: always`"),
            );
            None
        }
    }
}

/// Reads hours that have changed over time: only the first has no beginning, and each begins after the one before.
fn changing<'a>(list: &'a Node, fields: &mut Fields<'a, '_>) -> Option<Vec<Schedule>> {
    let mut schedules: Vec<Schedule> = Vec::new();
    let mut before: Option<Spanned<Date>> = None;
    let mut failed = false;
    for (index, item) in list.items().iter().enumerate() {
        let from = fields.of(item).date("from");
        let weekly = item.get("weekly").and_then(|node| week(node, fields));
        failed |= !begins(index, item, (from.as_ref(), before.as_ref()), fields);
        match weekly {
            Some(weekly) => schedules.push(Schedule { from: from.as_ref().map(|from| from.value), weekly }),
            None => failed = true,
        }
        before = from.or(before);
    }
    (!failed && !schedules.is_empty()).then_some(schedules)
}

fn begins(
    index: usize,
    item: &Node,
    (from, before): (Option<&Spanned<Date>>, Option<&Spanned<Date>>),
    fields: &mut Fields<'_, '_>,
) -> bool {
    let place = item.entries().first().map_or(item.span, |entry| entry.key.span);
    let found = match (index, from) {
        (0, Some(from)) => Diagnostic::error(codes::INVALID_VALUE, from.span, "nothing says which hours held before")
            .help("leave `from` out of the first schedule: it has held since ever"),
        (0, None) => return true,
        // A day that does not exist has been reported.
        (_, None) if item.get("from").is_some() => return false,
        (_, None) => Diagnostic::error(codes::MISSING_KEY, place, "nothing says from when these hours hold")
            .help("add `from:` with their first day"),
        (_, Some(from)) => match before {
            Some(before) if before.value >= from.value => {
                Diagnostic::error(codes::INVALID_VALUE, from.span, "these hours begin before those above them")
                    .also(before.span, "those above begin here")
                    .help("list the schedules in the order in which they begin")
            }
            _ => return true,
        },
    };
    fields.diagnostics.push(found);
    false
}

fn week(node: &Node, fields: &mut Fields<'_, '_>) -> Option<[Vec<Opening>; 7]> {
    if node.as_text() == Some("always") {
        return Some(std::array::from_fn(|_| vec![Opening { from: 0, to: DAY }]));
    }
    let mut week: [Vec<Opening>; 7] = Default::default();
    let mut failed = false;
    for entry in node.entries() {
        let Ok(weekday) = entry.key.value.parse::<Weekday>() else { continue };
        match (day(entry.value.items(), fields), usize::try_from(weekday.days_since_monday())) {
            (Some(openings), Ok(index)) => week[index] = openings,
            _ => failed = true,
        }
    }
    (!failed).then_some(week)
}

/// Reads the openings of a day: in order, none over another, and those that touch as one.
fn day(items: &[Node], fields: &mut Fields<'_, '_>) -> Option<Vec<Opening>> {
    let read: Vec<Option<(Opening, Span)>> = items.iter().map(|item| opening(item, fields)).collect();
    let mut written: Vec<(Opening, Span)> = read.into_iter().collect::<Option<_>>()?;
    written.sort_by_key(|(opening, _)| *opening);
    let mut openings: Vec<Opening> = Vec::new();
    let mut last: Option<Span> = None;
    for (opening, span) in written {
        match openings.last_mut() {
            Some(before) if opening.from < before.to => {
                let message = "these hours overlap with others of the day";
                let diagnostic =
                    Diagnostic::error(codes::INVALID_VALUE, span, message).help("write each hour of the day once");
                fields.diagnostics.push(match last {
                    Some(last) => diagnostic.also(last, "they are open already"),
                    None => diagnostic,
                });
                return None;
            }
            Some(before) if opening.from == before.to => before.to = opening.to,
            _ => openings.push(opening),
        }
        last = Some(span);
    }
    Some(openings)
}

fn opening(node: &Node, fields: &mut Fields<'_, '_>) -> Option<(Opening, Span)> {
    // Another form has been refused with the structure.
    let (from, to) = node.as_text()?.split_once('-')?;
    let end = from.len() + 1;
    let first = minute(node, (from, 0), fields);
    let last = minute(node, (to, end), fields);
    let (from, to) = (first?, last?);
    if from < to {
        return Some((Opening { from, to }, node.span));
    }
    let remedy = if to == 0 {
        "the midnight that ends a day is `24:00`"
    } else {
        "write the earlier time first; hours past midnight belong to the next day: `22:00-24:00`, then `00:00-06:00`"
    };
    fields
        .diagnostics
        .push(Diagnostic::error(codes::WINDOW_REVERSED, node.span, "the hours end before they begin").help(remedy));
    None
}

/// Reads `08:30` as minutes since midnight; it stands at an offset of the node's text.
fn minute(node: &Node, (text, offset): (&str, usize), fields: &mut Fields<'_, '_>) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let minutes = hour * 60 + minute;
    if minute < 60 && minutes <= DAY {
        return Some(minutes);
    }
    let span = node.span_within(fields.texts, offset..offset + text.len());
    fields.diagnostics.push(
        Diagnostic::error(codes::INVALID_VALUE, span, format!("there is no time of day `{text}`"))
            .help("write times from `00:00` to `24:00`"),
    );
    None
}

fn holidays(fields: &mut Fields<'_, '_>) -> Option<Vec<(Date, Vec<Opening>)>> {
    let items = fields.node.get("holidays").map_or(&[][..], Node::items);
    let mut days: Vec<(Spanned<Date>, Vec<Opening>)> = Vec::new();
    let mut failed = false;
    for item in items {
        let Some((date, hours)) = holiday(item, fields) else {
            failed = true;
            continue;
        };
        if let Some((first, _)) = days.iter().find(|(other, _)| other.value == date.value) {
            fields.diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_NAME, date.span, format!("{} is listed twice", date.value))
                    .also(first.span, "first listed here")
                    .help("list each day once"),
            );
            failed = true;
            continue;
        }
        days.push((date, hours));
    }
    days.sort_by_key(|(date, _)| date.value);
    (!failed).then(|| days.into_iter().map(|(date, hours)| (date.value, hours)).collect())
}

fn holiday<'a>(item: &'a Node, fields: &mut Fields<'a, '_>) -> Option<(Spanned<Date>, Vec<Opening>)> {
    if item.as_text().is_some() {
        return fields.date_of(item).map(|date| (date, Vec::new()));
    }
    let date = fields.of(item).date("day");
    let hours = day(item.get("hours").map_or(&[][..], Node::items), fields);
    Some((date?, hours?))
}
