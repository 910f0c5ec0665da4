//! A live metric that rests on one that is on its way out.

use super::made_of::rests_on;
use crate::definition::Status;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        for named in rests_on(&meant) {
            let Some((other, _)) = subject.new.catalog.reading(&named.value) else { continue };
            if other.status != Status::Deprecated {
                continue;
            }
            let message = format!("`{}` rests on `{}`, which is deprecated", meant.metric.id.value, named.value);
            let declared = subject.place(other, "status");
            let about = About::metric(meant.metric);
            findings.add(rule, about, named.span, (&named.value, message)).also(declared, "deprecated here");
        }
    }
}
