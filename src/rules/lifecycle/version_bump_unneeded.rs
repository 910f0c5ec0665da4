//! A new version whose number promises more change than there is.

use super::publications::publications;
use crate::diff::{Bump, MeaningChange};
use crate::rules::{Findings, Rule, Subject, needed};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_compared) {
        let (declared, needs) = (Bump::between(publication.from, publication.version), needed(publication.comparison));
        if declared <= needs || publication.comparison.meaning == MeaningChange::Broken {
            continue;
        }
        let message = format!(
            "`{}` goes from {} to {}, and the change needs no more than a {}",
            publication.metric.id.value,
            publication.from,
            publication.version,
            if needs == Bump::Minor { "minor version" } else { "patch" }
        );
        let key = format!("{}|{}", publication.from, publication.version);
        let span = subject.place(publication.metric, "version");
        findings.add(rule, publication.about(), span, (&key, message));
    }
}
