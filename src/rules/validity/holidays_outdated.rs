//! A calendar whose holidays end before today's year.

use crate::definition::StandardKind;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let year = subject.today.civil().year();
    for (name, standard) in &subject.new.catalog.registry.standards {
        let StandardKind::Calendar { hours } = &standard.kind else { continue };
        let Some(last) = hours.days.iter().map(|(day, _)| day.civil().year()).max() else { continue };
        if last < year {
            let message = format!("the holidays of `{name}` end with {last}");
            findings.add(rule, About::PROJECT, standard.name.span, (name, message));
        }
    }
}
