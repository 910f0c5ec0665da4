//! A version whose number is lower than one that was released.

use crate::definition::Status;
use crate::lock::What;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Version;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let mut add = |id: &str, version: Version, latest: Version| {
        let Some(metric) = subject.new.version(id, version) else { return };
        let message = format!("`{id}@{version}` comes after {latest}, which was released");
        findings.add(rule, About::metric(metric), subject.place(metric, "version"), (&format!("{version}"), message));
    };
    for deviation in subject.new.deviations {
        if let What::Backwards(latest) = deviation.what {
            add(&deviation.id, deviation.version, latest);
        }
    }
    let Some(old) = subject.old.filter(|old| old.lock.is_none() && subject.new.lock.is_none()) else { return };
    for (id, versions) in &subject.new.catalog.registry.metrics {
        let Some(olds) = old.catalog.registry.metrics.get(id) else { continue };
        let released =
            || olds.iter().filter(|(_, metric)| metric.status >= Status::Released).map(|(version, _)| *version);
        for version in versions.keys().filter(|version| !olds.contains_key(version)) {
            let same_major = released().filter(|known| known.major() == version.major()).max();
            if let Some(latest) = same_major.or(released().max()).filter(|latest| latest > version) {
                add(id, *version, latest);
            }
        }
    }
}
