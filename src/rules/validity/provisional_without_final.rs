//! A metric all of whose readings show numbers that still move.

use crate::plan::MaturityPolicy;
use crate::rules::{About, Findings, Meant, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let readings: Vec<Meant<'_>> = subject.readings().collect();
    let of_one = |a: &Meant<'_>, b: &Meant<'_>| std::ptr::eq(a.metric, b.metric);
    for own in readings.chunk_by(of_one) {
        let [base, ..] = own else { continue };
        if own.iter().all(is_provisional) {
            let message = format!("no reading of `{}` waits until its numbers stand", base.metric.id.value);
            findings.add(rule, About::metric(base.metric), base.place(&["maturity"]), ("", message));
        }
    }
}

fn is_provisional(meant: &Meant<'_>) -> bool {
    let mature = meant.pipeline().map_or(&[][..], |pipeline| &pipeline.mature);
    !mature.is_empty() && mature.iter().all(|mature| mature.policy == MaturityPolicy::Provisional)
}
