//! Facts in words: what is taken from where, and when.

use super::sentence::{condition, name, value};
use crate::plan::{
    Advance, Bound, Clock, Credit, Distance, Fact, Hours, Join, Relate, Reversed, Rule, SpanEnd, Spans, Summary, Times,
};
use crate::report::words::listed;
use crate::value::Duration;

/// Says what a fact is.
pub(super) fn fact(fact: &Fact) -> String {
    let rule = match &fact.rule {
        Rule::Derived(expression) => value(expression),
        Rule::Joined(join) => joined(join),
        Rule::Related(relate) => related(relate),
        Rule::Clocked(clock) => clocked(clock),
        Rule::Advanced(advance) => advanced(advance),
    };
    format!("{}: {rule}", name(&fact.name))
}

fn related(relate: &Relate) -> String {
    let of = relate.summary.operand().map(value).unwrap_or_default();
    let what = match &relate.summary {
        Summary::Exists => "whether there is a row of".to_owned(),
        Summary::Every(every) => format!("whether {} for every row of", condition(every)),
        Summary::Count => "the number of rows of".to_owned(),
        Summary::First(_) => format!("{of} of the first row of"),
        Summary::Last(_) => format!("{of} of the last row of"),
        Summary::Sum(_) => format!("the sum of {of} over the rows of"),
        Summary::Mean(_) => format!("the mean of {of} over the rows of"),
        Summary::Min(_) => format!("the smallest {of} of the rows of"),
        Summary::Max(_) => format!("the largest {of} of the rows of"),
    };
    let place = relate.predicate.as_ref().map(|place| format!(", where {}", condition(place))).unwrap_or_default();
    let credit = match relate.credit {
        Credit::Every => "",
        Credit::First => "; each of them counts only for the first row it fits",
        Credit::Last => "; each of them counts only for the last row it fits",
    };
    let (source, same, window) = (name(&relate.events.source), same(&relate.same), window(relate));
    format!("{what} {source} with {same}, {window}{place}{credit}")
}

fn same(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(row, other)| match row == other {
            true => format!("the same {}", name(row)),
            false => format!("{} equal to the row's {}", name(other), name(row)),
        })
        .collect();
    listed(&pairs, "and")
}

fn window(relate: &Relate) -> String {
    let anchor = format!("the row's {}", name(&relate.anchor));
    let end = |bound: &Option<Bound>| bound.as_ref().map(|bound| End::of(bound, &relate.anchor));
    let lower = end(&relate.window.from).map(|end| end.lower(&anchor));
    // What has been named is `it`.
    let again = if lower.is_some() { "it" } else { anchor.as_str() };
    let upper = end(&relate.window.to).map(|end| end.upper(again));
    let when = match (lower, upper) {
        (Some(lower), Some(upper)) => format!("{lower} and {upper}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "at any time".to_owned(),
    };
    let order = if relate.window.same_instant_later_in_order {
        " (at the very instant only if later in the order)"
    } else {
        ""
    };
    format!("its {} {when}{order}", name(&relate.event_at))
}

/// The end of a window: at a constant distance from the anchor, or where a fact says.
#[derive(Debug, Clone)]
struct End {
    offset: Result<Duration, String>,
    inclusive: bool,
}

impl End {
    fn of(bound: &Bound, anchor: &str) -> Self {
        let offset = bound.offset(anchor).ok_or_else(|| value(&bound.at));
        Self { offset, inclusive: bound.inclusive }
    }

    fn lower(&self, anchor: &str) -> String {
        let (at, after, before) =
            if self.inclusive { ("at or after", "at least", "at most") } else { ("after", "more than", "less than") };
        self.distance(anchor, at, after, before)
    }

    fn upper(&self, anchor: &str) -> String {
        let (at, after, before) =
            if self.inclusive { ("at or before", "at most", "at least") } else { ("before", "less than", "more than") };
        self.distance(anchor, at, after, before)
    }

    fn distance(&self, anchor: &str, at: &str, after: &str, before: &str) -> String {
        match &self.offset {
            Err(instant) => format!("{at} {instant}"),
            Ok(Duration::ZERO) => format!("{at} {anchor}"),
            Ok(offset) if offset.micros() > 0 => format!("{after} {offset} after {anchor}"),
            Ok(offset) => {
                let length = Duration::from_micros(offset.micros().saturating_neg());
                format!("{before} {length} before {anchor}")
            }
        }
    }
}

fn joined(join: &Join) -> String {
    let found = format!("{} of the row of {} with {}", value(&join.value), name(&join.other.source), same(&join.same));
    match &join.version {
        Some(version) => format!("{found}, as in force at {}", value(&version.at)),
        None => found,
    }
}

fn clocked(clock: &Clock) -> String {
    let counting =
        clock.counting.as_ref().map(|times| format!(", counting {}", times_in_words(times))).unwrap_or_default();
    let reversed = match clock.reversed {
        Reversed::Zero => "0",
        Reversed::Unknown => "not known",
        Reversed::Negative => "negative",
    };
    let (from, to) = (value(&clock.from), value(&clock.to));
    format!("the time from {from} to {to}{counting} ({reversed} where it would end before it starts)")
}

fn times_in_words(times: &Times) -> String {
    match times {
        Times::Open(hours) => format!("the hours of {}", opening(hours)),
        Times::Spans(spans) => spans_in_words(spans),
        Times::Any(parts) => listed(&parts.iter().map(times_in_words).collect::<Vec<_>>(), "or"),
        Times::Not(inner) => format!("not {}", times_in_words(inner)),
        Times::All(parts) => parts.iter().map(times_in_words).collect::<Vec<_>>().join(", and only "),
    }
}

fn spans_in_words(spans: &Spans) -> String {
    let until = match &spans.end {
        SpanEnd::Column(end) => name(end),
        SpanEnd::NextEvent => "the next one".to_owned(),
    };
    let counts = spans.counts.as_ref().map(|counts| format!(" where {}", condition(counts))).unwrap_or_default();
    let (source, same) = (name(&spans.events.source), same(&spans.same));
    format!("the spans of {source} from {} to {until} with {same}{counts}", name(&spans.start))
}

/// Says when a calendar is open: its days with hours, and its zone.
fn opening(hours: &Hours) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let day = |(day, openings): (&str, &Vec<crate::plan::Opening>)| {
        let openings: Vec<String> =
            openings.iter().map(|opening| format!("{}-{}", time(opening.from), time(opening.to))).collect();
        (!openings.is_empty()).then(|| format!("{day} {}", openings.join(" ")))
    };
    let schedules: Vec<String> = hours
        .schedules
        .iter()
        .map(|schedule| {
            let days: Vec<String> = DAYS.into_iter().zip(&schedule.weekly).filter_map(day).collect();
            let from = schedule.from.map(|from| format!("from {from} ")).unwrap_or_default();
            format!("{from}{}", days.join(", "))
        })
        .collect();
    let different = match hours.days.len() {
        0 => String::new(),
        1 => ", with 1 day that differs".to_owned(),
        days => format!(", with {days} days that differ"),
    };
    format!("{} in {}{different}", schedules.join("; "), hours.zone)
}

fn advanced(advance: &Advance) -> String {
    let from = value(&advance.from);
    let days = |days: i32, kind: &str| match days {
        0 => format!("the end of the day of {from}"),
        1.. => format!("the end of {kind} day {days} after {from}"),
        _ => format!("the start of {kind} day {} before {from}", days.unsigned_abs()),
    };
    match &advance.by {
        Distance::CalendarDays { days: count, .. } => days(*count, "calendar"),
        Distance::BusinessDays { days: count, .. } => days(*count, "business"),
        Distance::BusinessTime { length, hours } => {
            format!("{} of open time after {from}, in the hours of {}", value(length), opening(hours))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_end_says_its_side_its_distance_and_whether_it_belongs() {
        let end = |days: i64, inclusive| End { offset: Ok(Duration::from_micros(days * 86_400_000_000)), inclusive };
        assert_eq!(end(0, false).lower("x"), "after x");
        assert_eq!(end(7, true).upper("x"), "at most 7d after x");
        assert_eq!(end(-30, true).lower("x"), "at most 30d before x");
        assert_eq!(end(-1, false).upper("x"), "more than 1d before x");
        assert_eq!(end(0, true).upper("x"), "at or before x");
    }
}
