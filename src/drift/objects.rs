//! The names that deployed objects can have.

use std::collections::BTreeSet;

/// What may follow the name of a metric in that of its object.
const CUTS: [&str; 7] = ["hour", "day", "week", "month", "quarter", "year", "by"];

/// The names of metrics, as objects begin with them.
#[derive(Debug, Clone)]
pub struct Objects(BTreeSet<String>);

impl Objects {
    /// Returns the names that objects of these metrics begin with.
    pub fn of(metrics: &[String]) -> Self {
        Self(metrics.iter().map(|name| name.replace('.', "__")).collect())
    }

    /// Tells whether an object of this name could be one of a metric: its own name, or that with a grain or dimensions.
    pub fn has(&self, name: &str) -> bool {
        let is_cut = |rest: &str| CUTS.contains(&rest.split('_').next().unwrap_or_default());
        self.0.contains(name)
            || name.match_indices('_').any(|(place, _)| self.0.contains(&name[..place]) && is_cut(&name[place + 1..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_has_the_name_of_its_metric_and_of_how_it_is_cut() {
        let objects = Objects::of(&["fcr".to_owned(), "csat.email".to_owned()]);
        for name in ["fcr", "fcr_day", "fcr_by_channel", "fcr_week_by_channel", "csat__email_month"] {
            assert!(objects.has(name), "{name}");
        }
        for name in ["fcr_", "fcr_old", "my_fcr", "csat", "csat_day"] {
            assert!(!objects.has(name), "{name}");
        }
    }
}
