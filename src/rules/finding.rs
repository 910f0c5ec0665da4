//! Findings: what a rule has found, where, and how bad that is for this project.

use std::collections::BTreeSet;

use super::rule::{Class, Level, Rule};
use super::subject::Subject;
use super::verdict::is_announced;
use crate::definition::{Metric, Status};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::diff::{Comparison, Direction, Evidence, Kind, Path};
use crate::plan::fingerprint::digest;
use crate::text::Span;

/// Hexadecimal digits of a finding's fingerprint.
const DIGITS: usize = 12;

/// One finding of a rule.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// The metric it is about, if it is about one.
    pub metric: Option<String>,
    /// The fact, its places and its remedy.
    pub diagnostic: Diagnostic,
    /// The edit it was found in, if it was.
    pub edit: Option<EditOf>,
    /// Tells the finding from all others, also after the file was reformatted: 12 hexadecimal digits.
    pub fingerprint: String,
    /// Who has accepted it.
    pub accepted: Option<Accepted>,
}

/// The edit behind a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditOf {
    /// The way to what was edited.
    pub path: Path,
    /// What happened there.
    pub kind: Kind,
    /// Which way it goes, as the rule sees it.
    pub direction: Direction,
    /// How that is known.
    pub evidence: Evidence,
    /// The readings it moves, by variant name (empty for the base).
    pub readings: Vec<String>,
    /// The shared object it was made in, as messages name it.
    pub through: Option<String>,
}

/// An acceptance of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Who has accepted it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Where that stands.
    pub span: Span,
}

impl Finding {
    /// Adds a remark at a place that the finding refers to.
    pub fn also(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.diagnostic.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// States a remedy of its own in the place of the rule's.
    pub fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.diagnostic.help = Some(text.into());
        self
    }

    /// Adds a sentence to the remedy.
    pub fn help_also(&mut self, text: impl std::fmt::Display) -> &mut Self {
        let known = self.diagnostic.help.take().unwrap_or_default();
        self.help(format!("{known} {text}").trim().to_owned())
    }

    /// Tells whether somebody still has to act on it.
    pub fn is_open(&self, threshold: Severity) -> bool {
        self.accepted.is_none() && self.diagnostic.severity <= threshold
    }
}

/// What a finding is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The metric's name.
    pub metric: Option<&'a str>,
    /// The state of its version, which says how much is at stake.
    pub status: Status,
    /// Whether the number of its version announces the change, so that nobody takes the new number for the old.
    pub is_announced: bool,
}

impl<'a> About<'a> {
    /// Something that is no metric: as bad as if it were released.
    pub const PROJECT: About<'static> = About { metric: None, status: Status::Released, is_announced: false };

    /// Something that no metric feels: good to know.
    pub const UNFELT: About<'static> = About { metric: None, status: Status::Draft, is_announced: false };

    /// The new version of a comparison.
    pub fn of(comparison: &'a Comparison) -> Self {
        Self { is_announced: is_announced(comparison), ..Self::version(&comparison.id, comparison.status) }
    }

    /// A version of a metric.
    pub fn metric(metric: &'a Metric) -> Self {
        Self::version(&metric.id.value, metric.status)
    }

    /// A version of a metric, as bad as it is in this state.
    pub fn version(metric: &'a str, status: Status) -> Self {
        Self { metric: Some(metric), status, is_announced: false }
    }
}

/// All findings of a review; rules add to it.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
    known: BTreeSet<(String, Span)>,
    edition: u16,
}

impl Findings {
    /// Returns an empty collection that judges by the project's edition and profile.
    pub fn of(subject: &Subject<'_>) -> Self {
        let edition = subject.project().map_or(u16::MAX, |project| u16::try_from(project.edition).unwrap_or(u16::MAX));
        Self { edition, ..Self::default() }
    }

    /// Adds a finding about `span`; what tells it from others of its rule and metric is in `key`. Returns it for labels and
    /// remedies of its own; the rule's remedy is there already.
    pub fn add(
        &mut self,
        rule: &'static Rule,
        about: About<'_>,
        span: Span,
        (key, message): (&str, String),
    ) -> &mut Finding {
        let severity = severity((self.level(rule), rule.class), about);
        let diagnostic =
            Diagnostic::new(severity, rule.code, span, message).help(rule.remedy.replace('\n', " ").trim().to_owned());
        let metric = about.metric.map(str::to_owned);
        let fingerprint = digest(format!("{}|{}|{key}", rule.id, metric.as_deref().unwrap_or_default()).as_bytes());
        let fingerprint = fingerprint[..DIGITS].to_owned();
        let finding = Finding { rule, metric, diagnostic, edit: None, fingerprint, accepted: None };
        self.found.push(finding);
        self.found.last_mut().expect("just pushed")
    }

    /// Adds findings that were made before.
    pub(super) fn gather(&mut self, found: Vec<Finding>) {
        self.found.extend(found);
    }

    /// Adds what was found elsewhere, behind what was found so far.
    pub(super) fn extend(&mut self, others: Findings) {
        self.found.extend(others.found);
    }

    /// Drops the findings of rules that do not count.
    pub(super) fn keep(&mut self, counts: impl Fn(&Rule) -> bool) {
        self.found.retain(|finding| counts(finding.rule));
    }

    /// Iterates over what was found so far.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Finding> {
        self.found.iter_mut()
    }

    /// A rule that is younger than the edition a project has adopted cannot stop it.
    fn level(&self, rule: &Rule) -> Level {
        if rule.since > self.edition { rule.severity.max(Level::Warning) } else { rule.severity }
    }

    /// Returns the findings, worst first, then by place.
    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.found.retain(|finding| self.known.insert((finding.fingerprint.clone(), finding.diagnostic.span())));
        let key = |finding: &Finding| {
            let Diagnostic { severity, ref message, .. } = finding.diagnostic;
            (severity, finding.metric.clone(), finding.diagnostic.span(), finding.rule.id, message.clone())
        };
        self.found.sort_by_cached_key(key);
        self.found
    }
}

/// Returns how bad a rule's finding is: what is not released yet weighs less, and what the version announces is good to
/// know.
fn severity((level, class): (Level, Class), about: About<'_>) -> Severity {
    let level = match (level, about.status) {
        _ if about.is_announced && matches!(class, Class::Breaking | Class::Additive | Class::Wording) => Level::Note,
        (_, Status::Draft) => Level::Note,
        (Level::Error, Status::Candidate) => Level::Warning,
        (Level::Warning, Status::Candidate) => Level::Note,
        (level, _) => level,
    };
    match level {
        Level::Error => Severity::Error,
        Level::Warning => Severity::Warning,
        Level::Note => Severity::Note,
    }
}
