//! A new version whose number promises less change than there is.

use super::publications::publications;
use crate::definition::Status;
use crate::diff::{Bump, Comparison, Judged};
use crate::rules::verdict::needed_by;
use crate::rules::{About, Findings, Rule, Subject, needed, rule_of};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_compared) {
        let (comparison, metric) = (publication.comparison, publication.metric);
        let (declared, needs) = (Bump::between(publication.from, publication.version), needed(comparison));
        if declared >= needs {
            continue;
        }
        // In the place of a released version even a draft is what the plain name means.
        let is_instead = subject.new.version(&comparison.id, publication.from).is_none();
        let status = if is_instead { metric.status.max(Status::Released) } else { metric.status };
        let message = format!(
            "`{}` goes from {} to {}, and the change needs a {} version",
            comparison.id,
            publication.from,
            publication.version,
            needs.name()
        );
        let key = format!("{}|{}|{}", publication.from, publication.version, needs.name());
        let about = About::version(&comparison.id, status);
        let finding = findings.add(rule, about, subject.place(metric, "version"), (&key, message));
        finding.help_also(format!("That is {}.", needs.after(publication.from)));
        if let Some((judged, span)) = gravest(comparison, needs) {
            finding.also(span, rule_of(judged).map_or("this changes it", |rule| rule.id));
        }
    }
}

/// Returns the first edit that needs so large a step, and its place.
fn gravest(comparison: &Comparison, needs: Bump) -> Option<(&Judged, crate::text::Span)> {
    let mut graves = comparison.edits.iter().filter(|judged| needed_by(judged) == needs);
    graves.find_map(|judged| {
        let place = judged.edit.new.as_ref().or(judged.edit.old.as_ref())?;
        Some((judged, place.span))
    })
}
