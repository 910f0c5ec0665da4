//! A breaking change of a released version on a decision that is not in force, or is about something else.

use super::publications::publications;
use crate::definition::Standing;
use crate::rules::{Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for publication in publications(subject).into_iter().filter(|it| it.is_breaking()) {
        let path = publication.metric.change.as_ref().and_then(|change| change.decision.as_ref());
        let Some(path) = path else { continue };
        let Some(decision) = subject.new.decisions.and_then(|decisions| decisions.get(&path.value)) else { continue };
        let (name, number) = (publication.name(), decision.number.value);
        let is_about = decision.metrics.is_empty() || decision.metrics.iter().any(|it| it.value == name);
        let (message, said, remark) = match (decision.standing.value, decision.superseded_by) {
            (Standing::Accepted, _) if is_about => continue,
            (Standing::Accepted, _) => {
                let named = decision.metrics[0].span;
                (format!("`{name}` rests on decision {number}, which is about something else"), named, "about this")
            }
            (Standing::Superseded, Some(other)) => {
                let message = format!("`{name}` rests on decision {number}, which {other} has superseded");
                (message, decision.standing.span, "superseded")
            }
            (standing, _) => {
                let message = format!("`{name}` rests on decision {number}, which is {}", standing.name());
                (message, decision.standing.span, standing.name())
            }
        };
        let key = format!("{}|{number}|{}", publication.version, decision.standing.value.name());
        findings.add(rule, publication.about(), path.span, (&key, message)).also(said, remark);
    }
}
