//! How a metric's periods are cut, and which it may be reported for.

use super::Context;
use crate::definition::{Fields, Project, year};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Calendar, Year};
use crate::text::Spanned;
use crate::value::{Grain, Weekday};
use crate::yaml::Node;

/// Returns the calendar that the metric declares, the project's where it is silent.
pub(super) fn lower(node: &Node, context: &mut Context<'_>) -> Option<Calendar> {
    let project = context.registry.project.as_ref().map(|project: &Project| &project.reporting);
    let mut fields = Fields::new(node, context.texts, context.diagnostics);
    let mut period = fields.inside("period")?;
    let own_week = period.text("week_starts").and_then(|day| day.value.parse::<Weekday>().ok());
    let has_zone = period.node.get("zone").is_some();
    let zone = period.zone("zone").map(|zone| zone.value);
    let own_year = year(&mut period);
    if (has_zone && zone.is_none()) || own_year.is_err() {
        return None;
    }
    let span = period.node.span;
    let year = own_year.ok().flatten().or(project.map(|project| project.year.clone())).unwrap_or(Year::CIVIL);
    match (zone.or(project.map(|p| p.zone.clone())), own_week.or(project.map(|p| p.week_starts))) {
        (Some(zone), Some(week_starts)) => Some(Calendar { zone, week_starts, year }),
        _ => {
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, span, "nothing says in which zone periods are cut")
                    .help("add `zone` and `week_starts` here, or `reporting` to the project's `etalon.yaml`"),
            );
            None
        }
    }
}

/// Returns the grains as they are written, in the order of their length, each once.
pub(super) fn grains(node: &Node) -> Vec<Spanned<Grain>> {
    let items = node.get("period").and_then(|period| period.get("grains")).map_or(&[][..], Node::items);
    let mut grains: Vec<Spanned<Grain>> =
        items.iter().filter_map(|item| Some(Spanned::new(item.as_text()?.parse().ok()?, item.span))).collect();
    grains.sort_by_key(|grain| grain.value);
    grains.dedup_by_key(|grain| grain.value);
    grains
}
