//! Findings beside the comparisons they belong to, each with its place and its edit.

use super::changed::{Changed, MOST};
use super::{Page, texts_of};
use crate::diff::{Comparison, Direction, Effect, Judged};
use crate::report::lines::Lines;
use crate::report::words::listed;
use crate::review::Review;
use crate::rules::Finding;

/// The findings of a review, in order of severity as they come.
pub(super) struct Sorted<'a> {
    /// Those of each comparison.
    pub(super) of: Vec<Vec<Told<'a>>>,
    /// Those of no comparison.
    pub(super) others: Vec<Told<'a>>,
}

/// A finding with what a reader needs to see.
pub(super) struct Told<'a> {
    /// The finding.
    pub(super) finding: &'a Finding,
    /// The edit it was found in.
    pub(super) judged: Option<&'a Judged>,
    /// The file.
    pub(super) file: &'a str,
    /// The line in it.
    pub(super) line: usize,
    /// The column in it.
    pub(super) column: usize,
}

impl<'a> Page<'a> {
    /// Sorts the findings by the comparisons they belong to.
    pub(super) fn sorted(&self) -> Sorted<'a> {
        let review = self.review;
        let comparisons = &review.diff.comparisons;
        let mut lines = Lines::of(&review.texts);
        let mut sorted = Sorted { of: comparisons.iter().map(|_| Vec::new()).collect(), others: Vec::new() };
        for finding in &review.findings {
            let homes = homes(review, finding);
            if homes.is_empty() {
                sorted.others.push(told(&mut lines, finding, None));
            }
            for (index, judged) in homes {
                sorted.of[index].push(told(&mut lines, finding, judged));
            }
        }
        sorted
    }
}

fn told<'a>(lines: &mut Lines<'a>, finding: &'a Finding, judged: Option<&'a Judged>) -> Told<'a> {
    let span = finding.diagnostic.span();
    let region = lines.region(span);
    let file = lines.texts.get(span.text).name.as_str();
    Told { finding, judged, file, line: region.line, column: region.column }
}

/// Returns the comparisons a finding belongs to: those with its edit, else that of its file, else the first of its metric.
fn homes<'a>(review: &'a Review, finding: &Finding) -> Vec<(usize, Option<&'a Judged>)> {
    let of_metric = || {
        let comparisons = review.diff.comparisons.iter().enumerate();
        comparisons.filter(|(_, comparison)| finding.metric.as_ref() == Some(&comparison.id))
    };
    let by_edit: Vec<_> = of_metric()
        .filter_map(|(index, comparison)| Some((index, Some(comparison.edits.iter().find(|it| is_of(finding, it))?))))
        .collect();
    if !by_edit.is_empty() {
        return by_edit;
    }
    let text = finding.diagnostic.span().text;
    let by_file = of_metric().find(|(_, comparison)| texts_of(review, comparison).contains(&text));
    by_file.or_else(|| of_metric().next()).map(|(index, _)| (index, None)).into_iter().collect()
}

fn is_of(finding: &Finding, judged: &Judged) -> bool {
    let Some(edit) = &finding.edit else { return false };
    let node = judged.edit.new.as_ref().or(judged.edit.old.as_ref());
    edit.path == judged.edit.path
        && edit.kind == judged.edit.kind
        && edit.through == judged.through.as_ref().map(ToString::to_string)
        && node.is_some_and(|node| node.span.text == finding.diagnostic.span().text)
}

impl Told<'_> {
    /// Returns where it stands.
    pub(super) fn at(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }

    /// Returns which way it goes and how that is known, as far as there is a way.
    pub(super) fn way(&self) -> Vec<&'static str> {
        let Some((edit, judged)) = self.finding.edit.as_ref().zip(self.judged) else { return Vec::new() };
        match (judged.effect, edit.direction) {
            (Effect::Preserves, _) => vec!["same number", edit.evidence.name()],
            (Effect::None, _) | (Effect::Moves, Direction::None) => Vec::new(),
            (Effect::Moves, Direction::Unknown) => vec!["direction unknown", edit.evidence.name()],
            (Effect::Moves, way) => vec![way.name(), edit.evidence.name()],
        }
    }

    /// Returns what was edited where it is an edit.
    pub(super) fn changed(&self, review: &Review) -> Option<Changed> {
        self.judged.map(|judged| Changed::of(&judged.edit, &review.texts, MOST))
    }

    /// Returns the readings it moves, where the metric has several.
    pub(super) fn readings(&self, comparison: &Comparison) -> Option<String> {
        let judged = self.judged.filter(|judged| judged.effect == Effect::Moves)?;
        if comparison.readings.len() < 2 || judged.readings.is_empty() {
            return None;
        }
        if comparison.readings.keys().all(|name| judged.readings.contains(name)) {
            return Some("every reading".to_owned());
        }
        let name = |name: &String| if name.is_empty() { "the base".to_owned() } else { name.clone() };
        Some(listed(&judged.readings.iter().map(name).collect::<Vec<_>>(), "and"))
    }
}

/// Returns the ways to edits that no finding tells of, each once. The version is told elsewhere.
pub(super) fn quiet(comparison: &Comparison, findings: &[Told<'_>]) -> Vec<String> {
    let is_told = |judged: &Judged| {
        let same = |other: &&Judged| other.edit.id() == judged.edit.id() && other.through == judged.through;
        findings.iter().filter_map(|told| told.judged).any(|other| same(&other))
    };
    // One finding stands for everything that was edited in a metric upstream.
    let is_upstream = |judged: &Judged| {
        let is_metric = judged.through.as_ref().is_some_and(|object| object.kind == crate::format::FileKind::Metric);
        is_metric && findings.iter().filter_map(|told| told.judged).any(|other| other.through == judged.through)
    };
    let mut quiet: Vec<String> = comparison
        .edits
        .iter()
        .filter(|judged| !is_told(judged) && !is_upstream(judged) && judged.edit.path.steps() != ["version"])
        .map(|judged| match &judged.through {
            Some(object) => format!("{} of {object}", judged.edit.path),
            None => judged.edit.path.to_string(),
        })
        .collect();
    quiet.dedup();
    quiet
}
