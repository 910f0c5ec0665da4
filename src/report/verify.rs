//! Verdicts on cases: a line of proof where all holds; where not, the expected cells with what was computed instead.

use serde_json::{Value as Json, json};

use super::diagnostic::{self, Style};
use super::findings::json::mistakes;
use super::side_by_side::{plain, side_by_side};
use super::table::Layout;
use super::words::{counted, listed, pretty};
use crate::compare::Difference;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::text::Texts;
use crate::verify::{Mismatch, Verdict, Verification};

/// The version of the document.
const FORMAT: &str = "etalon-verify-1";

/// What became of one project.
pub struct Part<'a> {
    /// Where it lies.
    pub place: &'a str,
    /// The texts of its files.
    pub texts: &'a Texts,
    /// What is wrong with its definitions and cases.
    pub findings: &'a [Diagnostic],
    /// The verdicts.
    pub verification: &'a Verification,
}

/// Writes verdicts for people.
pub fn human(parts: &[Part<'_>], style: Style) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(&diagnostic::render(part.findings, part.texts, style));
        for verdict in part.verification.verdicts.iter().filter(|verdict| !verdict.mismatches.is_empty()) {
            let judges = &part.verification.judges;
            text.push_str(&diagnostic::render(&[finding(verdict, judges)], part.texts, style));
            text.push_str(&tables(verdict));
        }
    }
    for part in parts.iter().filter(|part| !part.verification.unproven.is_empty()) {
        let names = part.verification.unproven.join(", ");
        text.push_str(&super::words::wrapped("no case yet: ", &names, 13, 100));
    }
    text + &closing(parts)
}

fn closing(parts: &[Part<'_>]) -> String {
    let mut layout = Layout::headless();
    for part in parts {
        let place = if parts.len() > 1 { part.place.to_owned() } else { String::new() };
        layout.push(vec![place, outcome(part)]);
    }
    let judges = parts.first().map(|part| part.verification.judges.join(" = ")).unwrap_or_default();
    let all_hold = parts
        .iter()
        .all(|part| part.verification.failed() == 0 && !part.verification.verdicts.is_empty() && errors(part) == 0);
    let table = layout.without_empty_columns().render("");
    let proof =
        if all_hold { format!(": {judges} = expected") } else { format!(" (by {})", judges.replace(" = ", ", ")) };
    match parts.len() {
        1 => format!("{}{proof}\n", table.trim_end()),
        _ => format!("{table}{}\n", proof.trim_start_matches([':', ' '])),
    }
}

/// Counts what was proven: `13 metrics` with `9 variants`, each once.
fn proven(part: &Part<'_>) -> String {
    let mut names: Vec<&str> = part.verification.verdicts.iter().map(|it| without_version(&it.metric)).collect();
    names.sort_unstable();
    names.dedup();
    let variants = names.iter().filter(|name| name.contains('.')).count();
    let metrics = counted(names.len() - variants, "metric");
    if variants == 0 { metrics } else { format!("{metrics} and {}", counted(variants, "variant")) }
}

/// Returns a full name without a version.
fn without_version(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// Writes `29 cases of 13 metrics and 2 variants hold`, or how many do not.
fn outcome(part: &Part<'_>) -> String {
    let total = part.verification.verdicts.len();
    let broken = match errors(part) {
        0 => String::new(),
        errors => format!("; {} in the definitions", counted(errors, "error")),
    };
    match part.verification.failed() {
        _ if total == 0 => format!("no case could be tried{broken}"),
        0 => {
            let verb = if total == 1 { "holds" } else { "hold" };
            format!("{} of {} {verb}{broken}", counted(total, "case"), proven(part))
        }
        failed => {
            let verb = if failed == 1 { "does" } else { "do" };
            format!("{failed} of {} {verb} not hold{broken}", counted(total, "case"))
        }
    }
}

fn errors(part: &Part<'_>) -> usize {
    part.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// Returns a broken case as a finding: what was computed stands below each expected cell.
fn finding(verdict: &Verdict, judges: &[String]) -> Diagnostic {
    let all = |who: &[String]| who.len() == judges.len();
    let message = format!("the case `{}` of `{}` does not hold", verdict.case, verdict.metric);
    let marks = marks(verdict);
    let place = marks.first().map_or(verdict.span, |mark| mark.0);
    let mut finding = Diagnostic::error(codes::CASE_FAILS, place, message);
    for (span, who, fact) in marks {
        // Who computed it needs no word where all agree.
        let text = if all(&who) { fact } else { format!("{}: {fact}", listed(&who, "and")) };
        finding = finding.label(span, text);
    }
    finding.help(format!("it shows: {}", verdict.shows.trim_end()))
}

type Mark = (crate::text::Span, Vec<String>, String);

/// Returns each place with what was found there, and by whom; equal finds are one.
fn marks(verdict: &Verdict) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut add = |span, judge: &str, fact: String| match marks.iter_mut().find(|mark| mark.0 == span && mark.2 == fact)
    {
        Some(mark) => mark.1.push(judge.to_owned()),
        None => marks.push((span, vec![judge.to_owned()], fact)),
    };
    for mismatch in &verdict.mismatches {
        match mismatch {
            Mismatch::Cells { judge, computed, differences, .. } => {
                for difference in differences {
                    match difference {
                        Difference::Cell { row, column } => {
                            let fact = format!("computed {}", plain(&computed.rows[*row][*column]));
                            add(verdict.places[*row][*column], judge, fact);
                        }
                        Difference::Rows { left, right } => {
                            let fact = format!("computed {}, not {left}", counted(*right, "row"));
                            add(verdict.span, judge, fact);
                        }
                    }
                }
            }
            Mismatch::Ledger { judge, line, expected, computed } => {
                let fact = format!("the line `{line}` has {} rows, not {}", plain(computed), plain(expected));
                add(verdict.ledger.unwrap_or(verdict.span), judge, fact);
            }
            Mismatch::Unbalanced { judge, rows, accounted } => {
                let fact = format!("the ledger accounts for {} of {}", plain(accounted), counted(*rows, "row"));
                add(verdict.span, judge, fact);
            }
            Mismatch::Failure { judge, message } => add(verdict.span, judge, format!("no answer: {message}")),
            Mismatch::Disagreement { judge, .. } => {
                add(verdict.span, judge, "differs from the interpreter, see below".to_owned());
            }
        }
    }
    marks
}

/// Writes the tables that marks cannot show: rows too many or too few, and engines that differ.
fn tables(verdict: &Verdict) -> String {
    let mut told: Vec<&crate::table::Table> = Vec::new();
    let mut text = String::new();
    for mismatch in &verdict.mismatches {
        match mismatch {
            Mismatch::Cells { expected, computed, differences, .. } => {
                let rows = differences.iter().any(|difference| matches!(difference, Difference::Rows { .. }));
                if rows && !told.contains(&computed) {
                    told.push(computed);
                    text.push_str(&side_by_side(("expected", expected), ("computed", computed), differences));
                    text.push('\n');
                }
            }
            Mismatch::Disagreement { judge, interpreter, computed, differences } => {
                text.push_str(&side_by_side(("interpreter", interpreter), (judge, computed), differences));
                text.push('\n');
            }
            _ => {}
        }
    }
    text
}

/// Returns every broken case as a finding, for forms that know findings only.
pub fn broken(verification: &Verification) -> Vec<Diagnostic> {
    let broken = verification.verdicts.iter().filter(|verdict| !verdict.mismatches.is_empty());
    broken.map(|verdict| finding(verdict, &verification.judges)).collect()
}

/// Writes verdicts as one JSON document.
pub fn json(parts: &[Part<'_>]) -> String {
    let projects: Vec<Json> = parts
        .iter()
        .map(|part| {
            let findings = mistakes(part.findings, part.texts);
            json!({
                "project": part.place,
                "verdicts": part.verification.verdicts.iter().map(|verdict| one(verdict, part)).collect::<Vec<_>>(),
                "failed": part.verification.failed(),
                "unproven": part.verification.unproven,
                "findings": findings,
            })
        })
        .collect();
    let judges = parts.first().map(|part| part.verification.judges.clone()).unwrap_or_default();
    pretty(&json!({ "format": FORMAT, "judges": judges, "projects": projects }))
}

fn one(verdict: &Verdict, part: &Part<'_>) -> Json {
    let holds = verdict.mismatches.is_empty();
    let broken = (!holds).then(|| finding(verdict, &part.verification.judges));
    let broken = broken.and_then(|finding| mistakes(&[finding], part.texts).pop());
    json!({
        "case": verdict.case,
        "metric": verdict.metric,
        "shows": verdict.shows.trim_end(),
        "file": part.texts.get(verdict.span.text).name,
        "line": part.texts.position(verdict.span).line,
        "holds": holds,
        "finding": broken,
    })
}
