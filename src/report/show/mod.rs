//! One metric as a page of a manual, as its definition with every default, and as its plan.

mod expanded;
mod facts;
mod formula;
mod manual;
mod purposes;
mod readings;
mod sentence;

pub use expanded::expanded;
pub use manual::manual;

use super::table::Layout;
use crate::plan::Plan;
use crate::report::neutral;
use crate::yaml::Node;

/// Writes names with their titles.
pub fn list<'a>(metrics: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut layout = Layout::headless();
    for (name, title) in metrics {
        layout.push(vec![name.to_owned(), title.to_owned()]);
    }
    neutral::lines(&layout.render(""))
}

/// Writes the plan as YAML.
pub fn plan(plan: &Plan) -> String {
    // By way of JSON: YAML tags would stand for the variants of enumerations, and nested ones cannot be written.
    let json = serde_json::to_value(plan).expect("a plan has only texts, numbers and lists of them");
    serde_yaml::to_string(&json).expect("JSON is YAML")
}

/// Writes a node in one line, as prose: a list with commas, a mapping with its keys.
fn flow(node: &Node) -> String {
    if !node.items().is_empty() {
        return node.items().iter().map(flow).collect::<Vec<_>>().join(", ");
    }
    if !node.entries().is_empty() {
        let parts = node.entries().iter().map(|entry| format!("{} {}", entry.key.value, flow(&entry.value)));
        return parts.collect::<Vec<_>>().join(", ");
    }
    node.scalar_text().split_whitespace().collect::<Vec<_>>().join(" ")
}
