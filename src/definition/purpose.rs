//! What a metric is for, as data: where it applies, what it serves, what depends on it.

use super::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::text::Spanned;

/// What a metric is for.
#[derive(Debug, Clone, Default)]
pub struct Purposes {
    /// Decisions that it serves.
    pub uses: Vec<String>,
    /// Uses that it is not made for.
    pub not_for: Vec<String>,
    /// By column, the values that it is meant for.
    pub applies_to: Vec<(Spanned<String>, Vec<Spanned<String>>)>,
    /// The objective that it serves.
    pub objective: Option<String>,
    /// Metrics that are expected to move when it does.
    pub drives: Vec<Spanned<String>>,
    /// When it moves.
    pub timing: Option<Timing>,
    /// Whether somebody's pay depends on it.
    pub pay_relevant: bool,
}

/// When a metric moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Before the outcome it is watched for.
    Leading,
    /// After it.
    Lagging,
}

impl Timing {
    /// Returns the word definitions write.
    pub fn name(self) -> &'static str {
        match self {
            Timing::Leading => "leading",
            Timing::Lagging => "lagging",
        }
    }
}

pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Purposes {
    let words = |key: &str| fields.texts_of(key).into_iter().map(|text| text.value.trim_end().to_owned()).collect();
    let purposes = Purposes {
        uses: words("uses"),
        not_for: words("not_for"),
        objective: fields.text("objective").map(|objective| objective.value.trim_end().to_owned()),
        drives: fields.texts_of("drives"),
        timing: fields.text("timing").map(|timing| match timing.value.as_str() {
            "leading" => Timing::Leading,
            _ => Timing::Lagging,
        }),
        pay_relevant: fields.boolean("pay_relevant").unwrap_or(false),
        applies_to: applies_to(fields),
    };
    guarded(&purposes, fields);
    purposes
}

fn applies_to(fields: &mut Fields<'_, '_>) -> Vec<(Spanned<String>, Vec<Spanned<String>>)> {
    let Some(inner) = fields.inside("applies_to") else { return Vec::new() };
    let columns = inner.node.entries();
    columns.iter().map(|entry| (entry.named(), inner.texts_of(&entry.key.value))).collect()
}

/// Pay that depends on a number bends it, so something must hold beside it.
fn guarded(purposes: &Purposes, fields: &mut Fields<'_, '_>) {
    let guards = fields.node.get("guardrails").map_or(0, |list| list.items().len());
    let Some(node) = fields.node.get("pay_relevant").filter(|_| purposes.pay_relevant && guards == 0) else { return };
    fields.diagnostics.push(
        Diagnostic::error(
            codes::MISSING_KEY,
            node.span,
            "pay depends on the number, and no guardrail stands beside it",
        )
        .help("add `guardrails` with a metric that suffers where this one is gamed, or set `pay_relevant: false`"),
    );
}
