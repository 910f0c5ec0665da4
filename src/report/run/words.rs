//! Cells of a result in words: units, intervals, targets, periods.

use jiff::tz::TimeZone;

use crate::definition::{Direction, Goal};
use crate::plan::{Body, Measure, Placement, Plan, Year};
use crate::report::number;
use crate::report::unit::{Unit, in_unit};
use crate::run::MetricRun;
use crate::value::{Grain, Instant, Number, Value};

/// Writes a value with its unit.
pub(super) fn value(metric: &MetricRun, row: usize, zone: &TimeZone) -> String {
    let cell = |name: &str| metric.cells.cell(row, name);
    let unit = Unit::named(&metric.unit);
    let exact = || unit.quotient(exact_number(cell("numerator"))?, exact_number(cell("denominator"))?);
    match cell("value") {
        Value::Null => "-".to_owned(),
        Value::Instant(instant) => moment(*instant, zone),
        Value::Number(number) => unit.exact(*number),
        Value::Duration(duration) => unit.exact(duration.seconds()),
        other => match other.as_real() {
            Some(real) => exact().unwrap_or_else(|| unit.real(real)),
            None => other.to_string(),
        },
    }
}

fn exact_number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Duration(duration) => Some(duration.seconds()),
        _ => None,
    }
}

/// Names what numerator and denominator are: `resolved / counted`.
pub(super) fn base_head(metric: &MetricRun) -> String {
    let is_word = |text: &&str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match &metric.plan.body {
        Body::Measured(pipeline) => match &pipeline.measure {
            Measure::Share(_) => {
                format!("{} / counted", metric.operand.as_deref().filter(is_word).unwrap_or("matching"))
            }
            Measure::Ratio(..) => "sum / sum".to_owned(),
            Measure::Mean(_) => "sum / rows".to_owned(),
            Measure::Balance(..) => "balance / counted".to_owned(),
            Measure::TopShare(..) => "in the top / counted".to_owned(),
            _ => "rows".to_owned(),
        },
        Body::Combined(_) => "numerator / denominator".to_owned(),
        Body::Scored(_) => "score / weight".to_owned(),
        Body::Averaged(average) => format!("sum / {}s", average.each),
    }
}

/// Writes `numerator / denominator`, or the rows a value rests on; nothing where the value says the same.
pub(super) fn base(metric: &MetricRun, row: usize) -> String {
    let cell = |name: &str| metric.cells.cell(row, name);
    let counts = matches!(&metric.plan.body, Body::Measured(pipeline) if matches!(pipeline.measure, Measure::Count));
    let amount = |value: &Value| match value {
        Value::Real(real) => number::real(*real, 2),
        Value::Duration(duration) => format!("{} s", number::grouped(&duration.seconds().to_string())),
        other => number::count(other),
    };
    match (cell("denominator").is_null(), cell("n").is_null()) {
        _ if counts => String::new(),
        (false, _) => format!("{} / {}", amount(cell("numerator")), amount(cell("denominator"))),
        (true, false) => amount(cell("n")),
        (true, true) => String::new(),
    }
}

/// Names what a row has a fate for each of, where it has several.
pub(super) fn each(metric: &MetricRun) -> Option<&'static str> {
    let Body::Measured(pipeline) = &metric.plan.body else { return None };
    match pipeline.filter.placement {
        Placement::Anchor { .. } => None,
        Placement::Snapshot(_) => Some("instant"),
        Placement::Spread => Some("period"),
    }
}

/// Names what stands beside the value: `95 % interval`, `worst to best case`.
pub(super) fn interval_head(metric: &MetricRun) -> String {
    match (&metric.plan.publish.interval, metric.direction) {
        (Some(wilson), _) => format!("{} interval", in_unit("share", wilson.level.to_f64())),
        (None, _) if !has_bounds(metric) => String::new(),
        (None, Direction::Neutral) => "lowest to highest case".to_owned(),
        (None, _) => "worst to best case".to_owned(),
    }
}

/// Tells whether the worst and the best case stand beside the value rather than an interval.
fn has_bounds(metric: &MetricRun) -> bool {
    matches!(&metric.plan.body, Body::Measured(pipeline) if pipeline.bounds.is_some())
}

/// Writes the interval around a value or its worst and best case, or why a value is withheld.
pub(super) fn interval(metric: &MetricRun, row: usize) -> String {
    let bound = |name: &str| metric.cells.cell(row, name).as_real();
    let fewer = |minimum: Option<u64>| minimum.map(|n| format!("fewer than {n}")).unwrap_or_default();
    if let (Some(low), Some(high)) = (bound("low"), bound("high")) {
        let reversed = has_bounds(metric) && metric.direction == Direction::Lower;
        let (first, last) = if reversed { (high, low) } else { (low, high) };
        return Unit::named(&metric.unit).range(first, last);
    }
    match metric.cells.cell(row, "state").to_string().as_str() {
        "insufficient" => fewer(metric.plan.publish.min_n),
        "suppressed" => fewer(metric.plan.publish.min_cell),
        _ => String::new(),
    }
}

/// Returns the target that every judged row has.
fn common_target(metric: &MetricRun) -> Option<&Goal> {
    let mut goals = metric.targets.iter().flatten().map(|verdict| &verdict.goal);
    let first = goals.next()?;
    goals.all(|goal| goal == first).then_some(first)
}

/// Names the target, where all rows have the same: `target at least 75 %`.
pub(super) fn target_head(metric: &MetricRun) -> String {
    match common_target(metric) {
        Some(goal) => format!("target {}", goal_words(metric, goal)),
        None => "target".to_owned(),
    }
}

fn goal_words(metric: &MetricRun, goal: &Goal) -> String {
    match goal {
        Goal::AtLeast(bound) => format!("at least {}", in_unit(&metric.unit, bound.to_f64())),
        Goal::AtMost(bound) => format!("at most {}", in_unit(&metric.unit, bound.to_f64())),
    }
}

/// Writes what became of a row's target.
pub(super) fn target(metric: &MetricRun, row: usize) -> String {
    let Some(verdict) = &metric.targets[row] else { return String::new() };
    let outcome = match verdict.met {
        None => "-",
        Some(true) => "met",
        Some(false) => "missed",
    };
    let noise = match verdict.met {
        Some(_) if !verdict.within_noise => "",
        Some(true) if has_bounds(metric) => ", but not in the worst case",
        Some(false) if has_bounds(metric) => ", but not in the best case",
        Some(_) => ", within noise",
        None => "",
    };
    match common_target(metric) {
        Some(_) => format!("{outcome}{noise}"),
        None => format!("{outcome}{noise} ({})", goal_words(metric, &verdict.goal)),
    }
}

/// Writes the range that was asked for; nothing where none was.
pub(super) fn range(metric: &MetricRun, zone: &TimeZone) -> String {
    let part = |word: &str, instant: Option<Instant>| {
        instant.map(|instant| format!(" {word} {}", moment(instant, zone))).unwrap_or_default()
    };
    part("from", metric.request.from) + &part("to", metric.request.to)
}

/// Writes an instant on the clocks of a zone, to the minute where that is exact: `2026-06-04 00:00`.
pub(in crate::report) fn moment(instant: Instant, zone: &TimeZone) -> String {
    let local = instant.in_zone(zone);
    let minute = format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute());
    if local.second() == 0 { minute } else { format!("{minute}:{:02}", local.second()) }
}

/// Writes the period of a row as it is called.
pub(super) fn period(metric: &MetricRun, row: usize) -> String {
    let bounds = match (metric.cells.cell(row, "period_start"), metric.cells.cell(row, "period_end")) {
        (Value::Instant(start), Value::Instant(end)) => Some((*start, *end)),
        _ => None,
    };
    called(bounds, &metric.plan, metric.request.grain)
}

/// Writes a period of a plan as it is called: `2026-05`, `2026-05-04 to 2026-05-10`.
pub(in crate::report) fn called(bounds: Option<(Instant, Instant)>, plan: &Plan, grain: Grain) -> String {
    let Some((start, end)) = bounds else { return "all".to_owned() };
    let zone = &TimeZone::get(&plan.calendar.zone).unwrap_or(TimeZone::UTC);
    let local = start.in_zone(zone);
    let civil = plan.calendar.year == Year::CIVIL;
    let of_months = matches!(plan.calendar.year, Year::OfMonths { .. });
    match grain {
        // A repeated hour is told apart by its offset.
        Grain::Hour => format!("{} {}", moment(start, zone), zone.to_offset(start.timestamp())),
        Grain::Day => local.date().to_string(),
        Grain::Month if of_months => format!("{:04}-{:02}", local.year(), local.month()),
        Grain::Quarter if civil => format!("{:04} Q{}", local.year(), (local.month() - 1) / 3 + 1),
        Grain::Year if civil => format!("{:04}", local.year()),
        // What such a quarter or year is called differs from house to house; its days do not.
        _ => {
            let last = Instant::from_micros(end.micros() - 1).in_zone(zone);
            format!("{} to {}", local.date(), last.date())
        }
    }
}

/// Says a fate in words; exclusions keep the names the definition gives them.
pub(in crate::report) fn fate(name: &str) -> String {
    match name {
        "after_as_of" => "after the moment of knowledge".to_owned(),
        "duplicate" => "standing for a key already counted".to_owned(),
        "outside" => "outside the population".to_owned(),
        "unknown" => "unknown whether in the population".to_owned(),
        "undated" => "without a date".to_owned(),
        "other_period" => "of another period".to_owned(),
        "missing" => "with a missing value".to_owned(),
        "immature" => "not yet closed".to_owned(),
        other => other.strip_prefix("excluded_").unwrap_or(other).to_owned(),
    }
}
