//! Another metric stands guard: one guardrail is gone, and one has come in its place.

use crate::diff::{Judged, Kind};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for comparison in subject.comparisons() {
        let of_kind = |kind: Kind| -> Vec<&Judged> {
            let is_guard = |judged: &&Judged| matches!(judged.edit.path.steps(), [first, _] if first == "guardrails");
            comparison.edits.iter().filter(is_guard).filter(|judged| judged.edit.kind == kind).collect()
        };
        let (gone, come) = (of_kind(Kind::Removed), of_kind(Kind::Added));
        let ([old], [new]) = (gone.as_slice(), come.as_slice()) else { continue };
        let name = |judged: &Judged| judged.edit.path.steps().last().cloned().unwrap_or_default();
        let (was, is) = (name(old), name(new));
        let (Some(before), Some(after)) = (&old.edit.old, &new.edit.new) else { continue };
        let message = format!("`{is}` guards `{}` in the place of `{was}`", comparison.id);
        let key = format!("{was}|{is}");
        let finding = findings.add(rule, About::of(comparison), after.span, (&key, message));
        finding.diagnostic = finding.diagnostic.clone().also(before.span, "before");
    }
}
