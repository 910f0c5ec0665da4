//! Metrics with their readings: the base definition and its named variants.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Fields;
use super::change::{self, Change, Replacement};
use super::purpose::{self, Purposes};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::Comparison;
use crate::text::Spanned;
use crate::value::{Date, Number};
use crate::yaml::{Entry, Node, NodeKind};

/// One major version of one metric.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Its name.
    pub id: Spanned<String>,
    /// Its version.
    pub version: String,
    /// Where it stands in its life.
    pub status: Status,
    /// First day in force.
    pub effective_from: Date,
    /// Day it ceases to be in force.
    pub effective_to: Option<Date>,
    /// What takes its place, where it is on its way out.
    pub replaced_by: Option<Spanned<Replacement>>,
    /// Day from which it may be retired.
    pub sunset: Option<Spanned<Date>>,
    /// How it differs from the version before it.
    pub change: Option<Change>,
    /// What the number is for.
    pub purpose: String,
    /// What has to hold.
    pub assumptions: Vec<String>,
    /// Who answers for it.
    pub owner: String,
    /// What part it plays.
    pub role: String,
    /// Day by which it is looked at again.
    pub review_by: Date,
    /// Metrics that must hold beside it.
    pub guardrails: Vec<Guardrail>,
    /// What is aimed at.
    pub targets: Vec<Target>,
    /// What it is for, beyond words.
    pub purposes: Purposes,
    /// The base reading, then the variants in declaration order.
    pub readings: Vec<Reading>,
}

/// Returns a title or a sentence as it is compared with others: without case and spacing.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The base definition or a variant, complete.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The variant's name; `None` for the base.
    pub variant: Option<Spanned<String>>,
    /// What it is called.
    pub title: String,
    /// The definition in one sentence.
    pub statement: String,
    /// What a reader should know besides.
    pub notes: Option<String>,
    /// Why the variant exists.
    pub because: Option<String>,
    /// What the number counts.
    pub unit: String,
    /// Which way is good.
    pub direction: Direction,
    /// The mapping of the whole metric with the variant's keys in place.
    pub node: Arc<Node>,
}

impl Reading {
    /// Returns the variant's name; `None` for the base.
    pub fn name(&self) -> Option<&str> {
        self.variant.as_ref().map(|variant| variant.value.as_str())
    }
}

/// Where a version stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// Being written.
    Draft,
    /// Proposed.
    Candidate,
    /// In force.
    Released,
    /// Superseded, still computable.
    Deprecated,
    /// No longer computed.
    Retired,
}

impl Status {
    /// The states in the order of a life; each is entered from the one before it.
    pub const EVERY: [Status; 5] =
        [Status::Draft, Status::Candidate, Status::Released, Status::Deprecated, Status::Retired];

    /// Returns the word definitions write.
    pub fn name(self) -> &'static str {
        ["draft", "candidate", "released", "deprecated", "retired"][self as usize]
    }

    /// Returns the state that definitions call by this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|status| status.name() == word)
    }

    /// Returns the state that follows, where one does.
    pub fn next(self) -> Option<Self> {
        Self::EVERY.get(self as usize + 1).copied()
    }

    /// Returns how strongly a version in this state claims the metric's plain name; more is stronger.
    pub fn force(self) -> u8 {
        match self {
            Status::Released => 4,
            Status::Deprecated => 3,
            Status::Candidate => 2,
            Status::Draft => 1,
            Status::Retired => 0,
        }
    }
}

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neutral,
}

impl Direction {
    /// Returns the words definitions write.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Higher => "higher_is_better",
            Direction::Lower => "lower_is_better",
            Direction::Neutral => "neutral",
        }
    }
}

/// A metric that must hold beside another.
#[derive(Debug, Clone)]
pub struct Guardrail {
    /// The metric that must hold.
    pub metric: Spanned<String>,
    /// What must hold of its value.
    pub require: Requirement,
    /// What goes wrong otherwise.
    pub because: String,
}

/// A comparison of a value with a bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// How it compares.
    pub comparison: Comparison,
    /// With what.
    pub bound: Number,
}

impl Requirement {
    /// Tells whether `value` meets the requirement.
    pub fn holds(&self, value: f64) -> bool {
        self.comparison.holds(value.total_cmp(&self.bound.to_f64()))
    }
}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.comparison.symbol(), self.bound)
    }
}

/// What is aimed at from a day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// First day of the target.
    pub from: Date,
    /// The bound and its side.
    pub goal: Goal,
    /// The value before.
    pub baseline: Option<Number>,
}

/// The side on which a value should lie.
#[derive(Debug, Clone, PartialEq)]
pub enum Goal {
    /// Not below.
    AtLeast(Number),
    /// Not above.
    AtMost(Number),
}

pub(super) fn decode(root: &Arc<Node>, fields: &mut Fields<'_, '_>) -> Option<Metric> {
    let effective_from = fields.date("effective_from");
    let effective_to = fields.date("effective_to");
    let review_by = fields.date("review_by");
    let guardrails = guardrails(fields);
    let targets = targets(fields);
    let purposes = purpose::decode(fields);
    if let (Some(from), Some(to)) = (&effective_from, &effective_to)
        && to.value <= from.value
    {
        fields.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, to.span, "the version ceases before it is in force")
                .also(from.span, "in force from here")
                .help("`effective_to` is the first day the version no longer holds"),
        );
    }
    let version = fields.words("version");
    let effective_from = effective_from?.value;
    let change = change::decode(fields, (&version, effective_from));
    Some(Metric {
        id: fields.text("metric")?,
        version,
        status: Status::parse(&fields.text("status")?.value)?,
        effective_from,
        effective_to: effective_to.map(|date| date.value),
        replaced_by: change::replacement(fields),
        sunset: fields.date("sunset"),
        change,
        purpose: fields.words("purpose"),
        assumptions: fields.texts_of("assumptions").into_iter().map(|text| text.value).collect(),
        owner: fields.words("owner"),
        role: fields.words("role"),
        review_by: review_by?.value,
        guardrails,
        targets,
        purposes,
        readings: readings(root, fields),
    })
}

fn readings(root: &Arc<Node>, fields: &mut Fields<'_, '_>) -> Vec<Reading> {
    let Some(variants) = root.get("variants") else {
        return reading(fields, Arc::clone(root)).into_iter().collect();
    };
    let base = Arc::new(without_variants(root));
    let mut readings: Vec<Reading> = reading(fields, Arc::clone(&base)).into_iter().collect();
    for entry in variants.entries() {
        let because = entry.value.get("because").and_then(Node::as_text).map(|text| text.trim_end().to_owned());
        let overlaid = Arc::new(overlay(&base, &entry.value));
        if let Some(variant) = reading(fields, overlaid) {
            readings.push(Reading { variant: Some(entry.named()), because, ..variant });
        }
    }
    readings
}

fn reading(fields: &mut Fields<'_, '_>, node: Arc<Node>) -> Option<Reading> {
    let inner = Fields { node: &node, texts: fields.texts, diagnostics: fields.diagnostics };
    let direction = match inner.words("direction").as_str() {
        "higher_is_better" => Direction::Higher,
        "lower_is_better" => Direction::Lower,
        _ => Direction::Neutral,
    };
    let (title, statement, unit) = (inner.words("title"), inner.words("statement"), inner.words("unit"));
    let notes = inner.text("notes").map(|notes| notes.value.trim_end().to_owned());
    Some(Reading { variant: None, title, statement, notes, because: None, unit, direction, node })
}

fn without_variants(node: &Node) -> Node {
    let entries = node.entries().iter().filter(|entry| entry.key.value != "variants").cloned().collect();
    Node { span: node.span, kind: NodeKind::Mapping(entries) }
}

/// Replaces whole keys of the base by the variant's; every node keeps the place it was written at.
fn overlay(base: &Node, variant: &Node) -> Node {
    let own = |key: &str| variant.entries().iter().find(|entry| entry.key.value == key && key != "because");
    let mut entries: Vec<Entry> =
        base.entries().iter().map(|entry| own(&entry.key.value).unwrap_or(entry).clone()).collect();
    let added =
        variant.entries().iter().filter(|entry| entry.key.value != "because" && base.get(&entry.key.value).is_none());
    entries.extend(added.cloned());
    Node { span: variant.span, kind: NodeKind::Mapping(entries) }
}

fn guardrails(fields: &mut Fields<'_, '_>) -> Vec<Guardrail> {
    let Some(list) = fields.node.get("guardrails") else { return Vec::new() };
    let mut guardrails = Vec::new();
    for item in list.items() {
        let inner = fields.of(item);
        let (Some(metric), Some(require)) = (inner.text("metric"), inner.text("require")) else { continue };
        let Some(require) = requirement(&require.value) else { continue };
        guardrails.push(Guardrail { metric, require, because: inner.words("because") });
    }
    guardrails
}

/// Reads `>= 0.80`; the format has checked the form.
fn requirement(text: &str) -> Option<Requirement> {
    let (comparison, bound) = if let Some(bound) = text.strip_prefix(">=") {
        (Comparison::GreaterOrEqual, bound)
    } else if let Some(bound) = text.strip_prefix("<=") {
        (Comparison::LessOrEqual, bound)
    } else if let Some(bound) = text.strip_prefix('>') {
        (Comparison::Greater, bound)
    } else {
        (Comparison::Less, text.strip_prefix('<')?)
    };
    Some(Requirement { comparison, bound: bound.trim().parse().ok()? })
}

fn targets(fields: &mut Fields<'_, '_>) -> Vec<Target> {
    let Some(list) = fields.node.get("targets") else { return Vec::new() };
    let mut targets = Vec::new();
    for item in list.items() {
        let mut inner = fields.of(item);
        let from = inner.date("from");
        let at_least = inner.number("at_least");
        let at_most = inner.number("at_most");
        let baseline = inner.number("baseline").map(|number| number.value);
        let goal = match (at_least, at_most) {
            (Some(bound), None) => Goal::AtLeast(bound.value),
            (None, Some(bound)) => Goal::AtMost(bound.value),
            _ => {
                inner.diagnostics.push(
                    Diagnostic::error(codes::INVALID_VALUE, item.span, "a target has one bound")
                        .help("write either `at_least` or `at_most`"),
                );
                continue;
            }
        };
        if let Some(from) = from {
            targets.push(Target { from: from.value, goal, baseline });
        }
    }
    targets
}
