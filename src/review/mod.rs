//! Everything there is to say about one change: what differs, what rules find in it, which version it needs.
//!
//! Gathers what other layers find out, in the order in which a reader asks. Prints nothing and decides no exit code.

use crate::catalog::Catalog;
use crate::definition::Status;
use crate::diff::{self, Bump, Comparison, Diff, MeaningChange, Scope};
use crate::rules::{self, Class, Finding, Side, Subject};
use crate::text::Texts;
use crate::value::Date;

/// One change, reviewed.
#[derive(Debug)]
pub struct Review {
    /// What the old side is called.
    pub old_label: String,
    /// What the new side is called.
    pub new_label: String,
    /// The texts behind both sides.
    pub texts: Texts,
    /// The project as it was.
    pub old: Catalog,
    /// The project as it is to be.
    pub new: Catalog,
    /// What differs.
    pub diff: Diff,
    /// What is said of each comparison of the diff, in its order.
    pub metrics: Vec<MetricReview>,
    /// What rules have found, worst first.
    pub findings: Vec<Finding>,
}

/// What is said of one comparison.
#[derive(Debug)]
pub struct MetricReview {
    /// Which part of the version has to change.
    pub needs: Bump,
    /// Which part has changed; `None` where there is no version to compare with.
    pub declared: Option<Bump>,
}

/// Reviews the change from one catalog to another.
pub fn review(
    (old_label, old): (String, Catalog),
    (new_label, new): (String, Catalog),
    texts: Texts,
    (scope, today): (&Scope, Date),
) -> Review {
    let diff = diff::compare(&old, &new, &texts, scope);
    let subject = Subject {
        new: Side { catalog: &new },
        old: Some(Side { catalog: &old }),
        diff: Some(&diff),
        texts: &texts,
        today,
        verification: None,
    };
    let findings = rules::judge(&subject);
    let metrics = diff.comparisons.iter().map(metric).collect();
    Review { old_label, new_label, texts, old, new, diff, metrics, findings }
}

fn metric(comparison: &Comparison) -> MetricReview {
    let declared = comparison.old.zip(comparison.new).map(|(old, new)| Bump::between(old, new));
    MetricReview { needs: needed(comparison), declared }
}

/// Returns which part of the version a comparison needs to change.
pub fn needed(comparison: &Comparison) -> Bump {
    let of_class = |class| match class {
        Class::Breaking => Bump::Major,
        Class::Additive => Bump::Minor,
        Class::Wording | Class::Governance => Bump::Patch,
        Class::Validity => Bump::None,
    };
    let edits = comparison.edits.iter().map(|judged| of_class(rules::class_of(judged))).max().unwrap_or(Bump::None);
    match comparison.meaning {
        // What no edit explains counts as the worst.
        MeaningChange::Differs if comparison.moving().next().is_none() => Bump::Major,
        MeaningChange::Fresh | MeaningChange::Broken => Bump::None,
        MeaningChange::Gone if comparison.status == Status::Draft => Bump::None,
        MeaningChange::Gone => Bump::Major,
        MeaningChange::Same | MeaningChange::Differs => edits,
    }
}
