//! A calendar by which a service is never open.

use crate::definition::StandardKind;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for (name, standard) in &subject.new.catalog.registry.standards {
        let StandardKind::Calendar { hours } = &standard.kind else { continue };
        let closed = hours.schedules.iter().find(|schedule| schedule.weekly.iter().all(Vec::is_empty));
        let Some(schedule) = closed else { continue };
        let since = schedule.from.map(|from| format!(" since {from}")).unwrap_or_default();
        let message = format!("by `{name}` the service is never open{since}");
        findings.add(rule, About::PROJECT, standard.name.span, (&format!("{name}{since}"), message));
    }
}
