//! A target is set for days that have passed: whether it was met was known when it was set.

use crate::diff::Kind;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Date;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for comparison in subject.comparisons() {
        for judged in comparison.edits.iter().filter(|judged| judged.edit.kind == Kind::Added) {
            let [first, from] = judged.edit.path.steps() else { continue };
            let day = Date::parse(from).filter(|day| first == "targets" && *day < subject.today);
            let (Some(day), Some(node)) = (day, &judged.edit.new) else { continue };
            let message = format!("a target of `{}` is set from {day} on, which has passed", comparison.id);
            findings.add(rule, About::of(comparison), node.span, (from, message));
        }
    }
}
