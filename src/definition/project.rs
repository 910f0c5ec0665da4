//! The project file.

use super::Fields;
use crate::plan::Calendar;
use crate::value::Weekday;

/// What `etalon.yaml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// What it is called in reports.
    pub title: String,
    /// Year of the rule edition.
    pub edition: i64,
    /// How periods are cut unless a metric says otherwise.
    pub reporting: Calendar,
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Project> {
    let name = fields.words("project");
    let title = fields.text("title").map_or_else(|| name.clone(), |title| title.value);
    let edition = fields.whole("edition", 2026)?;
    let mut reporting = fields.inside("reporting")?;
    let zone = reporting.zone("zone")?.value;
    let week_starts: Weekday = reporting.text("week_starts")?.value.parse().ok()?;
    Some(Project { name, title, edition, reporting: Calendar { zone, week_starts } })
}
