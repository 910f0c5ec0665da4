//! Deprecated versions whose definitions go before their last day.
//!
//! Looks at both sides; the lock is for others.

use crate::catalog::Object;
use crate::definition::{Metric, Status};
use crate::rules::Subject;
use crate::text::Span;
use crate::value::Version;

/// Returns the versions of the old side that are deprecated, not yet at their end, and gone without one of the same major
/// number in their place; each with the place of its state.
pub(super) fn departures<'a>(subject: &Subject<'a>) -> Vec<(&'a Metric, Span)> {
    let Some(old) = subject.old else { return Vec::new() };
    let metrics = old.catalog.registry.metrics.iter();
    let versions = metrics
        .flat_map(|(id, versions)| versions.iter().map(move |(version, metric)| (id, *version, metric.as_ref())));
    let is_early = |metric: &Metric| {
        metric.status == Status::Deprecated && metric.sunset.as_ref().is_none_or(|sunset| sunset.value > subject.today)
    };
    let gone = versions.filter(|(id, version, metric)| is_early(metric) && is_gone(subject, id, *version));
    gone.map(|(id, version, metric)| {
        let file = old.catalog.documents.get(&Object::metric(id, version));
        let place = file.and_then(|file| file.root.get("status")).map_or(metric.id.span, |said| said.span);
        (metric, place)
    })
    .collect()
}

fn is_gone(subject: &Subject<'_>, id: &str, version: Version) -> bool {
    let Some(versions) = subject.new.catalog.registry.metrics.get(id) else { return true };
    !versions.keys().any(|known| *known >= version && known.major() == version.major())
}
