//! A review in a few lines, as a history of changes shows it.

use crate::diff::{Bump, MeaningChange};
use crate::report::neutral;
use crate::review::Review;

/// Writes what each metric's change is, a line each edit; nothing where no edit says anything.
pub fn brief(review: &Review) -> String {
    let mut text = String::new();
    for (comparison, metric) in review.diff.comparisons.iter().zip(&review.metrics) {
        let versions = match (comparison.old, comparison.new) {
            (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
            (old, new) => new.or(old).map(|version| version.to_string()).unwrap_or_default(),
        };
        let verdict = match comparison.meaning {
            MeaningChange::Fresh => "new".to_owned(),
            MeaningChange::Gone => "removed".to_owned(),
            MeaningChange::Broken => "cannot be compared".to_owned(),
            MeaningChange::Same => "the same number over every table".to_owned(),
            MeaningChange::Differs if metric.needs == Bump::None => "another number".to_owned(),
            MeaningChange::Differs => format!("needs a {} version", metric.needs.name()),
        };
        text.push_str(&format!("{}  {versions}  {verdict}\n", neutral::line(&comparison.id)));
        let own = review.findings.iter().filter(|finding| finding.metric.as_ref() == Some(&comparison.id));
        for finding in own.filter(|finding| finding.edit.is_some()) {
            let message = neutral::line(&finding.diagnostic.message);
            text.push_str(&format!("    {message}  [{}]\n", finding.rule.id));
        }
    }
    for finding in review.findings.iter().filter(|finding| finding.metric.is_none() && finding.edit.is_some()) {
        text.push_str(&format!("{}  [{}]\n", neutral::line(&finding.diagnostic.message), finding.rule.id));
    }
    text
}
