//! Changes of single values by their shape: another word, the next number, a second more, a minute less.

use crate::shape::Shape;
use crate::value::{Date, Duration};
use crate::yaml::{Node, NodeKind};
use jiff::ToSpan;

use super::expression::{self, moved};
use super::tree::{Change, change, exchanged, others};
use super::walk::Place;

/// Zones to cut by instead: one at the other end of the world, one close by.
const ZONES: [&str; 2] = ["Pacific/Kiritimati", "Europe/London"];
/// Lists of words longer than this are not tried one by one.
const MANY_WORDS: usize = 6;

/// Returns every change of a scalar of this shape.
pub(super) fn changes(node: &Node, shape: &Shape, place: &Place<'_>) -> Vec<Change> {
    let (path, written) = (place.path.as_slice(), node.scalar_text());
    match shape {
        Shape::Expression => exchanged(node, path, &expression::changes(&written)),
        Shape::Formula => exchanged(node, path, &arithmetic(&written)),
        Shape::Choice(words) if words.len() > MANY_WORDS => exchanged(node, path, &next(words, &written)),
        Shape::Choice(words) if place.field != "grains" => others(node, path, words),
        Shape::Integer => exchanged(node, path, &stepped(&written)),
        Shape::Decimal if (place.record, place.field) == ("quantile", "at") => exchanged(node, path, &tenths(&written)),
        Shape::Decimal => exchanged(node, path, &stepped(&written)),
        Shape::Duration | Shape::WindowEnd => exchanged(node, path, &distances(&written)),
        Shape::Text if place.field == "after" => match distances(&written) {
            moved if moved.is_empty() => exchanged(node, path, &expression::changes(&written)),
            moved => exchanged(node, path, &moved),
        },
        Shape::Text if place.field == "with" && is_used(place) => exchanged(node, path, &distances(&written)),
        Shape::Opening => exchanged(node, path, &openings(&written)),
        // That a holiday is dropped is asked of the list.
        Shape::Date if place.field == "from" => exchanged(node, path, &days(&written, place.names.is_goal)),
        Shape::Zone if place.record != "period" => others(node, path, &ZONES),
        Shape::Table => rows(node, place),
        Shape::Boolean => {
            let flipped = NodeKind::Boolean(node.kind != NodeKind::Boolean(true));
            vec![change(node, path, &format!("not {written}"), flipped)]
        }
        Shape::Identifier => others(node, path, &names(&written, place)),
        Shape::MetricName => exchanged(node, path, &base(&written)),
        _ => Vec::new(),
    }
}

/// Returns the names that could stand there as well.
fn names(written: &str, place: &Place<'_>) -> Vec<String> {
    match (place.record, place.field) {
        ("population" | "window", "anchor") | ("maturity", "after") => place.names.instants(&place.source),
        ("window", "calendar") | ("clock" | "due", "within") | ("within", "calendars" | "otherwise") | ("open", _) => {
            place.names.other_calendar(written).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Returns whether the reading of the treatment uses the parameter.
fn is_used(place: &Place<'_>) -> bool {
    place.path.last().is_some_and(|parameter| place.reading.split(|c: char| !is_part(c)).any(|word| word == *parameter))
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Returns the metric of a variant.
fn base(name: &str) -> Vec<String> {
    name.split_once('.').map(|(metric, _)| metric.to_owned()).into_iter().collect()
}

fn next(words: &[&str], own: &str) -> Vec<String> {
    let place = words.iter().position(|word| *word == own);
    place.map(|place| words[(place + 1) % words.len()].to_owned()).into_iter().collect()
}

/// Returns a number one unit of its last place larger and smaller.
fn stepped(number: &str) -> Vec<String> {
    let digits = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    let Ok(whole) = number.replace('.', "").parse::<i64>() else { return Vec::new() };
    let point = |whole: i64| {
        let sign = if whole < 0 { "-" } else { "" };
        let padded = format!("{:0width$}", whole.abs(), width = digits + 1);
        let (before, after) = padded.split_at(padded.len() - digits);
        if digits == 0 { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
    };
    vec![point(whole - 1), point(whole + 1)]
}

/// Returns a part of all a tenth larger and smaller: small tables tell no finer steps apart.
fn tenths(number: &str) -> Vec<String> {
    let Ok(part) = number.parse::<f64>() else { return Vec::new() };
    let digits = number.split_once('.').map_or(1, |(_, digits)| digits.len());
    [part - 0.1, part + 0.1]
        .iter()
        .filter(|part| (0.0..=1.0).contains(*part))
        .map(|part| format!("{part:.digits$}"))
        .collect()
}

/// Returns a distance one unit longer and shorter; none where it is no constant.
pub(super) fn distances(written: &str) -> Vec<String> {
    let (length, unit) = written.trim().split_once(' ').unwrap_or((written.trim(), ""));
    match unit {
        "calendar_days" | "business_days" => {
            let Ok(days) = length.parse::<i64>() else { return Vec::new() };
            [days + 1, days - 1].map(|days| format!("{days} {unit}")).to_vec()
        }
        "" | "business_time" => {
            let Ok(length) = length.parse::<Duration>() else { return Vec::new() };
            moved(length).map(|length| format!("{length} {unit}").trim().to_owned()).to_vec()
        }
        _ => Vec::new(),
    }
}

/// Moves each end of `08:00-17:00` by a minute; a whole day has no ends.
fn openings(written: &str) -> Vec<String> {
    if written == "00:00-24:00" {
        return Vec::new();
    }
    let minutes = |time: &str| {
        let (hours, minutes) = time.split_once(':')?;
        Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?)
    };
    let shown = |minutes: i64| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let Some((start, end)) = written.split_once('-').and_then(|(a, b)| minutes(a).zip(minutes(b))) else {
        return Vec::new();
    };
    let moved = [(start - 1, end), (start + 1, end), (start, end - 1), (start, end + 1)];
    let fits = |(start, end): &(i64, i64)| 0 <= *start && *end <= 24 * 60;
    moved.into_iter().filter(fits).map(|(start, end)| format!("{}-{}", shown(start), shown(end))).collect()
}

/// Returns the days around one; before a target's first day a whole month, because targets are asked of whole periods.
fn days(written: &str, is_goal: bool) -> Vec<String> {
    let Some(day) = Date::parse(written).map(|day| day.civil()) else { return Vec::new() };
    let before = if is_goal { day.checked_sub(31.days()) } else { day.yesterday() };
    [before, day.tomorrow()].into_iter().filter_map(Result::ok).map(|day| day.to_string()).collect()
}

/// Drops each row of a table, and moves each time in it by a second.
fn rows(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let NodeKind::Text { value, style } = &node.kind else { return Vec::new() };
    let lines: Vec<&str> = value.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut found = Vec::new();
    let mut put = |number: usize, what: String, line: Option<String>| {
        let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        match line {
            Some(line) => lines[number] = line,
            None => drop(lines.remove(number)),
        }
        let kind = NodeKind::Text { value: (lines.join("\n") + "\n").into(), style: *style };
        found.push(change(node, &place.path, &what, kind));
    };
    for (number, line) in lines.iter().enumerate().skip(1) {
        put(number, format!("without row {number}"), None);
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        for (column, cell) in cells.iter().enumerate() {
            for other in distances(cell) {
                let mut cells = cells.clone();
                cells[column] = &other;
                put(number, format!("row {number}, {cell} -> {other}"), Some(cells.join(" | ")));
            }
        }
    }
    found
}

/// Exchanges each operator of a formula.
fn arithmetic(formula: &str) -> Vec<String> {
    let pairs = [(" / ", " * "), (" * ", " / "), (" + ", " - "), (" - ", " + ")];
    let swap = |(own, other): &(&str, &str)| {
        let place = |(at, _): (usize, &str)| format!("{}{other}{}", &formula[..at], &formula[at + own.len()..]);
        formula.match_indices(*own).map(place).collect::<Vec<_>>()
    };
    pairs.iter().flat_map(swap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_distances_openings_and_days_move_by_one_unit() {
        assert_eq!(stepped("0.60"), ["0.59", "0.61"]);
        assert_eq!(stepped("0"), ["-1", "1"]);
        assert_eq!(tenths("0.95"), ["0.85"]);
        assert_eq!(distances("5 business_days"), ["6 business_days", "4 business_days"]);
        assert_eq!(distances("20s"), ["21s", "19s"]);
        assert_eq!(distances("1m business_time"), ["1m1s business_time", "59s business_time"]);
        assert!(distances("target").is_empty());
        assert_eq!(openings("08:00-24:00"), ["07:59-24:00", "08:01-24:00", "08:00-23:59"]);
        assert!(openings("00:00-24:00").is_empty());
        assert_eq!(days("2026-02-28", false), ["2026-02-27", "2026-03-01"]);
        assert_eq!(days("2026-02-28", true), ["2026-01-28", "2026-03-01"]);
    }
}
