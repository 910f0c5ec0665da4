//! The changes by which a version follows one that was released: what records, decisions and signatures are asked for.
//!
//! Finds them in the comparisons of a change; judges nothing.

use crate::definition::{ChangeClass, Metric, Status};
use crate::diff::{Bump, Comparison, MeaningChange};
use crate::rules::verdict::asked_class;
use crate::rules::{About, Subject};
use crate::value::Version;

/// A version that is to take the place of one that was released.
pub(super) struct Publication<'a> {
    /// How the two differ, as far as that is known.
    pub(super) comparison: &'a Comparison,
    /// The new version.
    pub(super) metric: &'a Metric,
    /// Its number.
    pub(super) version: Version,
    /// The number of the version that it follows.
    pub(super) from: Version,
    /// The class by which it is held to the policy.
    pub(super) class: ChangeClass,
    /// Whether the two were compared; the older one may have no file any more.
    pub(super) is_compared: bool,
}

impl Publication<'_> {
    /// Returns the version as messages name it.
    pub(super) fn name(&self) -> String {
        format!("{}@{}", self.metric.id.value, self.version)
    }

    /// Returns how much is at stake: what is not released yet weighs less.
    pub(super) fn about(&self) -> About<'_> {
        About::metric(self.metric)
    }

    /// Tells whether published numbers or their reading can change.
    pub(super) fn is_breaking(&self) -> bool {
        self.class == ChangeClass::Breaking
    }
}

/// Returns the versions that follow a released one, or take a step towards their release, in this change.
pub(super) fn publications<'a>(subject: &Subject<'a>) -> Vec<Publication<'a>> {
    subject.comparisons().filter_map(|comparison| publication(subject, comparison)).collect()
}

fn publication<'a>(subject: &Subject<'a>, comparison: &'a Comparison) -> Option<Publication<'a>> {
    let (old, version) = (subject.old?, comparison.new?);
    let metric = subject.new.version(&comparison.id, version)?;
    if metric.status == Status::Retired || comparison.renamed_from.is_some() {
        return None;
    }
    let class = asked_class(subject, comparison);
    let of = |from, class, is_compared| Publication { comparison, metric, version, from, class, is_compared };
    if let Some(from) = comparison.old.filter(|from| *from != version) {
        let side = if comparison.is_beside { subject.new } else { old };
        let was_released = side.version(&comparison.id, from)?.status >= Status::Released;
        return was_released.then(|| of(from, class, comparison.meaning != MeaningChange::Broken));
    }
    let before = old.version(&comparison.id, version);
    let is_step = before.is_none_or(|before| before.status < Status::Released && before.status < metric.status);
    let from = subject.new.lock.or(old.lock)?.of(&comparison.id).rfind(|entry| entry.version < version)?.version;
    // Nothing is known of the change but what its author and its number declare.
    let class = match (&metric.change, Bump::between(from, version)) {
        (Some(_), _) => class,
        (None, Bump::Major) => ChangeClass::Breaking,
        (None, Bump::Minor) => ChangeClass::Additive.min(class),
        (None, Bump::Patch | Bump::None) => class,
    };
    is_step.then(|| of(from, class, false))
}
