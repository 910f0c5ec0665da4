//! Standards: shared, named, versioned parts of metrics.

use super::{Fields, calendar, targets};
use crate::diagnostic::{Diagnostic, codes};
use crate::format::STANDARD;
use crate::plan::Hours;
use crate::text::Spanned;
use crate::value::{Date, Duration, Type};
use crate::yaml::Node;

/// A shared part.
#[derive(Debug, Clone)]
pub struct Standard {
    /// Its name.
    pub name: Spanned<String>,
    /// Its version.
    pub version: String,
    /// What it is called.
    pub title: String,
    /// What it says in one sentence.
    pub statement: String,
    /// The sources it can be used on.
    pub on: Vec<Spanned<String>>,
    /// What it contributes.
    pub kind: StandardKind,
}

/// What a standard contributes to a metric.
#[derive(Debug, Clone)]
pub enum StandardKind {
    /// Rows left out.
    Exclusion {
        /// The condition.
        when: Node,
        /// Why.
        reason: String,
        /// Who agreed.
        approved_by: String,
        /// Day by which it is reviewed.
        expires: Date,
    },
    /// When a row is resolved.
    Resolution {
        /// The condition.
        when: Node,
    },
    /// Who is counted, and who succeeds.
    Treatment {
        /// Parameters with their types; `None` for text.
        parameters: Vec<(String, Type)>,
        /// The named readings.
        variants: Vec<TreatmentVariant>,
    },
    /// When a service is open.
    Calendar {
        /// The hours.
        hours: Hours,
    },
    /// Times that are promised.
    Targets {
        /// The columns that choose a row.
        keys: Vec<String>,
        /// The columns with promises.
        columns: Vec<String>,
        /// The rows; the first that fits counts.
        rows: Vec<TargetRow>,
    },
}

/// A row of a table of targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetRow {
    /// The text of each key; `None` fits any.
    pub keys: Vec<Option<String>>,
    /// The promise of each column; `None` where nothing is promised.
    pub values: Vec<Option<Duration>>,
}

/// One reading of a treatment.
#[derive(Debug, Clone)]
pub struct TreatmentVariant {
    /// Its name.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it says in one sentence.
    pub statement: String,
    /// Who is counted.
    pub counts_when: Node,
    /// Who of them succeeds.
    pub succeeds_when: Node,
}

impl StandardKind {
    /// Returns the kind's name as definitions write it.
    pub fn name(&self) -> &'static str {
        match self {
            StandardKind::Exclusion { .. } => "exclusion",
            StandardKind::Resolution { .. } => "resolution",
            StandardKind::Treatment { .. } => "treatment",
            StandardKind::Calendar { .. } => "calendar",
            StandardKind::Targets { .. } => "targets",
        }
    }
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<Standard> {
    let name = fields.text("standard")?;
    let kind = fields.text("kind")?;
    let belongs: &[&str] = match kind.value.as_str() {
        "exclusion" => &["on", "exclude_when", "reason", "approved_by", "expires"],
        "resolution" => &["on", "resolved_when"],
        "calendar" => &["zone"],
        "targets" => &["keys", "columns", "rows"],
        _ => &["on", "variants"],
    };
    let may: &[&str] = match kind.value.as_str() {
        "treatment" => &["parameters"],
        "calendar" => &["weekly", "schedules", "holidays"],
        _ => &[],
    };
    let complete = demand(fields, &kind, belongs);
    refuse_others(fields, &kind, &[belongs, may].concat());
    let version = fields.words("version");
    let title = fields.words("title");
    let statement = fields.words("statement");
    let on = fields.texts_of("on");
    if !complete {
        return None;
    }
    let kind = match kind.value.as_str() {
        "exclusion" => StandardKind::Exclusion {
            when: fields.node.get("exclude_when")?.clone(),
            reason: fields.words("reason"),
            approved_by: fields.words("approved_by"),
            expires: fields.date("expires")?.value,
        },
        "resolution" => StandardKind::Resolution { when: fields.node.get("resolved_when")?.clone() },
        "calendar" => StandardKind::Calendar { hours: calendar::decode(fields)? },
        "targets" => targets::decode(fields)?,
        _ => StandardKind::Treatment { parameters: parameters(fields), variants: variants(fields) },
    };
    Some(Standard { name, version, title, statement, on, kind })
}

fn demand(fields: &mut Fields<'_, '_>, kind: &Spanned<String>, keys: &[&str]) -> bool {
    let absent: Vec<&&str> = keys.iter().filter(|key| fields.node.get(key).is_none()).collect();
    for key in &absent {
        let message = format!("a standard of kind `{}` lacks the key `{key}`", kind.value);
        let expected =
            STANDARD.field(key).map_or(String::new(), |field| format!(" with {}", field.shape.expectation()));
        fields
            .diagnostics
            .push(Diagnostic::error(codes::MISSING_KEY, kind.span, message).help(format!("add `{key}:`{expected}")));
    }
    absent.is_empty()
}

/// Reports keys that belong to another kind of standard: they would be silently without effect.
fn refuse_others(fields: &mut Fields<'_, '_>, kind: &Spanned<String>, belongs: &[&str]) {
    const COMMON: [&str; 6] = ["standard", "version", "kind", "title", "statement", "owner"];
    for entry in fields.node.entries() {
        let key = entry.key.value.as_str();
        let known = STANDARD.field(key).is_some();
        if known && !COMMON.contains(&key) && !belongs.contains(&key) {
            let message = format!("`{key}` has no effect in a standard of kind `{}`", kind.value);
            fields.diagnostics.push(
                Diagnostic::error(codes::UNKNOWN_KEY, entry.key.span, message)
                    .also(kind.span, "the kind is given here")
                    .help("remove the key, or correct the kind"),
            );
        }
    }
}

fn parameters(fields: &Fields<'_, '_>) -> Vec<(String, Type)> {
    let Some(node) = fields.node.get("parameters") else { return Vec::new() };
    let ty = |word: &str| match word {
        "duration" => Type::Duration,
        "integer" => Type::Number(0),
        "decimal" => Type::Number(2),
        "instant" => Type::Instant,
        _ => Type::Text,
    };
    node.entries().iter().filter_map(|entry| Some((entry.name(), ty(entry.value.as_text()?)))).collect()
}

fn variants(fields: &mut Fields<'_, '_>) -> Vec<TreatmentVariant> {
    let Some(node) = fields.node.get("variants") else { return Vec::new() };
    let mut variants = Vec::new();
    for entry in node.entries() {
        let inner = fields.of(&entry.value);
        let (Some(counts_when), Some(succeeds_when)) =
            (entry.value.get("counts_when"), entry.value.get("succeeds_when"))
        else {
            continue;
        };
        variants.push(TreatmentVariant {
            name: entry.name(),
            title: inner.words("title"),
            statement: inner.words("statement"),
            counts_when: counts_when.clone(),
            succeeds_when: succeeds_when.clone(),
        });
    }
    variants
}
