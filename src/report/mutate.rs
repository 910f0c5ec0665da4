//! Mutants as reports: survivors at their lines, each with a case that would kill it, and a score for each definition.

use serde_json::{Value as Json, json};

use super::diagnostic::{self, Style};
use super::findings::json::mistakes;
use super::table::Layout;
use super::words::{counted, pretty};
use crate::diagnostic::{Diagnostic, codes};
use crate::mutate::{Killing, Outcome, Score, Survivor};
use crate::text::Texts;

/// The version of the document.
const FORMAT: &str = "etalon-mutate-1";

/// What mutation came to in one project.
pub struct Part<'a> {
    /// Where it lies.
    pub place: &'a str,
    /// The texts of its files.
    pub texts: &'a Texts,
    /// What came of it.
    pub outcome: &'a Outcome,
}

/// Writes scores for people.
pub fn human(parts: &[Part<'_>], style: Style) -> String {
    let mut text = String::new();
    for part in parts {
        for score in &part.outcome.scores {
            text.push_str(&diagnostic::render(&unsound(score), part.texts, style));
            for survivor in &score.survivors {
                text.push_str(&diagnostic::render(&[finding(score, survivor)], part.texts, style));
                text.push_str(&killing(&survivor.killing));
            }
        }
    }
    for part in parts {
        if parts.len() > 1 {
            text.push_str(&format!("{}\n", part.place));
        }
        let mut layout = Layout::new(["definition", "", "killed", "score", "equivalent"].map(str::to_owned).to_vec());
        part.outcome.scores.iter().for_each(|score| layout.push(line(score)));
        text.push_str(&layout.without_empty_columns().render("  "));
    }
    text + &closing(parts)
}

fn line(score: &Score) -> Vec<String> {
    let (killed, counted) = (score.killed(), score.counted());
    let equivalent = if score.equivalent.is_empty() { String::new() } else { score.equivalent.len().to_string() };
    vec![
        score.kind.to_owned(),
        score.name.clone(),
        format!("{killed} / {counted}"),
        percent((killed, counted)),
        equivalent,
    ]
}

/// Writes a part as `97.6 %`, never rounded up to the whole.
fn percent((killed, counted): (usize, usize)) -> String {
    let tenths = (killed * 1000).checked_div(counted).unwrap_or(1000);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn killing(killing: &Killing) -> String {
    match killing {
        Killing::Case { text, sentence } => {
            format!("a case that kills it, before with the change, now as defined: {sentence}\n\n{text}\n")
        }
        Killing::Nothing(reason) => format!("no case that kills it was found: {reason}\n\n"),
    }
}

fn closing(parts: &[Part<'_>]) -> String {
    let total = total(parts);
    let equivalent = parts.iter().flat_map(|part| &part.outcome.scores).map(|score| score.equivalent.len()).sum();
    let beside = match equivalent {
        0 => String::new(),
        1 => "; 1 more is equivalent".to_owned(),
        more => format!("; {more} more are equivalent"),
    };
    let verb = if total.1 == 1 { "is" } else { "are" };
    format!("{} of {} {verb} killed ({}){beside}\n", total.0, counted(total.1, "mutant"), percent(total))
}

/// Returns killed and counted mutants of all projects.
fn total(parts: &[Part<'_>]) -> (usize, usize) {
    let totals = parts.iter().map(|part| part.outcome.total());
    totals.fold((0, 0), |sum, total| (sum.0 + total.0, sum.1 + total.1))
}

/// Returns a survivor as a finding.
fn finding(score: &Score, survivor: &Survivor) -> Diagnostic {
    let message = match score.kind {
        "metric" => format!("no case of `{}` notices a change of its meaning", survivor.reading),
        kind => format!("no case notices a change of the {kind} `{}`, as of `{}`", score.name, survivor.reading),
    };
    let finding = Diagnostic::error(codes::MUTANT_SURVIVES, survivor.span, message);
    let finding = finding.label(survivor.span, survivor.what.clone());
    match survivor.tried.as_slice() {
        [] => finding.help("it has no case; write one in which the clause decides"),
        tried => finding.help(format!("these hold all the same: {}", tried.join(", "))),
    }
}

fn unsound(score: &Score) -> Vec<Diagnostic> {
    let unsound = score.unsound.iter().map(|unsound| {
        Diagnostic::error(codes::SCORE_UNSOUND, unsound.span, unsound.what.clone())
            .help("mend it first: the score stands on it")
    });
    unsound.collect()
}

/// Returns every survivor of a project as a finding, for forms that know findings only.
pub fn found(outcome: &Outcome) -> Vec<Diagnostic> {
    let of = |score: &Score| {
        let survivors = score.survivors.iter().map(|survivor| finding(score, survivor));
        unsound(score).into_iter().chain(survivors).collect::<Vec<_>>()
    };
    outcome.scores.iter().flat_map(of).collect()
}

/// Writes scores as one JSON document.
pub fn json(parts: &[Part<'_>]) -> String {
    let (killed, counted) = total(parts);
    let projects: Vec<Json> = parts
        .iter()
        .map(|part| {
            let scores: Vec<Json> = part.outcome.scores.iter().map(|score| one(score, part.texts)).collect();
            json!({ "project": part.place, "scores": scores })
        })
        .collect();
    pretty(&json!({ "format": FORMAT, "killed": killed, "counted": counted, "projects": projects }))
}

fn one(score: &Score, texts: &Texts) -> Json {
    let line = |span| texts.position(span).line;
    let equivalent =
        score.equivalent.iter().map(|it| json!({ "line": line(it.span), "change": it.what, "reason": it.reason }));
    let survivors = score.survivors.iter().map(|survivor| {
        let (case, reason) = match &survivor.killing {
            Killing::Case { text, .. } => (Some(text), None),
            Killing::Nothing(reason) => (None, Some(reason)),
        };
        json!({
            "line": line(survivor.span),
            "change": survivor.what,
            "reading": survivor.reading,
            "held": survivor.tried,
            "case": case,
            "no_case": reason,
            "finding": mistakes(&[finding(score, survivor)], texts).pop(),
        })
    });
    json!({
        "kind": score.kind,
        "name": score.name,
        "file": texts.get(score.span.text).name,
        "mutants": score.mutants,
        "killed": score.killed(),
        "equivalent": equivalent.collect::<Vec<_>>(),
        "survivors": survivors.collect::<Vec<_>>(),
        "unsound": mistakes(&unsound(score), texts),
    })
}
