//! Which periods of an answer can still move when more is known, and for how long.
//!
//! Reads the plan alone. It holds for tables whose rows, once the time they are given to settle has passed since their
//! instant (a population's row: its anchor; an event: the instant at which it counts), arrive and change no more. What
//! cannot be bounded so is named, with the reason.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::expression::{Expression, Moment};
use crate::plan::{
    Advance, Awaits, Body, Clock, Credit, Distance, Fact, Hours, Join, Pipeline, Placement, Plan, Relate, Rule, Times,
};
use crate::value::{Duration, Value};

const DAY: i64 = 86_400_000_000;

/// How long the periods of a metric can move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// A period moves no more when the moment of knowledge is this long after its end, beside the time rows are given to
    /// settle.
    pub look_back: Duration,
    /// What makes it so long, in words; nothing where periods stand when they end.
    pub because: Vec<String>,
}

/// Why no end of a metric's movement is known, in words.
pub type Unbounded = BTreeSet<String>;

/// Returns how long the periods of a plan can move.
///
/// # Errors
/// Everything that lets a period move without an end.
pub fn movement(plan: &Plan) -> Result<Movement, Unbounded> {
    let mut found = Found::default();
    found.plan(plan);
    if !found.unbounded.is_empty() {
        return Err(found.unbounded);
    }
    let longest = found.bounds.iter().map(|(length, _)| *length).max().unwrap_or_default();
    let because = found.bounds.into_iter().filter(|(length, _)| *length == longest && longest > 0);
    Ok(Movement { look_back: Duration::from_micros(longest), because: because.map(|(_, what)| what).collect() })
}

#[derive(Default)]
struct Found {
    bounds: BTreeSet<(i64, String)>,
    unbounded: Unbounded,
}

impl Found {
    fn plan(&mut self, plan: &Plan) {
        match &plan.body {
            Body::Measured(pipeline) => self.pipeline(plan, pipeline),
            body => body.parts().into_iter().for_each(|part| self.plan(part)),
        }
    }

    fn pipeline(&mut self, plan: &Plan, pipeline: &Pipeline) {
        let anchor = match &pipeline.filter.placement {
            // A period that is over is seen as of its end, whatever becomes known later.
            Placement::Snapshot(_) => return,
            Placement::Spread => {
                let what = format!("`{}` spreads its rows over periods, also over those long past", plan.metric);
                self.unbounded.insert(what);
                return;
            }
            Placement::Anchor { column, .. } => column.as_str(),
        };
        let reads_as_of = plan.expressions().iter().any(|(_, expression)| reads_as_of(expression));
        if reads_as_of {
            self.unbounded.insert(format!("`{}` compares with the moment of knowledge itself", plan.metric));
        }
        let row = Row { anchor, pipeline };
        if !row.is_own(anchor) {
            let what = format!("the instant `{anchor}` that puts a row into its period is found in other rows");
            self.unbounded.insert(what);
        }
        for fact in &pipeline.facts {
            self.fact(fact, &row);
        }
        for mature in &pipeline.mature {
            if let Awaits::Closed { closes } = &mature.awaits {
                self.until(row.distance(closes), "a row matures", &format!("`{anchor}`"));
            }
        }
    }

    fn fact(&mut self, fact: &Fact, row: &Row<'_>) {
        let name = &fact.name;
        match &fact.rule {
            // Distances on clocks are as constant as the calendar is.
            Rule::Derived(_) | Rule::Advanced(_) => {}
            Rule::Joined(join) => self.joined(name, join, row),
            Rule::Related(relate) => self.related(name, relate, row),
            Rule::Clocked(clock) => self.clocked(name, clock, row),
        }
    }

    fn joined(&mut self, name: &str, join: &Join, row: &Row<'_>) {
        match &join.version {
            None => {
                let what = format!("`{name}` looks up `{}` as it is now, whatever the period", join.other.source);
                self.unbounded.insert(what);
            }
            Some(version) => self.until(row.distance(&version.at), &format!("`{name}` is looked up"), "the anchor"),
        }
    }

    fn related(&mut self, name: &str, relate: &Relate, row: &Row<'_>) {
        let Some(to) = &relate.window.to else {
            self.unbounded.insert(format!("the window of `{name}` has no end"));
            return;
        };
        let end = row.distance(&to.at);
        self.until(end, &format!("the window of `{name}` closes"), "the anchor");
        if relate.credit == Credit::Every {
            return;
        }
        // A later row may take an event away from an earlier one, whose window reaches as far back.
        let back = relate.window.from.as_ref().and_then(|from| from.at.shifted_from(row.anchor));
        match (back, end) {
            (Some(back), Some(end)) => {
                let length = end.saturating_sub(back.micros().min(0));
                self.bounds.insert((length.max(0), format!("an event of `{name}` may go to a later row")));
            }
            _ => drop(self.unbounded.insert(format!("an event of `{name}` may always go to a later row"))),
        }
    }

    fn clocked(&mut self, name: &str, clock: &Clock, row: &Row<'_>) {
        let has_events = clock.counting.as_ref().is_some_and(|times: &Times| !times.spans().is_empty());
        if has_events {
            self.until(row.distance(&clock.to), &format!("the clock of `{name}` stops"), "the anchor");
        }
    }

    fn until(&mut self, end: Option<i64>, what: &str, from: &str) {
        match end {
            Some(length) => {
                let shown = Duration::from_micros(length.max(0));
                self.bounds.insert((length.max(0), format!("{what} {shown} after {from}")));
            }
            None => drop(self.unbounded.insert(format!("{what} at no constant distance from {from}"))),
        }
    }
}

/// A row of the population, as far as its instants are constant.
struct Row<'a> {
    anchor: &'a str,
    pipeline: &'a Pipeline,
}

impl Row<'_> {
    /// Returns the longest distance from the anchor to an instant, in microseconds.
    fn distance(&self, at: &Expression) -> Option<i64> {
        if let Some(shift) = at.shifted_from(self.anchor) {
            return Some(shift.micros());
        }
        let (name, shift) = match at {
            Expression::Column(column) => (&column.name, 0),
            Expression::Shift { at, by } => match (at.as_ref(), by.as_ref()) {
                (Expression::Column(column), Expression::Literal(Value::Duration(by), _)) => {
                    (&column.name, by.micros())
                }
                _ => return None,
            },
            _ => return None,
        };
        let fact = self.pipeline.facts.iter().find(|fact| fact.name == *name)?;
        let own = match &fact.rule {
            Rule::Derived(expression) => self.distance(expression)?,
            Rule::Advanced(Advance { from, by }) => self.distance(from)?.checked_add(farthest(by)?)?,
            _ => return None,
        };
        own.checked_add(shift)
    }

    /// Tells whether an instant of the row is made of nothing but the row.
    fn is_own(&self, name: &str) -> bool {
        match self.pipeline.facts.iter().find(|fact| fact.name == name).map(|fact| &fact.rule) {
            None => true,
            Some(Rule::Derived(expression)) => expression.columns().into_iter().all(|name| self.is_own(name)),
            Some(Rule::Advanced(advance)) => advance.from.columns().into_iter().all(|name| self.is_own(name)),
            Some(_) => false,
        }
    }
}

fn reads_as_of(expression: &Expression) -> bool {
    let mut found = false;
    expression.walk(&mut |part| found |= matches!(part, Expression::Moment(Moment::AsOf)));
    found
}

/// Returns how far a constant distance on a clock can lead at most, in microseconds.
fn farthest(by: &Distance) -> Option<i64> {
    match by {
        // To the end of the last day, which may have 25 hours.
        Distance::CalendarDays { days, .. } => Some((i64::from(*days) + 2).max(0).saturating_mul(DAY)),
        Distance::BusinessDays { days, hours } => {
            let open = u32::try_from(*days).ok()?;
            Some((longest_run(hours, open)? + 2).saturating_mul(DAY))
        }
        Distance::BusinessTime { .. } => None,
    }
}

/// Returns the most calendar days that so many open days can take.
fn longest_run(hours: &Hours, open: u32) -> Option<i64> {
    // A schedule repeats itself by the week; days of their own are looked at one by one.
    let first = hours.schedules.iter().filter_map(|schedule| schedule.from).min();
    let known: Vec<Date> = hours.days.iter().map(|(day, _)| day.civil()).chain(first.map(|day| day.civil())).collect();
    let begin = known.iter().min().copied().unwrap_or(Date::constant(2024, 1, 1));
    let end = hours.schedules.iter().filter_map(|schedule| schedule.from).map(|day| day.civil());
    let end = end.chain(known.iter().copied()).max().unwrap_or(begin);
    let margin = jiff::Span::new().days(7 * (i64::from(open) + 2));
    let (mut day, end) = (begin.checked_sub(margin).ok()?, end.checked_add(margin).ok()?);
    let mut longest = 0;
    while day <= end {
        longest = longest.max(run(hours, day, open)?);
        day = day.tomorrow().ok()?;
    }
    Some(longest)
}

/// Returns the calendar days from `day` to the last of so many open days after it; `None` where the calendar stays closed.
fn run(hours: &Hours, day: Date, open: u32) -> Option<i64> {
    let (mut date, mut left, mut passed) = (day, open, 0);
    while left > 0 {
        date = date.tomorrow().ok()?;
        passed += 1;
        if is_open(hours, date) {
            left -= 1;
        }
        if passed > 20 * 366 {
            return None;
        }
    }
    Some(passed)
}

fn is_open(hours: &Hours, date: Date) -> bool {
    if let Some((_, openings)) = hours.days.iter().find(|(day, _)| day.civil() == date) {
        return !openings.is_empty();
    }
    let begun = hours.schedules.iter().rev().find(|schedule| schedule.from.is_none_or(|from| from.civil() <= date));
    begun.is_some_and(|schedule| !schedule.weekly[date.weekday().to_monday_zero_offset() as usize].is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Opening, Schedule};

    fn weekdays(days: Vec<(&str, bool)>) -> Hours {
        let open = vec![Opening { from: 540, to: 1020 }];
        let weekly = std::array::from_fn(|day| if day < 5 { open.clone() } else { Vec::new() });
        let day = |(day, is_open): (&str, bool)| {
            let day = crate::value::Date::parse(day).expect("a day");
            (day, if is_open { open.clone() } else { Vec::new() })
        };
        Hours {
            zone: "UTC".to_owned(),
            schedules: vec![Schedule { from: None, weekly }],
            days: days.into_iter().map(day).collect(),
        }
    }

    #[test]
    fn a_run_of_open_days_is_as_long_as_its_longest_weekend() {
        // From a Friday to the next open day is three days; five open days span a weekend.
        assert_eq!(longest_run(&weekdays(Vec::new()), 1), Some(3));
        assert_eq!(longest_run(&weekdays(Vec::new()), 5), Some(7));
        // 25 and 26 December 2025 were a Thursday and a Friday: from Wednesday to Monday.
        assert_eq!(longest_run(&weekdays(vec![("2025-12-25", false), ("2025-12-26", false)]), 1), Some(5));
    }

    #[test]
    fn a_calendar_that_never_opens_has_no_run() {
        let mut closed = weekdays(Vec::new());
        closed.schedules[0].weekly = std::array::from_fn(|_| Vec::new());
        assert_eq!(longest_run(&closed, 1), None);
    }
}
