//! A statement that speaks of a length of time which no clause has.

use std::collections::BTreeSet;

use super::prose::lengths;
use crate::expression::Expression;
use crate::plan::{Body, Distance, Plan, Rule as How, Year};
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::{Duration, Value};

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let said = [("title", &meant.reading.title), ("statement", &meant.reading.statement)];
        let said = said.map(|(field, text)| (field, lengths(text)));
        if said.iter().all(|(_, lengths)| lengths.is_empty()) {
            continue;
        }
        let mut known = BTreeSet::new();
        collect(meant.plan, &mut known);
        for (field, lengths) in said {
            for length in lengths.iter().filter(|said| !known.contains(&said.length)) {
                let message =
                    format!("the {field} of `{}` speaks of {}, and no clause does", meant.name(), length.words);
                let key = format!("{}|{field}|{}", meant.name(), length.words);
                findings.add(rule, About::metric(meant.metric), meant.place(&[field]), (&key, message));
            }
        }
    }
}

/// Collects every length of time that a plan has in it.
fn collect(plan: &Plan, known: &mut BTreeSet<Duration>) {
    let mut add = |micros: i64| {
        known.insert(Duration::from_micros(micros.saturating_abs()));
    };
    plan.each_expression(&mut |_, expression| {
        expression.walk(&mut |inner| {
            if let Expression::Literal(Value::Duration(length), _) = inner {
                add(length.micros());
            }
        });
    });
    if let Year::OfWeeks { pattern, .. } = &plan.calendar.year {
        pattern.iter().chain(&[52, 53]).for_each(|weeks| add(i64::from(*weeks) * 7 * DAY));
    }
    if let Body::Measured(pipeline) = &plan.body {
        for fact in &pipeline.facts {
            if let How::Advanced(advance) = &fact.rule
                && let Distance::CalendarDays { days, .. } | Distance::BusinessDays { days, .. } = &advance.by
            {
                add(i64::from(*days) * DAY);
            }
        }
    }
    plan.body.parts().into_iter().for_each(|part| collect(part, known));
}
