//! Verdicts as one JSON document, in a wire format of its own: changing a shape is a new version.

use serde::Serialize;

use super::shown::{Grid, answers, tables};
use crate::diagnostic::Diagnostic;
use crate::drift::{Judged, Verdict};
use crate::report::words::pretty;

/// The version of the document.
const FORMAT: &str = "etalon-drift-1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    objects: Vec<Object<'a>>,
}

#[derive(Serialize)]
struct Object<'a> {
    name: &'a str,
    place: Option<&'a str>,
    metric: Option<&'a str>,
    version: Option<&'a str>,
    verdict: &'static str,
    code: Option<&'static str>,
    message: Option<&'a str>,
    help: Option<&'a str>,
    cases: Option<usize>,
    tables_made: Option<usize>,
    line: Option<usize>,
    witness: Option<Shown>,
}

#[derive(Serialize)]
struct Shown {
    as_of: Option<String>,
    tables: Vec<Grid>,
    answers: Vec<Grid>,
    error: Option<String>,
}

/// Writes verdicts.
pub fn json(judged: &[Judged], findings: &[(usize, Diagnostic)]) -> String {
    let objects = judged.iter().enumerate().map(|(index, one)| {
        let finding = findings.iter().find(|(of, _)| *of == index).map(|(_, finding)| finding);
        object(one, finding)
    });
    pretty(&Document { format: FORMAT, objects: objects.collect() })
}

fn object<'a>(judged: &'a Judged, finding: Option<&'a Diagnostic>) -> Object<'a> {
    let (cases, made, line) = match &judged.verdict {
        Verdict::Equal { cases, made } => (Some(*cases), Some(*made), None),
        Verdict::Differs { line, .. } => (None, None, line.as_ref().map(|(number, _)| *number)),
        _ => (None, None, None),
    };
    Object {
        name: &judged.name,
        place: judged.deployed.as_ref().map(|deployed| deployed.place.as_str()),
        metric: judged.metric.as_deref(),
        version: judged.stamp.as_ref().map(|stamp| stamp.version.as_str()),
        verdict: judged.verdict.name(),
        code: finding.map(|finding| finding.code.id),
        message: finding.map(|finding| finding.message.as_str()),
        help: finding.and_then(|finding| finding.help.as_deref()),
        cases,
        tables_made: made,
        line,
        witness: judged.verdict.witness().map(|found| Shown {
            as_of: found.as_of.map(|at| at.to_string()),
            tables: tables(found),
            answers: answers(found),
            error: found.deployed.as_ref().err().cloned(),
        }),
    }
}
