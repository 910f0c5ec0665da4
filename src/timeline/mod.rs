//! One metric through time: which of its versions answers which periods.
//!
//! Each period is answered by the version in force at its start, unless a later version restates it. Knows days of force and
//! calendars, no SQL.

use std::fmt;

use crate::catalog::Catalog;
use crate::definition::{Metric, Past, Reading, Status};
use crate::interpret;
use crate::lock::{Force, Lock};
use crate::plan::{Plan, Request};
use crate::resolve::{Versions, full_name};
use crate::value::{Date, Grain, Instant, Version};

/// A version with the periods it answers.
#[derive(Debug, Clone)]
pub struct Piece<'a> {
    /// The version.
    pub version: Version,
    /// The reading of it that is asked for.
    pub reading: &'a Reading,
    /// Its plan.
    pub plan: &'a Plan,
    /// The days whose periods it answers.
    pub days: Force,
    /// What is asked of it: its periods, within the range of the whole question.
    pub request: Request,
    /// Whether its first period follows a break in the series.
    pub follows_break: bool,
}

/// Versions with days of their own.
pub type Days = Vec<(Version, Force)>;

/// A metric through time.
#[derive(Debug, Clone)]
pub struct Timeline<'a> {
    /// The versions that answer, in their order.
    pub pieces: Vec<Piece<'a>>,
    /// Versions that were in force and have no definition any more, with the days that nothing answers.
    pub unanswered: Days,
}

/// Why a metric has no single answer through time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Untold {
    /// No version was ever released.
    NeverReleased(String),
    /// The days of two versions do not meet.
    Untiled {
        /// The earlier version and its days.
        earlier: (Version, Force),
        /// The later version and its days.
        later: (Version, Force),
    },
    /// An earlier version cannot answer what is asked.
    Unfit {
        /// The version.
        version: Version,
        /// What it lacks, as it follows "has no ".
        lacks: String,
    },
    /// Versions count in different units.
    Units {
        /// One version and its unit.
        one: (Version, String),
        /// Another version and its unit.
        other: (Version, String),
    },
    /// One period for everything has no version that is in force at its start.
    NoPeriods,
    /// No version answers anything of the range.
    OutOfRange,
    /// The calendar has no such period.
    OutsideCalendar(Date),
}

impl fmt::Display for Untold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Untold::NeverReleased(name) => write!(f, "no version of `{name}` was ever released"),
            Untold::Untiled { earlier, later } => write!(
                f,
                "the days of force do not tile: {} from {}, {} from {}",
                earlier.0, earlier.1, later.0, later.1
            ),
            Untold::Unfit { version, lacks } => write!(f, "version {version} has no {lacks}"),
            Untold::Units { one, other } => write!(
                f,
                "{} counts in `{}` and {} in `{}`; one series cannot hold both",
                one.0, one.1, other.0, other.1
            ),
            Untold::NoPeriods => f.write_str("a single period over everything has no version in force; name a grain"),
            Untold::OutOfRange => f.write_str("no version is in force in the range"),
            Untold::OutsideCalendar(day) => write!(f, "{day} lies outside the calendar"),
        }
    }
}

/// Returns the versions that answer `request` to a metric, or to its variant, each with its periods.
///
/// # Errors
/// When its versions leave periods without one answer; see [`Untold`].
pub fn timeline<'a>(
    (catalog, lock): (&'a Catalog, &Lock),
    (id, variant): (&str, Option<&str>),
    request: &Request,
) -> Result<Timeline<'a>, Untold> {
    if request.grain == Grain::All {
        return Err(Untold::NoPeriods);
    }
    let (stretches, unanswered) = stretches(catalog, lock, id)?;
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for stretch in stretches {
        let (reading, plan) = fit(catalog, (id, variant), stretch.version, request)?;
        if let Some(first) = pieces.first().filter(|first| first.reading.unit != reading.unit) {
            let one = (first.version, first.reading.unit.clone());
            return Err(Untold::Units { one, other: (stretch.version, reading.unit.clone()) });
        }
        let begin = start_of(plan, request.grain, stretch.days.from)?;
        let end = stretch.days.to.map(|day| start_of(plan, request.grain, day)).transpose()?;
        let from = request.from.map_or(begin, |from| from.max(begin));
        let to = [request.to, end].into_iter().flatten().min();
        if to.is_some_and(|to| to <= from) {
            continue;
        }
        let request = Request { from: Some(from), to, ..request.clone() };
        let Stretch { version, days, is_break } = stretch;
        // What begins before the range asked for shows no break within it.
        pieces.push(Piece { version, reading, plan, days, request, follows_break: is_break && from == begin });
    }
    if pieces.is_empty() { Err(Untold::OutOfRange) } else { Ok(Timeline { pieces, unanswered }) }
}

/// A version and the days whose periods it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    version: Version,
    days: Force,
    is_break: bool,
}

/// Returns the days that each version answers, and those that no definition answers any more.
fn stretches(catalog: &Catalog, lock: &Lock, id: &str) -> Result<(Vec<Stretch>, Days), Untold> {
    let never = || Untold::NeverReleased(id.to_owned());
    let versions = catalog.registry.metrics.get(id).ok_or_else(never)?;
    let gone = lock.of(id).filter(|entry| !versions.contains_key(&entry.version));
    let heir =
        |locked: Version| versions.keys().find(|version| version.major() == locked.major() && **version > locked);
    let mut unanswered: Days = gone
        .filter(|entry| heir(entry.version).is_none())
        .map(|entry| (entry.version, Force { from: entry.from, to: entry.to }))
        .collect();
    let mut answered: Vec<Stretch> = Vec::new();
    let mut before: Option<(Version, Force)> = None;
    for (version, metric, days) in in_force(versions, lock, id) {
        if let Some(earlier) = before.filter(|(_, earlier)| earlier.to != Some(days.from)) {
            return Err(Untold::Untiled { earlier, later: (version, days) });
        }
        before = Some((version, days));
        let history = metric.change.as_ref().and_then(|change| change.history.as_ref());
        let restated = history.filter(|history| history.plan == Past::Restate).and_then(|it| it.since.as_ref());
        let since = restated.map_or(days.from, |since| since.value.min(days.from));
        answered.iter_mut().for_each(|stretch| stretch.days = until(stretch.days, since));
        answered.retain(|stretch| !is_empty(stretch.days));
        unanswered.iter_mut().for_each(|(_, days)| *days = until(*days, since));
        unanswered.retain(|(_, days)| !is_empty(*days));
        let is_break = history.is_some_and(|history| history.plan == Past::Break);
        answered.push(Stretch { version, days: Force { from: since, to: days.to }, is_break });
    }
    if answered.is_empty() { Err(never()) } else { Ok((answered, unanswered)) }
}

/// Returns the versions that are or were in force, with their days, in the order of their days. A minor version only adds,
/// so it has the days of those whose file it took over.
fn in_force<'a>(versions: &'a Versions, lock: &Lock, id: &str) -> Vec<(Version, &'a Metric, Force)> {
    let mut known = Vec::new();
    for (version, metric) in versions.iter().filter(|(_, metric)| metric.status >= Status::Released) {
        let is_taken_over =
            |locked: Version| !versions.contains_key(&locked) && locked.major() == version.major() && locked < *version;
        let earlier = lock.of(id).filter(|entry| is_taken_over(entry.version)).map(|entry| entry.from);
        let from = earlier.fold(metric.effective_from, Date::min);
        let days = Force { from, to: metric.effective_to };
        if !is_empty(days) {
            known.push((*version, metric.as_ref(), days));
        }
    }
    known.sort_by_key(|(version, _, days)| (days.from, *version));
    known
}

fn until(days: Force, end: Date) -> Force {
    Force { to: Some(days.to.map_or(end, |to| to.min(end))), ..days }
}

fn is_empty(days: Force) -> bool {
    days.to.is_some_and(|to| to <= days.from)
}

/// Returns the reading and the plan of a version, where they can answer what is asked.
fn fit<'a>(
    catalog: &'a Catalog,
    (id, variant): (&str, Option<&str>),
    version: Version,
    request: &Request,
) -> Result<(&'a Reading, &'a Plan), Untold> {
    let unfit = |lacks: String| Untold::Unfit { version, lacks };
    let name = format!("{}@{version}", full_name(id, variant));
    let found = catalog.reading(&name).zip(catalog.plan(&name));
    let Some(((_, reading), plan)) = found else {
        return Err(unfit(variant.map_or("meaning".to_owned(), |variant| format!("variant `{variant}`"))));
    };
    if !plan.grains.contains(&request.grain) {
        return Err(unfit(format!("periods of a {}", request.grain)));
    }
    let has = |name: &&String| plan.dimensions.iter().any(|dimension| dimension.name == **name);
    match request.by.iter().find(|name| !has(name)) {
        Some(name) => Err(unfit(format!("dimension `{name}`"))),
        None => Ok((reading, plan)),
    }
}

/// Returns the start of the first period that begins on `day` or later.
fn start_of(plan: &Plan, grain: Grain, day: Date) -> Result<Instant, Untold> {
    interpret::first_period(&plan.calendar, grain, day).map_err(|_| Untold::OutsideCalendar(day))
}

#[cfg(test)]
mod tests;
