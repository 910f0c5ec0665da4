//! What random tables came to: a line of proof where all agree; where not, both answers and a case to commit.

use serde_json::{Value as Json, json};

use super::diagnostic::{self, Style};
use super::findings::json::mistakes;
use super::side_by_side::side_by_side;
use super::words::{counted, listed, pretty};
use crate::diagnostic::{Diagnostic, codes};
use crate::differential::{Disagreement, Outcome};
use crate::text::Texts;
use crate::verify::Mismatch;

/// The version of the document.
const FORMAT: &str = "etalon-random-1";

/// One project whose readings were asked.
pub struct Part<'a> {
    /// Where it lies.
    pub place: &'a str,
    /// The texts of its files.
    pub texts: &'a Texts,
}

/// A run over random tables.
pub struct Run<'a> {
    /// The seed.
    pub seed: u64,
    /// The projects, in the order in which they were asked.
    pub parts: Vec<Part<'a>>,
    /// What came of it.
    pub outcome: &'a Outcome,
}

/// Writes a run for people.
pub fn human(run: &Run<'_>, style: Style) -> String {
    let mut text = String::new();
    for disagreement in &run.outcome.disagreements {
        let found = [finding(run, disagreement)];
        text.push_str(&diagnostic::render(&found, run.parts[disagreement.project].texts, style));
        for mismatch in &disagreement.mismatches {
            if let Mismatch::Disagreement { judge, interpreter, computed, differences } = mismatch {
                text.push_str(&side_by_side(("interpreter", interpreter), (judge, computed), differences));
                text.push('\n');
            }
        }
        if let Some(case) = &disagreement.case {
            text.push_str(&format!("the smallest such tables, as a case to commit:\n\n{case}\n"));
        }
    }
    text + &closing(run)
}

fn closing(run: &Run<'_>) -> String {
    let outcome = run.outcome;
    let mut text = String::new();
    for (reason, sets) in &outcome.unanswered {
        text.push_str(&format!("without an answer: {}: {reason}\n", counted(*sets, "set")));
    }
    if outcome.untried > 0 {
        text.push_str(&format!("not tried: {} of readings that had failed\n", counted(outcome.untried, "set")));
    }
    let asked =
        format!("{} of tables from seed {} for {}", counted(outcome.asked(), "set"), run.seed, readings(outcome));
    let judges = &outcome.judges;
    let failed = outcome.disagreements.len();
    if failed > 0 {
        let verb = if failed == 1 { "is" } else { "are" };
        let judges = judges.join(", ");
        return text + &format!("{asked}: {} {verb} answered differently (by {judges})\n", counted(failed, "reading"));
    }
    let agreed = match outcome.agreed == outcome.asked() {
        true => String::new(),
        false => format!(" on the {} that have an answer", counted(outcome.agreed, "set")),
    };
    text + &format!("{asked}: {}{agreed}\n", judges.join(" = "))
}

/// Writes `13 metrics and 9 variants`.
fn readings(outcome: &Outcome) -> String {
    let variants = outcome.readings.iter().filter(|name| name.contains('.')).count();
    let metrics = counted(outcome.readings.len() - variants, "metric");
    if variants == 0 { metrics } else { format!("{metrics} and {}", counted(variants, "variant")) }
}

/// Returns a disagreement as a finding.
fn finding(run: &Run<'_>, disagreement: &Disagreement) -> Diagnostic {
    let mut judges: Vec<&str> = Vec::new();
    let mut failures = Vec::new();
    for mismatch in &disagreement.mismatches {
        let (Mismatch::Disagreement { judge, .. } | Mismatch::Failure { judge, .. }) = mismatch else { continue };
        if !judges.contains(&judge.as_str()) {
            judges.push(judge);
        }
        if let Mismatch::Failure { judge, message } = mismatch {
            failures.push(format!("{judge} has no answer: {message}"));
        }
    }
    let verb = if judges.len() == 1 { "gives" } else { "give" };
    let (who, reading) = (listed(&judges, "and"), &disagreement.reading);
    let message = format!("{who} {verb} another answer than the interpreter for `{reading}`");
    let finding = Diagnostic::error(codes::ENGINES_DISAGREE, disagreement.span, message);
    let finding = finding.label(disagreement.span, format!("on set {} of seed {}", disagreement.set, run.seed));
    match failures.is_empty() {
        true => {
            finding.help("`--format json` has the tables as a case; with it among the metric's cases, `verify` fails")
        }
        false => finding.help(failures.join("; ")),
    }
}

/// Returns every disagreement of a project as a finding, for forms that know findings only.
pub fn found(run: &Run<'_>, project: usize) -> Vec<Diagnostic> {
    let own = run.outcome.disagreements.iter().filter(|disagreement| disagreement.project == project);
    own.map(|disagreement| finding(run, disagreement)).collect()
}

/// Writes a run as one JSON document.
pub fn json(run: &Run<'_>) -> String {
    let outcome = run.outcome;
    let disagreements: Vec<Json> = outcome.disagreements.iter().map(|disagreement| one(run, disagreement)).collect();
    let unanswered = outcome.unanswered.iter().map(|(reason, sets)| json!({ "reason": reason, "sets": sets }));
    pretty(&json!({
        "format": FORMAT,
        "seed": run.seed,
        "judges": outcome.judges,
        "projects": run.parts.iter().map(|part| part.place).collect::<Vec<_>>(),
        "readings": outcome.readings.len(),
        "sets": outcome.asked(),
        "agreed": outcome.agreed,
        "unanswered": unanswered.collect::<Vec<_>>(),
        "untried": outcome.untried,
        "disagreements": disagreements,
    }))
}

fn one(run: &Run<'_>, disagreement: &Disagreement) -> Json {
    let part = &run.parts[disagreement.project];
    json!({
        "project": part.place,
        "reading": disagreement.reading,
        "set": disagreement.set,
        "case": disagreement.case,
        "finding": mistakes(&[finding(run, disagreement)], part.texts).pop(),
    })
}
