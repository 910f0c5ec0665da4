//! The catalogue of rules: what may be found in a project or in a change of it, why it matters and what mends it.
//!
//! A rule is one data file in the folder of its area and one line in that folder's list. Holds the rules and tells which
//! of them an edit falls under; knows neither how edits are found nor how findings are shown.

mod acceptances;
mod authors;
mod changes;
mod classify;
mod clauses;
mod columns;
mod departures;
mod example;
mod explain;
mod finding;
mod held;
mod meant;
mod outline;
mod pattern;
pub mod reference;
mod rule;
mod subject;
mod verdict;

mod computation;
mod exclusions;
mod fixtures;
mod integrity;
mod lifecycle;
mod reading;
mod sources;
mod validity;
mod windows;

pub use crate::definition::Profile;
pub use changes::{class_of, rule_of};
pub use classify::{Change, FALLBACK, classify};
pub use example::{Edit, Files};
pub use finding::{About, Accepted, EditOf, Finding, Findings};
pub use meant::{Excluded, Meant, OverEvents};
pub use outline::{Everyone, Outline, Read, outlines, together};
pub use pattern::Pattern;
pub use rule::{Area, Class, Level, Match, Rule};
pub use subject::{Side, Subject};
pub use verdict::{change_class, needed, signatures};

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::cores;
use crate::diagnostic::near_names;

/// One embedded rule file.
pub(crate) struct File {
    /// The name of the file without its ending.
    stem: &'static str,
    /// What it says.
    text: &'static str,
}

/// What a rule that no pattern decides looks for.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// In each metric, from what it says and what it names.
    Each(fn(&'static Rule, &Subject<'_>, &mut Findings)),
    /// In all metrics held against each other.
    Across(fn(&'static Rule, &Everyone<'_>, &mut Findings)),
}

/// Lists the rules of an area, one a line and sorted: the stem of the file beside the list, and where code of the same name
/// decides, which stands beside the file, `: check`, or `: across` where it holds all metrics against each other.
macro_rules! rules {
    (@module $stem:ident $check:ident) => { mod $stem; };
    (@check $stem:ident check) => { $crate::rules::Check::Each($stem::check) };
    (@check $stem:ident across) => { $crate::rules::Check::Across($stem::across) };
    ($($stem:ident $(: $check:ident)?,)*) => {
        $($(rules!(@module $stem $check);)?)*

        /// The rule files of this folder.
        pub(super) const FILES: &[$crate::rules::File] =
            &[$($crate::rules::File {
                stem: stringify!($stem),
                text: include_str!(concat!(stringify!($stem), ".yaml")),
            }),*];

        /// The checks of this folder, by the stem of the rule's file.
        pub(super) const CHECKS: &[(&str, $crate::rules::Check)] = &[$($((stringify!($stem), rules!(@check $stem $check)),)?)*];
    };
}
use rules;

/// Judges a subject by every rule.
///
/// # Panics
/// Never: what is asked of a metric is asked of one that is there.
pub fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    judge_those(subject, |_| true, &[]).expect("every metric is there")
}

/// Judges a subject as [`judge`] does, where some metrics are there only to hold others against them: in their readings
/// nothing is looked for. Of some metrics the outlines are `known`; these need not be there.
///
/// # Errors
/// As [`judge_among`].
pub fn judge_those(
    subject: &Subject<'_>,
    is_judged: impl Fn(&str) -> bool,
    known: &[Outline],
) -> Result<Vec<Finding>, BTreeSet<String>> {
    let mut everyone: Vec<Meant<'_>> = Vec::with_capacity(subject.new.catalog.plans.len());
    everyone.extend(subject.readings());
    let with = |readings| Subject { new: Side { readings: Some(readings), ..subject.new }, ..*subject };
    let outlines = outlines(&with(&everyone));
    let judged: Vec<Meant<'_>> = everyone.iter().copied().filter(|meant| is_judged(&meant.metric.id.value)).collect();
    judge_among(&with(&judged), &together(&outlines, known))
}

/// Judges a subject by every rule, as [`judge`] does, of which not all metrics need to be there; `outlines` are those of all
/// metrics, in the order of their names and versions.
///
/// Of a metric that is not there, or of which something that it names is not there, what is found means nothing.
///
/// # Errors
/// The metrics that are not there and have to be, since others are like them.
pub fn judge_among(subject: &Subject<'_>, outlines: &[&Outline]) -> Result<Vec<Finding>, BTreeSet<String>> {
    let deviations = held::deviations(subject);
    let known: Vec<Meant<'_>> = subject.readings().collect();
    let new = Side { deviations: &deviations, readings: Some(&known), ..subject.new };
    let subject = &Subject { new, ..*subject };
    let everyone = Everyone::of(subject, outlines);
    let mut findings = Findings::of(subject);
    changes::find(subject, &mut findings);
    let profile = subject.profile();
    let counting: Vec<(&'static Rule, Check)> =
        CHECKS.iter().copied().filter(|(rule, _)| rule.profile <= profile).collect();
    let found = cores::map_each(&counting, |(rule, check)| {
        let mut own = Findings::of(subject);
        match check {
            Check::Each(check) => check(rule, subject, &mut own),
            Check::Across(across) => across(rule, &everyone, &mut own),
        }
        own
    });
    found.into_iter().for_each(|own| findings.extend(own));
    findings.keep(|rule| rule.profile <= profile);
    acceptances::apply(subject, &mut findings);
    match everyone.into_lacking() {
        lacking if lacking.is_empty() => Ok(findings.into_sorted()),
        lacking => Err(lacking),
    }
}

/// Returns findings in their order, each once.
pub fn sorted(findings: Vec<Finding>) -> Vec<Finding> {
    let mut all = Findings::default();
    all.gather(findings);
    all.into_sorted()
}

/// Tells whether a rule holds all metrics against each other.
pub fn is_across(rule: &Rule) -> bool {
    CHECKS.iter().any(|(known, check)| known.id == rule.id && matches!(check, Check::Across(_)))
}

/// The rules that code decides, area by area.
static CHECKS: LazyLock<Vec<(&'static Rule, Check)>> = LazyLock::new(|| {
    let stems = Area::EVERY.into_iter().flat_map(checks_of);
    stems.filter_map(|(stem, check)| Some((find(&stem.replace('_', "-"))?, *check))).collect()
});

fn checks_of(area: Area) -> &'static [(&'static str, Check)] {
    match area {
        Area::Computation => computation::CHECKS,
        Area::Windows => windows::CHECKS,
        Area::Exclusions => exclusions::CHECKS,
        Area::Reading => reading::CHECKS,
        Area::Lifecycle => lifecycle::CHECKS,
        Area::Validity => validity::CHECKS,
        Area::Sources => sources::CHECKS,
        Area::Fixtures => fixtures::CHECKS,
        Area::Integrity => integrity::CHECKS,
    }
}

static ALL: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let files = Area::EVERY.into_iter().flat_map(|area| files_of(area).iter().map(move |file| (area, file)));
    cores::map(&files.collect::<Vec<_>>(), |(area, file)| Rule::embedded(*area, file.stem, file.text))
});

fn files_of(area: Area) -> &'static [File] {
    match area {
        Area::Computation => computation::FILES,
        Area::Windows => windows::FILES,
        Area::Exclusions => exclusions::FILES,
        Area::Reading => reading::FILES,
        Area::Lifecycle => lifecycle::FILES,
        Area::Validity => validity::FILES,
        Area::Sources => sources::FILES,
        Area::Fixtures => fixtures::FILES,
        Area::Integrity => integrity::FILES,
    }
}

/// Returns all rules, area by area, each area sorted by id.
///
/// # Panics
/// When an embedded file is broken; the message names it.
pub fn all() -> &'static [Rule] {
    &ALL
}

/// Keeps the findings of the rules that a profile has.
pub fn within(profile: Profile, findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.rule.profile <= profile).collect()
}

/// Returns the rule called `id`.
pub fn find(id: &str) -> Option<&'static Rule> {
    all().iter().find(|rule| rule.id == id)
}

/// Returns up to three rules whose ids resemble `id`, the closest first.
pub fn near(id: &str) -> Vec<&'static Rule> {
    near_names(id, all().iter().map(|rule| rule.id)).into_iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests;
