//! A review as one JSON document, in a wire format of its own: changing a shape is a new version.

use serde::Serialize;

use super::Page;
use super::changed::Changed;
use super::dependents::{Dependents, dependents};
use super::elsewhere::objects;
use super::known::{Price, Witness};
use super::signed::{Signatures, signatures};
use super::verdict::Fit;
use crate::catalog::Object;
use crate::diff::{Comparison, Effect, Judged, MeaningChange};
use crate::report::findings::json::WrittenFinding;
use crate::report::words::pretty;
use crate::review::MetricReview;
use crate::rules;
use crate::text::Texts;

/// The version of the document.
const FORMAT: &str = "etalon-review-1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    old: &'a str,
    new: &'a str,
    verdict: Verdict,
    metrics: Vec<Metric<'a>>,
    findings: Vec<WrittenFinding<'a>>,
    others: Others,
}

#[derive(Serialize)]
struct Verdict {
    fail_on: &'static str,
    stops: usize,
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct Metric<'a> {
    metric: &'a str,
    renamed_from: Option<&'a str>,
    old_version: Option<String>,
    new_version: Option<String>,
    old_stays: bool,
    status: &'static str,
    meaning: &'static str,
    declared: Option<&'static str>,
    needs: &'static str,
    version: &'static str,
    readings: Vec<&'a str>,
    edits: Vec<WrittenEdit>,
    /// Fingerprints of the findings that belong here.
    findings: Vec<&'a str>,
    witnesses: &'a [Witness],
    price: Option<&'a Price>,
    reaches: Vec<String>,
    guards: Vec<String>,
    signatures: Option<Signatures<'a>>,
}

#[derive(Serialize)]
struct WrittenEdit {
    path: String,
    kind: &'static str,
    through: Option<String>,
    effect: &'static str,
    direction: &'static str,
    evidence: &'static str,
    readings: Vec<String>,
    rule: Option<&'static str>,
    class: &'static str,
    old: Option<String>,
    new: Option<String>,
    lines: Option<Vec<String>>,
}

/// What differs and is no metric.
#[derive(Serialize)]
struct Others {
    edited: Vec<String>,
    added: Vec<String>,
    removed: Vec<String>,
    cases: Vec<String>,
}

/// Writes a review.
pub fn json(page: Page<'_>) -> String {
    let review = page.review;
    let report = page.findings();
    let entries = report.entries();
    let sorted = page.sorted();
    let metrics = review.diff.comparisons.iter().zip(&review.metrics).zip(dependents(page)).enumerate();
    let metrics = metrics.map(|(index, ((comparison, metric), dependents))| {
        let findings = sorted.of[index].iter().map(|told| told.finding.fingerprint.as_str()).collect();
        written(page, (index, dependents), (comparison, metric), findings)
    });
    let mut sentences = vec![page.stopping(), page.due()];
    sentences.extend(page.misfits());
    let stops = page.stopping_severities().count();
    let document = Document {
        format: FORMAT,
        old: &review.old_label,
        new: &review.new_label,
        verdict: Verdict { fail_on: page.fail_on.name(), stops, sentences },
        metrics: metrics.collect(),
        findings: entries.iter().map(WrittenFinding::of).collect(),
        others: others(page),
    };
    pretty(&document)
}

fn written<'a>(
    page: Page<'a>,
    (index, Dependents { made, guarded }): (usize, Dependents),
    (comparison, metric): (&'a Comparison, &'a MetricReview),
    findings: Vec<&'a str>,
) -> Metric<'a> {
    let known = page.known(index);
    Metric {
        metric: &comparison.id,
        renamed_from: comparison.renamed_from.as_deref(),
        old_version: comparison.old.map(|version| version.to_string()),
        new_version: comparison.new.map(|version| version.to_string()),
        old_stays: comparison.is_beside,
        status: comparison.status.name(),
        meaning: meaning(comparison.meaning),
        declared: metric.declared.map(|declared| declared.name()),
        needs: metric.needs.name(),
        version: Fit::of(comparison, metric).name(),
        readings: comparison.readings.keys().map(String::as_str).collect(),
        edits: comparison.edits.iter().map(|judged| edit(judged, &page.review.texts)).collect(),
        findings,
        witnesses: known.map_or(&[], |known| known.witnesses.as_slice()),
        price: known.and_then(|known| known.price.as_ref()),
        reaches: made,
        guards: guarded,
        signatures: signatures(page, index),
    }
}

fn meaning(change: MeaningChange) -> &'static str {
    match change {
        MeaningChange::Same => "same",
        MeaningChange::Differs => "differs",
        MeaningChange::Fresh => "new",
        MeaningChange::Gone => "gone",
        MeaningChange::Broken => "broken",
    }
}

fn edit(judged: &Judged, texts: &Texts) -> WrittenEdit {
    let effect = match judged.effect {
        Effect::None => "none",
        Effect::Preserves => "preserves",
        Effect::Moves => "moves",
    };
    let (old, new, lines) = match Changed::of(&judged.edit, texts, usize::MAX) {
        Changed::Values(old, new) => (old, new, None),
        Changed::Lines(lines, _) => {
            (None, None, Some(lines.into_iter().map(|(sign, line)| format!("{sign}{line}")).collect()))
        }
    };
    WrittenEdit {
        path: judged.edit.path.to_string(),
        kind: judged.edit.kind.name(),
        through: judged.through.as_ref().map(Object::to_string),
        effect,
        direction: judged.direction.name(),
        evidence: judged.evidence.name(),
        readings: judged.readings.clone(),
        rule: rules::rule_of(judged).map(|rule| rule.id),
        class: rules::class_of(judged).name(),
        old,
        new,
        lines,
    }
}

fn others(page: Page<'_>) -> Others {
    let diff = &page.review.diff;
    let names = |objects: &[Object]| objects.iter().map(Object::to_string).collect();
    Others {
        edited: objects(diff.shared.iter()),
        added: names(&diff.added),
        removed: names(&diff.removed),
        cases: objects(diff.cases.iter()),
    }
}
