//! A north star that does not say what it is not for.

use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for metric in subject.live().filter(|metric| metric.role == "north_star" || metric.purposes.pay_relevant) {
        let mut words = metric.purpose.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        if metric.purposes.not_for.is_empty()
            && !words.any(|word| ["not", "no", "never", "nothing"].contains(&word.as_str()))
        {
            let message = format!("`{}` is weighty, and says of no use that it is not made for it", metric.id.value);
            findings.add(rule, About::metric(metric), subject.place(metric, "purpose"), ("", message));
        }
    }
}
