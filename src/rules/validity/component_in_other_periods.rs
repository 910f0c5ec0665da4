//! A metric made of others that cuts their periods otherwise than they do themselves.

use super::made_of::parts;
use super::periods::differing;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        for part in parts(&meant) {
            let Some(own) = subject.new.catalog.plan(&part.value) else { continue };
            let Some(what) = differing(meant.plan, own) else { continue };
            let name = meant.name();
            let message =
                format!("in `{name}` the periods of `{}` are others than in its own reports: {what}", part.value);
            let finding = findings.add(rule, About::metric(meant.metric), part.span, (&part.value, message));
            if let Some((other, _)) = subject.new.catalog.reading(&part.value) {
                finding.also(subject.place(other, "period"), "its own");
            }
        }
    }
}
