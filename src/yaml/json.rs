//! The tree as JSON, for readers that need values and no places.
//!
//! Loses spans, styles and trailing zeros; decides nothing else.

use crate::yaml::{Node, NodeKind};
use serde_json::{Map, Number, Value};

impl Node {
    /// Returns the node as JSON.
    ///
    /// A number becomes a JSON number where a double holds exactly its digits (trailing zeros aside), else text as it
    /// was written.
    pub fn to_json(&self) -> Value {
        match &self.kind {
            NodeKind::Null => Value::Null,
            NodeKind::Boolean(value) => Value::Bool(*value),
            NodeKind::Integer(value) => Value::Number((*value).into()),
            NodeKind::Number(raw) => exact(raw).map_or_else(|| Value::String(raw.to_string()), Value::Number),
            NodeKind::Text { value, .. } => Value::String(value.to_string()),
            NodeKind::Sequence(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            NodeKind::Mapping(entries) => Value::Object(
                entries.iter().map(|entry| (entry.name(), entry.value.to_json())).collect::<Map<String, Value>>(),
            ),
        }
    }
}

fn exact(raw: &str) -> Option<Number> {
    let double: f64 = raw.parse().ok()?;
    // Display gives the shortest text that reads back as the same double.
    let shortest = double.to_string();
    let same = trimmed(shortest.trim_start_matches('-')) == trimmed(raw.trim_start_matches(['-', '+']));
    same.then(|| Number::from_f64(double)).flatten()
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}
