//! A change that is of another class than its author declares.

use super::publications::publications;
use crate::rules::{Findings, Rule, Subject, change_class};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_compared) {
        let Some(change) = publication.metric.change.as_ref().filter(|it| it.from.value == publication.from) else {
            continue;
        };
        let (declared, found) = (change.class.value, change_class(publication.comparison));
        if declared != found {
            let (said, is) = (declared.name(), found.name());
            let message = format!("the change to `{}` is declared {said}, and is {is}", publication.name());
            let key = format!("{}|{said}|{is}", publication.version);
            findings.add(rule, publication.about(), change.class.span, (&key, message));
        }
    }
}
