//! Cells that an engine cannot show, each with its reason.
//!
//! Knows no verdict; says which cells are skipped, and which skips were never needed.

use std::path::Path;

use serde::Deserialize;

/// A skip: what does not hold there, and why that is the engine's doing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skip {
    /// The engine.
    engine: String,
    /// The metric or variant; left out, all of them.
    metric: Option<String>,
    /// The case; left out, all of the metric.
    case: Option<String>,
    /// A part of the complaint that must be found in it, so that another one is not hidden.
    says: String,
    /// Why the cell cannot be had.
    reason: String,
    #[serde(skip)]
    times: usize,
}

/// All skips of the engines at hand.
pub(super) struct Skips {
    skips: Vec<Skip>,
}

impl Skips {
    /// Reads the skips of `engines`.
    pub(super) fn read(engines: &[&str]) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines/skips.yaml");
        let text = std::fs::read_to_string(&path).expect("the list of skips");
        let mut skips: Vec<Skip> = serde_yaml::from_str(&text).expect("a list of skips");
        skips.retain(|skip| engines.contains(&skip.engine.as_str()));
        assert!(skips.iter().all(|skip| skip.reason.len() > 20), "every skip has a reason");
        Self { skips }
    }

    /// Tells whether the complaint of `engine` about a case is skipped.
    pub(super) fn covers(&mut self, engine: &str, (metric, case): (&str, &str), complaint: &str) -> bool {
        let found = self.skips.iter_mut().find(|skip| {
            skip.engine == engine
                && skip.metric.as_deref().is_none_or(|known| known == metric)
                && skip.case.as_deref().is_none_or(|known| known == case)
                && complaint.contains(&skip.says)
        });
        found.map(|skip| skip.times += 1).is_some()
    }

    /// Returns the skips that covered nothing.
    pub(super) fn unneeded(&self) -> Vec<String> {
        let never = self.skips.iter().filter(|skip| skip.times == 0);
        never.map(|skip| format!("{}: {:?} {:?} {}", skip.engine, skip.metric, skip.case, skip.says)).collect()
    }

    /// Returns each skip's reason with the number of cells it covered.
    pub(super) fn reasons(&self) -> Vec<String> {
        let used = self.skips.iter().filter(|skip| skip.times > 0);
        used.map(|skip| format!("{} {}: {}", skip.engine, skip.times, skip.reason.trim())).collect()
    }
}
