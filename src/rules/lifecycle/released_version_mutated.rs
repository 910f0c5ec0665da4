//! A released version whose definition, or what it rests on, says something else than was released.

use crate::catalog::Object;
use crate::diff::{Comparison, Effect, Judged};
use crate::format::FileKind;
use crate::lock::{Deviation, Part, What};
use crate::rules::{About, Finding, Findings, Rule, Subject};
use crate::shape::Moves;

/// Most edits that a finding points to.
const SHOWN: usize = 3;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for deviation in subject.new.deviations {
        let What::Mutated { part, locked, found } = &deviation.what else { continue };
        if *part != Part::Parents {
            add((rule, subject), deviation, (*part, locked, found), findings);
        }
    }
}

fn add(
    (rule, subject): (&'static Rule, &Subject<'_>),
    deviation: &Deviation,
    (part, locked, found): (Part, &str, &str),
    findings: &mut Findings,
) {
    let Deviation { id, version, .. } = deviation;
    let Some(metric) = subject.new.version(id, *version) else { return };
    let what = if part == Part::Data { "means something else than" } else { "is read otherwise than" };
    let message =
        format!("`{id}@{version}` {what} was released: its {} fingerprint was {locked}, and is {found}", part.name());
    let key = format!("{version}|{}|{locked}|{found}", part.name());
    // A status that is set back does not make it less released.
    let about = About::version(id, crate::definition::Status::Released);
    let finding = findings.add(rule, about, subject.place(metric, "version"), (&key, message));
    let compared = subject.comparisons().find(|it| it.id == *id && it.new == Some(*version) && it.old == it.new);
    let edits: Vec<&Judged> = compared.map_or(Vec::new(), |comparison| edits(comparison, part));
    show(&edits, finding);
    let sides = [Some(subject.new), subject.old];
    if let Some(line) = sides.into_iter().flatten().find_map(|side| side.locked(id, *version, subject.texts)) {
        finding.also(line, "released as this");
    }
    if let Some(help) = edits.first().and_then(|judged| help(judged.through.as_ref()?, id)) {
        finding.help(help);
    }
}

/// Returns the edits that may have moved a part of the meaning, those of its own and of shared parts first: a metric over
/// other periods repeats the steps of another.
fn edits(comparison: &Comparison, part: Part) -> Vec<&Judged> {
    let moves = |judged: &&Judged| match part {
        Part::Data => judged.effect == Effect::Moves,
        _ => judged.edit.moves == Moves::Reading,
    };
    let is_upstream = |judged: &&Judged| judged.through.as_ref().is_some_and(|object| object.kind == FileKind::Metric);
    let mut edits: Vec<&Judged> = comparison.edits.iter().filter(moves).collect();
    edits.sort_by_key(is_upstream);
    edits
}

fn show(edits: &[&Judged], finding: &mut Finding) {
    for judged in edits.iter().take(SHOWN) {
        let Some(place) = judged.edit.new.as_ref().or(judged.edit.old.as_ref()) else { continue };
        let remark = match &judged.through {
            Some(object) => format!("{} in {object}", judged.edit.kind.name()),
            None => judged.edit.kind.name().to_owned(),
        };
        finding.also(place.span, remark);
    }
}

/// Says how a shared object is changed without moving what was released.
fn help(shared: &Object, metric: &str) -> Option<String> {
    match shared.kind {
        FileKind::Standard => {
            let (name, pinned) = (shared.id(), &shared.name);
            Some(format!(
                "give `{name}` a new version in a file of its own, and pin `{metric}` to the one it was released with: \
                 `use: {pinned}`"
            ))
        }
        FileKind::Source => Some(format!(
            "put the source back and describe what has changed as a source of its own, or give `{metric}` and every other \
             metric on it a new version"
        )),
        FileKind::Metric => {
            let (name, pinned) = (shared.id(), &shared.name);
            Some(format!(
                "it repeats the steps of `{name}`, now `{pinned}`: put those back, or give `{metric}` a new version too"
            ))
        }
        _ => None,
    }
}
