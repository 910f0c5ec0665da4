//! A fact that results are split by says something else: groups keep their names and hold other rows.

use std::collections::BTreeMap;

use crate::rules::{About, Findings, Rule, Subject};
use crate::text::Span;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for comparison in subject.comparisons() {
        let plans = comparison.readings.values().filter_map(|(_, new)| new.as_ref());
        let dimensions: Vec<&str> =
            plans.flat_map(|plan| &plan.dimensions).map(|dimension| dimension.name.as_str()).collect();
        let mut moved: BTreeMap<&str, Span> = BTreeMap::new();
        for judged in comparison.moving().filter(|judged| judged.through.is_none()) {
            let place = judged.edit.new.as_ref().or(judged.edit.old.as_ref());
            if let ([first, name, _, ..], Some(place)) = (judged.edit.path.in_reading().1, place)
                && first == "facts"
                && dimensions.contains(&name.as_str())
            {
                moved.entry(name).or_insert(place.span);
            }
        }
        for (name, span) in moved {
            let message = format!("the groups of the dimension `{name}` of `{}` hold other rows", comparison.id);
            findings.add(rule, About::of(comparison), span, (name, message));
        }
    }
}
