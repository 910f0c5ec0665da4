//! The known readings of a metric, and in what they differ.

use super::flow;
use super::formula::formula;
use crate::catalog::Catalog;
use crate::definition::{Metric, Reading};
use crate::plan::Plan;
use crate::resolve::full_name;
use crate::yaml::{Node, NodeKind};

/// The keys in which readings can differ, in the order a page says them.
const KEYS: [&str; 12] = [
    "population",
    "exclusions",
    "facts",
    "resolution",
    "treatment",
    "measure",
    "maturity",
    "missing",
    "period",
    "confidence",
    "unit",
    "direction",
];

/// Another reading of the metric shown.
pub(super) struct Other {
    /// Its full name.
    pub(super) name: String,
    /// Its rule in one sentence.
    pub(super) statement: String,
    /// What its definition has in place of what the one shown has.
    pub(super) differences: Vec<String>,
    /// Its formula in words; empty where it is the one shown.
    pub(super) formula: String,
}

/// Returns the other readings of a metric, and how each differs from the one shown.
pub(super) fn others(catalog: &Catalog, metric: &Metric, (shown, plan): (&Reading, &Plan)) -> Vec<Other> {
    let own = formula(plan);
    metric
        .readings
        .iter()
        .filter(|reading| reading.variant != shown.variant)
        .map(|reading| {
            let variant = reading.variant.as_ref().map(|variant| variant.value.as_str());
            let name = full_name(&metric.id.value, variant);
            let formula = catalog.plan(&name).map(formula).filter(|other| *other != own).unwrap_or_default();
            let statement = reading.statement.trim_end().to_owned();
            Other { statement, differences: differences(&shown.node, &reading.node), formula, name }
        })
        .collect()
}

fn differences(shown: &Node, other: &Node) -> Vec<String> {
    let mut found = Vec::new();
    for key in KEYS {
        compare(key, shown.get(key), other.get(key), &mut found);
    }
    found
}

fn compare(path: &str, shown: Option<&Node>, other: Option<&Node>, found: &mut Vec<String>) {
    let (shown, other) = match (shown, other) {
        (None, None) => return,
        (Some(shown), None) => return found.push(format!("without {path} {}", flow(shown))),
        (None, Some(other)) => return found.push(format!("with {path} {}", flow(other))),
        (Some(shown), Some(other)) => (shown, other),
    };
    match (&shown.kind, &other.kind) {
        (NodeKind::Mapping(_), NodeKind::Mapping(_)) => {
            let mut keys: Vec<&str> = shown.entries().iter().map(|entry| entry.key.value.as_str()).collect();
            let further = other.entries().iter().map(|entry| entry.key.value.as_str());
            keys.extend(further.filter(|key| shown.get(key).is_none()));
            for key in keys {
                compare(&format!("{path} {key}"), shown.get(key), other.get(key), found);
            }
        }
        (NodeKind::Sequence(_), NodeKind::Sequence(_)) if path == "exclusions" => {
            let lacks = |list: &Node, item: &Node| list.items().iter().all(|other| flow(other) != flow(item));
            let name = |item: &Node| item.get("use").or(item.get("id")).map_or_else(|| flow(item), flow);
            found.extend(
                shown.items().iter().filter(|item| lacks(other, item)).map(|item| format!("keeps {}", name(item))),
            );
            found.extend(
                other.items().iter().filter(|item| lacks(shown, item)).map(|item| format!("leaves out {}", name(item))),
            );
        }
        _ if flow(shown) == flow(other) => {}
        _ => found.push(format!("{path} {} instead of {}", flow(other), flow(shown))),
    }
}
