//! What a review comes to, in sentences: which versions are due, what is declared, what stops the change.

use super::Page;
use crate::definition::Status;
use crate::diagnostic::Severity;
use crate::diff::{Bump, Comparison, MeaningChange};
use crate::report::words::{counted, listed, severities};
use crate::review::MetricReview;
use crate::rules::Finding;

/// Most metrics that a sentence names.
const NAMED: usize = 3;

/// How the version that was declared fits the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is the one that is due.
    Right,
    /// A larger one is due.
    TooSmall,
    /// A smaller one would do.
    TooLarge,
    /// Nothing was released, so that nothing is due.
    Free,
    /// There is nothing to compare with.
    None,
}

impl Fit {
    /// Tells how the version of a comparison fits.
    pub(super) fn of(comparison: &Comparison, metric: &MetricReview) -> Self {
        let Some(declared) = metric.declared else { return Fit::None };
        match declared.cmp(&metric.needs) {
            _ if comparison.meaning == MeaningChange::Broken => Fit::None,
            _ if comparison.status < Status::Released => Fit::Free,
            std::cmp::Ordering::Less => Fit::TooSmall,
            std::cmp::Ordering::Equal => Fit::Right,
            std::cmp::Ordering::Greater => Fit::TooLarge,
        }
    }

    /// Returns the word of documents.
    pub(super) fn name(self) -> &'static str {
        match self {
            Fit::Right => "right",
            Fit::TooSmall => "too_small",
            Fit::TooLarge => "too_large",
            Fit::Free => "free",
            Fit::None => "none",
        }
    }
}

impl Page<'_> {
    fn reviewed(&self) -> impl Iterator<Item = (&Comparison, &MetricReview)> + Clone {
        self.review.diff.comparisons.iter().zip(&self.review.metrics)
    }

    /// Tells whether a finding stops the change.
    pub(super) fn stops(&self, finding: &Finding) -> bool {
        finding.is_open(self.fail_on)
    }

    /// Says what differs and which versions that needs.
    pub(super) fn due(&self) -> String {
        let total = self.review.diff.comparisons.len();
        if total == 0 {
            return self.nothing();
        }
        let verb = if total == 1 { "differs" } else { "differ" };
        let lead = format!("{} {verb}", counted(total, "metric"));
        if self.reviewed().all(|(comparison, _)| comparison.meaning == MeaningChange::Same) {
            let is_major = self.reviewed().any(|(_, metric)| metric.needs == Bump::Major);
            let how = if is_major { "in how they are read" } else { "in words and rules around them" };
            let how = if total == 1 { how.replace("they are", "it is").replace("them", "it") } else { how.to_owned() };
            return format!("{lead} {how}; every number stays the same");
        }
        match self.groups().as_slice() {
            [(1, one, _)] => format!("{lead} and {one}"),
            [(_, _, many)] => format!("{lead}: all {many}"),
            groups => {
                let told =
                    groups.iter().map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
                format!("{lead}: {}", told.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn nothing(&self) -> String {
        let diff = &self.review.diff;
        let others = diff.shared.len() + diff.cases.len() + diff.added.len() + diff.removed.len();
        match others {
            0 => "nothing differs in meaning".to_owned(),
            _ => "no metric differs; some other definitions do".to_owned(),
        }
    }

    /// Counts metrics by what becomes of them, with the words for one and for several.
    fn groups(&self) -> Vec<(usize, &'static str, &'static str)> {
        let needs = |bump: Bump| {
            move |comparison: &Comparison, metric: &MetricReview| {
                let has_two_sides = matches!(comparison.meaning, MeaningChange::Same | MeaningChange::Differs);
                has_two_sides && metric.needs == bump
            }
        };
        let is = |change: MeaningChange| move |comparison: &Comparison, _: &MetricReview| comparison.meaning == change;
        let count = |wanted: &dyn Fn(&Comparison, &MetricReview) -> bool| {
            self.reviewed().filter(|(comparison, metric)| wanted(comparison, metric)).count()
        };
        let groups = [
            (count(&needs(Bump::Major)), "needs a major version", "need a major version"),
            (count(&needs(Bump::Minor)), "needs a minor version", "need a minor version"),
            (count(&needs(Bump::Patch)), "needs a patch", "need a patch"),
            (count(&needs(Bump::None)), "needs no new version", "need no new version"),
            (count(&is(MeaningChange::Fresh)), "is new", "are new"),
            (count(&is(MeaningChange::Gone)), "is gone", "are gone"),
            (count(&is(MeaningChange::Broken)), "has mistakes", "have mistakes"),
        ];
        groups.into_iter().filter(|(count, ..)| *count > 0).collect()
    }

    /// Says of which metrics the declared version does not fit.
    pub(super) fn misfits(&self) -> Vec<String> {
        let of = |fit: Fit| self.reviewed().filter(move |(comparison, metric)| Fit::of(comparison, metric) == fit);
        let names = |fit: Fit| -> Vec<String> { of(fit).map(|(comparison, _)| comparison.id.clone()).collect() };
        let sentence = |names: Vec<String>, rest: &str| {
            let verb = if names.len() == 1 { "declares" } else { "declare" };
            format!("{} {verb} {rest}", shortened(names))
        };
        let mut told = Vec::new();
        match names(Fit::TooSmall) {
            names if names.is_empty() => {}
            names => told.push(sentence(names, "too small a version")),
        }
        match names(Fit::TooLarge) {
            names if names.is_empty() => {}
            names => told.push(sentence(names, "a larger version than needed")),
        }
        told
    }

    /// Returns how bad each thing is that stops the change.
    pub(super) fn stopping_severities(&self) -> impl Iterator<Item = Severity> + Clone {
        let findings = self.review.findings.iter().filter(|finding| self.stops(finding));
        let mistakes = self.mistakes().iter().map(|mistake| mistake.severity);
        let mistakes = mistakes.filter(|severity| *severity <= self.fail_on);
        findings.map(|finding| finding.diagnostic.severity).chain(mistakes)
    }

    /// Says what was found, and what of it stops the change.
    pub(super) fn stopping(&self) -> String {
        let verb = if self.stopping_severities().count() == 1 { "stops" } else { "stop" };
        match severities(self.stopping_severities()) {
            Some(found) => format!("{found} {verb} this change"),
            None => "nothing stops this change".to_owned(),
        }
    }

    /// Says what was found that stops nothing.
    pub(super) fn remarks(&self) -> Option<String> {
        let findings = &self.review.findings;
        let rest = findings.iter().filter(|finding| !self.stops(finding) && finding.accepted.is_none());
        let mistakes = self.mistakes().iter().map(|mistake| mistake.severity);
        let rest = rest.map(|finding| finding.diagnostic.severity);
        let rest = rest.chain(mistakes.filter(|severity| *severity > self.fail_on));
        let accepted = findings.iter().filter(|finding| finding.accepted.is_some()).count();
        let mut told: Vec<String> = severities(rest).into_iter().collect();
        if accepted > 0 {
            told.push(format!("{accepted} accepted"));
        }
        (!told.is_empty()).then(|| told.join(", "))
    }
}

fn shortened(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    if more > 0 {
        names.truncate(NAMED);
        names.push(format!("{more} more"));
    }
    listed(&names, "and")
}
