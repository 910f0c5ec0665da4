//! From judged edits to findings: which rule an edit falls under, and how that is said.

use std::collections::BTreeSet;

use super::classify::{Change, FALLBACK, classify};
use super::finding::{About, EditOf, Findings};
use super::rule::{Class, Rule};
use super::subject::Subject;
use super::verdict::{is_announced, is_own};
use crate::catalog::Object;
use crate::diff::{Comparison, Diff, Direction, EditId, Effect, Evidence, Judged, Kind, MeaningChange};
use crate::format::FileKind;
use crate::shape::{Moves, Shape};
use crate::text::Span;
use crate::yaml::Node;

/// Longest value that is quoted in a message, in characters.
const QUOTED: usize = 60;

/// Returns the rule an edit falls under; `None` where nobody needs to hear of it.
pub fn rule_of(judged: &Judged) -> Option<&'static Rule> {
    let through = judged.through.as_ref();
    if through.is_some_and(|object| object.kind == FileKind::Metric) {
        return super::find("upstream-definition-changed");
    }
    let kind = judged.edit.object.kind;
    let steps = match kind {
        FileKind::Metric => judged.edit.path.in_reading().1,
        _ => judged.edit.path.steps(),
    };
    let change = match (judged.effect, judged.edit.kind) {
        (Effect::Preserves, _) => Change::Rewritten,
        (_, Kind::Added) => Change::Added,
        (_, Kind::Removed) => Change::Removed,
        (_, Kind::Changed) => Change::Changed,
        (_, Kind::Moved) => Change::Moved,
    };
    let found = exchanged(judged, steps).or_else(|| classify(kind, steps, change, judged.direction));
    found.or_else(|| (judged.effect == Effect::Moves).then(|| super::find(FALLBACK)).flatten())
}

/// Returns the rule of an edit that puts one way of doing something in the place of another, as `mean` for `sum`: that of
/// the way that is gone, unless the rule of the new one is the graver.
fn exchanged(judged: &Judged, steps: &[String]) -> Option<&'static Rule> {
    let (Shape::OneKey(_), Effect::Moves) = (judged.edit.shape, judged.effect) else { return None };
    let of = |node: Option<&Node>, change| {
        let key = node?.entries().first()?.name();
        let path: Vec<String> = steps.iter().cloned().chain([key]).collect();
        classify(judged.edit.object.kind, &path, change, judged.direction)
    };
    let old = of(judged.edit.old.as_ref(), Change::Removed)?;
    let new = of(judged.edit.new.as_ref(), Change::Added)?;
    let whole = classify(judged.edit.object.kind, steps, Change::Changed, judged.direction);
    if std::ptr::eq(old, new) { Some(old) } else { whole.or(Some(old)) }
}

/// Returns the class of an edit: that of its rule, or what its place in the format says.
pub fn class_of(judged: &Judged) -> Class {
    match (rule_of(judged), judged.edit.moves, judged.effect) {
        (Some(rule), ..) => rule.class,
        (None, _, Effect::Preserves) => Class::Wording,
        (None, Moves::Number | Moves::Reading, _) => Class::Breaking,
        (None, Moves::Governance, _) => Class::Governance,
        (None, Moves::Wording, _) => Class::Wording,
    }
}

/// Adds a finding for each edit of each comparison that falls under a rule.
pub(super) fn find(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(diff) = subject.diff else { return };
    for comparison in &diff.comparisons {
        let mut upstream = BTreeSet::new();
        for judged in &comparison.edits {
            // Its number is told, as the one thing by which versions are told apart.
            if is_own(comparison, judged) && judged.edit.path.steps() != ["version"] {
                continue;
            }
            let Some(rule) = rule_of(judged) else { continue };
            // One finding for each metric upstream, whatever was edited in it.
            let is_upstream = judged.through.as_ref().is_some_and(|object| object.kind == FileKind::Metric);
            if is_upstream && !upstream.insert(judged.through.clone()) {
                continue;
            }
            let announced = || judged.through.as_ref().is_some_and(|object| announces(diff, object));
            let about = About::of(comparison);
            let about = About { is_announced: about.is_announced || is_upstream && announced(), ..about };
            let used = judged.through.as_ref().and_then(|object| use_of(subject, comparison, object.id()));
            add((rule, judged), about, used.map(|span| (span, comparison.id.as_str())), findings);
        }
    }
    unfelt(diff, findings);
    cases(subject, diff, findings);
    objects(subject, diff, findings);
}

/// Adds a finding for each edit of a case, at the metric that it proves.
fn cases(subject: &Subject<'_>, diff: &Diff, findings: &mut Findings) {
    for edit in &diff.cases {
        let judged = Judged::unfelt(edit.clone(), &diff.preserving);
        if let Some(rule) = rule_of(&judged) {
            add((rule, &judged), about_case(subject, &edit.object), None, findings);
        }
    }
}

/// A case is about the metric it belongs to.
fn about_case<'a>(subject: &Subject<'a>, object: &Object) -> About<'a> {
    let id = object.name.split('/').next().unwrap_or_default();
    subject.new.catalog.registry.current(id).map_or(About::PROJECT, About::metric)
}

/// Tells whether a new version of a metric announces all that it changes.
fn announces(diff: &Diff, object: &Object) -> bool {
    let is_it = |it: &&Comparison| it.new.is_some_and(|version| Object::metric(&it.id, version) == *object);
    diff.comparisons.iter().filter(is_it).any(is_announced)
}

/// Adds a finding for each object that is new or gone; versions of a metric beside others are judged elsewhere.
fn objects(subject: &Subject<'_>, diff: &Diff, findings: &mut Findings) {
    let old = subject.old.map_or(subject.new, |old| old);
    let alone = diff.comparisons.iter().filter_map(|comparison| {
        let (side, version, change, other) = match comparison.meaning {
            MeaningChange::Fresh => (subject.new, comparison.new?, Change::Added, old),
            MeaningChange::Gone => (old, comparison.old?, Change::Removed, subject.new),
            _ => return None,
        };
        let is_alone = !other.catalog.registry.metrics.contains_key(&comparison.id);
        let about = About::of(comparison);
        is_alone.then(|| (side, Object::metric(&comparison.id, version), change, about))
    });
    let about = |object: &Object| match object.kind {
        FileKind::Case => about_case(subject, object),
        _ => About::PROJECT,
    };
    let added = diff.added.iter().map(|object| (subject.new, object.clone(), Change::Added, about(object)));
    let removed = diff.removed.iter().map(|object| (old, object.clone(), Change::Removed, about(object)));
    for (side, object, change, about) in alone.chain(added).chain(removed) {
        let Some(rule) = classify(object.kind, &[], change, Direction::None) else { continue };
        let Some(document) = side.catalog.documents.get(&object) else { continue };
        let head = document.root.entries().first().map_or(document.root.span, |entry| entry.value.span);
        let message = format!("{}: {object}", lower_first(&rule.title));
        findings.add(rule, about, head, (&object.to_string(), message));
    }
}

/// Adds a note for each edit of a shared object that no metric feels: it is a change all the same. What the project says
/// about who decides concerns every metric.
fn unfelt(diff: &Diff, findings: &mut Findings) {
    let felt: BTreeSet<EditId> =
        diff.comparisons.iter().flat_map(|comparison| comparison.edits.iter().map(|judged| judged.edit.id())).collect();
    for edit in diff.shared.iter().filter(|edit| !felt.contains(&edit.id())) {
        let judged = Judged::unfelt(edit.clone(), &diff.preserving);
        let is_policy = judged.edit.object.kind == FileKind::Project && judged.edit.moves == Moves::Governance;
        if let Some(rule) = rule_of(&judged) {
            add((rule, &judged), if is_policy { About::PROJECT } else { About::UNFELT }, None, findings);
        }
    }
}

/// Adds the finding of one edit; `used` is where a metric names the shared object that was edited.
fn add(
    (rule, judged): (&'static Rule, &Judged),
    about: About<'_>,
    used: Option<(Span, &str)>,
    findings: &mut Findings,
) {
    let edit = &judged.edit;
    let (old, new) = (edit.old.as_ref(), edit.new.as_ref());
    let new_span = span(edit.new_key, new);
    let old_span = span(edit.old_key, old);
    let Some(main) = new_span.or(old_span) else { return };
    let key = format!("{}|{}|{}|{}|{}", edit.object.id(), edit.path, edit.kind.name(), said(old), said(new));
    let finding = findings.add(rule, about, main, (&key, message(rule, judged)));
    let direction = if rule.inverse { judged.direction.mirrored() } else { judged.direction };
    let remark = remark(direction, judged.evidence, judged.effect);
    let mut diagnostic = finding.diagnostic.clone();
    if !remark.is_empty() {
        diagnostic = diagnostic.label(main, remark);
    }
    if let (Some(before), Some(_)) = (old_span, new_span) {
        diagnostic = diagnostic.also(before, "before");
    }
    if let Some((span, metric)) = used {
        diagnostic = diagnostic.also(span, format!("`{metric}` rests on it"));
    }
    finding.diagnostic = diagnostic;
    finding.edit = Some(EditOf {
        path: edit.path.clone(),
        kind: edit.kind,
        direction,
        evidence: judged.evidence,
        readings: judged.readings.clone(),
        through: judged.through.as_ref().map(ToString::to_string),
    });
}

/// A value is pointed at where it is short, else its key.
fn span(key: Option<Span>, value: Option<&Node>) -> Option<Span> {
    let value = value?;
    let is_block = !value.items().is_empty() || !value.entries().is_empty();
    Some(key.filter(|_| is_block || value.span.range().is_empty()).unwrap_or(value.span))
}

fn remark(direction: Direction, evidence: Evidence, effect: Effect) -> String {
    match (effect, direction) {
        (Effect::Moves, Direction::None) | (Effect::None, _) => String::new(),
        (Effect::Preserves, _) => "the same number, proven".to_owned(),
        (Effect::Moves, way) => match evidence {
            Evidence::Structural => way.name().to_owned(),
            known => format!("{}, {}", way.name(), known.name()),
        },
    }
}

/// Says what happened: the rule's title, the place, and short values before and after.
fn message(rule: &Rule, judged: &Judged) -> String {
    let edit = &judged.edit;
    let title = lower_first(&rule.title);
    let place = match &judged.through {
        Some(object) => format!("`{}` of {object}", edit.path),
        None => format!("`{}`", edit.path),
    };
    let (old, new) = (edit.old.as_ref().and_then(quoted), edit.new.as_ref().and_then(quoted));
    let values = match (edit.kind, old, new) {
        (Kind::Changed, Some(old), Some(new)) => format!(" {old} -> {new}"),
        (Kind::Added, _, Some(new)) => format!(" {new}"),
        (Kind::Removed, Some(old), _) => format!(" {old}"),
        _ => String::new(),
    };
    format!("{title}: {place} {}{values}", edit.kind.name())
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

fn quoted(node: &Node) -> Option<String> {
    let text = said(Some(node));
    (!text.is_empty() && text.chars().count() <= QUOTED).then(|| format!("`{text}`"))
}

/// Returns all that a value says on one line.
fn said(node: Option<&Node>) -> String {
    let Some(node) = node else { return String::new() };
    if !node.entries().is_empty() {
        let inner = node.entries().iter().map(|entry| format!("{}: {}", entry.key.value, said(Some(&entry.value))));
        return format!("{{{}}}", inner.collect::<Vec<_>>().join(", "));
    }
    if !node.items().is_empty() {
        let inner: Vec<String> = node.items().iter().map(|item| said(Some(item))).collect();
        return format!("[{}]", inner.join(", "));
    }
    node.scalar_text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns where the definition of a metric names a shared object.
fn use_of(subject: &Subject<'_>, comparison: &Comparison, name: &str) -> Option<Span> {
    let version = comparison.new?;
    let object = Object::metric(&comparison.id, version);
    let document = subject.new.catalog.documents.get(&object)?;
    named(&document.root, name)
}

fn named(node: &Node, name: &str) -> Option<Span> {
    let is_name = |text: &str| text == name || text.split('@').next() == Some(name);
    if node.as_text().is_some_and(is_name) {
        return Some(node.span);
    }
    let inner = node.entries().iter().map(|entry| &entry.value).chain(node.items());
    inner.into_iter().find_map(|node| named(node, name))
}
