//! Verdicts as findings with a place, a severity and a remedy.
//!
//! Decides how grave a verdict is, not how it is shown.

use super::verdict::{Judged, Verdict};
use crate::deploy::told::line_of;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::text::{Span, TextId, Texts};

/// Returns a finding for each object that somebody has to look at, and a note for each whose text is another. `text` gives the
/// text of an object by its place; `home` the place of a metric's definition, for what has no text.
pub fn findings(
    judged: &[Judged],
    texts: &Texts,
    text: impl Fn(&str) -> Option<TextId>,
    home: impl Fn(Option<&str>) -> Span,
) -> Vec<(usize, Diagnostic)> {
    let found = judged.iter().enumerate().filter_map(|(index, one)| {
        let id = one.deployed.as_ref().and_then(|deployed| text(&deployed.place));
        let place = |line: usize| id.map_or_else(|| home(one.metric.as_deref()), |id| line_of(texts, id, line));
        Some((index, finding(one, place)?))
    });
    found.collect()
}

fn finding(judged: &Judged, place: impl Fn(usize) -> Span) -> Option<Diagnostic> {
    let name = &judged.name;
    let again = "write it again with `etalon compile` and deploy it";
    Some(match &judged.verdict {
        Verdict::Same => return None,
        Verdict::Equal { cases, made } => {
            let message = format!(
                "the text of `{name}` is another, and it gave the same rows over {cases} cases and {made} other tables"
            );
            Diagnostic::new(Severity::Note, codes::DEPLOYED_EQUAL, place(1), message)
                .help("nothing has to be done; write it again to have the approved text")
        }
        Verdict::Differs { reason, line, .. } => {
            let span = place(line.as_ref().map_or(1, |(number, _)| *number));
            let finding =
                Diagnostic::error(codes::DEPLOYED_DIFFERS, span, format!("`{name}` is not what is approved: {reason}"));
            let finding = match line {
                Some((_, should)) if should.is_empty() => finding.label(span, "nothing should stand here"),
                Some((_, should)) => finding.label(span, format!("should be `{should}`")),
                None => finding,
            };
            finding.help(format!("change the definition and have it approved, or {again}"))
        }
        Verdict::Unstamped => Diagnostic::error(
            codes::DEPLOYED_UNSTAMPED,
            place(1),
            format!("`{name}` has the name of a metric and does not say which version it is"),
        )
        .help(again),
        Verdict::Unreadable(reason) => {
            let message = format!("the stamp of `{name}` cannot be read: {reason}");
            Diagnostic::error(codes::DEPLOYED_UNREADABLE, place(1), message).help(again)
        }
        Verdict::Orphaned(reason) => {
            let message = format!("nothing approved stands behind `{name}`: {reason}");
            Diagnostic::error(codes::DEPLOYED_ORPHANED, place(1), message)
                .help("remove the object, or release the version that it is to show")
        }
        Verdict::Stale { reason } => {
            Diagnostic::error(codes::DEPLOYED_STALE, place(1), format!("`{name}` is stale: {reason}")).help(again)
        }
        Verdict::Unprovable { reason, remedy } => {
            let message = format!("whether `{name}` is what is approved cannot be told: {reason}");
            Diagnostic::error(codes::DEPLOYED_UNPROVABLE, place(1), message).help(*remedy)
        }
        Verdict::Missing => {
            Diagnostic::error(codes::DEPLOYED_MISSING, place(1), format!("`{name}` is approved and not deployed"))
                .help("deploy it with `etalon compile`, or say with `--subset` that a part is deployed on purpose")
        }
    })
}
