//! The project file.

use std::collections::BTreeMap;

use super::Fields;
use super::policy::{self, Policy, Profile};
use crate::diagnostic::{Diagnostic, codes};
use crate::format::MONTHS;
use crate::plan::{Calendar, Year, YearBegins};
use crate::text::{Span, Spanned};
use crate::value::Weekday;
use crate::yaml::Node;

/// What `etalon.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// What it is called in reports.
    pub title: String,
    /// Year of the rule edition.
    pub edition: i64,
    /// How strictly changes are judged.
    pub profile: Profile,
    /// How periods are cut unless a metric says otherwise.
    pub reporting: Calendar,
    /// Who must sign what; `None` where the project does not say.
    pub policy: Option<Policy>,
    /// Databases that hold the tables of sources, by name.
    pub remotes: BTreeMap<String, Remote>,
}

/// A database that holds the tables of sources; `targets` in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Where its name stands.
    pub span: Span,
    /// The name of its engine.
    pub engine: Spanned<String>,
    /// The environment variable that holds its address.
    pub variable: String,
    /// The schema of tables whose names have none.
    pub schema: Option<String>,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Project> {
    let name = fields.words("project");
    let title = fields.text("title").map_or_else(|| name.clone(), |title| title.value);
    let edition = fields.whole("edition", 2026)?;
    let profile = policy::profile(fields);
    let policy = policy::decode(fields);
    let remotes = remotes(fields);
    let mut reporting = fields.inside("reporting")?;
    let zone = reporting.zone("zone")?.value;
    let week_starts: Weekday = reporting.text("week_starts")?.value.parse().ok()?;
    let year = year(&mut reporting).ok()?.unwrap_or(Year::CIVIL);
    let reporting = Calendar { zone, week_starts, year };
    Some(Project { name, title, edition, profile, reporting, policy, remotes })
}

fn remotes(fields: &mut Fields<'_, '_>) -> BTreeMap<String, Remote> {
    let entries = fields.node.get("targets").map_or(&[][..], Node::entries);
    let mut remotes = BTreeMap::new();
    for entry in entries {
        let inner = fields.of(&entry.value);
        let Some((engine, variable)) = inner.text("engine").zip(inner.text("address_from")) else { continue };
        let schema = inner.text("schema").map(|schema| schema.value);
        let remote = Remote { span: entry.key.span, engine, variable: variable.value, schema };
        remotes.insert(entry.name(), remote);
    }
    remotes
}

/// The mistake has been reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported;

/// Returns where years begin, as `year_starts` or `year` says; `None` where neither stands there.
///
/// # Errors
/// When what stands there has no meaning.
pub fn year(fields: &mut Fields<'_, '_>) -> Result<Option<Year>, Reported> {
    let starts = fields.text("year_starts");
    let Some(node) = fields.node.get("year") else {
        return match starts {
            None if fields.node.get("year_starts").is_some() => Err(Reported),
            None => Ok(None),
            Some(month) => Ok(Some(Year::OfMonths { first: month_number(&month.value).ok_or(Reported)? })),
        };
    };
    if let Some(starts) = starts {
        fields.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, starts.span, "years are made of months here, and of weeks below")
                .also(node.span, "of weeks")
                .help("remove `year_starts`, or `year`"),
        );
        return Err(Reported);
    }
    let mut inner = fields.inside("year").ok_or(Reported)?;
    of_weeks(&mut inner).map(Some).ok_or(Reported)
}

fn of_weeks(fields: &mut Fields<'_, '_>) -> Option<Year> {
    let list = fields.node.get("weeks")?;
    let first = month_number(&fields.text("month")?.value)?;
    let begins = match fields.text("begins")?.value.as_str() {
        "nearest" => YearBegins::Nearest,
        "at_or_before" => YearBegins::AtOrBefore,
        _ => YearBegins::AtOrAfter,
    };
    let weeks = list.items().iter().map(|item| fields.number_of(item).map(|number| number.value));
    let weeks: Vec<u8> = weeks
        .filter_map(|number| u8::try_from(number?.rescale(0)?.mantissa()).ok())
        .filter(|weeks| (1..=11).contains(weeks))
        .collect();
    match <[u8; 3]>::try_from(weeks) {
        Ok(pattern) if pattern.iter().sum::<u8>() == 13 => Some(Year::OfWeeks { first, begins, pattern }),
        _ => {
            fields.diagnostics.push(
                Diagnostic::error(codes::INVALID_VALUE, list.span, "a quarter has 13 weeks")
                    .help("write the weeks of its three months: `[4, 4, 5]`, `[4, 5, 4]` or `[5, 4, 4]`"),
            );
            None
        }
    }
}

/// Returns 1 for `january`.
fn month_number(name: &str) -> Option<u8> {
    MONTHS.iter().position(|month| *month == name).and_then(|index| u8::try_from(index + 1).ok())
}
